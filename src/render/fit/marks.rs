//! Where the parts of a laid-out filing came to stand.

use typst::foundations::{Content, Label};
use typst::introspection::{DocumentPosition, Introspector};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::render::error::RenderError;
use crate::render::fit::form::ColophonSide;
use crate::render::fit::table_fit::TableMarks;

/// The upper edge of the type area (PG-2) in points, less what rounding may take.
const TOP_MARGIN: f64 = 37.0 / 25.4 * 72.0 - 0.1;

/// A place on a page side, counted from 1, and its distance from the upper edge in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub page: usize,
    pub y: f64,
}

/// The places that decide whether a layout holds; the templates label them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Marks {
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
    /// Every table, in the order of the document.
    pub tables: Vec<TableMarks>,
    /// The end of the colophon, on its last side.
    pub colophon_end: Mark,
    /// Number of sides.
    pub pages: usize,
    /// Whether 主送机关 take more than one line below the title.
    pub has_long_recipients: bool,
    /// On which side the form wants its colophon.
    pub colophon_side: ColophonSide,
    /// How many times this filing's mark can shrink (H-9).
    pub mark_steps: usize,
}

impl Marks {
    pub(crate) fn of(
        document: &PagedDocument,
        colophon_side: ColophonSide,
        long_recipients: bool,
        mark_steps: usize,
    ) -> Result<Self, RenderError> {
        Ok(Self {
            text_begin: mark(document, "text-begin")?,
            text_end: mark(document, "text-end")?,
            sign_off: mark(document, "sign-off")?,
            body_end: mark(document, "body-end")?,
            colophon_top: mark(document, "colophon-top")?,
            tables: TableMarks::of(document)?,
            colophon_end: mark(document, "colophon-end")?,
            pages: document.pages().len(),
            has_long_recipients: long_recipients,
            colophon_side,
            mark_steps,
        })
    }

    /// The colophon stands on the last side, which is even where the form wants it so, and clear of
    /// the text (V-2, V-3).
    pub(crate) fn colophon_is_settled(&self) -> bool {
        let colophon = self.colophon_top;
        let shares_a_page = self.body_end.page == colophon.page;
        let is_on_its_side = match self.colophon_side {
            ColophonSide::LastEven => self.pages.is_multiple_of(2),
            ColophonSide::Last => true,
        };
        is_on_its_side
            && self.colophon_end.page == self.pages
            && !(shares_a_page && self.body_end.y > colophon.y)
            && !self.colophon_is_longer_than_a_side()
    }

    /// The colophon, which grows upwards, left the type area (V-2, PG-2).
    pub(crate) fn colophon_is_longer_than_a_side(&self) -> bool {
        self.colophon_top.y < TOP_MARGIN
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
