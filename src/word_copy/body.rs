//! 标题, 主送机关 and the text of the document: headings, paragraphs and tables (B-1 to B-8).

use crate::render::page_data::{BodyPart, PageData};
use crate::word_copy::document::Document;
use crate::word_copy::lengths::characters;
use crate::word_copy::paragraph::{Look, Paragraph};
use crate::word_copy::styles::{Face, Style};
use crate::word_copy::table;

/// Writes 标题, 题注 and 主送机关. A command has none of them (10.2).
pub(crate) fn write_title(texts: &PageData, document: &mut Document) {
    if texts.form == "command" {
        return;
    }
    document.add(&Paragraph::of(Style::Title).text(&texts.title.join("\n")));
    if let Some(note) = &texts.note {
        document.add(&Paragraph::of(Style::Note).text(note));
    }
    if let Some(recipients) = &texts.primary_recipients {
        document.add(&Paragraph::of(Style::Plain).text(recipients));
    }
}

/// The typeface of a heading within a paragraph, by the format of its number (B-6).
fn face_of(level: usize) -> Option<Face> {
    match level {
        1 => Some(Face::Heiti),
        2 => Some(Face::Kaiti),
        _ => None,
    }
}

/// Writes the parts of a text.
pub(crate) fn write(parts: &[BodyPart], document: &mut Document) {
    for part in parts {
        match part {
            BodyPart::Heading { level, depth, keeps_next, centred, text } => {
                let style = if *centred { Style::Centred } else { Style::Heading(*level) };
                let heading = Paragraph {
                    keeps_next: *keeps_next,
                    outline: Some(*depth),
                    ..Paragraph::of(style)
                };
                document.add(&heading.runs(&text.runs, Look::default()));
            }
            BodyPart::RunIn { level, lead, text } => {
                let look = Look { face: face_of(*level), ..Look::default() };
                let paragraph = Paragraph::of(Style::Text).runs(lead, look);
                document.add(&paragraph.runs(&text.runs, Look::default()));
            }
            BodyPart::Paragraph(text) => {
                document.add(&Paragraph::of(Style::Text).runs(&text.runs, Look::default()));
            }
            BodyPart::Listed { label, label_cells, runs } => {
                let width = characters(u32::try_from(*label_cells).unwrap_or_default());
                let left = characters(2) + width;
                let line = Paragraph {
                    tabs: vec![("left", left)],
                    indents: Some((i32::try_from(left).unwrap_or(i32::MAX), 0)),
                    hanging: width,
                    ..Paragraph::of(Style::Plain)
                };
                document.add(&line.text(label).text("\t").runs(runs, Look::default()));
            }
            BodyPart::Table(table) => table::write(table, document),
        }
    }
}
