//! The cells of a workbook, within limits, and their values as text.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Dimensions, Reader, SheetVisible, Xls, Xlsx};

use crate::source::archive::Archive;
use crate::source::error::ImportError;
use crate::source::limits::UNPACKED;
use crate::workbook::xls;

/// The most rows of a sheet, if no others are allowed.
pub const ROWS: u32 = 5_000;

/// The bytes that a value takes besides its text.
const VALUE: usize = 48;

/// The most columns that are read.
const COLUMNS: u32 = 200;

/// The most merged ranges of a sheet.
const MERGED: usize = 1_000;

/// An open workbook.
pub enum Workbook<'a> {
    /// .xlsx.
    Xlsx(Box<Xlsx<Cursor<&'a [u8]>>>),
    /// .xls.
    Xls(Box<Xls<Cursor<&'a [u8]>>>),
}

/// The cells of a sheet by row and column, counted from 0.
pub struct Sheet {
    /// The name of the sheet.
    pub name: String,
    cells: BTreeMap<(u32, u32), Value>,
    /// The most rows.
    limit: u32,
    /// The bytes of all values. A file holds a text once that many cells share.
    bytes: usize,
}

/// The value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A date as `YYYY-MM-DD`.
    Date(String),
    /// A formula whose result is not stored.
    NoResult,
    /// An error such as #REF!.
    Error,
}

impl<'a> Workbook<'a> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// Returns `ImportError` if the file is damaged or too large.
    pub fn open(file: &'a [u8]) -> Result<Self, ImportError> {
        let cursor = Cursor::new(file);
        if file.starts_with(b"PK") {
            // The limits of the archive are checked before anything is unpacked.
            Archive::open(file)?;
            let xlsx = guarded(|| Xlsx::new(cursor).map_err(|_| ImportError::Damaged))?;
            return Ok(Self::Xlsx(Box::new(xlsx)));
        }
        xls::check(file)?;
        let xls = guarded(|| Xls::new(cursor).map_err(|_| ImportError::Damaged))?;
        Ok(Self::Xls(Box::new(xls)))
    }

    fn sheets(&self) -> &[calamine::Sheet] {
        match self {
            Self::Xlsx(xlsx) => xlsx.sheets_metadata(),
            Self::Xls(xls) => xls.sheets_metadata(),
        }
    }

    /// The names of the hidden sheets.
    pub fn hidden(&self) -> Vec<String> {
        let hidden = self.sheets().iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
        hidden.map(|sheet| sheet.name.clone()).collect()
    }

    /// A visible sheet of at most `limit` rows by its name, with blanks around it ignored.
    ///
    /// # Errors
    /// Returns `ImportError::TooMuch` if it has values beyond the limits, `ImportError::TooLarge` if they
    /// take too much memory, and `ImportError::Damaged` if it cannot be read.
    pub fn sheet(&mut self, name: &str, limit: u32) -> Result<Option<Sheet>, ImportError> {
        let is_it = |sheet: &&calamine::Sheet| {
            sheet.name.trim() == name && sheet.visible == SheetVisible::Visible
        };
        let Some(found) = self.sheets().iter().find(is_it).map(|sheet| sheet.name.clone()) else {
            return Ok(None);
        };
        let mut sheet = Sheet { name: name.to_owned(), cells: BTreeMap::new(), limit, bytes: 0 };
        let merged = guarded(|| match self {
            Self::Xlsx(xlsx) => {
                values(xlsx, &found, &mut sheet)?;
                formulas(xlsx, &found, &mut sheet)?;
                xlsx.merge_cells_by_sheet_name(&found).map_err(|_| ImportError::Damaged)
            }
            Self::Xls(xls) => {
                old_values(xls, &found, &mut sheet)?;
                xls.merge_cells_by_sheet_name(&found).map_err(|_| ImportError::Damaged)
            }
        })?;
        sheet.fill_merged(&merged)?;
        Ok(Some(sheet))
    }
}

/// Runs the reader of workbooks; a panic of it rejects the file.
fn guarded<T>(work: impl FnOnce() -> Result<T, ImportError>) -> Result<T, ImportError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(ImportError::Damaged))
}

fn values(
    xlsx: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    sheet: &mut Sheet,
) -> Result<(), ImportError> {
    let mut cells = xlsx.worksheet_cells_reader(name).map_err(|_| ImportError::Damaged)?;
    while let Some(cell) = cells.next_cell().map_err(|_| ImportError::Damaged)? {
        sheet.insert(cell.get_position(), value(cell.get_value().clone().into()))?;
    }
    Ok(())
}

