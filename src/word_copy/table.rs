//! Tables: the head repeats on each page, rows are not split, rules are thin (T-2).

use std::fmt::Write as _;

use crate::render::page_data::table::{CellData, TableData};
use crate::word_copy::document::Document;
use crate::word_copy::lengths::{CELL_ABOVE, CELL_CHARACTER, CELL_SIDE};
use crate::word_copy::paragraph::{Look, Paragraph};
use crate::word_copy::styles::Style;

/// Thickness of a rule in eighths of a point.
const RULE: u32 = 4;

/// Writes a table with its 表题.
pub(crate) fn write(table: &TableData, document: &mut Document) {
    if let Some(caption) = &table.caption {
        let line = Paragraph { keeps_next: true, ..Paragraph::of(Style::Centred) };
        document.add(&line.runs(caption, Look::default()));
    }
    if let Some(unit) = &table.unit {
        let line =
            Paragraph { keeps_next: true, align: Some("right"), ..Paragraph::of(Style::Plain) };
        document.add(&line.runs(unit, Look::default()));
    }
    let widths = widths(&table.shares, document.width());
    let mut xml = head_of_table(&widths);
    let mut grid = Grid { widths: &widths, below: vec![(0, 1); widths.len()] };
    for row in &table.head {
        grid.row(&mut xml, row, true);
    }
    for row in table.rows.iter().chain(&table.carried) {
        grid.row(&mut xml, row, false);
    }
    xml.push_str("</w:tbl>");
    document.add_table(&xml);
}

fn head_of_table(widths: &[u32]) -> String {
    let rules = ["top", "left", "bottom", "right", "insideH", "insideV"].map(|side| {
        format!("<w:{side} w:val=\"single\" w:sz=\"{RULE}\" w:space=\"0\" w:color=\"auto\"/>")
    });
    let columns = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>"));
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblBorders>{}</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>\
         <w:top w:w=\"{CELL_ABOVE}\" w:type=\"dxa\"/><w:left w:w=\"{CELL_SIDE}\" w:type=\"dxa\"/>\
         <w:bottom w:w=\"{CELL_ABOVE}\" w:type=\"dxa\"/><w:right w:w=\"{CELL_SIDE}\" w:type=\"dxa\"/>\
         </w:tblCellMar></w:tblPr><w:tblGrid>{}</w:tblGrid>",
        widths.iter().sum::<u32>(),
        rules.concat(),
        columns.collect::<String>()
    )
}

/// The widths of columns by their shares. They have exactly the same proportions if that takes less
/// than a hundredth of the width.
fn widths(shares: &[u32], area: u32) -> Vec<u32> {
    let total = shares.iter().sum::<u32>().max(1);
    let unit = area / total;
    if (area - unit * total) * 100 <= area {
        return shares.iter().map(|share| share * unit).collect();
    }
    let mut before = 0;
    let mut edge = 0;
    let width = |share: &u32| {
        before += share;
        let next = u64::from(area) * u64::from(before) / u64::from(total);
        let next = u32::try_from(next).unwrap_or(area);
        next - std::mem::replace(&mut edge, next)
    };
    shares.iter().map(width).collect()
}

/// The columns, with the cells that go on below the row.
struct Grid<'a> {
    widths: &'a [u32],
    /// For each column in which such a cell begins, its further rows and its columns.
    below: Vec<(usize, usize)>,
}

impl Grid<'_> {
    fn row(&mut self, xml: &mut String, cells: &[CellData], is_head: bool) {
        let may_split = cells.iter().any(|cell| cell.breakable && cell.row_span == 1);
        xml.push_str("<w:tr><w:trPr>");
        if !may_split {
            xml.push_str("<w:cantSplit/>");
        }
        if is_head {
            xml.push_str("<w:tblHeader/>");
        }
        xml.push_str("</w:trPr>");
        let mut cells = cells.iter();
        let mut column = 0;
        while column < self.widths.len() {
            if self.below[column].0 > 0 {
                self.below[column].0 -= 1;
                let span = self.below[column].1;
                self.open(xml, (column, span), "<w:vMerge/>", "");
                Paragraph::of(Style::Cell).write(xml);
                xml.push_str("</w:tc>");
                column += span;
                continue;
            }
            let Some(cell) = cells.next() else { break };
            let span = cell.column_span.clamp(1, self.widths.len() - column);
            self.below[column] = (cell.row_span.saturating_sub(1), span);
            let merge = if cell.row_span > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
            let rules = if cell.has_rules { "" } else { NO_RULES };
            self.open(xml, (column, span), merge, rules);
            paragraph(cell, is_head).write(xml);
            xml.push_str("</w:tc>");
            column += span;
        }
        xml.push_str("</w:tr>");
    }

    fn open(&self, xml: &mut String, (column, span): (usize, usize), merge: &str, rules: &str) {
        let width: u32 = self.widths[column..column + span].iter().sum();
        let _ = write!(
            xml,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:gridSpan w:val=\"{span}\"/>\
             {merge}{rules}<w:vAlign w:val=\"center\"/></w:tcPr>"
        );
    }
}

/// A note below the table has the rule above it alone.
const NO_RULES: &str = "<w:tcBorders><w:left w:val=\"nil\"/><w:bottom w:val=\"nil\"/>\
                        <w:right w:val=\"nil\"/></w:tcBorders>";

fn paragraph(cell: &CellData, is_head: bool) -> Paragraph {
    let align = match cell.align.as_str() {
        "center" => "center",
        "right" => "right",
        _ => "left",
    };
    let style = if is_head { Style::HeadCell } else { Style::Cell };
    let indent = u32::try_from(cell.indent).unwrap_or_default() * CELL_CHARACTER;
    let indents = (indent > 0).then(|| (i32::try_from(indent).unwrap_or_default(), 0));
    let paragraph = Paragraph { align: Some(align), indents, ..Paragraph::of(style) };
    paragraph.runs(&cell.runs, Look::default()).runs(&cell.carried, Look::default())
}

#[cfg(test)]
mod tests {
    use super::widths;

    #[test]
    fn columns_fill_the_width_or_keep_their_proportions() {
        assert_eq!(widths(&[1, 2], 9_000), [3_000, 6_000]);
        assert_eq!(widths(&[10, 30, 60], 8_845), [880, 2_640, 5_280]);
        let many = widths(&[2_999, 3_001], 8_845);
        assert_eq!(many.iter().sum::<u32>(), 8_845);
    }
}
