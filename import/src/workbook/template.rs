//! Writes the template, empty or filled with a submission.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Formula, Worksheet};
use serde_json::Value;

use crate::workbook::elements::{
    Choices, Content, ELEMENTS, ELEMENTS_SHEET, Element, KINDS, VERSION,
};
use crate::workbook::fault::TemplateError;
use crate::workbook::sheets::{Formats, begun, list, within, write_notes, write_score_rows};
use crate::workbook::write_scores::{Row, TEXTS, rows, taken};

/// The rows below the head that can be filled in.
const ROWS: u32 = 2_000;

/// What the sheet 说明 says.
const NOTES: [&str; 10] = [
    "一、“公文要素”表：在“内容”一列填写；不需要的留空。",
    "二、“评分表”表：一行一个指标；同一部分、同一类的各行，部分和类的名称可以只在第一行填写。",
    "三、部分和类的分值、得分由各指标合计，不必填写；右侧的合计供核对。",
    "四、没有类的部分，“类”留空；没有指标的类或部分，“指标”留空，直接填写分值和得分。",
    "五、扣分项的分值填负数，如-10；没有扣分的，自评得分填0。",
    "六、不适用的指标，自评得分填“不涉及”，并在“公文要素”表中选择不涉及的计法。",
    "七、工作情况一行一段，同一单元格内按Alt+Enter换行；文中“**……**”为加粗。",
    "八、指标由几部分组成的，把各部分的得分写在名称中，如“救助对象（6分）和社会公众（3分）的满意程度”。",
    "九、文中的“{total.self_score}”代入总得分，“{total.max_points}”代入总分值。",
    "十、工作表有保护，没有密码，可以在“审阅”中撤销。",
];

/// The empty template.
///
/// # Errors
/// Returns `TemplateError::Writer` if the writer fails, which is a bug.
pub fn empty() -> Result<Vec<u8>, TemplateError> {
    filled(&Value::Object(serde_json::Map::new()))
}

/// The template filled with a submission. The same submission gives the same bytes.
///
/// # Errors
/// Returns `TemplateError::NotExpressed` if the submission has a value without a place in the template.
pub fn filled(submission: &Value) -> Result<Vec<u8>, TemplateError> {
    let mut left = submission.clone();
    let mut workbook = begun()?;
    let formats = Formats::new();
    write_elements(workbook.add_worksheet(), &formats, &mut left)?;
    let rows = rows(&mut left, &mut { TEXTS })?;
    let sheet = workbook.add_worksheet();
    let of_rows = rows.iter().map(|row| (None, row));
    write_score_rows(sheet, &formats, of_rows, ROWS, false)?;
    write_sums(sheet, &formats, &rows)?;
    sheet.protect();
    let notes = workbook.add_worksheet();
    write_notes(notes, &NOTES)?;
    notes.protect();
    match taken(&left) {
        Some(pointer) => Err(TemplateError::NotExpressed(pointer)),
        None => Ok(workbook.save_to_buffer()?),
    }
}

