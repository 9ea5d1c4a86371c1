//! What the workbook of one document and that of many have in common: formats, the scores, the notes.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Workbook, Worksheet,
};

use crate::workbook::elements::{KINDS, SCORE_COLUMNS, SCORES_SHEET, UNIT};
use crate::workbook::fault::TemplateError;
use crate::workbook::write_scores::Row;

/// The longest text of a cell in Excel, in UTF-16 units.
const LONGEST: usize = 32_767;

/// The widths of the columns of `SCORE_COLUMNS`.
const WIDTHS: [u16; SCORE_COLUMNS.len()] = [20, 9, 20, 36, 8, 10, 60, 24, 24];

/// The width of the column 单位.
const UNIT_WIDTH: u16 = 20;

/// The formats of cells.
pub struct Formats {
    /// The head of a column.
    pub head: Format,
    /// A cell that nobody fills in.
    pub label: Format,
    /// A text.
    pub text: Format,
    /// A number.
    pub number: Format,
}

impl Formats {
    /// The formats of all sheets.
    pub fn new() -> Self {
        let cell = || {
            Format::new()
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x00BF_BFBF))
                .set_align(FormatAlign::Top)
                .set_text_wrap()
        };
        let shaded = || cell().set_bold().set_background_color(Color::RGB(0x00F2_F2F2));
        Self {
            head: shaded().set_align(FormatAlign::Center),
            label: shaded(),
            text: cell().set_unlocked().set_num_format("@"),
            number: cell().set_unlocked(),
        }
    }
}

/// A workbook without sheets. Its time is fixed, so that the same content gives the same bytes.
///
/// # Errors
/// Returns `TemplateError::Writer` if the writer fails, which is a bug.
pub fn begun() -> Result<Workbook, TemplateError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2021, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    Ok(workbook)
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

/// The beginning of a text that fits into a cell.
pub fn cut(mut text: String) -> String {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > LONGEST
    });
    if let Some((end, _)) = end {
        text.truncate(end);
    }
    text
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

/// Writes the sheet 评分表 with the rows, and checks of what is typed up to the row `last`.
///
/// # Errors
/// Returns `TemplateError::NotExpressed` if a text is too long for a cell.
pub fn write_score_rows<'r>(
    sheet: &mut Worksheet,
    formats: &Formats,
    rows: impl Iterator<Item = (Option<&'r str>, &'r Row)>,
    last: u32,
    has_unit: bool,
) -> Result<(), TemplateError> {
    sheet.set_name(SCORES_SHEET)?;
    // The columns of the scores follow that of the unit.
    let first = u16::from(has_unit);
    sheet.set_freeze_panes(1, first)?;
    if has_unit {
        sheet.write_string_with_format(0, 0, UNIT, &formats.head)?;
        sheet.set_column_width(0, UNIT_WIDTH)?;
        sheet.set_column_format(0, &formats.text)?;
    }
    for (column, (name, width)) in (0..).zip(SCORE_COLUMNS.into_iter().zip(WIDTHS)) {
        let format = if is_points(column) { &formats.number } else { &formats.text };
        sheet.write_string_with_format(0, first + column, name, &formats.head)?;
        sheet.set_column_width(first + column, width)?;
        sheet.set_column_format(first + column, format)?;
    }
    for (row, (unit, entry)) in (1..).zip(rows) {
        if let Some(unit) = unit {
            sheet.write_string_with_format(row, 0, within(unit.to_owned())?, &formats.text)?;
        }
        for (column, text) in (0..).zip(entry.cells()) {
            match text.parse::<f64>() {
                Ok(points) if is_points(column) => {
                    sheet.write_number_with_format(row, first + column, points, &formats.number)?
                }
                _ => {
                    let format = if is_points(column) { &formats.number } else { &formats.text };
                    let text = within(text.to_owned())?;
                    sheet.write_string_with_format(row, first + column, text, format)?
                }
            };
        }
    }
    let kinds: Vec<&str> = KINDS.iter().map(|(shown, _)| *shown).collect();
    sheet.add_data_validation(1, first + 1, last, first + 1, &list("类型", &kinds)?)?;
    let number = DataValidation::new()
        .allow_decimal_number(DataValidationRule::Between(-9999.99, 9999.99))
        .set_error_title("不能这样填写")?
        .set_error_message("分值应为数，至多两位小数。")?;
    sheet.add_data_validation(1, first + 4, last, first + 4, &number)?;
    Ok(())
}

/// Whether a column of `SCORE_COLUMNS` has points.
fn is_points(column: u16) -> bool {
    (4..=5).contains(&column)
}

/// Writes the sheet 说明, a note a row.
///
/// # Errors
/// Returns `TemplateError::Writer` if the writer fails, which is a bug.
pub fn write_notes(sheet: &mut Worksheet, notes: &[&str]) -> Result<(), TemplateError> {
    sheet.set_name("说明")?;
    sheet.set_column_width(0, 110)?;
    for (row, note) in (0..).zip(notes) {
        sheet.write_string(row, 0, *note)?;
    }
    Ok(())
}