/// Marks formulas without a stored result.
fn formulas(
    xlsx: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    sheet: &mut Sheet,
) -> Result<(), ImportError> {
    let mut cells = xlsx.worksheet_cells_reader(name).map_err(|_| ImportError::Damaged)?;
    while let Some(cell) = cells.next_formula().map_err(|_| ImportError::Damaged)? {
        let (row, column) = cell.get_position();
        if !cell.get_value().is_empty() && row < sheet.limit && column < COLUMNS {
            sheet.add((row, column), &Value::NoResult)?;
        }
    }
    Ok(())
}

/// The values and formulas of an old workbook, whose size is checked before it is opened.
fn old_values(
    xls: &mut Xls<Cursor<&[u8]>>,
    name: &str,
    sheet: &mut Sheet,
) -> Result<(), ImportError> {
    let range = xls.worksheet_range(name).map_err(|_| ImportError::Damaged)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let place = |first: u32, offset: usize| {
            first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
        };
        let at = (place(first_row, row), place(first_column, column));
        sheet.insert(at, value(data.clone()))?;
    }
    Ok(())
}

fn value(data: Data) -> Option<Value> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Value::Text(text.to_owned()));
    match data {
        Data::Empty => None,
        Data::String(string) => text(&string),
        Data::Int(number) => text(&number.to_string()),
        Data::Float(number) => Some(Value::Number(number)),
        Data::Bool(is_true) => text(if is_true { "是" } else { "否" }),
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Some(Value::Date(format!("{year:04}-{month:02}-{day:02}")))
        }
        Data::DateTimeIso(date) => Some(Value::Date(date.chars().take(10).collect())),
        Data::DurationIso(duration) => text(&duration),
        Data::Error(_) => Some(Value::Error),
    }
}

impl Sheet {
    fn insert(
        &mut self,
        (row, column): (u32, u32),
        value: Option<Value>,
    ) -> Result<(), ImportError> {
        let Some(value) = value else { return Ok(()) };
        if row >= self.limit || column >= COLUMNS {
            let limit = self.limit as usize;
            return Err(ImportError::TooMuch { what: "一个工作表", limit, unit: "行" });
        }
        self.count(&value)?;
        self.cells.insert((row, column), value);
        Ok(())
    }

    /// Counts the bytes of a value.
    fn count(&mut self, value: &Value) -> Result<(), ImportError> {
        let text = if let Value::Text(text) = value { text.len() } else { 0 };
        self.bytes += VALUE + text;
        if self.bytes > UNPACKED { Err(ImportError::TooLarge) } else { Ok(()) }
    }

    /// Adds a value to a cell that has none.
    fn add(&mut self, place: (u32, u32), value: &Value) -> Result<(), ImportError> {
        if !self.cells.contains_key(&place) {
            self.count(value)?;
            self.cells.insert(place, value.clone());
        }
        Ok(())
    }

    /// Copies the value of a merged range into all its rows of the first column.
    fn fill_merged(&mut self, merged: &[Dimensions]) -> Result<(), ImportError> {
        for range in merged.iter().take(MERGED) {
            let Some(value) = self.cells.get(&range.start).cloned() else { continue };
            for row in range.start.0 + 1..=range.end.0.min(self.limit - 1) {
                self.add((row, range.start.1), &value)?;
            }
        }
        Ok(())
    }

    /// The value of a cell.
    pub fn value(&self, row: u32, column: u32) -> Option<&Value> {
        self.cells.get(&(row, column))
    }

    /// The value of a cell as text; numbers in their shortest form.
    pub fn text(&self, row: u32, column: u32) -> Option<String> {
        Some(match self.value(row, column)? {
            Value::Text(text) => {
                text.replace("\r\n", "\n").replace("_x000D_", "").trim().to_owned()
            }
            Value::Number(number) => number.to_string(),
            Value::Date(date) => date.clone(),
            Value::NoResult | Value::Error => return None,
        })
    }

    /// The rows below `head` that have values, in their order.
    pub fn rows_below(&self, head: u32) -> Vec<u32> {
        let mut rows = Vec::new();
        for ((row, _), _) in self.cells.range((head + 1, 0)..) {
            if rows.last() != Some(row) {
                rows.push(*row);
            }
        }
        rows
    }

    /// Whether a row has a value in another column than `column`.
    pub fn has_others(&self, row: u32, column: u32) -> bool {
        self.cells.range((row, 0)..=(row, COLUMNS)).any(|((_, of), _)| *of != column)
    }

    /// The number of rows up to the last value.
    pub fn rows(&self) -> u32 {
        self.cells.keys().next_back().map_or(0, |(row, _)| row + 1)
    }

    /// The place of a cell for staff: 评分表!E14.
    pub fn place(&self, row: u32, column: u32) -> String {
        let mut letters = String::new();
        let mut rest = column + 1;
        while rest > 0 {
            let digit = (rest - 1) % 26;
            letters.insert(0, char::from(b'A' + u8::try_from(digit).unwrap_or_default()));
            rest = (rest - 1) / 26;
        }
        format!("{}!{letters}{}", self.name, row + 1)
    }
}
