//! Tables and the pages they came to stand on: spans end with a page, and the grid goes on below.

use typst::foundations::{Content, Label, Selector};
use typst::introspection::{DocumentPosition, Introspector};
use typst::layout::Abs;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::render::RenderError;
use crate::render::marks::Mark;

/// Half a line of the grid, in points: the rows of a table are whole numbers of it (theme.typ,
/// `table-pitch`). Here it only decides between the two paddings below a table.
const HALF_LINE: f64 = 14.805;
/// Upper edge of the type area of an upright and of a turned side, in points.
const TOP: (f64, f64) = (104.88, 79.37);

/// Where one table came to stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TableMarks {
    begin: Mark,
    end: Mark,
    /// The page of each row.
    rows: Vec<usize>,
    /// Where the type area of the table's last page begins.
    top: f64,
}

/// How one table is laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TableFit {
    /// Rows that begin a page: a cell over rows on both sides is written again there.
    pub page_starts: Vec<usize>,
    /// Whether the table's height leaves the text below half a line off the grid.
    pub ends_on_half: bool,
}

impl TableMarks {
    /// Every table in the order of the document.
    pub(super) fn of(document: &PagedDocument) -> Result<Vec<Self>, RenderError> {
        let labels = ["table-begin", "table-row", "table-end"];
        let labels: Vec<Label> = labels.iter().filter_map(|name| label(name)).collect();
        let any = Selector::Or(labels.iter().map(|label| Selector::Label(*label)).collect());
        let mut tables: Vec<Self> = Vec::new();
        for content in document.introspector().query(&any) {
            let mark = position(document, &content).ok_or(RenderError::Unsettled)?;
            match (labels.iter().position(|label| content.label() == Some(*label)), tables.last_mut()) {
                (Some(0), _) => {
                    tables.push(Self { begin: mark, end: mark, rows: Vec::new(), top: 0.0 });
                }
                (Some(1), Some(table)) => table.rows.push(mark.page),
                (Some(2), Some(table)) => {
                    table.end = mark;
                    table.top = top_of(document, mark.page);
                }
                _ => return Err(RenderError::Unsettled),
            }
        }
        Ok(tables)
    }

    /// How the table has to be laid out to stand as it does.
    pub(super) fn fit(&self) -> TableFit {
        let pairs = self.rows.windows(2).enumerate();
        let page_starts = pairs.filter(|(_, pair)| pair[0] < pair[1]).map(|(row, _)| row + 1);
        let from = if self.begin.page == self.end.page { self.begin.y } else { self.top };
        let half_lines = ((self.end.y - from) / HALF_LINE).round();
        TableFit {
            page_starts: page_starts.collect(),
            ends_on_half: half_lines.rem_euclid(2.0) == 1.0,
        }
    }
}

fn label(name: &str) -> Option<Label> {
    Label::new(PicoStr::intern(name))
}

fn position(document: &PagedDocument, content: &Content) -> Option<Mark> {
    let introspector = document.introspector();
    match Introspector::position(introspector.as_ref(), content.location()?) {
        Some(DocumentPosition::Paged(position)) => {
            Some(Mark { page: position.page.get(), y: position.point.y.to_pt() })
        }
        _ => None,
    }
}

fn top_of(document: &PagedDocument, page: usize) -> f64 {
    let frame = document.pages().get(page - 1).map(|page| &page.frame);
    let is_turned = frame.is_some_and(|frame| is_turned(frame.width(), frame.height()));
    if is_turned { TOP.1 } else { TOP.0 }
}

/// Whether a side was laid out lying, to be turned.
pub(super) fn is_turned(width: Abs, height: Abs) -> bool {
    width > height
}
