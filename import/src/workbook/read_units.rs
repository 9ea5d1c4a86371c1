//! Reads a workbook of many documents: 各单位 has a row for each unit, 公文要素 what all have in common, and
//! 评分表 the scores, with a column for the unit.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::report::Problem;
use crate::source::error::ImportError;
use crate::source::kind::FileKind;
use crate::workbook::cells::{Sheet, Workbook};
use crate::workbook::elements::{ELEMENTS_SHEET, Element, SCORES_SHEET, UNIT, UNITS_SHEET};
use crate::workbook::{read_elements, read_scores};

/// The rows in which a head may be.
const HEAD: u32 = 10;

/// The most columns of a head.
const COLUMNS: u32 = 60;

/// The most units of a workbook.
const UNITS: usize = 1_000;

/// The document of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The name in the column 单位.
    pub name: String,
    /// A draft of its submission.
    pub submission: Json,
    /// The faults of its cells. A document with faults should not be made.
    pub problems: Vec<Problem>,
}

/// The documents of a workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Units {
    /// The units in the order of the sheet.
    pub units: Vec<Unit>,
    /// Faults that concern no unit or all of them.
    pub problems: Vec<Problem>,
}

/// Reads a workbook of many documents.
///
/// # Errors
/// Returns `ImportError` if the file is no workbook, cannot be opened, has too many rows or units, or has
/// no sheet 各单位.
pub fn read(file: &[u8]) -> Result<Units, ImportError> {
    if FileKind::of(file)? != FileKind::Workbook {
        return Err(ImportError::Format("请提交按批量模板填写的Excel工作簿。"));
    }
    let mut workbook = Workbook::open(file)?;
    let Some(sheet) = workbook.sheet(UNITS_SHEET)? else {
        let sentence = "没有找到“各单位”工作表，请用批量模板填写。";
        return Err(ImportError::Format(sentence));
    };
    let mut problems = Vec::new();
    for name in workbook.hidden() {
        problems.push(Problem::at(name, "这个工作表是隐藏的，没有读取。"));
    }
    let mut common = Map::new();
    if let Some(elements) = workbook.sheet(ELEMENTS_SHEET)? {
        read_elements::read(&elements, &mut common, &mut problems);
    }
    let mut units = read_rows(&sheet, &common, &mut problems)?;
    if let Some(scores) = workbook.sheet(SCORES_SHEET)? {
        read_scores_of(&scores, &mut units, &mut problems);
    }
    if units.is_empty() {
        problems.push(Problem::at(UNITS_SHEET, "没有填写任何单位。"));
    }
    for unit in &mut units {
        if let Some(submission) = unit.submission.as_object_mut() {
            submission.entry("document").or_insert_with(|| Json::Object(Map::new()));
        }
    }
    Ok(Units { units, problems })
}

/// The row with 单位, and its column.
fn head(sheet: &Sheet) -> Option<(u32, u32)> {
    let is_unit = |row: u32, column: u32| {
        sheet.text(row, column).is_some_and(|text| text.trim_end_matches('*').trim() == UNIT)
    };
    (0..HEAD.min(sheet.rows())).find_map(|row| {
        (0..COLUMNS).find(|column| is_unit(row, *column)).map(|column| (row, column))
    })
}

fn read_rows(
    sheet: &Sheet,
    common: &Map<String, Json>,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Unit>, ImportError> {
    let Some((head, unit_column)) = head(sheet) else {
        problems.push(Problem::at(UNITS_SHEET, "没有找到“单位”一列。"));
        return Ok(Vec::new());
    };
    let mut columns: Vec<(u32, &Element)> = Vec::new();
    for column in (0..COLUMNS).filter(|column| *column != unit_column) {
        let Some(label) = sheet.text(head, column).filter(|label| !label.is_empty()) else {
            continue;
        };
        match read_elements::labelled(&label) {
            Some(element) => columns.push((column, element)),
            None if label == REASONS => {}
            None => {
                let message = format!("没有“{label}”这个项目，这一列没有读取。");
                problems.push(Problem::at(sheet.place(head, column), message));
            }
        }
    }
    let mut units: Vec<Unit> = Vec::new();
    for row in head + 1..sheet.rows() {
        let Some(name) = sheet.text(row, unit_column).filter(|name| !name.is_empty()) else {
            continue;
        };
        if units.len() >= UNITS {
            return Err(ImportError::TooMuch { what: "各单位", limit: UNITS, unit: "行" });
        }
        let mut unit = Unit { name, submission: Json::Null, problems: Vec::new() };
        if units.iter().any(|other| other.name == unit.name) {
            let message = format!("“{}”重复。", unit.name);
            unit.problems.push(Problem::at(sheet.place(row, unit_column), message));
        }
        unit.submission = read_row(sheet, row, &columns, common, &mut unit.problems);
        units.push(unit);
    }
    Ok(units)
}

/// The head of the column with the reasons, which the program writes and nobody has to remove.
pub const REASONS: &str = "未能生成的原因";

/// What all have in common, with the values of a row.
fn read_row(
    sheet: &Sheet,
    row: u32,
    columns: &[(u32, &Element)],
    common: &Map<String, Json>,
    problems: &mut Vec<Problem>,
) -> Json {
    let mut submission = common.clone();
    let mut score_table = None;
    for (column, element) in columns {
        let cell = (row, *column);
        let title = read_elements::read_cell(sheet, cell, element, &mut submission, problems);
        score_table = title.map(|title| (cell, title)).or(score_table);
    }
    if let Some((cell, title)) = score_table {
        read_elements::mark_score_table(sheet, cell, &title, &mut submission, problems);
    }
    Json::Object(submission)
}

/// Reads the scores of each unit. A row without a unit belongs to that of the row above.
fn read_scores_of(sheet: &Sheet, units: &mut [Unit], problems: &mut Vec<Problem>) {
    let Some((head, column)) = head(sheet) else {
        if sheet.rows() > 1 {
            problems.push(Problem::at(SCORES_SHEET, "没有“单位”一列，没有读取。"));
        }
        return;
    };
    let mut of_row: BTreeMap<u32, String> = BTreeMap::new();
    let mut current = String::new();
    for row in head + 1..sheet.rows() {
        if let Some(name) = sheet.text(row, column).filter(|name| !name.is_empty()) {
            if name != current && !units.iter().any(|unit| unit.name == name) {
                let message = format!("“各单位”中没有“{name}”。");
                problems.push(Problem::at(sheet.place(row, column), message));
            }
            current = name;
        }
        of_row.insert(row, current.clone());
    }
    for unit in units {
        let own = sheet.with_rows(|row| {
            row <= head || of_row.get(&row).is_some_and(|name| *name == unit.name)
        });
        let is_empty = own.rows() <= head + 1;
        if let Some(submission) = unit.submission.as_object_mut().filter(|_| !is_empty) {
            read_scores::read(&own, submission, &mut unit.problems);
        }
    }
}
