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

/// The totals that a text may repeat.
#[derive(Debug, Default)]
pub struct Totals {
    /// Self scores, each with the sheet in a placeholder: `total` or `attachment.2`.
    pub own: Vec<(String, String)>,
    /// The maximum points of the sheet; `None` if there are several sheets.
    pub max: Option<String>,
    /// The titles of the entries: beside one of them, a score is not the total.
    pub titles: Vec<String>,
}

/// Other years than that of the document.
const OTHER_YEARS: [&str; 6] = ["上年", "去年", "上一年", "往年", "历年", "前年"];

impl Totals {
    /// The sheet that a self score belongs to: none if it may be that of several or of an entry.
    fn sheet(&self, clause: &str, number: &str) -> Option<&str> {
        let is_other = self.titles.iter().any(|title| clause.contains(title.as_str()))
            || OTHER_YEARS.iter().any(|year| clause.contains(year));
        let mut of = self.own.iter().filter(|(_, own)| own == number && !is_other);
        let (sheet, _) = of.next()?;
        of.next().is_none().then_some(sheet)
    }
}

/// Replaces the totals of a text by placeholders, so that they follow the sheets.
pub fn with_totals(text: &str, totals: &Totals) -> String {
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
        let clause = out.rsplit(['，', '。', '；', '：', '、', '（']).next().unwrap_or_default();
        match totals.sheet(clause, number).filter(|_| is_total) {
            Some(sheet) => {
                let placeholder = format!("{{{sheet}.self_score}}");
                out.push_str(&placeholder);
            }
            None if is_total && totals.max.as_deref() == Some(number) => {
                out.push_str("{total.max_points}");
            }
            None => out.push_str(number),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Totals, with_totals};

    #[test]
    fn only_totals_become_placeholders() {
        let own = |sheet: &str, own: &str| (sheet.to_owned(), own.to_owned());
        let titles = vec!["服务对象满意度".to_owned()];
        let two = Totals {
            own: vec![own("total", "90"), own("attachment.2", "96")],
            max: None,
            titles: titles.clone(),
        };
        let equal = Totals {
            own: vec![own("total", "90"), own("attachment.2", "90")],
            ..Totals::default()
        };
        let one = Totals { own: vec![own("total", "90")], max: Some("100".to_owned()), titles };
        let cases = [
            (
                "整体自评得分90分，项目自评得分96分",
                &two,
                "整体自评得分{total.self_score}分，项目自评得分{attachment.2.self_score}分",
            ),
            ("整体自评得分90分", &equal, "整体自评得分90分"),
            (
                "总分100分，自评得分90分",
                &one,
                "总分{total.max_points}分，自评得分{total.self_score}分",
            ),
            ("服务对象满意度得分90分", &one, "服务对象满意度得分90分"),
            ("上年得分90分", &one, "上年得分90分"),
        ];
        for (text, totals, expected) in cases {
            assert_eq!(with_totals(text, totals), expected);
        }
    }
}
