//! Writes the template, empty or filled with a submission.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, Worksheet,
};
use serde_json::Value;

use crate::workbook::elements::{
    Choices, Content, ELEMENTS, ELEMENTS_SHEET, Element, KINDS, SCORE_COLUMNS, SCORES_SHEET,
    VERSION,
};
use crate::workbook::fault::TemplateError;
use crate::workbook::write_scores::{Row, rows, taken};

/// The rows below the head that can be filled in.
const ROWS: u32 = 2_000;

/// The longest text of a cell in Excel, in UTF-16 units.
const LONGEST: usize = 32_767;

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

struct Formats {
    head: Format,
    label: Format,
    text: Format,
    number: Format,
}

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
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2021, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let formats = formats();
    write_elements(workbook.add_worksheet(), &mut left)?;
    let rows = rows(&mut left)?;
    write_scores(workbook.add_worksheet(), &formats, &rows)?;
    write_notes(workbook.add_worksheet())?;
    match taken(&left) {
        Some(pointer) => Err(TemplateError::NotExpressed(pointer)),
        None => Ok(workbook.save_to_buffer()?),
    }
}

fn formats() -> Formats {
    let cell = || {
        Format::new()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00BF_BFBF))
            .set_align(FormatAlign::Top)
            .set_text_wrap()
    };
    let shaded = || cell().set_bold().set_background_color(Color::RGB(0x00F2_F2F2));
    Formats {
        head: shaded().set_align(FormatAlign::Center),
        label: shaded(),
        text: cell().set_unlocked().set_num_format("@"),
        number: cell().set_unlocked(),
    }
}

/// Writes the sheet 公文要素 and takes its values out of the submission.
///
/// # Errors
/// Like `filled`.
pub fn write_elements(sheet: &mut Worksheet, left: &mut Value) -> Result<(), TemplateError> {
    let formats = &formats();
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

/// A text that fits into a cell.
///
/// # Errors
/// Returns `TemplateError::NotExpressed` if it does not.
pub fn within(text: String) -> Result<String, TemplateError> {
    if text.encode_utf16().count() > LONGEST {
        return Err(TemplateError::NotExpressed(text.chars().take(20).collect()));
    }
    Ok(text)
}

/// A cell whose value is one of several.
///
/// # Errors
/// Returns `TemplateError::Writer` if the writer fails, which is a bug.
pub fn list(label: &str, choices: &[&str]) -> Result<DataValidation, TemplateError> {
    let message = format!("“{label}”只能从列表中选择。");
    let validation = DataValidation::new().allow_list_strings(choices)?;
    Ok(validation.set_error_title("不能这样填写")?.set_error_message(message)?)
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

fn write_scores(
    sheet: &mut Worksheet,
    formats: &Formats,
    rows: &[Row],
) -> Result<(), TemplateError> {
    sheet.set_name(SCORES_SHEET)?;
    let widths = [20, 9, 20, 36, 8, 10, 60, 24, 24];
    for (column, (name, width)) in (0..).zip(SCORE_COLUMNS.into_iter().zip(widths)) {
        sheet.write_string_with_format(0, column, name, &formats.head)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for column in 0..9 {
        let is_number = (4..=5).contains(&column);
        sheet.set_column_format(column, if is_number { &formats.number } else { &formats.text })?;
    }
    for (row, entry) in (1..).zip(rows) {
        for (column, text) in [
            (0, &entry.section),
            (1, &entry.kind),
            (2, &entry.group),
            (3, &entry.indicator),
            (6, &entry.narrative),
            (7, &entry.reason),
            (8, &entry.evidence),
        ] {
            sheet.write_string_with_format(row, column, within(text.clone())?, &formats.text)?;
        }
        for (column, points) in [(4, &entry.max), (5, &entry.own)] {
            match points.parse::<f64>() {
                Ok(number) => {
                    sheet.write_number_with_format(row, column, number, &formats.number)?
                }
                Err(_) => sheet.write_string_with_format(row, column, points, &formats.number)?,
            };
        }
    }
    let kinds: Vec<&str> = KINDS.iter().map(|(shown, _)| *shown).collect();
    sheet.add_data_validation(1, 1, ROWS, 1, &list("类型", &kinds)?)?;
    let number = DataValidation::new()
        .allow_decimal_number(DataValidationRule::Between(-9999.99, 9999.99))
        .set_error_title("不能这样填写")?
        .set_error_message("分值应为数，至多两位小数。")?;
    sheet.add_data_validation(1, 4, ROWS, 4, &number)?;
    write_sums(sheet, formats, rows)?;
    sheet.protect();
    Ok(())
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
            let sum: rust_decimal::Decimal =
                points.filter_map(|points| points.parse::<rust_decimal::Decimal>().ok()).sum();
            let formula = Formula::new(formula).set_result(sum.normalize().to_string());
            sheet.write_formula(row, column, formula)?;
        }
    }
    Ok(())
}

fn write_notes(sheet: &mut Worksheet) -> Result<(), TemplateError> {
    sheet.set_name("说明")?;
    sheet.set_column_width(0, 110)?;
    for (row, note) in (0..).zip(NOTES) {
        sheet.write_string(row, 0, note)?;
    }
    sheet.protect();
    Ok(())
}
