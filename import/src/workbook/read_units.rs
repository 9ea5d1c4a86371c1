//! Reads a workbook of many documents: 各单位 has a row for each unit, 公文要素 what all have in common, and
//! 评分表 the scores, with a column for the unit.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Map, Value as Json};

use crate::report::Problem;
use crate::source::error::ImportError;
use crate::source::kind::FileKind;
use crate::source::limits::UNPACKED;
use crate::workbook::cells::{ROWS, Sheet, Value, Workbook};
use crate::workbook::elements::{
    ELEMENTS_SHEET, Element, REASONS, SCORE_ROWS, SCORES_SHEET, UNIT, UNITS_SHEET,
};
use crate::workbook::read_elements::ScoreTable;
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
    /// The place of the name.
    pub place: String,
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
    /// Faults that concern none of these units.
    pub problems: Vec<Problem>,
    /// Faults of what is common to all units, and of scores that may belong to any. While there are any,
    /// no document should be made.
    pub common: Vec<Problem>,
}

/// Reads a workbook of many documents.
///
/// # Errors
/// Returns `ImportError` if the file is no workbook, cannot be opened, has too many rows or units, has
/// no sheet 各单位, or makes submissions that are too long together.
pub fn read(file: &[u8]) -> Result<Units, ImportError> {
    if FileKind::of(file)? != FileKind::Workbook {
        return Err(ImportError::Format("请提交按批量模板填写的Excel工作簿。"));
    }
    let mut workbook = Workbook::open(file)?;
    let Some(sheet) = workbook.sheet(UNITS_SHEET, ROWS)? else {
        let sentence = "没有找到“各单位”工作表，请用批量模板填写。";
        return Err(ImportError::Format(sentence));
    };
    let mut read = Units { units: Vec::new(), problems: Vec::new(), common: Vec::new() };
    for name in workbook.hidden() {
        let is_common = [ELEMENTS_SHEET, SCORES_SHEET].contains(&name.trim());
        let problems = if is_common { &mut read.common } else { &mut read.problems };
        problems.push(Problem::at(name, "这个工作表是隐藏的，没有读取。"));
    }
    let mut common = Common { values: Map::new(), score_table: None };
    if let Some(elements) = workbook.sheet(ELEMENTS_SHEET, ROWS)? {
        common.score_table = read_elements::read(&elements, &mut common.values, &mut read.common);
    }
    read_units(&sheet, &common, &mut read)?;
    report_repeated(&mut read.units);
    if let Some(scores) = workbook.sheet(SCORES_SHEET, SCORE_ROWS)? {
        read_scores_of(&scores, &mut read);
    }
    if read.units.is_empty() {
        read.problems.push(Problem::at(UNITS_SHEET, "没有填写任何单位。"));
    }
    for unit in &mut read.units {
        if let Some(submission) = unit.submission.as_object_mut() {
            submission.entry("document").or_insert_with(|| Json::Object(Map::new()));
        }
    }
    Ok(read)
}

