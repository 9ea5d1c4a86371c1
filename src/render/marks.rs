//! Where the parts of a laid-out filing came to stand.

use typst::foundations::{Content, Label};
use typst::introspection::{DocumentPosition, Introspector};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::render::RenderError;

/// A place on a page side, counted from 1, and its distance from the upper edge in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub page: usize,
    pub y: f64,
}

/// The places that decide whether a layout holds; the templates label them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Marks {
    /// The first line of 正文.
    pub text_begin: Mark,
    /// The last line of 正文.
    pub text_end: Mark,
    /// 署名.
    pub sign_off: Mark,
    /// Below everything but the colophon.
    pub body_end: Mark,
    /// The colophon's upper rule.
    pub colophon_top: Mark,
    /// Number of sides.
    pub pages: usize,
    /// Whether 主送机关 take more than one line below the title.
    pub has_long_recipients: bool,
}

impl Marks {
    pub(super) fn of(document: &PagedDocument, long_recipients: bool) -> Result<Self, RenderError> {
        Ok(Self {
            text_begin: mark(document, "text-begin")?,
            text_end: mark(document, "text-end")?,
            sign_off: mark(document, "sign-off")?,
            body_end: mark(document, "body-end")?,
            colophon_top: mark(document, "colophon-top")?,
            pages: document.pages().len(),
            has_long_recipients: long_recipients,
        })
    }

    /// The colophon stands on the last side, which is even, and clear of the text (V-2, V-3).
    pub(super) fn colophon_is_settled(&self) -> bool {
        let colophon = self.colophon_top;
        let shares_a_page = self.body_end.page == colophon.page;
        self.pages.is_multiple_of(2)
            && colophon.page == self.pages
            && !(shares_a_page && self.body_end.y > colophon.y)
    }
}

fn mark(document: &PagedDocument, label: &str) -> Result<Mark, RenderError> {
    let label = Label::new(PicoStr::intern(label)).ok_or(RenderError::Unsettled)?;
    let introspector = document.introspector();
    let found = introspector.query_label(label).ok().and_then(Content::location);
    match found.and_then(|location| Introspector::position(introspector.as_ref(), location)) {
        Some(DocumentPosition::Paged(position)) => {
            Ok(Mark { page: position.page.get(), y: position.point.y.to_pt() })
        }
        _ => Err(RenderError::Unsettled),
    }
}
