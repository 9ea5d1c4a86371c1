//! Positions on laid-out pages.

use typst::foundations::Content;
use typst::introspection::{DocumentPosition, Introspector};
use typst::layout::Abs;
use typst_layout::{Page, PagedDocument};

/// A page, counted from 1, and the distance from its upper edge in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Position {
    pub page: usize,
    pub y: f64,
}

impl Position {
    /// Where content begins; `None` if it is not on a page.
    pub(crate) fn of(document: &PagedDocument, content: &Content) -> Option<Self> {
        let introspector = document.introspector();
        match Introspector::position(introspector.as_ref(), content.location()?) {
            Some(DocumentPosition::Paged(position)) => {
                Some(Self { page: position.page.get(), y: position.point.y.to_pt() })
            }
            _ => None,
        }
    }
}

/// A length of `document::measures` in Typst's type.
pub(crate) fn length(micrometres: u32) -> Abs {
    Abs::mm(f64::from(micrometres) / 1000.0)
}

/// Whether a page is laid out in landscape; it is rotated before export.
pub(crate) fn is_landscape(page: &Page) -> bool {
    page.frame.width() > page.frame.height()
}