/// What all units have in common.
struct Common {
    values: Map<String, Json>,
    score_table: Option<ScoreTable>,
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

/// What the column 单位 says in a row.
enum Named {
    /// A name.
    Name(String),
    /// No name, though the row has other values.
    Blank,
    /// Nothing, like the rest of the row.
    Nothing,
    /// A formula without a result or with an error.
    Wrong,
}

/// The unit of a row.
fn unit_of(sheet: &Sheet, row: u32, column: u32) -> Named {
    if let Some(Value::NoResult | Value::Error) = sheet.value(row, column) {
        return Named::Wrong;
    }
    match sheet.text(row, column).filter(|name| !name.is_empty()) {
        Some(name) => Named::Name(name),
        None if sheet.has_others(row, column) => Named::Blank,
        None => Named::Nothing,
    }
}

fn wrong_unit(sheet: &Sheet, row: u32, column: u32) -> Problem {
    let sentence = "“单位”是没有结果或出错的公式，这一行没有读取。";
    Problem::at(sheet.place(row, column), sentence)
}

fn no_unit(sheet: &Sheet, row: u32, column: u32) -> Problem {
    Problem::at(sheet.place(row, column), "没有写明单位，这一行没有读取。")
}

/// The elements of the columns, without the column of the unit.
fn elements(
    sheet: &Sheet,
    (head, unit_column): (u32, u32),
    problems: &mut Vec<Problem>,
) -> Vec<(u32, &'static Element)> {
    let mut columns = Vec::new();
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
    columns
}

/// Reads the sheet 各单位.
fn read_units(sheet: &Sheet, common: &Common, read: &mut Units) -> Result<(), ImportError> {
    let Some((head, unit_column)) = head(sheet) else {
        read.problems.push(Problem::at(UNITS_SHEET, "没有找到“单位”一列。"));
        return Ok(());
    };
    let columns = elements(sheet, (head, unit_column), &mut read.problems);
    let size_of_common = size(&common.values);
    let mut bytes = 0;
    for row in sheet.rows_below(head) {
        let name = match unit_of(sheet, row, unit_column) {
            Named::Name(name) => name,
            Named::Nothing => continue,
            Named::Blank => {
                read.problems.push(no_unit(sheet, row, unit_column));
                continue;
            }
            Named::Wrong => {
                read.problems.push(wrong_unit(sheet, row, unit_column));
                continue;
            }
        };
        if read.units.len() >= UNITS {
            return Err(ImportError::TooMuch { what: "各单位", limit: UNITS, unit: "行" });
        }
        // Checked before the values are copied.
        if bytes + size_of_common > UNPACKED {
            return Err(ImportError::TooLarge);
        }
        let mut problems = Vec::new();
        let submission = read_row(sheet, row, &columns, common, &mut problems);
        bytes += size(&submission);
        let place = sheet.place(row, unit_column);
        let submission = Json::Object(submission);
        read.units.push(Unit { name, place, submission, problems });
    }
    if bytes > UNPACKED { Err(ImportError::TooLarge) } else { Ok(()) }
}

/// The length of values as JSON.
fn size(values: &Map<String, Json>) -> usize {
    struct Length(usize);
    impl io::Write for Length {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut length = Length(0);
    // Writing to a counter always succeeds.
    let _ = serde_json::to_writer(&mut length, values);
    length.0
}

/// Gives a fault to all units whose name is not their own. Nobody knows which of them has the scores.
fn report_repeated(units: &mut [Unit]) {
    let mut once = BTreeSet::new();
    let repeated: BTreeSet<String> = units
        .iter()
        .filter(|unit| !once.insert(&unit.name))
        .map(|unit| unit.name.clone())
        .collect();
    for unit in units.iter_mut().filter(|unit| repeated.contains(&unit.name)) {
        let message = format!("“{}”重复。", unit.name);
        unit.problems.push(Problem::at(&unit.place, message));
    }
}

/// What all have in common, with the values of a row.
fn read_row(
    sheet: &Sheet,
    row: u32,
    columns: &[(u32, &Element)],
    common: &Common,
    problems: &mut Vec<Problem>,
) -> Map<String, Json> {
    let mut submission = common.values.clone();
    let mut score_table = None;
    for (column, element) in columns {
        let cell = (row, *column);
        let found = read_elements::read_cell(sheet, cell, element, &mut submission, problems);
        score_table = found.or(score_table);
    }
    if let Some(table) = score_table.as_ref().or(common.score_table.as_ref()) {
        read_elements::mark_score_table(table, &mut submission, problems);
    }
    submission
}

/// Reads the scores of each unit. A row without a unit belongs to that of the row above.
fn read_scores_of(sheet: &Sheet, read: &mut Units) {
    let Some((unit_row, column)) = head(sheet) else {
        if sheet.rows() > 1 {
            read.common.push(Problem::at(SCORES_SHEET, "没有“单位”一列，没有读取。"));
        }
        return;
    };
    let mut below = sheet.rows_below(unit_row);
    if below.is_empty() {
        return;
    }
    let Some(head) = read_scores::head(sheet, &mut read.common) else { return };
    // The heads of the scores may be on another row.
    below.retain(|row| *row > head.row);
    let mut of_unit = rows_of_units(sheet, &below, column, read);
    for unit in &mut read.units {
        // Of two units with one name, the first has the scores; both have a fault.
        let Some(rows) = of_unit.remove(&unit.name) else { continue };
        if let Some(submission) = unit.submission.as_object_mut() {
            read_scores::read_rows(sheet, &head, &rows, submission, &mut unit.problems);
        }
    }
}

/// The rows of scores by the names of the units.
fn rows_of_units(
    sheet: &Sheet,
    rows: &[u32],
    column: u32,
    read: &mut Units,
) -> BTreeMap<String, Vec<u32>> {
    let mut of_unit: BTreeMap<String, Vec<u32>> =
        read.units.iter().map(|unit| (unit.name.clone(), Vec::new())).collect();
    let mut current: Option<String> = None;
    for row in rows {
        match unit_of(sheet, *row, column) {
            Named::Name(name) => {
                if current.as_ref() != Some(&name) && !of_unit.contains_key(&name) {
                    let message = format!("“各单位”中没有“{name}”。");
                    read.problems.push(Problem::at(sheet.place(*row, column), message));
                }
                current = Some(name);
            }
            Named::Wrong => {
                read.common.push(wrong_unit(sheet, *row, column));
                current = None;
                continue;
            }
            Named::Blank | Named::Nothing => {}
        }
        match &current {
            Some(name) => of_unit.get_mut(name).into_iter().for_each(|rows| rows.push(*row)),
            None => read.common.push(no_unit(sheet, *row, column)),
        }
    }
    of_unit
}
