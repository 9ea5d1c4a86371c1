//! Asterisks used as placeholders for figures, which would be read as strong text: ≥**人，标准≥**元.

use std::ops::Range;

/// Signs that a figure follows.
const COMPARISONS: &str = "≥≤≧≦＞＜><＝=";

/// Units that follow a figure.
const UNITS: &str = "人户个元万亿次件项家亩台套米吨天年月日分批期所%％";

/// The ranges from one `**` to the next that are placeholders for figures.
pub fn slots(text: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(open) = mark(text, start) {
        let Some(close) = mark(text, open + 2) else { break };
        if close > open + 2 && is_slot(text, open, close) {
            found.push(open..close + 2);
        }
        start = close + 2;
    }
    found
}

/// The next `**` that is not escaped.
fn mark(text: &[char], start: usize) -> Option<usize> {
    let is_mark = |index: &usize| {
        let before = index.checked_sub(1).map(|before| text[before]);
        text[*index..].starts_with(&['*', '*']) && before != Some('\\')
    };
    (start..text.len()).find(is_mark)
}

fn is_slot(text: &[char], open: usize, close: usize) -> bool {
    let compares = |index: Option<usize>| {
        index.and_then(|index| text.get(index)).is_some_and(|c| COMPARISONS.contains(*c))
    };
    let is_unit = |index: usize| text.get(index).is_some_and(|c| UNITS.contains(*c));
    let is_figure = text.get(open + 2).is_some_and(char::is_ascii_digit);
    (compares(open.checked_sub(1)) && !is_figure)
        || compares(Some(close - 1))
        || (is_unit(open + 2) && is_unit(close + 2))
}

#[cfg(test)]
mod tests {
    use super::slots;

    #[test]
    fn placeholders_are_distinguished_from_strong_text() {
        let count = |text: &str| slots(&text.chars().collect::<Vec<_>>()).len();
        for text in ["救助≥**人，标准≥**元", "补助**人、**户", "达到**%，其中**年完成"]
        {
            assert_eq!(count(text), 1, "{text}");
        }
        let strong = [
            "**一是**加强",
            "达到≥**93.6%**以上",
            "**人民**政府",
            r"≥\*\*人≥\*\*元",
            "≥**人",
            "****",
        ];
        for text in strong {
            assert_eq!(count(text), 0, "{text}");
        }
    }
}
