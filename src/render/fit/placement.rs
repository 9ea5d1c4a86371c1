//! Where the parts of a filing are after a pass.

use typst::foundations::Label;
use typst::introspection::Introspector;
use typst::layout::Abs;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::document::measures;
use crate::render::error::RenderError;
use crate::render::fit::form::ColophonPage;
use crate::render::fit::position::{Position, is_landscape, length};
use crate::render::fit::table_fit::TablePlacement;

/// Tolerance for rounding, in points.
const ROUNDING: f64 = 0.1;

/// The positions that decide whether a layout is final. The templates set the labels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placement {
    /// The first line of 正文.
    pub text_begin: Position,
    /// The last line of 正文.
    pub text_end: Position,
    /// 署名.
    pub sign_off: Position,
    /// The end of everything except the colophon.
    pub body_end: Position,
    /// Whether that is on a landscape page.
    pub ends_landscape: bool,
    /// The upper rule of the colophon.
    pub colophon_top: Position,
    /// Every table, in document order.
    pub tables: Vec<TablePlacement>,
    /// The end of the colophon, on its last page.
    pub colophon_end: Position,
    /// Number of pages.
    pub pages: usize,
    /// What the pages do not show.
    pub features: Features,
}

/// What placement depends on and the pages do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Features {
    /// Whether 主送机关 take more than one line below the title.
    pub has_long_recipients: bool,
    /// The page on which the form puts the colophon.
    pub colophon_page: ColophonPage,
    /// How many times the mark of this filing can shrink (H-9).
    pub mark_steps: usize,
    /// The number of lines of the last paragraph of the text; 0 if the text ends with another part.
    pub last_paragraph_lines: usize,
    /// Whether 附件说明 is between the text and the closing.
    pub has_attachment_list: bool,
    /// The number of headings that begin the text; `None` if it begins with a paragraph.
    pub leading_headings: Option<usize>,
    /// Whether the text begins with a table, or with headings and a table.
    pub begins_with_table: bool,
}

impl Placement {
    pub(crate) fn of(document: &PagedDocument, features: Features) -> Result<Self, RenderError> {
        let body_end = labelled(document, "body-end")?;
        let last_page = document.pages().get(body_end.page - 1);
        Ok(Self {
            text_begin: labelled(document, "text-begin")?,
            text_end: labelled(document, "text-end")?,
            sign_off: labelled(document, "sign-off")?,
            body_end,
            ends_landscape: last_page.is_some_and(is_landscape),
            colophon_top: labelled(document, "colophon-top")?,
            tables: TablePlacement::of(document)?,
            colophon_end: labelled(document, "colophon-end")?,
            pages: document.pages().len(),
            features,
        })
    }

    /// Whether the colophon is on the last page, an even one if the form requires it, and does not
    /// overlap the text (V-2, V-3).
    pub(crate) fn colophon_is_settled(&self) -> bool {
        let colophon = self.colophon_top;
        let shares_a_page = self.body_end.page == colophon.page;
        let is_on_its_page = match self.features.colophon_page {
            ColophonPage::LastEven => self.pages.is_multiple_of(2),
            ColophonPage::Last => true,
        };
        // Beside a landscape table it has a strip of its own.
        let is_beside_table = shares_a_page && self.ends_landscape;
        let has_text_behind = shares_a_page && self.body_end.y > colophon.y;
        let is_in_place =
            is_beside_table || !(has_text_behind || self.colophon_is_longer_than_a_page());
        is_on_its_page && self.colophon_end.page == self.pages && is_in_place
    }

    /// The height of the colophon at the foot of a portrait page, in micrometres.
    pub(crate) fn colophon_height(&self) -> u32 {
        let foot = length(measures::TOP_MARGIN + measures::AREA_HEIGHT);
        (1000.0 * (foot.to_mm() - Abs::pt(self.colophon_top.y).to_mm())).ceil().max(0.0) as u32
    }

    /// Whether the colophon, which grows upwards, extends above the type area (V-2, PG-2).
    pub(crate) fn colophon_is_longer_than_a_page(&self) -> bool {
        self.colophon_top.y < length(measures::TOP_MARGIN).to_pt() - ROUNDING
    }
}

fn labelled(document: &PagedDocument, name: &str) -> Result<Position, RenderError> {
    let label = Label::new(PicoStr::intern(name)).ok_or(RenderError::Unsettled)?;
    let found = document.introspector().query_label(label).ok();
    found.and_then(|content| Position::of(document, content)).ok_or(RenderError::Unsettled)
}
