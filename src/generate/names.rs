//! Names the files of a batch by 发文字号, each name once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What some file system forbids in a name or takes for a way through folders.
const FORBIDDEN: &str = "/\\:*?\"<>|";

/// The names given so far. They are given in the order of the input, so that they do not depend on
/// which thread was first.
#[derive(Debug, Default)]
pub struct Names {
    // In lower case, since some file systems do not tell the cases apart; with its line.
    given: BTreeMap<String, usize>,
}

/// A name for a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Name {
    /// What it is called.
    pub file: String,
    /// The first line with the same 发文字号, where that is another one.
    pub first_line: Option<usize>,
}

impl Names {
    /// `巴市民政〔2021〕38号.pdf`, or with the line's number behind it where that is given already.
    pub fn give(&mut self, document_number: &str, line: usize) -> Name {
        let printable = |c: char| if FORBIDDEN.contains(c) || c.is_control() { '_' } else { c };
        let stem: String = document_number.chars().map(printable).collect();
        match self.given.entry(stem.to_lowercase()) {
            Entry::Vacant(place) => {
                place.insert(line);
                Name { file: format!("{stem}.pdf"), first_line: None }
            }
            // No 发文字号 ends in such a bracket, and each line has a number of its own.
            Entry::Occupied(place) => Name {
                file: format!("{stem}（第{line}行）.pdf"),
                first_line: Some(*place.get()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn no_name_is_given_twice_or_leaves_the_folder() {
        let mut names = Names::default();
        let cases = [
            ("巴市民政〔2021〕38号", "巴市民政〔2021〕38号.pdf", None),
            ("巴市民政〔2021〕39号", "巴市民政〔2021〕39号.pdf", None),
            ("巴市民政〔2021〕38号", "巴市民政〔2021〕38号（第3行）.pdf", Some(1)),
            ("../A〔2021〕1号", ".._A〔2021〕1号.pdf", None),
            ("..\\a〔2021〕1号", ".._a〔2021〕1号（第5行）.pdf", Some(4)),
        ];
        for (index, (number, file, first_line)) in cases.into_iter().enumerate() {
            let name = names.give(number, index + 1);
            assert_eq!((name.file.as_str(), name.first_line), (file, first_line));
        }
    }
}
