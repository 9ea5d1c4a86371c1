//! Checks what the widgets of new signatures and fields draw.

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::changes::change::ChangeKind;
use crate::changes::comparison::Comparison;
use crate::file::fields::{Field, dictionary, items, may_be_timestamp};

/// A longer appearance is not blank.
const MAX_BLANK_BYTES: usize = 1 << 10;

/// Checks that a document time stamp shows nothing: anybody can obtain one, so nobody answers for what
/// it would show.
pub(crate) fn check_timestamp(comparison: &mut Comparison<'_>, field: &Field) {
    let new = comparison.new;
    if field.signature(new).is_some_and(|signature| may_be_timestamp(new, signature)) {
        for id in &field.widgets {
            let widget = new.get_dictionary(*id);
            if widget.is_ok_and(|widget| !is_blank(new, widget)) {
                change_of_widget(comparison, *id);
            }
        }
    }
}

/// Records that a widget draws something that it may not draw.
pub(crate) fn change_of_widget(comparison: &mut Comparison<'_>, id: ObjectId) {
    let page = comparison.pages_listing(id).first().copied();
    let page = page.and_then(|page| comparison.pages.get(&page).copied());
    let widget = ChangeKind::AnnotationAdded("Widget".to_owned());
    comparison.change_on_page(&widget, Some(id), page);
}

/// Whether a field without a signature shows nothing: it has no area, or its appearance draws nothing.
pub(crate) fn is_blank(document: &Document, field: &Dictionary) -> bool {
    if area(document, field, b"Rect").is_some_and(|area| area == 0) {
        return true;
    }
    // Poppler draws the background and the border itself.
    let characteristics = field.get(b"MK").ok().and_then(|it| dictionary(document, it));
    if characteristics.is_some_and(|it| it.has(b"BG") || it.has(b"BC")) {
        return false;
    }
    let appearances = field.get(b"AP").ok().and_then(|it| dictionary(document, it));
    let Some(appearances) = appearances else { return true };
    let draws_nothing = |appearance: &Object| {
        let stream = document.dereference(appearance).ok();
        let stream = stream.and_then(|(_, stream)| stream.as_stream().ok());
        stream.is_some_and(|stream| {
            let content = stream.decompressed_content_with_limit(MAX_BLANK_BYTES);
            content.is_ok_and(|content| {
                content.split(u8::is_ascii_whitespace).all(|word| matches!(word, b"" | b"q" | b"Q"))
            })
        })
    };
    appearances.iter().all(|(_, appearance)| draws_nothing(appearance))
}

/// Checks that the appearance of a signature does not cover its page.
pub(crate) fn check_covered_area(
    comparison: &mut Comparison<'_>,
    id: ObjectId,
    field: &Dictionary,
) {
    if !field.has(b"Rect") {
        return;
    }
    // Readers show it on the pages that list it, whichever page it names.
    let mut pages: Vec<Option<ObjectId>> =
        comparison.pages_listing(id).into_iter().map(Some).collect();
    if pages.is_empty() {
        pages.push(field.get(b"P").and_then(Object::as_reference).ok());
    }
    for page in pages {
        // Several small signatures could cover a page, too.
        let covered = area(comparison.new, field, b"Rect").map(|area| {
            let covered = page.map(|page| comparison.covered.entry(page).or_default());
            covered.map_or(area, |covered| {
                *covered += area;
                *covered
            })
        });
        if covered.is_none_or(|covered| covers_page(comparison.new, covered, page)) {
            let page = page.and_then(|page| comparison.pages.get(&page).copied());
            comparison.change_on_page(&ChangeKind::SignatureCoversPage, Some(id), page);
        }
    }
}

/// Whether this area is more than a quarter of a page, so that appearances could hide content.
fn covers_page(document: &Document, visible_area: i64, page: Option<ObjectId>) -> bool {
    let mut node = page.and_then(|page| document.get_dictionary(page).ok());
    let mut shown_area = None;
    for _ in 0..16 {
        let Some(page) = node else { break };
        shown_area = shown_area.or_else(|| area(document, page, b"CropBox"));
        if let Some(area) = area(document, page, b"MediaBox") {
            return visible_area > shown_area.map_or(area, |shown| shown.min(area)) / 4;
        }
        node = page.get(b"Parent").ok().and_then(|parent| dictionary(document, parent));
    }
    // The page is unknown, so any visible area is too large.
    visible_area > 0
}

/// The area of a rectangle in square points, rounded up: 0 only if it has no area.
fn area(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<i64> {
    let side = |side| document.dereference(side).ok()?.1.as_float().ok();
    let sides: Option<Vec<_>> = items(document, dictionary, key).iter().map(side).collect();
    match sides?[..] {
        [left, bottom, right, top] => {
            // Clamps absurd lengths; pages are a few thousand points long.
            let lengths = [right - left, top - bottom]
                .map(|length| (length.abs().ceil() as i64).min(1_000_000));
            Some(lengths.iter().product())
        }
        _ => None,
    }
}
