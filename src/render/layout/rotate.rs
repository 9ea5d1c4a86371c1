//! Rotates landscape pages, so that every page of the file is upright (T-1).

use typst::layout::{Abs, Angle, Frame, FrameItem, GroupItem, Point, Size, Transform};
use typst::model::Document;
use typst_layout::{Page, PagedDocument};

use crate::document::masthead::Binding;
use crate::document::measures;
use crate::render::fit::position::{is_landscape, length};

/// How much wider the bound margin is than the open one (PG-3, PG-5).
const EXTRA_BOUND_MARGIN: u32 = measures::BOUND_MARGIN - measures::OPEN_MARGIN;

/// Rotates landscape pages a quarter turn to the left.
///
/// The head of a table is then at the left edge of the page, on odd and even pages alike. The
/// templates lay landscape pages out for binding at the left. If even pages are bound at the right,
/// their content moves away from that edge (PG-15). Page numbers are added later, upright.
pub(crate) fn upright(document: PagedDocument, binding: Binding) -> PagedDocument {
    if !document.pages().iter().any(is_landscape) {
        return document;
    }
    let pages = document.pages().iter().zip(1..).map(|(page, number)| match is_landscape(page) {
        true => Page { frame: rotated(&page.frame, shift(binding, number)), ..page.clone() },
        false => page.clone(),
    });
    PagedDocument::new(pages.collect(), document.info().clone())
}

fn shift(binding: Binding, number: usize) -> Abs {
    match binding {
        Binding::Mirrored if number.is_multiple_of(2) => -length(EXTRA_BOUND_MARGIN),
        Binding::Mirrored | Binding::Left => Abs::zero(),
    }
}

fn rotated(landscape: &Frame, shift: Abs) -> Frame {
    let (width, height) = (landscape.height(), landscape.width());
    let mut frame = Frame::hard(Size::new(width, height));
    let mut group = GroupItem::new(landscape.clone());
    group.transform =
        Transform::translate(shift, height).pre_concat(Transform::rotate(Angle::deg(-90.0)));
    frame.push(Point::zero(), FrameItem::Group(group));
    frame
}
