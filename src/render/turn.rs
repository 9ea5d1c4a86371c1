//! Turns the sides that were laid out lying, so that every sheet of the file is upright (T-1).

use typst::model::Document;
use typst::layout::{Abs, Angle, Frame, FrameItem, GroupItem, Point, Size, Transform};
use typst_layout::{Page, PagedDocument};

use crate::render::table_fit::is_turned;

/// The same pages, all upright: a lying side is turned a quarter to the left, so that its head
/// comes to stand at the left edge of the sheet, on odd sides and even ones alike. That is the
/// bound edge of an odd side and the outer edge of an even one. The template draws the page number
/// of such a side where it stands upright after the turn.
pub(super) fn upright(document: PagedDocument) -> PagedDocument {
    let is_lying = |page: &Page| is_turned(page.frame.width(), page.frame.height());
    if !document.pages().iter().any(is_lying) {
        return document;
    }
    let pages = document.pages().iter().map(|page| match is_lying(page) {
        true => Page { frame: turned(&page.frame), ..page.clone() },
        false => page.clone(),
    });
    PagedDocument::new(pages.collect(), document.info().clone())
}

fn turned(lying: &Frame) -> Frame {
    let (width, height) = (lying.height(), lying.width());
    let mut frame = Frame::hard(Size::new(width, height));
    let mut group = GroupItem::new(lying.clone());
    group.transform = Transform::translate(Abs::zero(), height)
        .pre_concat(Transform::rotate(Angle::deg(-90.0)));
    frame.push(Point::zero(), FrameItem::Group(group));
    frame
}
