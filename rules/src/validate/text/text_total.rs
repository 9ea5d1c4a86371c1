//! Finds the totals that running text states: 自查得分110分, 总得分为110分.

use std::collections::BTreeMap;
use std::fmt;

use crate::scoring::points::Points;

/// The total of the score sheet.
#[derive(Debug, Clone, Copy)]
pub struct Total {
    /// 总分的分值.
    pub max_points: Points,
    /// 总分的自评得分.
    pub self_score: Points,
}

/// Phrases that introduce a total in text about the whole filing.
pub const OF_THE_FILING: [&str; 12] = [
    "自评综合得分",
    "自查总得分",
    "自评总得分",
    "自查总分",
    "自评总分",
    "自查得分",
    "自评得分",
    "合计得分",
    "自查得",
    "自评得",
    "总得分",
    TOTAL,
];

/// Phrases that introduce a total even in the narrative of an indicator.
pub const OF_THE_WHOLE: [&str; 7] =
    ["自评综合得分", "自查总得分", "自评总得分", "自查总分", "自评总分", "总得分", TOTAL];

/// Means either 自评得分 or 分值 of the total.
const TOTAL: &str = "总分";

/// Characters between the phrase and its number.
pub(super) const BETWEEN: [char; 8] = ['为', '是', '共', '计', '：', ':', ' ', '\u{3000}'];

/// Words of a clause about a part or another year instead of this total.
const OF_SOMETHING_ELSE: [&str; 9] =
    ["其中", "基本分", "基础分", "加分", "附加分", "扣分", "上年", "去年", "上一年"];

/// A total that the text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated<'t> {
    /// The words before the number.
    pub phrase: &'static str,
    /// The number as written.
    pub number: &'t str,
}

impl Stated<'_> {
    /// Whether the number is that of the sheet.
    pub fn agrees_with(&self, total: &Total) -> bool {
        match Points::parse(&self.ascii_number()) {
            Ok(points) => {
                points == total.self_score || (self.phrase == TOTAL && points == total.max_points)
            }
            Err(_) => false,
        }
    }

    fn ascii_number(&self) -> String {
        self.number.chars().map(|c| ascii(c).unwrap_or(c)).collect()
    }
}

impl fmt::Display for Stated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}分", self.phrase, self.number)
    }
}

/// The totals after one of the phrases, in the order of the text.
pub fn stated<'t>(
    text: &'t str,
    phrases: &[&'static str],
    section_titles: &[&str],
) -> Vec<Stated<'t>> {
    if !has_points(text) {
        return Vec::new();
    }
    // Keyed by the position of the number: 自评总得分 also ends in 总得分 and is one total, not two.
    let mut found: BTreeMap<usize, Stated<'t>> = BTreeMap::new();
    for phrase in phrases {
        for (start, _) in text.match_indices(phrase) {
            let after = text[start + phrase.len()..].trim_start_matches(BETWEEN);
            let number = number_before_points(after);
            if number.is_empty() || is_of_something_else(&text[..start], section_titles) {
                continue;
            }
            let place = text.len() - after.len();
            found.entry(place).or_insert(Stated { phrase, number });
        }
    }
    found.into_values().collect()
}

/// The number at the start of a text if 分 follows it, and neither 分钟 nor 分之.
pub(super) fn number_before_points(text: &str) -> &str {
    let end = text.find(|c| ascii(c).is_none()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    match rest.trim_start_matches(BETWEEN).strip_prefix('分') {
        Some(rest) if !rest.starts_with(['钟', '之']) => number,
        _ => "",
    }
}

/// Whether a text has a number of points, without which it states no score. Most texts have none, and
/// the phrases before it take longer to search.
pub(super) fn has_points(text: &str) -> bool {
    text.match_indices('分').any(|(at, _)| {
        let before = text[..at].trim_end_matches(BETWEEN);
        before.ends_with(|c| ascii(c).is_some())
    })
}

/// The half-width form of a mark that belongs to a number.
fn ascii(c: char) -> Option<char> {
    match c {
        '0'..='9' | '.' | '-' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        '．' => Some('.'),
        '−' | '－' => Some('-'),
        _ => None,
    }
}

/// Whether the clause before a total is about a part of it or about another total.
fn is_of_something_else(before: &str, section_titles: &[&str]) -> bool {
    let clause = before.rsplit(['，', '。', '；', '：', '（', ',', ';']).next().unwrap_or(before);
    OF_SOMETHING_ELSE.iter().any(|word| clause.contains(word))
        || section_titles.iter().any(|title| !title.is_empty() && clause.contains(title))
}
