//! The checks of a table: its columns, that the rows fill them, and the texts of the cells.

use crate::document::rich_text::RichText;
use crate::document::table::{Cell, ColumnAlign, Grid, GridFault, Table, TableParts};
use crate::submission::block::{PostedColumn, PostedTable, PostedTablePart};
use crate::submission::cell::PostedCell;
use crate::validate::content::table_height;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, bare, every};

/// Cells by row.
type Rows = Vec<Vec<Cell>>;

/// Checks a table. Returns `None` after an error anywhere in it.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedTable,
    context: &TextContext<'_>,
) -> Option<TableParts> {
    let head = posted.head.as_deref().unwrap_or_default();
    let sections = posted.sections.as_deref().unwrap_or_default();
    if !fits(check, place, posted) {
        return None;
    }
    let caption =
        check.optional_text(&place.key("caption"), posted.caption.as_deref(), &TextRule::HEAD_CELL);
    let unit = check.optional_text(&place.key("unit"), posted.unit.as_deref(), &TextRule::NAME);
    let shares = shares(check, &place.key("columns"), &posted.columns);
    let aligned: Vec<ColumnAlign> =
        posted.columns.iter().map(|column| column.align.unwrap_or_default()).collect();
    let first = part(check, place, (head, &posted.rows), &aligned, context);
    let place_of_sections = place.key("sections");
    let others = every(sections.iter().enumerate().map(|(index, section)| {
        let place = place_of_sections.item(index);
        if section.head.is_empty() {
            let detail = format!("{}至少要有一行表头，请填写。", place.label());
            check.error(&place.key("head"), Code::ListEmpty, detail);
            return None;
        }
        part(check, &place, (&section.head, &section.rows), &aligned, context)
    }));
    let (caption, unit, shares) = (caption?, unit?, shares?);
    let numbered = std::iter::once(first?).chain(others?).enumerate();
    let mut parts = Vec::with_capacity(1 + sections.len());
    for (index, (head, rows)) in numbered {
        let [caption, unit] = [&caption, &unit].map(|text| text.clone().filter(|_| index == 0));
        let table = Table { caption, unit, shares: shares.clone(), head, rows };
        let fits = match index.checked_sub(1) {
            None => table_height::fits(check, place, &table),
            Some(index) => table_height::fits(check, &place_of_sections.item(index), &table),
        };
        if !fits {
            return None;
        }
        parts.push(table);
    }
    Some(TableParts {
        parts,
        has_widths: posted.columns.iter().any(|column| column.width.is_some()),
    })
}

/// The head and the rows of a table or of a part of it.
fn part(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    (head, posted): (&[Vec<PostedCell>], &[Vec<PostedCell>]),
    aligned: &[ColumnAlign],
    context: &TextContext<'_>,
) -> Option<(Rows, Rows)> {
    let centred = vec![ColumnAlign::Center; aligned.len()];
    let head = rows(check, &place.key("head"), head, &centred, &TextRule::HEAD_CELL, context);
    if posted.is_empty() {
        let detail = "表格至少要有一行，请填写。".to_owned();
        check.error(&place.key("rows"), Code::ListEmpty, detail);
    }
    let rows = rows(check, &place.key("rows"), posted, aligned, &TextRule::CELL, context);
    Some((head?, rows?))
}

/// Checks the number of columns, rows and cells before their contents.
fn fits(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedTable) -> bool {
    let sections = posted.sections.as_deref().unwrap_or_default();
    if !check.list_fits(&place.key("columns"), posted.columns.len(), limits::COLUMNS)
        || !check.list_fits(&place.key("sections"), sections.len(), limits::TABLE_SECTIONS)
        || !part_fits(check, place, posted.head.as_deref().unwrap_or_default(), &posted.rows)
    {
        return false;
    }
    let place = place.key("sections");
    let mut numbered = sections.iter().enumerate();
    numbered.all(|(index, PostedTablePart { head, rows })| {
        part_fits(check, &place.item(index), head, rows)
    })
}

fn part_fits(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    head: &[Vec<PostedCell>],
    rows: &[Vec<PostedCell>],
) -> bool {
    check.list_fits(&place.key("head"), head.len(), limits::HEAD_ROWS)
        && check.list_fits(&place.key("rows"), rows.len(), limits::ROWS)
        && check.cells_fit(place, head.iter().chain(rows).map(Vec::len).sum())
}

/// Each column's share of the width; a column must be wide enough for a character.
fn shares(check: &mut Checker<'_>, place: &Place<'_>, posted: &[PostedColumn]) -> Option<Vec<u32>> {
    if posted.is_empty() {
        check.error(place, Code::ListEmpty, "表格至少要有一列，请填写。".to_owned());
        return None;
    }
    let posted: Vec<Option<i64>> = posted.iter().map(|column| column.width).collect();
    let with_width = posted.iter().flatten().count();
    if with_width == 0 {
        return Some(vec![1; posted.len()]);
    }
    if with_width < posted.len() {
        let detail = format!("{}列中只有{with_width}列写了列宽，应当都写或都不写。", posted.len());
        check.error(place, Code::TableShape, detail);
        return None;
    }
    let shares = every(posted.iter().flatten().enumerate().map(|(index, width)| {
        let share = u32::try_from(*width).ok().filter(|share| (1..=100).contains(share));
        if share.is_none() {
            let detail = format!("第{}列的列宽写为{width}，应在1至100之间。", index + 1);
            check.error(&place.item(index).key("width"), Code::NumberOutOfRange, detail);
        }
        share
    }))?;
    let total: u32 = shares.iter().sum();
    let narrow = shares.iter().position(|share| *share * 20 < total);
    if let Some(index) = narrow {
        let detail = format!(
            "第{}列的列宽是{}，不到各列合计{total}的二十分之一，容不下文字，请加宽。",
            index + 1,
            shares[index]
        );
        check.error(&place.item(index).key("width"), Code::TableShape, detail);
        return None;
    }
    Some(shares)
}

