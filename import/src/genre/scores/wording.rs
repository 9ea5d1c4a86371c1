//! How a text words its points, and where it repeats the totals of the sheet.

use hongtou_rules::scoring::wording::{MaxPointsWord, PointsUnit, ScoreWord};
use serde_json::{Value, json};

use crate::genre::scores::points::Printed;

/// The wording of a sheet, from the points of its headings and their levels. `None` is the usual wording
/// of each level.
pub fn of(printed: &[(usize, Printed)]) -> Option<Value> {
    let scored: Vec<&(usize, Printed)> =
        printed.iter().filter(|(_, points)| points.max.is_some()).collect();
    let is_by_level = scored.iter().any(|(_, points)| points.own.is_none())
        || scored.iter().all(|(level, points)| is_usual(*level, points));
    let (_, first) = scored.first()?;
    let same = |points: &Printed| {
        (points.max_word, points.own_word, points.unit)
            == (first.max_word, first.own_word, first.unit)
    };
    let agreeing = scored.iter().filter(|(_, points)| same(points)).count();
    if first.unit == PointsUnit::Points && (is_by_level || agreeing * 10 < scored.len() * 9) {
        return None;
    }
    let mut wording = json!({ "self_score": first.own_word.unwrap_or_default().text() });
    if first.max_word != MaxPointsWord::None {
        wording["max_points"] = first.max_word.text().into();
    }
    if first.unit != PointsUnit::Points {
        wording["unit"] = first.unit.text().into();
    }
    Some(wording)
}

/// Whether the points are worded as usual at their level.
fn is_usual(level: usize, points: &Printed) -> bool {
    let words = (points.max_word, points.own_word.unwrap_or_default());
    let is_labelled = points.kind.is_some();
    let labelled = (MaxPointsWord::MaxPoints, ScoreWord::SelfScore);
    points.unit == PointsUnit::Points
        && match level {
            1 if is_labelled => words == labelled,
            1 => words == (MaxPointsWord::None, ScoreWord::SelfCheckScore),
            2 => words == labelled,
            _ => words == (MaxPointsWord::None, ScoreWord::SelfScore),
        }
}

/// The words before a total in a text, the longest first.
const BEFORE: [&str; 18] = [
    "自评得分为",
    "自查得分为",
    "自评总得分",
    "自评总分",
    "自评得分",
    "自查得分",
    "自评得",
    "自查得",
    "自评分",
    "总得分为",
    "总得分",
    "总分为",
    "得分为",
    "综合得分",
    "评价得分",
    "自评",
    "总分",
    "得分",
];

/// Replaces the totals of a text by placeholders, so that they follow the sheet.
pub fn with_totals(text: &str, max: &str, own: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((at, word)) = BEFORE
        .iter()
        .filter_map(|word| Some((rest.find(word)?, *word)))
        .min_by_key(|(at, word)| (*at, usize::MAX - word.len()))
    {
        let start = at + word.len();
        let digits = rest[start..].find(|c: char| !c.is_ascii_digit() && c != '.');
        let (number, after) = rest[start..].split_at(digits.unwrap_or(rest.len() - start));
        out.push_str(&rest[..start]);
        let is_total = after.starts_with(['分', '%']);
        match number {
            number if is_total && number == own => out.push_str("{total.self_score}"),
            number if is_total && number == max => out.push_str("{total.max_points}"),
            number => out.push_str(number),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
