//! Turns the sides that were laid out lying, so that every sheet of the file is upright (T-1).

use typst::layout::{Abs, Angle, Frame, FrameItem, GroupItem, Point, Size, Transform};
use typst::model::Document;
use typst_layout::{Page, PagedDocument};

use crate::document::masthead::Binding;
use crate::render::fit::table_fit::is_turned;

/// By how much the margin at the bound edge is wider than the one at the open edge (PG-3, PG-5).
const BOUND_MORE: f64 = 2.0;

/// The same pages, all upright: a lying side is turned a quarter to the left, so that its head
/// comes to stand at the left edge of the sheet, on odd sides and even ones alike. That is the
/// bound edge of an odd side and the outer edge of an even one. The templates lay it out for a bound
/// edge at the left; where even sides are bound at the right, what is on them moves away from it
/// (PG-15). Page numbers come later, on the upright sheet.
pub(crate) fn upright(document: PagedDocument, binding: Binding) -> PagedDocument {
    let is_lying = |page: &Page| is_turned(page.frame.width(), page.frame.height());
    if !document.pages().iter().any(is_lying) {
        return document;
    }
    let pages = document.pages().iter().zip(1..).map(|(page, number)| match is_lying(page) {
        true => Page { frame: turned(&page.frame, shift(binding, number)), ..page.clone() },
        false => page.clone(),
    });
    PagedDocument::new(pages.collect(), document.info().clone())
}

fn shift(binding: Binding, number: usize) -> Abs {
    match binding {
        Binding::Mirrored if number.is_multiple_of(2) => -Abs::mm(BOUND_MORE),
        Binding::Mirrored | Binding::Left => Abs::zero(),
    }
}

fn turned(lying: &Frame, shift: Abs) -> Frame {
    let (width, height) = (lying.height(), lying.width());
    let mut frame = Frame::hard(Size::new(width, height));
    let mut group = GroupItem::new(lying.clone());
    group.transform =
        Transform::translate(shift, height).pre_concat(Transform::rotate(Angle::deg(-90.0)));
    frame.push(Point::zero(), FrameItem::Group(group));
    frame
}
