//! From a table to its page data: splits row spans at page breaks and fits text into the columns.

use crate::document::rich_text::RichText;
use crate::document::table::{Cell, ColumnAlign, Table};
use crate::render::compose::split_text::split_text;
use crate::render::fit::table_fit::{Carried, TableFit};
use crate::render::fonts::advances::Advances;
use crate::render::page_data::BodyPart;
use crate::render::page_data::table::{CellData, TableData};
use crate::render::table_cells::cell_text::{CellText, cell_text};
use crate::render::table_cells::columns::{CharWidth, PageRoom, char_width};
use crate::render::table_cells::widths::fit_columns;
use crate::render::type_area::TypeArea;
use crate::render::unbreakable::plain_runs;
use crate::validate::text::typeface::Typeface;

/// Height of the label and a title of three lines above the first table of an attachment, in half lines
/// (B-21).
const TITLE: usize = 15;

/// The tallest label in half lines for which the first row of a page is made higher.
const TALLEST_LABEL: usize = 10;

/// The widths of the columns of a table in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Widths {
    /// Those that were posted.
    Posted,
    /// Fitted to the texts, the same in all parts.
    Common,
    /// Fitted to the texts of each part.
    OfEachPart,
}

/// The page data of a table in parts for one pass. Each part takes the next item of `fits`.
pub(crate) fn parts_of<'f>(
    mut parts: Vec<Table>,
    widths: Widths,
    area: TypeArea,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<BodyPart> {
    let text_width = char_width(advances, Typeface::Fangsong);
    let head_width = char_width(advances, Typeface::Heiti);
    let char_widths: [CharWidth<'_>; 2] = [&text_width, &head_width];
    match widths {
        Widths::Posted => {}
        Widths::Common => fit_columns(&mut parts, area, char_widths),
        Widths::OfEachPart => {
            parts.chunks_mut(1).for_each(|part| fit_columns(part, area, char_widths));
        }
    }
    let data = |table: &Table| {
        let fit = fits.next().cloned().unwrap_or_default();
        let page = PageRoom::of(area);
        let page = if advances.breaks_lines() { page } else { page.unbroken() };
        BodyPart::Table(data_of(table, page, &fit, char_widths))
    };
    joined(parts.iter().map(data).collect())
}

/// A row with its texts as printed.
type SetRow = Vec<(Cell, CellText)>;

/// The page data of a table for one pass.
fn data_of(
    table: &Table,
    page: PageRoom,
    fit: &TableFit,
    [text_width, head_width]: [CharWidth<'_>; 2],
) -> TableData {
    let set = |row: Vec<Cell>, char_width: CharWidth<'_>| -> SetRow {
        let text = |cell: &Cell| cell_text(cell, page.of_cell(cell, &table.shares), char_width);
        row.into_iter().map(|cell| (text(&cell), cell)).map(|(text, cell)| (cell, text)).collect()
    };
    let head: Vec<SetRow> = table.head.iter().cloned().map(|row| set(row, head_width)).collect();
    let available = page.half_lines.saturating_sub(head.iter().map(half_lines).sum());
    let starts = page_starts(fit);
    let rows = split_spans(&with_headers(&table.rows), &starts);
    let rows: Vec<SetRow> = rows.into_iter().map(|row| set(row, text_width)).collect();
    let height = height(&rows);
    let mut heights = fixed_heights(&rows, &starts);
    let last = rows.last().cloned();
    let count = rows.len();
    let data = |(index, row): (usize, SetRow)| {
        // The first row shares its page with the title above it.
        let available = if index == 0 { available.saturating_sub(TITLE) } else { available };
        let is_too_tall = half_lines(&row) > available;
        let labelled = row.iter().position(|(cell, _)| cell.row_span == 1).unwrap_or(0);
        let cells = row.into_iter().enumerate();
        cells
            .map(|(index, (cell, text))| {
                let breakable = is_too_tall || cell.row_span > 1;
                cell_data(&cell, text, breakable, index == labelled)
            })
            .collect::<Vec<_>>()
    };
    let mut printed: Vec<_> = rows.into_iter().enumerate().map(data).collect();
    let mut carried_heights = Vec::new();
    let carried = match (fit.carried, last.zip(printed.last_mut())) {
        (Carried::From(start @ 1..), _) => {
            let start = start.min(count);
            carried_heights = heights.split_off(start.min(heights.len()));
            printed.split_off(start)
        }
        (Carried::InRow(step), Some((row, printed))) => {
            split_longest(printed, &row, step);
            Vec::new()
        }
        _ => Vec::new(),
    };
    TableData {
        caption: table.caption.as_deref().map(plain_runs),
        unit: table.unit.as_deref().map(plain_runs),
        shares: table.shares.clone(),
        head: head.into_iter().map(|row| data((1, row))).collect(),
        rows: printed,
        heights,
        carried,
        carried_heights,
        unbreakable: fit.carried == Carried::From(0) && height + TITLE <= available,
        joined: false,
        half_lines_below: if fit.ends_on_half { 1 } else { 2 },
    }
}

/// Marks cells over several rows as headers of these rows, unless data is to the left of them.
fn with_headers(rows: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
    let mut rows = rows.to_vec();
    // For each row, the columns at the left that are headers.
    let mut headed = vec![0; rows.len()];
    for index in 0..rows.len() {
        for place in 0..rows[index].len() {
            let cell = &mut rows[index][place];
            if cell.row_span < 2 || cell.column > headed[index] {
                continue;
            }
            cell.heads_rows = true;
            let (end, next) = (index + cell.row_span, cell.column + cell.column_span);
            for columns in headed.iter_mut().take(end).skip(index) {
                *columns = next.max(*columns);
            }
        }
    }
    rows
}

/// The heights in half lines of rows whose texts do not decide them, and 0 for the others; empty if
/// there are only others.
///
/// In a row in which every cell goes on below, nothing would give it a height. And the first row of
/// a page is as high as a label that begins there: if only the rows below made room for it, the
/// row could be on the page before, where a part of the label would not fit.
fn fixed_heights(rows: &[SetRow], page_starts: &[usize]) -> Vec<usize> {
    let height = |(index, row): (usize, &SetRow)| {
        let tall = row.iter().filter(|(cell, _)| cell.row_span > 1);
        let own = half_lines(row);
        if page_starts.contains(&index) {
            let most = tall.map(|(_, text)| text.lines + 1).max().unwrap_or(0);
            return if (own + 1..=TALLEST_LABEL).contains(&most) { most } else { 0 };
        }
        let share = |(cell, text): &(Cell, CellText)| (text.lines + 1).div_ceil(cell.row_span);
        if tall.clone().count() < row.len() { 0 } else { tall.map(share).fold(2, usize::max) }
    };
    let heights: Vec<usize> = rows.iter().enumerate().map(height).collect();
    if heights.iter().all(|height| *height == 0) { Vec::new() } else { heights }
}

/// Moves the end of the longest text of a row to the next page.
fn split_longest(printed: &mut [CellData], row: &SetRow, step: usize) {
    let lines = row.iter().map(|(_, text)| text.lines);
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
fn joined(mut tables: Vec<BodyPart>) -> Vec<BodyPart> {
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

fn cell_data(cell: &Cell, text: CellText, breakable: bool, has_row_label: bool) -> CellData {
    let align = match cell.align {
        ColumnAlign::Left => "left",
        ColumnAlign::Center => "center",
        ColumnAlign::Right => "right",
    };
    CellData {
        runs: text.runs,
        column_span: cell.column_span,
        row_span: cell.row_span,
        carried: Vec::new(),
        align: align.to_owned(),
        indent: cell.indent,
        breakable,
        has_row_label,
        heads_rows: cell.heads_rows,
        has_rules: !cell.is_note,
    }
}

/// The height of a row in half lines: one for each line of text and one for the insets.
/// Cells that span rows are not counted.
fn half_lines(row: &SetRow) -> usize {
    let lines = row.iter().filter(|(cell, _)| cell.row_span == 1).map(|(_, text)| text.lines);
    lines.max().unwrap_or(1) + 1
}

/// The height of rows in half lines.
fn height(rows: &[SetRow]) -> usize {
    let of_rows = rows.iter().map(half_lines).sum();
    rows.iter().flatten().map(|(_, text)| text.lines + 1).fold(of_rows, usize::max)
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
    Cell {
        text: RichText::regular(text),
        column,
        column_span: 1,
        row_span: 1,
        align,
        indent: 0,
        heads_rows: false,
        is_note: false,
    }
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
