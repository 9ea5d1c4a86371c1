//! Reads the sheet 评分表: one row per entry, whose points are summed.

use hongtou_rules::document::chinese::is_chinese;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde_json::{Map, Value as Json, json};
use unicode_normalization::UnicodeNormalization;

use crate::genre::split_title;
use crate::report::Problem;
use crate::workbook::cells::{Sheet, Value};
use crate::workbook::elements::{KINDS, SCORE_COLUMNS};

/// The rows in which the head may be.
const HEAD: u32 = 10;

/// How far a number may be from two decimals, as after a sum of floats.
const NEAR: &str = "0.000001";

/// The columns of the sheet, in the order of `SCORE_COLUMNS`.
type Columns = [Option<u32>; SCORE_COLUMNS.len()];

const SECTION: usize = 0;
const KIND: usize = 1;
const GROUP: usize = 2;
const INDICATOR: usize = 3;
const MAX: usize = 4;
const OWN: usize = 5;
const NARRATIVE: usize = 6;
const REASON: usize = 7;
const EVIDENCE: usize = 8;

/// The head of the sheet.
pub struct Head {
    /// Its row.
    pub row: u32,
    columns: Columns,
}

/// Reads all scores into the submission. A sheet without rows has none.
pub fn read(sheet: &Sheet, submission: &mut Map<String, Json>, problems: &mut Vec<Problem>) {
    if let Some(head) = head(sheet, problems) {
        read_rows(sheet, &head, &sheet.rows_below(head.row), submission, problems);
    }
}

/// The head; reports a sheet without one.
pub fn head(sheet: &Sheet, problems: &mut Vec<Problem>) -> Option<Head> {
    let found = columns(sheet);
    if found.is_none() {
        let message = format!("没有找到表头，应有{}等列。", SCORE_COLUMNS[..6].join("、"));
        problems.push(Problem::at(&sheet.name, message));
    }
    found.map(|(row, columns)| Head { row, columns })
}

/// Reads some rows of scores into the submission.
pub fn read_rows(
    sheet: &Sheet,
    head: &Head,
    rows: &[u32],
    submission: &mut Map<String, Json>,
    problems: &mut Vec<Problem>,
) {
    let mut read = Rows { sheet, columns: head.columns, problems, sections: Vec::new() };
    for row in rows {
        read.read(*row);
    }
    let sections = read.sections;
    if sections.is_empty() {
        return;
    }
    let scores = submission.entry("scores").or_insert_with(|| Json::Object(Map::new()));
    let sections: Vec<Json> = sections.into_iter().map(|section| finished(section, 1)).collect();
    let sum = |key: &str, is_counted: fn(&Json) -> bool| {
        let parts = sections.iter().filter(|section| is_counted(section));
        parts.map(|section| decimal(&section[key])).sum::<Decimal>().normalize().to_string()
    };
    scores["total"] = json!({
        "max_points": sum("max_points", |section| section["kind"] != "deduction"),
        "self_score": sum("self_score", |_| true),
    });
    scores["sections"] = sections.into();
}

fn columns(sheet: &Sheet) -> Option<(u32, Columns)> {
    (0..HEAD.min(sheet.rows())).find_map(|row| {
        let column = |name: &str| {
            (0..40).find(|column| {
                sheet.text(row, *column).is_some_and(|text| text.replace([' ', '\n'], "") == name)
            })
        };
        let columns = SCORE_COLUMNS.map(column);
        let has_all = [SECTION, MAX, OWN].iter().all(|index| columns[*index].is_some());
        has_all.then_some((row, columns))
    })
}

struct Rows<'s> {
    sheet: &'s Sheet,
    columns: Columns,
    problems: &'s mut Vec<Problem>,
    sections: Vec<Json>,
}

