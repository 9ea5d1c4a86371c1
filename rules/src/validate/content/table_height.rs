//! Estimates the height of the rows of a table: in a narrow column a short text takes many lines.

use crate::document::measures;
use crate::document::rich_text::RichText;
use crate::document::table::{Cell, Table};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;

/// Checks that the head leaves room for rows and that the filing has room for the lines of all rows.
pub(crate) fn fits(check: &mut Checker<'_>, place: &Place<'_>, table: &Table) -> bool {
    let head = lines(&table.head, &table.shares);
    if head > limits::HEAD_LINES {
        let detail = format!(
            "表头约有{head}行文字那么高，超过上限{}行，会占去每页的大半，请缩短文字或加宽列。",
            limits::HEAD_LINES
        );
        check.error(&place.key("head"), Code::TableShape, detail);
        return false;
    }
    check.has_room_for(lines(&table.rows, &table.shares) * limits::TABLE_LINE)
}

/// The number of lines of all rows, estimated from above.
fn lines(rows: &[Vec<Cell>], shares: &[u32]) -> usize {
    let tallest = |row: &Vec<Cell>| row.iter().map(|cell| lines_of(cell, shares)).max();
    rows.iter().filter_map(tallest).sum()
}

/// The lines that a cell adds to its first row. Each further row that it spans has a line already.
fn lines_of(cell: &Cell, shares: &[u32]) -> usize {
    let whole: u32 = shares.iter().sum();
    let share: u32 = shares[cell.column..cell.column + cell.column_span].iter().sum();
    // Table text is smaller than running text, so this overestimates the lines.
    let room = (measures::CHARACTERS_PER_LINE * share as usize / whole as usize).max(1);
    let length = RichText::plain(&cell.text).chars().count();
    length.div_ceil(room).max(cell.row_span) - (cell.row_span - 1)
}
