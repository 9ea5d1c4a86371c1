//! Reads the sheet 公文要素.

use serde_json::{Map, Value as Json, json};

use crate::report::Problem;
use crate::workbook::cells::{Sheet, Value};
use crate::workbook::elements::{Content, ELEMENTS, Element};

/// The value of 自评表附件.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreTable {
    /// The place of the cell.
    pub place: String,
    /// The title of the attachment.
    pub title: String,
}

/// Reads each row with a known label into the submission. Returns the score table, which can be marked
/// when 附件 are read, from this sheet or another.
pub fn read(
    sheet: &Sheet,
    submission: &mut Map<String, Json>,
    problems: &mut Vec<Problem>,
) -> Option<ScoreTable> {
    let mut score_table = None;
    for row in 0..sheet.rows() {
        let Some(element) = sheet.text(row, 0).and_then(|label| labelled(&label)) else { continue };
        let found = read_cell(sheet, (row, 1), element, submission, problems);
        score_table = found.or(score_table);
    }
    score_table
}

/// The element with a label, which may have blanks, a colon or an asterisk.
pub fn labelled(label: &str) -> Option<&'static Element> {
    let label = label.trim_end_matches(['*', '：', ':']).chars();
    let label: String = label.filter(|c| !c.is_whitespace()).collect();
    ELEMENTS.iter().find(|element| element.label == label)
}

/// Reads the value of an element into the submission. Returns the score table, which is marked when all
/// elements are read.
pub fn read_cell(
    sheet: &Sheet,
    (row, column): (u32, u32),
    element: &Element,
    submission: &mut Map<String, Json>,
    problems: &mut Vec<Problem>,
) -> Option<ScoreTable> {
    let label = element.label;
    let place = || sheet.place(row, column);
    match sheet.value(row, column)? {
        Value::NoResult => {
            let message = format!("“{label}”是没有结果的公式，请用Excel或WPS打开并保存一次。");
            problems.push(Problem::at(place(), message));
            return None;
        }
        Value::Error => {
            problems.push(Problem::at(place(), format!("“{label}”是出错的公式。")));
            return None;
        }
        _ => {}
    }
    let text = sheet.text(row, column).filter(|text| !text.is_empty())?;
    if element.content == Content::ScoreTable {
        return Some(ScoreTable { place: place(), title: text });
    }
    match value(element, sheet.value(row, column), &text) {
        Ok(value) => set(submission, element.path, value),
        Err(expected) => {
            let message = format!("“{label}”{expected}，现为“{text}”。");
            problems.push(Problem::at(place(), message));
        }
    }
    None
}

/// Marks the attachment that is the score table.
pub fn mark_score_table(
    table: &ScoreTable,
    submission: &mut Map<String, Json>,
    problems: &mut Vec<Problem>,
) {
    let attachments =
        submission.get_mut("document").and_then(|document| document.get_mut("attachments"));
    let mut attachments = attachments.and_then(Json::as_array_mut).into_iter().flatten();
    match attachments.find(|attachment| attachment["title"] == table.title) {
        Some(attachment) => attachment["score_table"] = true.into(),
        None => problems.push(Problem::at(&table.place, "“附件”中没有这个名称。")),
    }
}

/// The value of a row. The error says what is expected.
fn value(element: &Element, cell: Option<&Value>, text: &str) -> Result<Json, String> {
    let lines = || text.split('\n').map(str::trim).filter(|line| !line.is_empty());
    Ok(match element.content {
        Content::Text | Content::ScoreTable => json!(lines().collect::<String>()),
        Content::Lines => lines().collect(),
        Content::TextOrLines => {
            let lines: Vec<&str> = lines().collect();
            if lines.len() == 1 { json!(lines[0]) } else { json!(lines) }
        }
        Content::Attachments => lines().map(|title| json!({ "title": title })).collect(),
        Content::Number => match cell {
            Some(Value::Number(number)) if number.fract() == 0.0 && number.abs() < 1e7 => {
                text.parse::<i64>().map_err(|_| "应为整数".to_owned())?.into()
            }
            _ => text.parse::<i64>().map_err(|_| "应为整数".to_owned())?.into(),
        },
        Content::Date => date(text).ok_or("应为日期，如2021-12-22或2021年12月22日")?.into(),
        Content::Switch => match text {
            "是" => true.into(),
            "否" => false.into(),
            _ => return Err("应为“是”或“否”".to_owned()),
        },
        Content::Choice(choices) => {
            let found = choices.iter().find(|(shown, value)| *shown == text || *value == text);
            let names: Vec<&str> = choices.iter().map(|(shown, _)| *shown).collect();
            found.ok_or_else(|| format!("应为{}之一", names.join("、")))?.1.into()
        }
    })
}

/// 2021-12-22, 2021/12/22, 2021年12月22日 or 20211222.
fn date(text: &str) -> Option<String> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<String> = if digits {
        vec![text[..4].to_owned(), text[4..6].to_owned(), text[6..].to_owned()]
    } else {
        let text = text.trim_end_matches('日');
        text.split(['-', '/', '.', '年', '月']).map(|part| part.trim().to_owned()).collect()
    };
    let [year, month, day] = parts.as_slice() else { return None };
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let date = chrono::NaiveDate::from_ymd_opt(year, month, day)?;
    (1949..=2099).contains(&year).then(|| date.format("%Y-%m-%d").to_string())
}

/// Sets a value below nested objects.
pub fn set(object: &mut Map<String, Json>, path: &[&str], value: Json) {
    match path {
        [] => {}
        [key] => drop(object.insert((*key).to_owned(), value)),
        [key, rest @ ..] => {
            let below = object.entry(*key).or_insert_with(|| Json::Object(Map::new()));
            if let Some(below) = below.as_object_mut() {
                set(below, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_are_read_in_the_usual_forms() {
        for text in ["2021-03-01", "2021/3/1", "2021年3月1日", "20210301"] {
            assert_eq!(date(text).as_deref(), Some("2021-03-01"), "{text}");
        }
        for text in ["2021-02-30", "3月1日", "44256", "2021"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
