//! Removes word joiners from laid-out pages, so that copied text does not contain them.

use typst::layout::{Frame, FrameItem, GroupItem};
use typst::model::Document;
use typst::text::TextItem;
use typst_layout::{Page, PagedDocument};

use crate::render::unbreakable::JOINER;

/// Removes the glyphs of word joiners, which have no width and forbid line breaks that are chosen by now.
pub(crate) fn without_joiners(document: PagedDocument) -> PagedDocument {
    if !document.pages().iter().any(|page| has_joiner(&page.frame)) {
        return document;
    }
    let pages = document.pages().iter().map(|page| match has_joiner(&page.frame) {
        true => Page { frame: without(&page.frame), ..page.clone() },
        false => page.clone(),
    });
    PagedDocument::new(pages.collect(), document.info().clone())
}

fn has_joiner(frame: &Frame) -> bool {
    frame.items().any(|(_, item)| match item {
        FrameItem::Group(group) => has_joiner(&group.frame),
        FrameItem::Text(text) => text.text.contains(JOINER),
        _ => false,
    })
}

fn without(frame: &Frame) -> Frame {
    let mut shown = Frame::new(frame.size(), frame.kind());
    if frame.has_baseline() {
        shown.set_baseline(frame.baseline());
    }
    let items = frame.items().filter_map(|(point, item)| {
        let item = match item {
            FrameItem::Group(group) if has_joiner(&group.frame) => {
                FrameItem::Group(GroupItem { frame: without(&group.frame), ..group.clone() })
            }
            FrameItem::Text(text) if text.text.contains(JOINER) => {
                FrameItem::Text(without_glyphs(text)?)
            }
            other => other.clone(),
        };
        Some((*point, item))
    });
    shown.push_multiple(items);
    shown
}

/// `None` if the text is joiners alone.
fn without_glyphs(text: &TextItem) -> Option<TextItem> {
    let mut text = text.clone();
    let all = text.text.clone();
    text.glyphs.retain_mut(|glyph| {
        // A glyph can stand for a joiner next to its own character.
        let shown = &all[glyph.range()];
        let after = shown.trim_start_matches(JOINER);
        let own = after.trim_end_matches(JOINER);
        let length = |text: &str| u16::try_from(text.len()).unwrap_or(0);
        glyph.range.start += length(shown) - length(after);
        glyph.range.end -= length(after) - length(own);
        !own.is_empty()
    });
    (!text.glyphs.is_empty()).then_some(text)
}
