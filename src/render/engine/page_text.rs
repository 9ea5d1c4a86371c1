//! The text of laid-out pages with the place of every character, in the order of the text.

use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::text::TextItem;
use typst_layout::PagedDocument;

/// A printed character and the box around it, in thousandths of the width and the height of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedCharacter {
    /// The character.
    pub character: char,
    /// The page, counted from 1.
    pub page: usize,
    /// The left edge.
    pub left: u16,
    /// The upper edge.
    pub top: u16,
    /// The right edge.
    pub right: u16,
    /// The lower edge.
    pub bottom: u16,
}

/// The part of a page below which digits are its page number, in percent.
const PAGE_NUMBER_BELOW: u32 = 86;

/// The letters and digits of all pages, without page numbers.
pub(crate) fn page_text(document: &PagedDocument) -> Vec<PrintedCharacter> {
    let mut found = Vec::new();
    for (index, page) in document.pages().iter().enumerate() {
        let size = page.frame.size();
        let sheet = Sheet { number: index + 1, width: size.x, height: size.y };
        sheet.walk(&page.frame, Transform::identity(), &mut found);
    }
    found
}

struct Sheet {
    number: usize,
    width: Abs,
    height: Abs,
}

impl Sheet {
    fn walk(&self, frame: &Frame, around: Transform, found: &mut Vec<PrintedCharacter>) {
        for (position, item) in frame.items() {
            let here = around.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => {
                    self.walk(&group.frame, here.pre_concat(group.transform), found);
                }
                FrameItem::Text(text) => self.text(text, here, found),
                _ => {}
            }
        }
    }

    fn text(&self, item: &TextItem, here: Transform, found: &mut Vec<PrintedCharacter>) {
        let is_number = item.text.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric());
        let mut x = Abs::zero();
        let mut shown = None;
        for glyph in &item.glyphs {
            let advance = glyph.x_advance.at(item.size);
            // The upper and lower edge of a Chinese character around the baseline.
            let upper = Point::new(x, -item.size * 0.88).transform(here);
            let lower = Point::new(x + advance, item.size * 0.12).transform(here);
            x += advance;
            // The glyph of a combining mark has the characters of the glyph before it.
            if shown.replace(glyph.range()).is_some_and(|before| before == glyph.range()) {
                continue;
            }
            let [left, right] =
                in_order(per_mille(upper.x, self.width), per_mille(lower.x, self.width));
            let [top, bottom] =
                in_order(per_mille(upper.y, self.height), per_mille(lower.y, self.height));
            if is_number && u32::from(top) > PAGE_NUMBER_BELOW * 10 {
                continue;
            }
            let characters = item.text.get(glyph.range()).unwrap_or_default().chars();
            let characters = characters.filter(|c| c.is_alphanumeric());
            let page = self.number;
            found.extend(characters.map(|character| PrintedCharacter {
                character,
                page,
                left,
                top,
                right,
                bottom,
            }));
        }
    }
}

fn in_order(a: u16, b: u16) -> [u16; 2] {
    [a.min(b), a.max(b)]
}

fn per_mille(length: Abs, whole: Abs) -> u16 {
    // Within the page, so at most 1000.
    (length / whole * 1000.0).round().clamp(0.0, 1000.0) as u16
}
