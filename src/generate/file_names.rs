//! Assigns unique file names to the filings of a batch, made from their 发文字号.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Characters that some file systems forbid in names or treat as separators.
const FORBIDDEN: &str = "/\\:*?\"<>|";

/// The file names assigned so far. They must be assigned in the order of the input, so that they do
/// not depend on which thread was first.
#[derive(Debug, Default)]
pub struct FileNames {
    // From each stem in lower case, since some file systems ignore case, to the first line with it.
    assigned: BTreeMap<String, usize>,
}

/// The name of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct FileName {
    /// The name.
    pub file: String,
    /// The first line with the same 发文字号, if it is another line.
    pub first_line: Option<usize>,
}

impl FileNames {
    /// Returns `巴市民政〔2021〕38号.pdf`, with the line number appended if that name is taken.
    pub fn assign(&mut self, document_number: &str, line: usize) -> FileName {
        let printable = |c: char| if FORBIDDEN.contains(c) || c.is_control() { '_' } else { c };
        let stem: String = document_number.chars().map(printable).collect();
        match self.assigned.entry(stem.to_lowercase()) {
            Entry::Vacant(entry) => {
                entry.insert(line);
                FileName { file: format!("{stem}.pdf"), first_line: None }
            }
            // Unique: no 发文字号 ends in such a bracket, and line numbers differ.
            Entry::Occupied(entry) => FileName {
                file: format!("{stem}（第{line}行）.pdf"),
                first_line: Some(*entry.get()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileNames;

    #[test]
    fn names_are_unique_and_stay_in_the_folder() {
        let mut names = FileNames::default();
        let cases = [
            ("巴市民政〔2021〕38号", "巴市民政〔2021〕38号.pdf", None),
            ("巴市民政〔2021〕39号", "巴市民政〔2021〕39号.pdf", None),
            ("巴市民政〔2021〕38号", "巴市民政〔2021〕38号（第3行）.pdf", Some(1)),
            ("../A〔2021〕1号", ".._A〔2021〕1号.pdf", None),
            ("..\\a〔2021〕1号", ".._a〔2021〕1号（第5行）.pdf", Some(4)),
        ];
        for (index, (number, file, first_line)) in cases.into_iter().enumerate() {
            let name = names.assign(number, index + 1);
            assert_eq!((name.file.as_str(), name.first_line), (file, first_line));
        }
    }
}
