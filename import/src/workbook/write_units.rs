//! Writes the workbook of many documents: empty as a template, or with documents to mend.

use rust_xlsxwriter::Worksheet;
use serde_json::{Map, Value};

use crate::workbook::elements::{self, ELEMENTS, Element, REASONS, SCORE_ROWS, UNIT, UNITS_SHEET};
use crate::workbook::fault::TemplateError;
use crate::workbook::sheets::{Formats, begun, cut, list, within, write_notes, write_score_rows};
use crate::workbook::template::{shown, write_elements};
use crate::workbook::write_scores::{Row, TEXTS, rows, taken};

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
    /// The submission.
    pub content: Result<Value, Missing>,
    /// Why it was not made.
    pub reasons: Vec<String>,
}

/// Why a document has only its name and reasons.
#[derive(Debug, Clone)]
pub enum Missing {
    /// Its content is not kept any more.
    Removed,
    /// Its content is kept, but with other bytes.
    Damaged,
    /// Its content is not JSON, or beyond the bounds of a submission.
    Unreadable,
    /// The documents before it take all the room.
    NoRoom,
    /// A template cannot express its content.
    NotExpressed(TemplateError),
}

impl Missing {
    fn sentence(&self) -> String {
        match self {
            Self::Removed => "内容已不再保存，请在原文件中更正。".to_owned(),
            Self::Damaged => "所存的内容已损坏，请在原文件中更正。".to_owned(),
            Self::Unreadable => "内容不能读取，或超出限度，请在原文件中更正。".to_owned(),
            Self::NoRoom => {
                "工作簿已写满，没有列出内容；请先更正前面各份，或在原文件中更正。".to_owned()
            }
            // The program names some places by their JSON Pointer.
            Self::NotExpressed(TemplateError::NotExpressed(what)) if !what.starts_with('/') => {
                format!("内容不能写成Excel（{what}），请在原文件中更正。")
            }
            Self::NotExpressed(_) => "有的内容在Excel表格中没有位置，请在原文件中更正。".to_owned(),
        }
    }
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
/// Each content is dropped before the next document is taken.
///
/// # Errors
/// Returns `TemplateError::Writer` if the writer fails, which is a bug.
pub fn to_mend(documents: impl IntoIterator<Item = ToMend>) -> Result<Vec<u8>, TemplateError> {
    // The head takes a row.
    let mut room = Room { rows: SCORE_ROWS as usize - 1, texts: TEXTS };
    let filled: Vec<Filled> =
        documents.into_iter().map(|document| filled(document, &mut room)).collect();
    written(&filled, true)
}

/// What the score sheet still has room for: rows, and bytes of text.
struct Room {
    rows: usize,
    texts: usize,
}

/// The cells of a document, if there is room for its scores.
fn filled(document: ToMend, room: &mut Room) -> Filled {
    let found = document.content.and_then(|submission| match cells(submission, &mut room.texts) {
        Ok((_, scores)) if scores.len() > room.rows => Err(Missing::NoRoom),
        Ok(found) => Ok(found),
        Err(TemplateError::NoRoom) => Err(Missing::NoRoom),
        Err(error) => Err(Missing::NotExpressed(error)),
    });
    // A cell has room for some hundred reasons.
    let mut reasons = document.reasons;
    reasons.truncate(50);
    let (cells, scores) = found.unwrap_or_else(|missing| {
        reasons.insert(0, missing.sentence());
        (Vec::new(), Vec::new())
    });
    room.rows -= scores.len();
    Filled { name: cut(document.name), cells, scores, reasons: cut(reasons.join("\n")) }
}

/// The texts of a document by the labels of their elements.
type Cells = Vec<(&'static str, String)>;

/// The cells of a document and the rows of its scores, whose bytes are taken out of `room`.
fn cells(mut left: Value, room: &mut usize) -> Result<(Cells, Vec<Row>), TemplateError> {
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
    let scores = rows(&mut left, room)?;
    for text in scores.iter().flat_map(Row::cells) {
        within(text.to_owned())?;
    }
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
    let mut workbook = begun()?;
    let formats = Formats::new();
    write_units(workbook.add_worksheet(), &formats, documents, has_reasons)?;
    let nothing = &mut Value::Object(Map::new());
    write_elements(workbook.add_worksheet(), &formats, nothing)?;
    let scores =
        documents.iter().flat_map(|one| one.scores.iter().map(|row| (Some(&*one.name), row)));
    write_score_rows(workbook.add_worksheet(), &formats, scores, SCORE_ROWS - 1, true)?;
    write_notes(workbook.add_worksheet(), &NOTES)?;
    Ok(workbook.save_to_buffer()?)
}

fn write_units(
    sheet: &mut Worksheet,
    formats: &Formats,
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
        sheet.set_column_format(column, &formats.text)?;
        sheet.write_string_with_format(0, column, *name, &formats.head)?;
    }
    for (row, document) in (1..).zip(documents) {
        sheet.write_string_with_format(row, 0, &document.name, &formats.text)?;
        for (column, element) in (1..).zip(&elements) {
            let text = document.cells.iter().find(|(label, _)| *label == element.label);
            if let Some((_, text)) = text {
                sheet.write_string_with_format(row, column, text, &formats.text)?;
            }
        }
        if has_reasons {
            let column = u16::try_from(heads.len() - 1).unwrap_or_default();
            let format = formats.text.clone().set_font_color(0x00C0_0000);
            sheet.write_string_with_format(row, column, &document.reasons, &format)?;
        }
    }
    for (column, element) in (1..).zip(&elements) {
        if let elements::Content::Choice(choices) = element.content {
            let choices: Vec<&str> = choices.iter().map(|(shown, _)| *shown).collect();
            let validation = list(element.label, &choices)?;
            sheet.add_data_validation(1, column, ROWS, column, &validation)?;
        }
    }
    Ok(())
}