/// Writes the sheet 公文要素 and takes its values out of the submission.
///
/// # Errors
/// Like `filled`.
pub fn write_elements(
    sheet: &mut Worksheet,
    formats: &Formats,
    left: &mut Value,
) -> Result<(), TemplateError> {
    sheet.set_name(ELEMENTS_SHEET)?;
    for (column, (name, width)) in
        [("项目", 16), ("内容", 60), ("说明", 36)].into_iter().enumerate()
    {
        let column = u16::try_from(column).unwrap_or_default();
        sheet.write_string_with_format(0, column, name, &formats.head)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string(0, 3, VERSION)?;
    sheet.set_column_hidden(3)?;
    sheet.set_freeze_panes(1, 0)?;
    for (row, element) in (1..).zip(&ELEMENTS) {
        sheet.write_string_with_format(row, 0, element.label, &formats.label)?;
        let value = shown(element, left)?;
        sheet.write_string_with_format(row, 1, within(value)?, &formats.text)?;
        sheet.write_string_with_format(row, 2, element.remark, &formats.label)?;
        let choices: Vec<&str> = match element.content {
            Content::Choice(choices) => choices.iter().map(|(shown, _)| *shown).collect(),
            Content::Switch => vec!["是", "否"],
            _ => continue,
        };
        sheet.add_data_validation(row, 1, row, 1, &list(element.label, &choices)?)?;
    }
    sheet.protect();
    Ok(())
}

/// Takes the value of an element out of the submission, as it is shown.
///
/// # Errors
/// Returns `TemplateError::NotExpressed` if a cell cannot hold it.
pub fn shown(element: &Element, left: &mut Value) -> Result<String, TemplateError> {
    let mut place = left;
    for key in element.path {
        match place.get_mut(key) {
            Some(below) => place = below,
            None => return Ok(String::new()),
        }
    }
    let not_expressed = || TemplateError::NotExpressed(element.label.to_owned());
    if matches!(element.content, Content::Attachments | Content::ScoreTable) {
        return attachments(element.content, place);
    }
    let value = place.take();
    let lines = |list: Vec<Value>| {
        let lines: Option<Vec<String>> =
            list.iter().map(|line| line.as_str().map(str::to_owned)).collect();
        let is_one_line =
            |line: &String| !line.is_empty() && line.trim() == line && !line.contains(['\n', '\r']);
        lines.filter(|lines| lines.iter().all(is_one_line)).ok_or_else(not_expressed)
    };
    match (element.content, value) {
        (_, Value::Null) => Ok(String::new()),
        (Content::Choice(choices), Value::String(value)) => {
            choice(choices, &value).ok_or_else(not_expressed)
        }
        (Content::Switch, Value::Bool(is_on)) => Ok(if is_on { "是" } else { "否" }.to_owned()),
        (Content::Lines, Value::Array(list)) => Ok(lines(list)?.join("\n")),
        (Content::TextOrLines, Value::Array(list)) if list.len() > 1 => Ok(lines(list)?.join("\n")),
        (Content::Text | Content::TextOrLines | Content::Date, text @ Value::String(_)) => {
            Ok(lines(vec![text])?.concat())
        }
        (Content::Number, Value::Number(number)) => Ok(number.to_string()),
        _ => Err(not_expressed()),
    }
}

fn choice(choices: Choices, value: &str) -> Option<String> {
    choices.iter().find(|(_, of)| *of == value).map(|(shown, _)| (*shown).to_owned())
}

/// The titles of the attachments, or of the one that is the score table.
fn attachments(content: Content, place: &mut Value) -> Result<String, TemplateError> {
    let list = place.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default();
    if content == Content::Attachments {
        // The titles are taken out with the score table, in the next row.
        let title = |attachment: &Value| attachment["title"].as_str().map(str::to_owned);
        let titles: Option<Vec<String>> = list.iter().map(title).collect();
        return titles
            .map(|titles| titles.join("\n"))
            .ok_or_else(|| TemplateError::NotExpressed("附件".to_owned()));
    }
    let mut tables = Vec::new();
    for attachment in list {
        let is_table = attachment.get("score_table") == Some(&Value::Bool(true));
        let title = attachment["title"].take();
        if is_table {
            attachment["score_table"].take();
            tables.extend(title.as_str().map(str::to_owned));
        }
    }
    Ok(tables.concat())
}

/// The sums by kind of section, to the right of the scores.
fn write_sums(sheet: &mut Worksheet, formats: &Formats, rows: &[Row]) -> Result<(), TemplateError> {
    for (column, name) in [(10, "类型"), (11, "分值合计"), (12, "自评得分合计")] {
        sheet.write_string_with_format(0, column, name, &formats.head)?;
        sheet.set_column_width(column, 14)?;
    }
    for (row, (kind, _)) in (1..).zip(KINDS) {
        sheet.write_string_with_format(row, 10, *kind, &formats.label)?;
        for (column, letter) in [(11, 'E'), (12, 'F')] {
            let last = ROWS + 1;
            let formula = format!("=SUMIFS({letter}$2:{letter}${last},B$2:B${last},K{})", row + 1);
            let of_kind = rows.iter().filter(|entry| entry.kind == *kind);
            let points = of_kind.map(|entry| if letter == 'E' { &entry.max } else { &entry.own });
            let mut points = points.filter_map(|points| points.parse::<Decimal>().ok());
            let sum = points.try_fold(Decimal::ZERO, Decimal::checked_add);
            let sum = sum.ok_or_else(|| TemplateError::NotExpressed((*kind).to_owned()))?;
            let formula = Formula::new(formula).set_result(sum.normalize().to_string());
            sheet.write_formula(row, column, formula)?;
        }
    }
    Ok(())
}
