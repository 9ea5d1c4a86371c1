//! From a table to its page data: splits row spans at page breaks and fits text into the columns.

use crate::document::attachment::Orientation;
use crate::document::measures::{self, AREA_HEIGHT, AREA_WIDTH, points};
use crate::document::rich_text::RichText;
use crate::document::table::{Cell, ColumnAlign, Table};
use crate::render::compose::split_text::split_text;
use crate::render::fit::table_fit::{Carried, TableFit};
use crate::render::page_data::BodyPart;
use crate::render::page_data::table::{CellData, TableData};
use crate::render::unbreakable::{lines_in_column, plain_runs, runs_in_column};

/// The size of the type area, to estimate before layout what fits on a page.
#[derive(Debug, Clone, Copy)]
struct Area {
    /// Width in characters of the size of table text.
    characters: f64,
    /// Height in half lines of the grid.
    half_lines: usize,
}

/// Height of the label and a title of three lines above the first table of an attachment, in half lines
/// (B-21).
const TITLE: usize = 15;

/// The left and right inset of a cell together, rounded up to hundredths of a character.
const INSETS: u32 = (2 * measures::TABLE_INSET * 100).div_ceil(points(measures::TABLE_SIZE));

impl Area {
    fn of(orientation: Orientation) -> Self {
        let (width, height) = match orientation {
            Orientation::Portrait => (AREA_WIDTH, AREA_HEIGHT),
            Orientation::Landscape => (AREA_HEIGHT, AREA_WIDTH),
        };
        // Rounded down to tenths of a character.
        let tenths = 10 * width / points(measures::TABLE_SIZE);
        Self {
            characters: f64::from(tenths) / 10.0,
            half_lines: (height / measures::TABLE_PITCH) as usize,
        }
    }
}

/// The page data of a table for one pass.
pub(crate) fn data_of(table: &Table, orientation: Orientation, fit: &TableFit) -> TableData {
    let area = Area::of(orientation);
    let total: u32 = table.shares.iter().sum();
    // The width for text in a cell, in half characters.
    let room = |cell: &Cell| {
        let span = cell.column..cell.column + cell.column_span;
        let shares: u32 = table.shares[span].iter().sum();
        let characters =
            area.characters * f64::from(shares) / f64::from(total) - f64::from(INSETS) / 100.0;
        (2.0 * characters).floor().max(1.0) as usize
    };
    let head: usize = table.head.iter().map(|row| half_lines(row, room)).sum();
    let available = area.half_lines.saturating_sub(head);
    let rows = split_spans(&table.rows, &page_starts(fit));
    let data = |(index, row): (usize, &Vec<Cell>)| {
        // The first row shares its page with the title above it.
        let available = if index == 0 { available.saturating_sub(TITLE) } else { available };
        let is_too_tall = half_lines(row, room) > available;
        let labelled = row.iter().position(|cell| cell.row_span == 1).unwrap_or(0);
        let cells = row.iter().enumerate();
        cells
            .map(|(index, cell)| {
                let breakable = is_too_tall || cell.row_span > 1;
                cell_data(cell, room(cell), breakable, index == labelled)
            })
            .collect::<Vec<_>>()
    };
    let mut printed: Vec<_> = rows.iter().enumerate().map(data).collect();
    let carried = match (fit.carried, rows.last().zip(printed.last_mut())) {
        (Carried::From(start @ 1..), _) => printed.split_off(start.min(rows.len())),
        (Carried::InRow(step), Some((row, printed))) => {
            split_longest(printed, row, room, step);
            Vec::new()
        }
        _ => Vec::new(),
    };
    TableData {
        caption: table.caption.as_deref().map(plain_runs),
        shares: table.shares.clone(),
        head: table.head.iter().map(|row| data((1, row))).collect(),
        rows: printed,
        carried,
        unbreakable: fit.carried == Carried::From(0) && height(&rows, room) + TITLE <= available,
        joined: false,
        half_lines_below: if fit.ends_on_half { 1 } else { 2 },
    }
}

/// Moves the end of the longest text of a row to the next page.
fn split_longest(
    printed: &mut [CellData],
    row: &[Cell],
    room: impl Fn(&Cell) -> usize,
    step: usize,
) {
    let lines = row.iter().map(|cell| lines_in_column(&cell.text, room(cell)));
    let Some((longest, _)) = lines.enumerate().max_by_key(|(_, lines)| *lines) else { return };
    for cell in printed.iter_mut() {
        cell.breakable = true;
    }
    let cell = &mut printed[longest];
    (cell.runs, cell.carried) = split_text(std::mem::take(&mut cell.runs), step);
}

