//! Sections of pages: paper, margins, the grid, 页码, and the line that says what the file is for.

use crate::word_copy::lengths::{
    BOTTOM, BOUND, LINE, OPEN, PAPER_HEIGHT, PAPER_WIDTH, SMALL, TOP, twips,
};
use crate::word_copy::package::{DECLARATION, MARK, NAMESPACES, NOTICE};
use crate::word_copy::paragraph::Paragraph;
use crate::word_copy::styles::{RED, Style};

/// From the upper edge of the page to the header.
const HEADER: u32 = twips(15_000);
/// From 页码 to the lower edge of the page (N-2).
const FOOTER: u32 = twips(25_000);
/// From the lower double rule of a letter to the lower edge of the page (10.1).
const LETTER_FOOTER: u32 = twips(20_000);
/// How far the double rules of a letter extend beyond the type area (10.1).
pub(crate) const LETTER_OVERHANG: i32 = 397;

/// The side of 页码: the outer one (N-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A section of pages, as the property of its last paragraph.
pub(crate) fn section(is_first: bool, is_landscape: bool, is_letter: bool) -> String {
    let mut xml = String::from("<w:sectPr>");
    // Later sections have the headers and footers of the first.
    if is_first {
        for kind in ["default", "even", "first"] {
            xml.push_str(&format!("<w:headerReference w:type=\"{kind}\" r:id=\"rId3\"/>"));
        }
        for (kind, id) in [("default", "rId4"), ("even", "rId5"), ("first", "rId6")] {
            xml.push_str(&format!("<w:footerReference w:type=\"{kind}\" r:id=\"{id}\"/>"));
        }
    }
    let footer = if is_letter && is_first { LETTER_FOOTER } else { FOOTER };
    let (size, [top, right, bottom, left]) = if is_landscape {
        let size = format!("w:w=\"{PAPER_HEIGHT}\" w:h=\"{PAPER_WIDTH}\" w:orient=\"landscape\"");
        (size, [BOUND, TOP, OPEN, BOTTOM])
    } else {
        (format!("w:w=\"{PAPER_WIDTH}\" w:h=\"{PAPER_HEIGHT}\""), [TOP, OPEN, BOTTOM, BOUND])
    };
    // The footer of a landscape page is nearer to the edge, as its margin is smaller.
    let footer = footer.min(bottom - SMALL);
    let first = if is_letter && is_first { "<w:titlePg/>" } else { "" };
    xml.push_str(&format!(
        "<w:pgSz {size}/><w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" \
         w:left=\"{left}\" w:header=\"{HEADER}\" w:footer=\"{footer}\" w:gutter=\"0\"/>{first}\
         <w:docGrid w:type=\"lines\" w:linePitch=\"{LINE}\"/>\
         </w:sectPr>"
    ));
    xml
}

/// The header of every page.
pub(crate) fn header() -> String {
    let mut xml = format!("{DECLARATION}<w:hdr {NAMESPACES}>");
    Paragraph::of(Style::Header).text(&format!("【{MARK}】{NOTICE}")).write(&mut xml);
    xml.push_str("</w:hdr>");
    xml
}

/// The footer of odd or even pages: 页码 between dashes.
pub(crate) fn footer(side: Side) -> String {
    const FIELD: &str = "<w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple>";
    let inset = i32::try_from(SMALL).unwrap_or_default();
    let (align, indents) = match side {
        Side::Right => ("right", (0, inset)),
        Side::Left => ("left", (inset, 0)),
    };
    let mut xml = format!("{DECLARATION}<w:ftr {NAMESPACES}>");
    let number = Paragraph {
        align: Some(align),
        indents: Some(indents),
        ..Paragraph::of(Style::PageNumber)
    };
    number.text("— ").xml(FIELD).text(" —").write(&mut xml);
    xml.push_str("</w:ftr>");
    xml
}

/// The footer of the first page of a letter: a double rule, and no 页码 (10.1).
pub(crate) fn letter_footer() -> String {
    let mut xml = format!("{DECLARATION}<w:ftr {NAMESPACES}>");
    let rule = Paragraph {
        borders: border("bottom", "thinThickSmallGap", 24, 0),
        indents: Some((-LETTER_OVERHANG, -LETTER_OVERHANG)),
        ..Paragraph::of(Style::PageNumber)
    };
    rule.write(&mut xml);
    xml.push_str("</w:ftr>");
    xml
}

/// A red border of a paragraph. Its thickness is in eighths of a point, its distance in points.
pub(crate) fn border(side: &str, kind: &str, thickness: u32, distance: u32) -> String {
    format!(
        "<w:{side} w:val=\"{kind}\" w:sz=\"{thickness}\" w:space=\"{distance}\" w:color=\"{RED}\"/>"
    )
}