impl Rows<'_> {
    fn text(&self, row: u32, column: usize) -> String {
        self.columns[column].and_then(|column| self.sheet.text(row, column)).unwrap_or_default()
    }

    fn problem(&mut self, row: u32, column: usize, message: impl Into<String>) {
        let place = self.sheet.place(row, self.columns[column].unwrap_or_default());
        self.problems.push(Problem::at(place, message));
    }

    fn read(&mut self, row: u32) {
        let [section, group, indicator] =
            [SECTION, GROUP, INDICATOR].map(|column| one_line(&self.text(row, column)));
        let is_empty = (0..SCORE_COLUMNS.len()).all(|column| {
            self.columns[column].is_none_or(|column| self.sheet.value(row, column).is_none())
        });
        let is_total =
            ["合计", "总分", "总计", "小计"].iter().any(|total| section.starts_with(total));
        if is_empty || is_total {
            return;
        }
        let is_new = !section.is_empty()
            && self.sections.last().is_none_or(|last| last["title"] != bare(&section));
        if is_new {
            let kind = self.kind(row);
            self.sections.push(json!({ "kind": kind, "parts": [] }));
            name(self.sections.last_mut(), &section);
        }
        if self.sections.is_empty() {
            self.problem(row, SECTION, "请填写“部分”。");
            return;
        }
        let has_points = [MAX, OWN].iter().any(|column| {
            self.columns[*column].is_some_and(|column| self.sheet.value(row, column).is_some())
        });
        let details = self.details(row, has_points);
        let Some(section) = self.sections.last_mut() else { return };
        add(section, &group, &indicator, details);
    }

    fn kind(&mut self, row: u32) -> &'static str {
        let text = self.text(row, KIND);
        match KINDS.iter().find(|(shown, _)| *shown == text) {
            Some((_, kind)) => kind,
            None if text.is_empty() => "base",
            None => {
                self.problem(row, KIND, format!("类型应为基本分、加分项或扣分项，现为“{text}”。"));
                "base"
            }
        }
    }

    /// The points, narrative, reason and evidence of a row.
    fn details(&mut self, row: u32, has_points: bool) -> Json {
        let mut details = json!({});
        if has_points {
            details["max_points"] = self.points(row, MAX, false).into();
            details["self_score"] = self.points(row, OWN, true).into();
        }
        let lines = |text: String| -> Vec<String> {
            let lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty());
            lines.map(str::to_owned).collect()
        };
        let narrative = lines(self.text(row, NARRATIVE));
        if !narrative.is_empty() {
            details["narrative"] = narrative.into();
        }
        let reason = one_line(&self.text(row, REASON));
        if !reason.is_empty() {
            details["reason"] = reason.into();
        }
        let evidence = lines(self.text(row, EVIDENCE));
        if !evidence.is_empty() {
            details["evidence"] = evidence.into();
        }
        details
    }

    /// A number of points, or 不涉及. A fault is reported and gives 0.
    fn points(&mut self, row: u32, column: usize, may_not_apply: bool) -> String {
        let name = SCORE_COLUMNS[column];
        let cell = self.columns[column].and_then(|column| self.sheet.value(row, column)).cloned();
        let message = match cell {
            None => format!("没有填写{name}。"),
            Some(Value::NoResult) => {
                format!("{name}是没有结果的公式，请用Excel或WPS打开并保存一次。")
            }
            Some(Value::Error) => format!("{name}是出错的公式。"),
            Some(Value::Date(date)) => format!("{name}应为数，现为日期{date}，请检查单元格格式。"),
            Some(Value::Number(number)) => match rounded(number) {
                Some(points) => return points,
                None => format!("{name}{number}的小数多于两位。"),
            },
            Some(Value::Text(text)) => match text_points(&text) {
                Some(points) => return points,
                None if may_not_apply && text.trim() == "不涉及" => return "不涉及".to_owned(),
                None => format!(
                    "{name}应为数，现为文本“{}”。",
                    text.chars().take(40).collect::<String>()
                ),
            },
        };
        self.problem(row, column, message);
        "0".to_owned()
    }
}

/// A float that is within 1e-6 of two decimals, in its shortest form.
fn rounded(number: f64) -> Option<String> {
    let exact = Decimal::from_f64(number)?;
    let near: Decimal = NEAR.parse().ok()?;
    let rounded = exact.round_dp(2);
    let is_near = (exact - rounded).abs() <= near && rounded.abs() < Decimal::from(10_000);
    is_near.then(|| rounded.normalize().to_string())
}