fn rows(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[Vec<PostedCell>],
    aligned: &[ColumnAlign],
    rule: &TextRule,
    context: &TextContext<'_>,
) -> Option<Vec<Vec<Cell>>> {
    let texts = every(posted.iter().enumerate().map(|(index, row)| {
        let place = place.item(index);
        every(
            row.iter()
                .enumerate()
                .map(|(index, cell)| text(check, &place.item(index), cell, rule, context)),
        )
    }));
    let columns = placed(check, place, posted, aligned.len());
    let (texts, columns) = (texts?, columns?);
    let rows = posted.iter().zip(texts).zip(columns).map(|((row, texts), columns)| {
        let cells = row.iter().zip(texts).zip(columns);
        cells.filter_map(|((posted, text), column)| cell(posted, text, column, aligned)).collect()
    });
    Some(rows.collect())
}

fn cell(
    posted: &PostedCell,
    text: RichText,
    column: usize,
    aligned: &[ColumnAlign],
) -> Option<Cell> {
    let (column_span, row_span) = spans(posted)?;
    let align = common_alignment(&aligned[column..column + column_span]);
    let indent = indent_of(&posted.text, align);
    let heads_rows = false;
    Some(Cell { text, column, column_span, row_span, align, indent, heads_rows, is_note: false })
}

/// The full-width blanks before a text, which only a left-aligned cell shows.
fn indent_of(posted: &str, align: ColumnAlign) -> usize {
    const MOST: usize = 6;
    let blanks = posted.chars().take_while(|c| *c == '\u{3000}').count();
    if align == ColumnAlign::Left && blanks < posted.chars().count() { blanks.min(MOST) } else { 0 }
}

/// The alignment of a cell: that of the columns it spans, or centred where they differ.
fn common_alignment(spanned: &[ColumnAlign]) -> ColumnAlign {
    match spanned {
        [first, rest @ ..] if rest.iter().all(|align| align == first) => *first,
        _ => ColumnAlign::Center,
    }
}

/// The text of a cell. Unlike other texts it may be empty.
fn text(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedCell,
    rule: &TextRule,
    context: &TextContext<'_>,
) -> Option<RichText> {
    if bare(&posted.text).is_empty() {
        return Some(RichText::regular(""));
    }
    context.running_text(check, place, &posted.text, rule)
}

fn spans(posted: &PostedCell) -> Option<(usize, usize)> {
    let reach = |span: i64, limit: usize| {
        usize::try_from(span).ok().filter(|span| (1..=limit).contains(span))
    };
    Some((reach(posted.column_span, limits::COLUMNS)?, reach(posted.row_span, limits::ROWS)?))
}

/// The column of each cell. Reports only the first row that does not fill the columns, because the rows
/// below may be wrong only as a consequence.
fn placed(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[Vec<PostedCell>],
    columns: usize,
) -> Option<Vec<Vec<usize>>> {
    let mut grid = Grid::new(columns);
    let mut all = Vec::with_capacity(posted.len());
    for (index, row) in posted.iter().enumerate() {
        let place = place.item(index);
        if let Some(odd) = row.iter().position(|cell| spans(cell).is_none()) {
            let place = place.item(odd);
            let detail = format!(
                "{}跨{}列{}行，跨列数应在1至{}之间，跨行数应在1至{}之间。",
                place.label(),
                row[odd].column_span,
                row[odd].row_span,
                limits::COLUMNS,
                limits::ROWS
            );
            check.error(&place, Code::NumberOutOfRange, detail);
            return None;
        }
        let spans: Vec<(usize, usize)> = row.iter().filter_map(spans).collect();
        match grid.row(&spans) {
            Ok(placed) => all.push(placed),
            Err(fault) => {
                check.error(&place, Code::TableShape, row_fault(&place, fault, columns));
                return None;
            }
        }
    }
    if !grid.is_closed() {
        let detail = format!("{}中有单元格跨到了末行以下，请减少跨行数。", place.label());
        check.error(place, Code::TableShape, detail);
        return None;
    }
    Some(all)
}

fn row_fault(place: &Place<'_>, fault: GridFault, columns: usize) -> String {
    let label = place.label();
    match fault {
        GridFault::TooWide => format!(
            "{label}的单元格连同跨列、跨行的，超出了表格的{columns}列，或与上面跨行的单元格重叠，请核对。"
        ),
        GridFault::TooNarrow { filled } => format!(
            "{label}的单元格连同跨列、跨行的，只占{filled}列，表格有{columns}列，请补上（可以是空格子）。"
        ),
        GridFault::NoCell => {
            format!("{label}没有自己的单元格，请填写，或减少上面单元格的跨行数。")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::common_alignment;
    use crate::document::table::ColumnAlign::{Center, Left, Right};

    #[test]
    fn a_cell_over_columns_of_one_alignment_keeps_it() {
        assert_eq!(common_alignment(&[Left, Left]), Left);
        assert_eq!(common_alignment(&[Right]), Right);
        assert_eq!(common_alignment(&[Left, Right]), Center);
    }
}
