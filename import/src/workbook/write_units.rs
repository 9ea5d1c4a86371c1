//! Writes the workbook of many documents: empty as a template, or with documents to mend.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};
use serde_json::{Map, Value};

use crate::workbook::elements::{
    Content, ELEMENTS, Element, KINDS, SCORE_COLUMNS, SCORES_SHEET, UNIT, UNITS_SHEET,
};
use crate::workbook::fault::TemplateError;
use crate::workbook::read_units::REASONS;
use crate::workbook::template::{list, shown, within, write_elements};
use crate::workbook::write_scores::{Row, rows, taken};

/// The rows below the head that can be filled in.
const ROWS: u32 = 2_000;

/// The columns of the template besides 单位. Others may be added.
const USUAL: [&str; 12] = [
    "发文机关",
    "机关代字",
    "年份",
    "发文顺序号",
    "签发人",
    "标题",
    "主送机关",
    "署名",
    "成文日期",
    "抄送机关",
    "印发机关",
    "印发日期",
];

/// What the sheet 说明 says.
const NOTES: [&str; 7] = [
    "一、“各单位”表：一行一个单位，一个单位一份公文；“单位”一列写简称即可，各行不要相同。",
    "二、各单位都一样的内容（如格式、行文方向、开头、结尾），写在“公文要素”表，一次写好；某个单位不同的，在“各单位”表中另填。",
    "三、“各单位”表可以加列，列名用“公文要素”表中的项目名称，如“附件”“开头”。",
    "四、“评分表”表：各单位的指标依次填写，“单位”与“各单位”表中的相同，可以只在第一行填写。没有评分的公文，此表留空。",
    "五、一格中有几个机关、几段文字的，按Alt+Enter换行。",
    "六、部分和类的分值、得分由各指标合计，不必填写；扣分项的分值填负数，不适用的指标自评得分填“不涉及”。",
    "七、填好后在“批量生成”中上传：先列出哪些格子有误，再逐份检查、生成，互不影响。",
];

/// A document to mend.
#[derive(Debug, Clone)]
pub struct ToMend {
    /// The name of the unit, or the line of the batch.
    pub name: String,
    /// The submission; `None` if it is not known any more.
    pub submission: Option<Value>,
    /// Why it was not made.
    pub reasons: Vec<String>,
}

/// A document as its cells.
struct Filled {
    name: String,
    cells: Cells,
    scores: Vec<Row>,
    reasons: String,
}

/// The empty template.
///
/// # Errors
/// Returns `TemplateError::Writer` if the writer fails, which is a bug.
pub fn empty() -> Result<Vec<u8>, TemplateError> {
    written(&[], false)
}

/// Documents to mend with the reasons. One that the workbook cannot express has only its name and reasons.
///
/// # Errors
/// Returns `TemplateError::Writer` if the writer fails, which is a bug.
pub fn to_mend(documents: &[ToMend]) -> Result<Vec<u8>, TemplateError> {
    let filled: Vec<Filled> = documents.iter().map(filled).collect();
    written(&filled, true)
}

fn filled(document: &ToMend) -> Filled {
    let mut reasons = document.reasons.clone();
    let cells = document.submission.as_ref().map(cells);
    let (cells, scores) = match cells {
        Some(Ok(found)) => found,
        Some(Err(_)) => {
            reasons.push("内容不能写成Excel，请在原文件中更正。".to_owned());
            (Vec::new(), Vec::new())
        }
        None => {
            reasons.push("内容已不再保存，请在原文件中更正。".to_owned());
            (Vec::new(), Vec::new())
        }
    };
    // A cell has room for some hundred reasons.
    reasons.truncate(50);
    Filled { name: document.name.clone(), cells, scores, reasons: reasons.join("\n") }
}

