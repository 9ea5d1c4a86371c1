//! Paragraphs and headings of running text.

use crate::document::rich_text::RichText;
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;
use crate::validate::text::typeface::Typeface;

/// A paragraph of running text.
pub(crate) fn paragraph(text: &RichText, lines: &LineSetter<'_>) -> BodyPart {
    BodyPart::Paragraph(lines.paragraph(text, Typeface::Fangsong))
}

/// A heading with its number. `level` is the format of the number, `depth` the level in the outline.
pub(crate) fn heading(level: usize, depth: usize, text: &str, lines: &LineSetter<'_>) -> BodyPart {
    // The typeface of a heading depends on the format of its number (B-6).
    let face = match level {
        1 => Typeface::Heiti,
        2 => Typeface::Kaiti,
        _ => Typeface::Fangsong,
    };
    BodyPart::Heading {
        level,
        depth,
        keeps_next: true,
        text: lines.heading(&RichText::regular(text), face),
    }
}

/// Allows a page break after every heading without text of its own, which is followed by a heading of
/// the same or a higher level. Otherwise a long list of such headings could not be split at all, and its
/// end could not stay with the text below.
pub(crate) fn allow_breaks_between_siblings(mut parts: Vec<BodyPart>) -> Vec<BodyPart> {
    let mut next_depth: Option<usize> = None;
    for part in parts.iter_mut().rev() {
        let BodyPart::Heading { depth, keeps_next, .. } = part else {
            next_depth = None;
            continue;
        };
        *keeps_next = next_depth.is_none_or(|next| next > *depth);
        next_depth = Some(*depth);
    }
    parts
}
