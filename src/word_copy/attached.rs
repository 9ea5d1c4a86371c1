//! Attachments and issued texts, each on pages of its own (B-21 to B-24).

use crate::render::page_data::AttachedPages;
use crate::word_copy::document::Document;
use crate::word_copy::lengths::{LINE, characters, width_of};
use crate::word_copy::paragraph::{Look, Paragraph};
use crate::word_copy::styles::Style;
use crate::word_copy::{body, closing};

/// Lines above the title of a cover page.
const COVER_LINES: u32 = 5;
/// Characters left blank at either side of a cover page.
const COVER_INSET: u32 = 3;

/// Writes an attachment or an issued text.
pub(crate) fn write(pages: &AttachedPages, document: &mut Document) {
    let begins_page = document.turn_to(pages.landscape);
    let has_cover = !pages.cover.is_empty();
    let mut title = Paragraph { outline: Some(1), keeps_next: true, ..Paragraph::of(Style::Title) };
    if let Some(label) = &pages.label {
        let line = Paragraph { begins_page, keeps_next: true, ..Paragraph::of(Style::Label) };
        document.add(&line.text(label));
        title.above = Some(if has_cover { COVER_LINES * LINE } else { LINE });
    } else {
        // The title of an issued text is on the third line too.
        title.above = Some(2 * LINE);
        title.begins_page = begins_page;
    }
    document.add(&title.text(&pages.title.join("\n")));
    if has_cover {
        cover(&pages.cover, document);
    }
    let elements = pages.elements.as_ref();
    if let Some(number) = elements.and_then(|elements| elements.document_number.as_ref()) {
        let line =
            Paragraph { align: Some("center"), keeps_next: true, ..Paragraph::of(Style::Plain) };
        document.add(&line.text(number));
    }
    let signed = elements.iter().flat_map(|elements| &elements.signed_below_title);
    for line in pages.note.iter().chain(signed) {
        document.add(&Paragraph::of(Style::Note).text(line));
    }
    if let Some(recipients) = elements.and_then(|elements| elements.primary_recipients.as_ref()) {
        document.add(&Paragraph::of(Style::Plain).text(recipients));
    }
    body::write(&pages.body, document);
    closing::write_list(&pages.attachment_list, document);
    if let Some(elements) = elements {
        closing::write_signed(&elements.sign_off, &elements.annotation, document);
    }
}

/// A label of a cover page with line breaks, so that no line is wider than `width`.
fn folded(label: &str, width: u32) -> String {
    let (mut text, mut used) = (String::new(), 0);
    for character in label.chars() {
        let own = width_of(character.encode_utf8(&mut [0; 4]));
        if used > 0 && used + own > width {
            text.push('\n');
            used = 0;
        }
        text.push(character);
        used += own;
    }
    text
}

/// The entries of a cover page, on lines to fill in.
fn cover(entries: &[[String; 2]], document: &mut Document) {
    let inset = characters(COVER_INSET);
    let end = document.width().saturating_sub(inset);
    let gap = characters(1);
    let widest = entries.iter().map(|[label, _]| width_of(&format!("{label}："))).max();
    // As on the pages (attached.typ).
    let most = end.saturating_sub(inset + gap) / 2;
    let width = widest.unwrap_or_default().min(most);
    let start = inset + width + gap;
    let indents = Some((i32::try_from(inset).unwrap_or_default(), 0));
    let line = Look { is_underlined: true, ..Look::default() };
    for (index, [label, entry]) in entries.iter().enumerate() {
        let paragraph = Paragraph {
            above: Some(if index == 0 { 3 * LINE } else { LINE }),
            tabs: vec![("left", start), ("right", end)],
            indents,
            ..Paragraph::of(Style::Plain)
        };
        let label = folded(&format!("{label}："), width);
        document.add(&paragraph.text(&format!("{label}\t")).run(&format!("{entry}\t"), line));
    }
    document.break_page();
}