/// A number that is stored as text: ４．５, " 5 ", 5分.
fn text_points(text: &str) -> Option<String> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_end_matches('分').replace('−', "-");
    if text.chars().any(is_chinese) {
        return None;
    }
    let number: Decimal = text.parse().ok()?;
    let is_points = number.round_dp(2) == number && number.abs() < Decimal::from(10_000);
    is_points.then(|| number.normalize().to_string())
}

fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect()
}

/// A title without ★ and points.
fn bare(title: &str) -> String {
    split_title(title.trim_start_matches('★')).title
}

/// Sets the title, ★ and the components of an entry.
fn name(entry: Option<&mut Json>, title: &str) {
    let Some(entry) = entry else { return };
    if title.starts_with('★') {
        entry["starred"] = true.into();
    }
    let split = split_title(title.trim_start_matches('★'));
    if !split.components.is_empty() {
        let component = |(name, max, own): &(String, String, String)| json!({ "name": name, "max_points": max, "self_score": own });
        entry["components"] = split.components.iter().map(component).collect();
    }
    entry["title"] = split.title.into();
}

/// Adds a row to its section. `parts` holds the entries below until their level is known.
fn add(section: &mut Json, group: &str, indicator: &str, details: Json) {
    let mut target = section;
    for (title, level) in [(group, 2), (indicator, 3)] {
        if title.is_empty() {
            continue;
        }
        let Some(parts) = target["parts"].as_array_mut() else { return };
        let is_new = level == 3
            || parts
                .last()
                .is_none_or(|last| last["title"] != bare(title) || last["level"] != level);
        if is_new {
            parts.push(json!({ "parts": [], "level": level }));
            name(parts.last_mut(), title);
        }
        let Some(last) = parts.last_mut() else { return };
        target = last;
    }
    let (Some(target), Json::Object(details)) = (target.as_object_mut(), details) else { return };
    target.extend(details);
}

/// The entry with its parts named by their level, and with its sums.
fn finished(mut entry: Json, depth: usize) -> Json {
    let parts = match entry["parts"].take() {
        Json::Array(parts) => parts,
        _ => Vec::new(),
    };
    let level = parts.first().and_then(|part| part["level"].as_u64());
    if let Some(entry) = entry.as_object_mut() {
        entry.remove("parts");
        entry.remove("level");
    }
    let parts: Vec<Json> = parts.into_iter().map(|part| finished(part, depth + 1)).collect();
    if !parts.is_empty() {
        for key in ["max_points", "self_score"] {
            let sum: Decimal = parts.iter().map(|part| decimal(&part[key])).sum();
            entry[key] = sum.normalize().to_string().into();
        }
        let key = if depth == 1 && level == Some(2) { "groups" } else { "indicators" };
        entry[key] = parts.into();
    }
    for key in ["max_points", "self_score"] {
        if entry.get(key).is_none() {
            entry[key] = "0".into();
        }
    }
    entry
}

fn decimal(points: &Json) -> Decimal {
    points.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{rounded, text_points};

    #[test]
    fn numbers_are_exact_or_refused() {
        assert_eq!(rounded(7.199_999_999_999_999).as_deref(), Some("7.2"));
        assert_eq!(rounded(-10.0).as_deref(), Some("-10"));
        assert_eq!(rounded(1.234), None);
        assert_eq!(rounded(f64::NAN), None);
        assert_eq!(rounded(1e300), None);
        for (text, points) in
            [("４．５", "4.5"), (" 5 ", "5"), ("5分", "5"), ("5.00", "5"), ("−10", "-10")]
        {
            assert_eq!(text_points(text).as_deref(), Some(points), "{text}");
        }
        for text in ["五", "=1+1", "1e999", "5.001", "", "abc"] {
            assert_eq!(text_points(text), None, "{text}");
        }
    }
}
