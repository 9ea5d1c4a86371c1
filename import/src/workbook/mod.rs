//! Reads workbooks with the sheets 公文要素 and 评分表, of one document or of many units, and writes their
//! templates.

mod cells;
mod elements;
pub mod fault;
mod read_elements;
mod read_scores;
pub mod read_units;
mod sheets;
pub mod template;
mod write_scores;
pub mod write_units;
mod xls;

use serde_json::{Map, Value};

use crate::report::{Import, Problem};
use crate::source::error::ImportError;
use crate::source::kind::FileKind;
use crate::workbook::cells::{ROWS, Workbook};
use crate::workbook::elements::{ELEMENTS_SHEET, SCORES_SHEET, VERSION};

/// Reads a workbook.
///
/// # Errors
/// Returns `ImportError` if the file cannot be opened or has too many rows.
pub fn read(file: &[u8]) -> Result<Import, ImportError> {
    let mut workbook = Workbook::open(file)?;
    let mut problems = Vec::new();
    let mut submission = Map::new();
    let elements = workbook.sheet(ELEMENTS_SHEET, ROWS)?;
    let scores = workbook.sheet(SCORES_SHEET, ROWS)?;
    for name in workbook.hidden() {
        problems.push(Problem::at(name, "这个工作表是隐藏的，没有读取。"));
    }
    if elements.is_none() && scores.is_none() {
        let sentence = "没有找到“公文要素”和“评分表”两个工作表，请用本系统的模板填写。";
        return Err(ImportError::Format(sentence));
    }
    if let Some(sheet) = &elements {
        let version = sheet.text(0, 3).unwrap_or_default();
        if !version.is_empty() && version != VERSION {
            let message = "模板的版本与本系统不同，请重新下载模板，或逐项核对。";
            problems.push(Problem::at(ELEMENTS_SHEET, message));
        }
        let score_table = read_elements::read(sheet, &mut submission, &mut problems);
        if let Some(table) = score_table {
            read_elements::mark_score_table(&table, &mut submission, &mut problems);
        }
    } else {
        problems.push(Problem::of_file("没有“公文要素”工作表。"));
    }
    if let Some(sheet) = &scores {
        read_scores::read(sheet, &mut submission, &mut problems);
    }
    submission.entry("document").or_insert_with(|| Value::Object(Map::new()));
    let submission = Value::Object(submission);
    Ok(Import { kind: FileKind::Workbook, submission, unread: Vec::new(), problems })
}
