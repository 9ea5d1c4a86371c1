//! Tables of a file as tables of a submission.

use serde_json::{Value, json};

use crate::genre::lines::clean::clean;
use crate::source::piece::{Table, TableCell};

/// The most columns and rows of a table in a submission.
const COLUMNS: usize = 20;
const ROWS: usize = 2_000;

/// The most rows of a head.
const HEAD: usize = 4;

/// The largest relative width of a column.
const WIDEST: u32 = 100;

/// A table as a block; `None` if it is too large or has no cells.
pub fn table(table: &Table, caption: Option<String>) -> Option<Value> {
    let columns = columns(table);
    if columns == 0 || columns > COLUMNS || table.rows.len() > ROWS {
        return None;
    }
    let head = head_rows(table);
    let rows: Vec<Value> = table.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let (head, rows) = rows.split_at(head);
    let widths = widths(&table.widths, columns);
    let column = |index: usize| {
        let mut column = json!({});
        if let Some(width) = widths.get(index) {
            column["width"] = (*width).into();
        }
        if let Some(align) = align(table, index, head.len()) {
            column["align"] = align.into();
        }
        column
    };
    let mut json = json!({
        "columns": (0..columns).map(column).collect::<Vec<_>>(),
        "head": head,
        "rows": rows,
    });
    if let Some(caption) = caption {
        json["caption"] = caption.into();
    }
    Some(json!({ "table": json }))
}

fn columns(table: &Table) -> usize {
    let end = |cell: &TableCell| cell.column + cell.column_span;
    table.rows.iter().flatten().map(end).max().unwrap_or_default()
}

/// The rows that the file marks as head; otherwise the first row if it has more texts than figures, and
/// those that its cells span.
pub fn head_rows(table: &Table) -> usize {
    let most = table.rows.len().saturating_sub(1).min(HEAD);
    if table.head_rows > 0 {
        return table.head_rows.min(most);
    }
    let Some(first) = table.rows.first() else { return 0 };
    let is_head = first.len() > 1
        && first.iter().all(|cell| {
            !cell.text.is_empty()
                && cell.text.chars().count() <= 16
                && cell.text.parse::<f64>().is_err()
        });
    let spanned = first.iter().map(|cell| cell.row_span).max().unwrap_or(1);
    let is_labels = table.rows.get(1).is_some_and(|row| row.len() != first.len() && spanned == 1);
    if is_head && !is_labels { spanned.min(most) } else { 0 }
}

fn cell(cell: &TableCell) -> Value {
    let text = clean(&cell.text);
    if cell.column_span == 1 && cell.row_span == 1 {
        return json!(text);
    }
    let mut json = json!({ "text": text });
    if cell.column_span > 1 {
        json["column_span"] = cell.column_span.into();
    }
    if cell.row_span > 1 {
        json["row_span"] = cell.row_span.into();
    }
    json
}

/// The relative widths without common factors; none if they are unknown or not of all columns.
fn widths(widths: &[u32], columns: usize) -> Vec<u32> {
    if widths.len() != columns || widths.contains(&0) {
        return Vec::new();
    }
    let divisor = widths.iter().copied().fold(0, greatest_common_divisor);
    let mut reduced: Vec<u32> = widths.iter().map(|width| width / divisor).collect();
    let largest = reduced.iter().copied().max().unwrap_or(1);
    if largest > WIDEST {
        let share =
            |width: &u32| (u64::from(*width) * u64::from(WIDEST) / u64::from(largest)).max(1);
        reduced = reduced.iter().map(share).filter_map(|width| u32::try_from(width).ok()).collect();
    }
    reduced
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// The alignment of most cells below the head, unless they are centred.
fn align(table: &Table, column: usize, head: usize) -> Option<&'static str> {
    let cells = table.rows.iter().skip(head).flatten();
    let of_column: Vec<&str> = cells
        .filter(|cell| cell.column == column && !cell.text.is_empty())
        .filter_map(|cell| cell.align)
        .collect();
    let most = |align: &&str| {
        of_column.iter().filter(|found| *found == align).count() * 2 > of_column.len()
    };
    ["left", "right"].into_iter().find(most)
}