/// The rows that begin a page, including the first of the carried rows.
fn page_starts(fit: &TableFit) -> Vec<usize> {
    let mut starts = fit.page_starts.clone();
    if let Carried::From(start @ 1..) = fit.carried
        && !starts.contains(&start)
    {
        starts.push(start);
        starts.sort_unstable();
    }
    starts
}

/// Joins tables without a gap.
pub(crate) fn joined(mut tables: Vec<BodyPart>) -> Vec<BodyPart> {
    for index in 1..tables.len() {
        if let BodyPart::Table(above) = &mut tables[index - 1] {
            above.half_lines_below = 0;
        }
        if let BodyPart::Table(below) = &mut tables[index] {
            below.joined = true;
        }
    }
    tables
}

fn cell_data(cell: &Cell, room: usize, breakable: bool, has_row_label: bool) -> CellData {
    let align = match cell.align {
        ColumnAlign::Left => "left",
        ColumnAlign::Center => "center",
        ColumnAlign::Right => "right",
    };
    CellData {
        runs: runs_in_column(&cell.text, room),
        column_span: cell.column_span,
        row_span: cell.row_span,
        carried: Vec::new(),
        align: align.to_owned(),
        breakable,
        has_row_label,
    }
}

/// The greatest possible height of a row in half lines: one for each line of text and one for the insets.
/// Cells that span rows are not counted.
fn half_lines(row: &[Cell], room: impl Fn(&Cell) -> usize) -> usize {
    let lines = |cell: &Cell| lines_in_column(&cell.text, room(cell));
    row.iter().filter(|cell| cell.row_span == 1).map(lines).max().unwrap_or(1) + 1
}

/// The greatest possible height of rows in half lines.
fn height(rows: &[Vec<Cell>], room: impl Fn(&Cell) -> usize) -> usize {
    let of_rows = rows.iter().map(|row| half_lines(row, &room)).sum();
    let cells = rows.iter().flatten();
    cells.map(|cell| lines_in_column(&cell.text, room(cell)) + 1).fold(of_rows, usize::max)
}

/// Splits every cell that spans the start of a page and repeats its text there.
fn split_spans(rows: &[Vec<Cell>], page_starts: &[usize]) -> Vec<Vec<Cell>> {
    let mut all: Vec<Vec<Cell>> = rows.iter().map(|row| Vec::with_capacity(row.len())).collect();
    for (index, row) in rows.iter().enumerate() {
        for cell in row {
            let end = index + cell.row_span;
            let inside =
                page_starts.iter().copied().filter(|start| (index + 1..end).contains(start));
            let starts: Vec<usize> = std::iter::once(index).chain(inside).collect();
            let ends = starts.iter().copied().skip(1).chain([end]);
            for (&start, end) in starts.iter().zip(ends) {
                all[start].push(Cell { row_span: end - start, ..cell.clone() });
            }
        }
    }
    for row in &mut all {
        row.sort_by_key(|cell| cell.column);
    }
    all
}

/// A cell of a table that the program composes.
pub(crate) fn cell(text: &str, column: usize, align: ColumnAlign) -> Cell {
    Cell { text: RichText::regular(text), column, column_span: 1, row_span: 1, align }
}

#[cfg(test)]
mod tests {
    use super::{cell, split_spans};
    use crate::document::table::{Cell, ColumnAlign};

    #[test]
    fn a_label_is_repeated_at_the_start_of_a_page() {
        let plain = |text: &str, column| cell(text, column, ColumnAlign::Center);
        let tall = |text: &str, row_span| Cell { row_span, ..plain(text, 0) };
        let mut rows = vec![vec![tall("甲", 4), plain("1", 1)]];
        rows.extend(["2", "3", "4"].map(|text| vec![plain(text, 1)]));
        rows.push(vec![plain("乙", 0), plain("5", 1)]);
        let shown: Vec<String> = split_spans(&rows, &[1, 3, 4])
            .iter()
            .map(|row| row.iter().map(|c| format!("{}{} ", c.text.plain(), c.row_span)).collect())
            .collect();
        assert_eq!(shown, ["甲1 11 ", "甲2 21 ", "31 ", "甲1 41 ", "乙1 51 "]);
    }
}
