//! 版记: 主送, 抄送 and 印发 between rules at the foot of the last page (V-1 to V-8).

use std::fmt::Write as _;

use crate::render::lines::width::half_characters;
use crate::render::page_data::PageData;
use crate::render::page_data::text::TextRun;
use crate::word_copy::document::Document;
use crate::word_copy::lengths::{AREA, SMALL, twips};
use crate::word_copy::paragraph::{Look, Paragraph};
use crate::word_copy::styles::Style;

/// Thickness of the outer and the inner rules in eighths of a point (V-1).
const OUTER: u32 = 8;
const INNER: u32 = 6;
/// Height of a row (V-8).
const ROW: u32 = twips(9_000);

/// Writes 版记. A letter has only the lists, without rules (10.1).
pub(crate) fn write(texts: &PageData, document: &mut Document) {
    let colophon = &texts.colophon;
    let lists = [("主送：", &colophon.primary_recipients), ("抄送：", &colophon.copy_recipients)];
    let lists: Vec<(&str, &[TextRun])> =
        lists.into_iter().filter_map(|(label, list)| Some((label, list.as_deref()?))).collect();
    let printing = colophon.printing_office.as_deref().filter(|_| !document.is_letter());
    if lists.is_empty() && printing.is_none() {
        return;
    }
    document.turn_to(false);
    for _ in 0..colophon.page_breaks {
        document.break_page();
    }
    let date = colophon.printing_date.as_deref().unwrap_or_default();
    document.add_table(&table(&lists, printing.map(|office| (office, date)), document.is_letter()));
}

/// A table at the foot of the type area of its page.
fn table(lists: &[(&str, &[TextRun])], printing: Option<(&str, &str)>, is_letter: bool) -> String {
    let date_width = printing.map_or(0, |(_, date)| {
        let halves = u32::try_from(half_characters(date)).unwrap_or_default();
        halves * SMALL / 2 + 2 * SMALL + 400
    });
    let date_width = date_width.clamp(1_000, AREA / 2);
    let widths = [AREA - date_width, date_width];
    let mut xml = format!(
        "<w:tbl><w:tblPr><w:tblpPr w:leftFromText=\"0\" w:rightFromText=\"0\" \
         w:vertAnchor=\"margin\" w:horzAnchor=\"margin\" w:tblpX=\"0\" w:tblpYSpec=\"bottom\"/>\
         <w:tblW w:w=\"{AREA}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>\
         <w:left w:w=\"{SMALL}\" w:type=\"dxa\"/><w:right w:w=\"{SMALL}\" w:type=\"dxa\"/>\
         </w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w=\"{}\"/><w:gridCol w:w=\"{}\"/></w:tblGrid>",
        widths[0], widths[1]
    );
    for (index, (label, names)) in lists.iter().enumerate() {
        let is_last = index + 1 == lists.len();
        let above = if index == 0 { OUTER } else { 0 };
        let below = if !is_last {
            0
        } else if printing.is_some() {
            INNER
        } else {
            OUTER
        };
        let rules = if is_letter { (0, 0) } else { (above, below) };
        let hang = 3 * SMALL;
        let line = Paragraph {
            indents: Some((i32::try_from(hang).unwrap_or_default(), 0)),
            hanging: hang,
            align: Some("left"),
            ..Paragraph::of(Style::Colophon)
        };
        row(&mut xml, rules, &[(AREA, 2, line.text(label).runs(names, Look::default()))]);
    }
    if let Some((office, date)) = printing {
        let above = if lists.is_empty() { OUTER } else { INNER };
        let cell = |align| Paragraph { align: Some(align), ..Paragraph::of(Style::Colophon) };
        let cells =
            [(widths[0], 1, cell("left").text(office)), (widths[1], 1, cell("right").text(date))];
        row(&mut xml, (above, OUTER), &cells);
    }
    xml.push_str("</w:tbl>");
    xml
}

/// A row of cells: the width, the columns and the text of each.
fn row(xml: &mut String, (above, below): (u32, u32), cells: &[(u32, u32, Paragraph)]) {
    let _ = write!(xml, "<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"{ROW}\"/></w:trPr>");
    let rule = |side: &str, thickness: u32| match thickness {
        0 => String::new(),
        _ => format!(
            "<w:{side} w:val=\"single\" w:sz=\"{thickness}\" w:space=\"0\" w:color=\"auto\"/>"
        ),
    };
    for (width, span, paragraph) in cells {
        let _ = write!(
            xml,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:gridSpan w:val=\"{span}\"/>\
             <w:tcBorders>{}{}</w:tcBorders><w:vAlign w:val=\"center\"/></w:tcPr>",
            rule("top", above),
            rule("bottom", below)
        );
        paragraph.write(xml);
        xml.push_str("</w:tc>");
    }
    xml.push_str("</w:tr>");
}
