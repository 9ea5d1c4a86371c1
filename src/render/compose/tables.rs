//! From a table to its page data: spans cut where pages end, numbers kept where columns hold them.

use crate::document::attachment::Orientation;
use crate::document::measures::{self, AREA_HEIGHT, AREA_WIDTH, points};
use crate::document::rich_text::RichText;
use crate::document::table::{Cell, ColumnAlign, Table};
use crate::render::compose::parted::parted;
use crate::render::fit::table_fit::{Carried, TableFit};
use crate::render::page_data::BodyPart;
use crate::render::page_data::table::{CellData, TableData};
use crate::render::unbreakable::{lines_in_column, plain_runs, runs_in_column};

/// Size of a page's type area, to judge before layout what fits: the width in characters of a
/// table's text, and the height in half lines of the grid.
#[derive(Debug, Clone, Copy)]
struct Side {
    characters: f64,
    half_lines: usize,
}

/// Half lines of the label and a title of three lines, above the first table of an attachment (B-21).
const TITLE: usize = 15;

/// The two insets of a cell, rounded up to hundredths of a character.
const INSETS: u32 = (2 * measures::TABLE_INSET * 100).div_ceil(points(measures::TABLE_SIZE));

impl Side {
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

/// A table as one pass lays it out.
pub(crate) fn data_of(table: &Table, orientation: Orientation, fit: &TableFit) -> TableData {
    let side = Side::of(orientation);
    let total: u32 = table.shares.iter().sum();
    let room = |cell: &Cell| {
        let span = cell.column..cell.column + cell.column_span;
        let shares: u32 = table.shares[span].iter().sum();
        let characters =
            side.characters * f64::from(shares) / f64::from(total) - f64::from(INSETS) / 100.0;
        (2.0 * characters).floor().max(1.0) as usize
    };
    let head: usize = table.head.iter().map(|row| half_lines(row, room)).sum();
    let left = side.half_lines.saturating_sub(head);
    let rows = cut(&table.rows, &page_starts(fit));
    let data = |(index, row): (usize, &Vec<Cell>)| {
        // The first row shall not leave a title above it alone.
        let left = if index == 0 { left.saturating_sub(TITLE) } else { left };
        let is_too_tall = half_lines(row, room) > left;
        let mark = row.iter().position(|cell| cell.row_span == 1).unwrap_or(0);
        let cells = row.iter().enumerate();
        cells
            .map(|(index, cell)| {
                let breakable = is_too_tall || cell.row_span > 1;
                cell_data(cell, room(cell), breakable, index == mark)
            })
            .collect::<Vec<_>>()
    };
    let mut printed: Vec<_> = rows.iter().enumerate().map(data).collect();
    let carried = match (fit.carried, rows.last().zip(printed.last_mut())) {
        (Carried::From(start @ 1..), _) => printed.split_off(start.min(rows.len())),
        (Carried::InRow, Some((row, printed))) => {
            part_longest(printed, row, room);
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
        whole: fit.carried == Carried::From(0) && height(&rows, room) + TITLE <= left,
        joined: false,
        half_lines_below: if fit.ends_on_half { 1 } else { 2 },
    }
}

/// The end of a row's longest text goes to the next side.
fn part_longest(printed: &mut [CellData], row: &[Cell], room: impl Fn(&Cell) -> usize) {
    let lines = row.iter().map(|cell| lines_in_column(&cell.text, room(cell)));
    let Some((longest, _)) = lines.enumerate().max_by_key(|(_, lines)| *lines) else { return };
    for cell in printed.iter_mut() {
        cell.breakable = true;
    }
    let cell = &mut printed[longest];
    (cell.runs, cell.carried) = parted(std::mem::take(&mut cell.runs));
}

/// The rows that begin a side, those that are carried there for certain.
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

/// Tables that stand on each other without a gap.
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

fn cell_data(cell: &Cell, room: usize, breakable: bool, begins_row: bool) -> CellData {
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
        begins_row,
    }
}

/// The height of a row in half lines, at the most: a line of text takes one, and every row one
/// more. A cell over several rows has them all.
fn half_lines(row: &[Cell], room: impl Fn(&Cell) -> usize) -> usize {
    let lines = |cell: &Cell| lines_in_column(&cell.text, room(cell));
    row.iter().filter(|cell| cell.row_span == 1).map(lines).max().unwrap_or(1) + 1
}

/// The height of rows in half lines, at the most.
fn height(rows: &[Vec<Cell>], room: impl Fn(&Cell) -> usize) -> usize {
    let of_rows = rows.iter().map(|row| half_lines(row, &room)).sum();
    let cells = rows.iter().flatten();
    cells.map(|cell| lines_in_column(&cell.text, room(cell)) + 1).fold(of_rows, usize::max)
}

/// The rows with every cell that reaches over the start of a page written again there.
fn cut(rows: &[Vec<Cell>], page_starts: &[usize]) -> Vec<Vec<Cell>> {
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

/// A cell of a table that the program makes, in its place.
pub(crate) fn cell(text: &str, column: usize, align: ColumnAlign) -> Cell {
    Cell { text: RichText::regular(text), column, column_span: 1, row_span: 1, align }
}

#[cfg(test)]
mod tests {
    use super::{cell, cut};
    use crate::document::table::{Cell, ColumnAlign};

    #[test]
    fn a_label_is_written_again_where_a_page_begins() {
        let plain = |text: &str, column| cell(text, column, ColumnAlign::Center);
        let tall = |text: &str, row_span| Cell { row_span, ..plain(text, 0) };
        let mut rows = vec![vec![tall("甲", 4), plain("1", 1)]];
        rows.extend(["2", "3", "4"].map(|text| vec![plain(text, 1)]));
        rows.push(vec![plain("乙", 0), plain("5", 1)]);
        let shown: Vec<String> = cut(&rows, &[1, 3, 4])
            .iter()
            .map(|row| row.iter().map(|c| format!("{}{} ", c.text.plain(), c.row_span)).collect())
            .collect();
        assert_eq!(shown, ["甲1 11 ", "甲2 21 ", "31 ", "甲1 41 ", "乙1 51 "]);
    }
}
