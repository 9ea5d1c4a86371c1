//! Lists of agencies: 主送 below the title or in the colophon, 抄送 (B-4, V-4, V-5).

use crate::document::measures;
use crate::render::lines::width::half_characters;
use crate::render::page_data::text::TextRun;

/// Width of a line of running text, in half characters (PG-7).
const LINE: usize = 2 * measures::CHARACTERS_PER_LINE;

/// The longest name that is unbreakable in the colophon, in half characters: half a line.
const LONGEST_UNBREAKABLE: usize = 26;

/// 主送机关 as printed below the title (B-4).
pub(crate) fn below_title(names: &[String]) -> Option<String> {
    (!names.is_empty())
        .then(|| format!("{}：", names.join(separator(names).encode_utf8(&mut [0; 4]))))
}

/// The separator between 主送机关: ， if an entry lists several agencies of a class (V-4), or else 、.
pub(crate) fn separator(names: &[String]) -> char {
    if names.iter().any(|name| is_class_list(name)) { '，' } else { '、' }
}

/// Whether a name has 、 outside of brackets: 市级各部门、各直属机构, but not 各县（市、区）人民政府.
fn is_class_list(name: &str) -> bool {
    let mut depth = 0_usize;
    name.chars().any(|c| {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '、' && depth == 0
    })
}

/// Whether 主送机关 take more than one line below the title.
pub(crate) fn is_long(names: &[String]) -> bool {
    below_title(names).is_some_and(|text| half_characters(&text) > LINE)
}

/// A list in the colophon, with a separator between the names and a full stop after the last. Short
/// names are unbreakable.
pub(crate) fn in_colophon(names: &[String], separator: char) -> Option<Vec<TextRun>> {
    let last = names.len().checked_sub(1)?;
    let mut runs = Vec::with_capacity(2 * names.len());
    for (index, name) in names.iter().enumerate() {
        let unbreakable = half_characters(name) <= LONGEST_UNBREAKABLE;
        runs.push(TextRun { text: name.clone(), strong: false, unbreakable });
        let punctuation = if index == last { '。' } else { separator };
        runs.push(TextRun { text: punctuation.to_string(), strong: false, unbreakable: false });
    }
    Some(runs)
}

#[cfg(test)]
mod tests {
    use super::{below_title, is_long};

    #[test]
    fn classes_are_separated_by_commas() {
        let shown = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            below_title(&names).unwrap()
        };
        assert_eq!(
            shown(&["各县（市、区）民政局", "市属单位"]),
            "各县（市、区）民政局、市属单位："
        );
        assert_eq!(
            shown(&["各县（市、区）人民政府", "市级各部门、各直属机构"]),
            "各县（市、区）人民政府，市级各部门、各直属机构："
        );
    }

    #[test]
    fn digits_take_half_a_character() {
        let fits = |count: usize| !is_long(&["局".repeat(count)]);
        assert!(fits(27) && !fits(28));
        assert!(!is_long(&["1".repeat(54)]));
        assert!(is_long(&["1".repeat(55)]));
    }
}