/// The texts of a document by the labels of their elements.
type Cells = Vec<(&'static str, String)>;

/// The cells of a document and the rows of its scores.
fn cells(submission: &Value) -> Result<(Cells, Vec<Row>), TemplateError> {
    let mut left = submission.clone();
    for key in ["opening", "body", "closing"] {
        let blocks = left.get_mut(key).and_then(Value::as_array_mut);
        blocks.into_iter().flatten().for_each(plain_paragraph);
    }
    let mut cells = Vec::new();
    for element in &ELEMENTS {
        let text = within(shown(element, &mut left)?)?;
        if !text.is_empty() {
            cells.push((element.label, text));
        }
    }
    let scores = rows(&mut left)?;
    match taken(&left) {
        Some(pointer) => Err(TemplateError::NotExpressed(pointer)),
        None => Ok((cells, scores)),
    }
}

/// A block that is only a paragraph, as its text.
fn plain_paragraph(block: &mut Value) {
    if let Some(keys) = block.as_object_mut().filter(|keys| keys.len() == 1)
        && let Some(text) = keys.remove("paragraph")
    {
        *block = text;
    }
}

fn written(documents: &[Filled], has_reasons: bool) -> Result<Vec<u8>, TemplateError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2021, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    write_units(workbook.add_worksheet(), documents, has_reasons)?;
    let nothing = &mut Value::Object(Map::new());
    write_elements(workbook.add_worksheet(), nothing)?;
    write_scores(workbook.add_worksheet(), documents)?;
    let notes = workbook.add_worksheet();
    notes.set_name("说明")?;
    notes.set_column_width(0, 110)?;
    for (row, note) in (0..).zip(NOTES) {
        notes.write_string(row, 0, note)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn cell() -> Format {
    let format = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    format.set_text_wrap().set_num_format("@")
}

fn head() -> Format {
    cell().set_bold().set_align(FormatAlign::Center).set_background_color(0x00F2_F2F2)
}

fn write_units(
    sheet: &mut Worksheet,
    documents: &[Filled],
    has_reasons: bool,
) -> Result<(), TemplateError> {
    sheet.set_name(UNITS_SHEET)?;
    sheet.set_freeze_panes(1, 1)?;
    let is_shown = |element: &&Element| {
        USUAL.contains(&element.label)
            || documents
                .iter()
                .any(|one| one.cells.iter().any(|(label, _)| *label == element.label))
    };
    let elements: Vec<&Element> = ELEMENTS.iter().filter(is_shown).collect();
    let mut heads = vec![UNIT];
    heads.extend(elements.iter().map(|element| element.label));
    if has_reasons {
        heads.push(REASONS);
    }
    for (column, name) in (0..).zip(&heads) {
        let width = match *name {
            "标题" | REASONS => 48,
            "年份" | "发文顺序号" => 11,
            _ => 20,
        };
        sheet.set_column_width(column, width)?;
        sheet.set_column_format(column, &cell())?;
        sheet.write_string_with_format(0, column, *name, &head())?;
    }
    for (row, document) in (1..).zip(documents) {
        sheet.write_string_with_format(row, 0, &document.name, &cell())?;
        for (column, element) in (1..).zip(&elements) {
            let text = document.cells.iter().find(|(label, _)| *label == element.label);
            if let Some((_, text)) = text {
                sheet.write_string_with_format(row, column, text, &cell())?;
            }
        }
        if has_reasons {
            let column = u16::try_from(heads.len() - 1).unwrap_or_default();
            let format = cell().set_font_color(0x00C0_0000);
            sheet.write_string_with_format(
                row,
                column,
                within(document.reasons.clone())?,
                &format,
            )?;
        }
    }
    for (column, element) in (1..).zip(&elements) {
        if let Content::Choice(choices) = element.content {
            let choices: Vec<&str> = choices.iter().map(|(shown, _)| *shown).collect();
            let validation = list(element.label, &choices)?;
            sheet.add_data_validation(1, column, ROWS, column, &validation)?;
        }
    }
    Ok(())
}

fn write_scores(sheet: &mut Worksheet, documents: &[Filled]) -> Result<(), TemplateError> {
    sheet.set_name(SCORES_SHEET)?;
    sheet.set_freeze_panes(1, 1)?;
    let widths = [20, 20, 9, 20, 36, 8, 10, 60, 24, 24];
    let heads = std::iter::once(UNIT).chain(SCORE_COLUMNS);
    for (column, (name, width)) in (0..).zip(heads.zip(widths)) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &head())?;
    }
    let number = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let scores = documents.iter().flat_map(|one| one.scores.iter().map(|row| (&one.name, row)));
    for (row, (name, entry)) in (1..).zip(scores) {
        for (column, text) in [
            (0, name),
            (1, &entry.section),
            (2, &entry.kind),
            (3, &entry.group),
            (4, &entry.indicator),
            (7, &entry.narrative),
            (8, &entry.reason),
            (9, &entry.evidence),
        ] {
            sheet.write_string_with_format(row, column, within(text.clone())?, &cell())?;
        }
        for (column, points) in [(5, &entry.max), (6, &entry.own)] {
            match points.parse::<f64>() {
                Ok(points) => sheet.write_number_with_format(row, column, points, &number)?,
                Err(_) => sheet.write_string_with_format(row, column, points, &number)?,
            };
        }
    }
    let kinds: Vec<&str> = KINDS.iter().map(|(shown, _)| *shown).collect();
    sheet.add_data_validation(1, 2, ROWS, 2, &list("类型", &kinds)?)?;
    Ok(())
}
