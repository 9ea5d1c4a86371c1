//! Lists of agencies: 主送 below the title or in the colophon, 抄送 (B-4, V-4, V-5).

use crate::document::measures;
use crate::render::lines::width::half_characters;
use crate::render::page_data::TextRun;

/// Half characters of one line of running text (PG-7).
const LINE: usize = 2 * measures::CHARACTERS_PER_LINE;

/// The longest name that the colophon keeps on one line, in half characters: half of a line.
const KEPT: usize = 26;

/// 主送机关 as they stand below the title (B-4).
pub(crate) fn below_title(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{}：", names.join("、")))
}

/// Whether they take more than one line there.
pub(crate) fn is_long(names: &[String]) -> bool {
    below_title(names).is_some_and(|text| half_characters(&text) > LINE)
}

/// A list in the colophon: names parted by a mark, the last with a full stop, no short name broken.
pub(crate) fn in_colophon(names: &[String], separator: char) -> Option<Vec<TextRun>> {
    let last = names.len().checked_sub(1)?;
    let mut runs = Vec::with_capacity(2 * names.len());
    for (index, name) in names.iter().enumerate() {
        let keep = half_characters(name) <= KEPT;
        runs.push(TextRun { text: name.clone(), strong: false, keep });
        let mark = if index == last { '。' } else { separator };
        runs.push(TextRun { text: mark.to_string(), strong: false, keep: false });
    }
    Some(runs)
}

#[cfg(test)]
mod tests {
    use super::is_long;

    #[test]
    fn digits_take_half_a_character() {
        let fits = |count: usize| !is_long(&["局".repeat(count)]);
        assert!(fits(27) && !fits(28));
        assert!(!is_long(&["1".repeat(54)]));
        assert!(is_long(&["1".repeat(55)]));
    }
}
