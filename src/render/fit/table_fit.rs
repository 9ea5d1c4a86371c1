//! Tables and the pages they came to stand on: spans end with a page, and the grid goes on below.

use typst::foundations::{Content, Label, Selector};
use typst::introspection::{DocumentPosition, Introspector};
use typst::layout::Abs;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::render::error::RenderError;
use crate::render::fit::marks::Mark;

/// Half a line of the grid, in points: the rows of a table are whole numbers of it (theme.typ,
/// `table-pitch`). Here it only decides between the two paddings below a table.
const HALF_LINE: f64 = 14.805;
/// Upper edge of the type area of an upright and of a turned side, in points.
const TOP: (f64, f64) = (104.88, 79.37);

/// Lower edge of the same, with what rounding may take.
const BOTTOM: (f64, f64) = (742.78, 521.69);
/// Rows of a table too short to be parted: its last rows would leave one alone.
const SHORT: usize = 3;

/// Where one table came to stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableMarks {
    begin: Mark,
    end: Mark,
    /// The page of each row.
    rows: Vec<usize>,
    /// Where the type area of the table's last page begins and ends.
    area: (f64, f64),
    /// Whether the text of the document ends with this table.
    pub ends_text: bool,
}

/// What of a table goes to a new side together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Carried {
    /// As many rows as the side before has no room for.
    #[default]
    Rest,
    /// The rows from this one on; from 0 on, the whole table, where its side has no room for it.
    From(usize),
    /// As `Rest`, since no side holds the last two rows.
    Nothing,
    /// The end of the last row, which alone has no room on a side with what follows.
    InRow,
}

/// How one table is laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TableFit {
    /// Which rows go to a new side together (B-18, T-2).
    pub carried: Carried,
    /// Rows that begin a page: a cell over rows on both sides is written again there.
    pub page_starts: Vec<usize>,
    /// Whether the table's height leaves the text below half a line off the grid.
    pub ends_on_half: bool,
}

impl TableMarks {
    /// Every table in the order of the document.
    pub(crate) fn of(document: &PagedDocument) -> Result<Vec<Self>, RenderError> {
        let labels = ["table-begin", "table-row", "table-end", "text-end"];
        let labels: Vec<Label> = labels.iter().filter_map(|name| label(name)).collect();
        let any = Selector::Or(labels.iter().map(|label| Selector::Label(*label)).collect());
        let mut tables: Vec<Self> = Vec::new();
        let mut is_open = false;
        for content in document.introspector().query(&any) {
            let mark = position(document, &content).ok_or(RenderError::Unsettled)?;
            match (
                labels.iter().position(|label| content.label() == Some(*label)),
                tables.last_mut(),
            ) {
                (Some(0), _) => {
                    tables.push(Self::at(mark));
                    is_open = true;
                }
                (Some(1), Some(table)) => table.rows.push(mark.page),
                (Some(2), Some(table)) => {
                    table.end = mark;
                    table.area = area_of(document, mark.page);
                    is_open = false;
                }
                (Some(3), Some(table)) if is_open => table.ends_text = true,
                (Some(3), _) => {}
                _ => return Err(RenderError::Unsettled),
            }
        }
        Ok(tables)
    }

    fn at(begin: Mark) -> Self {
        Self { begin, end: begin, rows: Vec::new(), area: (0.0, 0.0), ends_text: false }
    }

    /// How the table has to be laid out to stand as it does, and with its last row not alone.
    pub(crate) fn fit(&self, laid_out: &TableFit) -> TableFit {
        let pairs = self.rows.windows(2).enumerate();
        let page_starts = pairs.filter(|(_, pair)| pair[0] < pair[1]).map(|(row, _)| row + 1);
        let mut page_starts: Vec<usize> = page_starts.collect();
        let from = if self.begin.page == self.end.page { self.begin.y } else { self.area.0 };
        let half_lines = ((self.end.y - from) / HALF_LINE).round();
        let carried = self.carried(laid_out.carried);
        // Where the last rows come to stand is known now.
        if let Carried::From(start @ 1..) = carried {
            page_starts.retain(|row| *row < start);
            page_starts.push(start);
        }
        let ends_on_half = half_lines.rem_euclid(2.0) == 1.0;
        TableFit { carried, page_starts, ends_on_half }
    }

    /// The last row of a table takes another one along to a new side (T-2).
    fn carried(&self, carried: Carried) -> Carried {
        let count = self.rows.len();
        let is_parted = matches!(self.rows[..], [.., before, last] if before < last);
        match carried {
            Carried::Rest if is_parted => Carried::last_rows(count),
            // All rows of a short table were too many for a side.
            Carried::From(0) if is_parted || self.overflows() => match count {
                SHORT => Carried::From(count - 2),
                _ => Carried::Nothing,
            },
            Carried::From(start) if start + 1 < count && is_parted => Carried::Nothing,
            // Labels written again can move a row to a side of its own; it goes along as well.
            Carried::From(start @ 2..) if start + 1 < count && self.is_alone(start - 1) => {
                Carried::From(start - 1)
            }
            carried => carried,
        }
    }

    /// Whether a side holds one row alone.
    fn is_alone(&self, row: usize) -> bool {
        self.rows.iter().filter(|page| **page == self.rows[row]).count() == 1
    }

    fn overflows(&self) -> bool {
        self.end.y > self.area.1
    }

    /// What of the table goes along next, where what follows it finds no room on its side (B-18).
    pub(crate) fn carried_next(&self, carried: Carried) -> Option<Carried> {
        let count = self.rows.len();
        let last = count.checked_sub(1)?;
        match carried {
            Carried::Rest => Some(Carried::last_rows(count)),
            Carried::From(0) if count == SHORT => Some(Carried::From(count - 2)),
            Carried::From(start) if start < last => Some(Carried::From(last)),
            Carried::Nothing if count > 1 => Some(Carried::From(last)),
            Carried::From(_) | Carried::Nothing => Some(Carried::InRow),
            Carried::InRow => None,
        }
    }
}

impl Carried {
    /// The last two rows of a table of so many, or all of a short one.
    fn last_rows(count: usize) -> Self {
        Self::From(if count <= SHORT { 0 } else { count - 2 })
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

fn area_of(document: &PagedDocument, page: usize) -> (f64, f64) {
    let frame = document.pages().get(page - 1).map(|page| &page.frame);
    let is_turned = frame.is_some_and(|frame| is_turned(frame.width(), frame.height()));
    if is_turned { (TOP.1, BOTTOM.1) } else { (TOP.0, BOTTOM.0) }
}

/// Whether a side was laid out lying, to be turned.
pub(crate) fn is_turned(width: Abs, height: Abs) -> bool {
    width > height
}
