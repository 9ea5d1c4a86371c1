//! How each table is split over pages: which rows move together, and where spans are cut.

use typst::foundations::{Label, Selector};
use typst::introspection::Introspector;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::document::measures::{AREA_HEIGHT, AREA_WIDTH, BOUND_MARGIN, TABLE_PITCH, TOP_MARGIN};
use crate::render::error::RenderError;
use crate::render::fit::position::{Position, is_landscape, length};

/// Tolerance for rounding, in points.
const ROUNDING: f64 = 0.1;
/// Rows of a table too short to be split: moving its last two rows would leave one alone.
const SHORT: usize = 3;
/// The part of a page that a short table fills if its rows are tall.
const TALL: f64 = 0.5;

/// The height of a head and a row of one line each, in half lines. It is less where more lines fit on a
/// page.
const SINGLE_LINES: f64 = 4.0;

/// The last step of splitting the last row. A row longer than a page ends on the same page again if the
/// end that moves is long.
const LAST_SPLIT: usize = 2;

/// Where one table is after a pass.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TablePlacement {
    begin: Position,
    end: Position,
    /// The page of each row.
    rows: Vec<usize>,
    /// The upper and lower edges of the type area of the table's last page, in points.
    area: (f64, f64),
    /// Whether the text of the document ends with this table.
    pub ends_text: bool,
}

/// Which part of a table moves to a new page together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Carried {
    /// The rows that do not fit on the previous page.
    #[default]
    Rest,
    /// The rows from this one on. From 0 on it is the whole table, if it does not fit on its page.
    From(usize),
    /// Like `Rest`, because no page holds the last two rows.
    Nothing,
    /// The end of the last row, which does not fit on one page with what follows. The end is a third of
    /// the longest text at step 0 and half as long at each further step.
    InRow(usize),
}

/// How one table is laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TableFit {
    /// Which rows move to a new page together (B-18, T-2).
    pub carried: Carried,
    /// Rows that begin a page. A cell that spans rows of both pages is repeated there.
    pub page_starts: Vec<usize>,
    /// Whether the height of the table puts the text below it half a line off the grid.
    pub ends_on_half: bool,
}

impl TablePlacement {
    /// Every table, in document order.
    pub(crate) fn of(document: &PagedDocument) -> Result<Vec<Self>, RenderError> {
        let labels = ["table-begin", "table-row", "table-end", "text-end"];
        let labels: Vec<Label> = labels.iter().filter_map(|name| label(name)).collect();
        let any = Selector::Or(labels.iter().map(|label| Selector::Label(*label)).collect());
        let mut tables: Vec<Self> = Vec::new();
        let mut is_open = false;
        for content in document.introspector().query(&any) {
            let position = Position::of(document, &content).ok_or(RenderError::Unsettled)?;
            match (
                labels.iter().position(|label| content.label() == Some(*label)),
                tables.last_mut(),
            ) {
                (Some(0), _) => {
                    tables.push(Self::at(position));
                    is_open = true;
                }
                (Some(1), Some(table)) => table.rows.push(position.page),
                (Some(2), Some(table)) => {
                    table.end = position;
                    table.area = area_of(document, position.page);
                    is_open = false;
                }
                (Some(3), Some(table)) if is_open => table.ends_text = true,
                (Some(3), _) => {}
                _ => return Err(RenderError::Unsettled),
            }
        }
        Ok(tables)
    }

    fn at(begin: Position) -> Self {
        Self { begin, end: begin, rows: Vec::new(), area: (0.0, 0.0), ends_text: false }
    }

    /// The fit that keeps the table where it is now, without leaving its last row alone. A table that
    /// begins the text leaves rows on page 1 (7.3.3).
    pub(crate) fn fit(&self, laid_out: &TableFit, begins_text: bool) -> TableFit {
        let pairs = self.rows.windows(2).enumerate();
        let page_starts = pairs.filter(|(_, pair)| pair[0] < pair[1]).map(|(row, _)| row + 1);
        let mut page_starts: Vec<usize> = page_starts.collect();
        let from = if self.begin.page == self.end.page { self.begin.y } else { self.area.0 };
        let half_lines = ((self.end.y - from) / length(TABLE_PITCH).to_pt()).round();
        let carried = match self.carried(laid_out.carried) {
            Carried::From(0) if begins_text && self.begin.page == 1 => self.part_of_short(),
            carried => carried,
        };
        // The page of the last rows is known now.
        if let Carried::From(start @ 1..) = carried {
            page_starts.retain(|row| *row < start);
            page_starts.push(start);
        }
        let ends_on_half = half_lines.rem_euclid(2.0) == 1.0;
        TableFit { carried, page_starts, ends_on_half }
    }

    /// The last row of a table moves to a new page together with the one above it (T-2).
    fn carried(&self, carried: Carried) -> Carried {
        let count = self.rows.len();
        let is_split = matches!(self.rows[..], [.., before, last] if before < last);
        match carried {
            Carried::Rest if is_split => self.last_rows(),
            // A short table does not fit on one page.
            Carried::From(0) if is_split || self.overflows() => self.part_of_short(),
            Carried::From(start) if start + 1 < count && is_split => Carried::Nothing,
            // Repeated labels can push a row to a page of its own; it moves along as well.
            Carried::From(start @ 2..) if start + 1 < count && self.is_alone(start - 1) => {
                Carried::From(start - 1)
            }
            carried => carried,
        }
    }

    /// What moves if a short table cannot move as a whole.
    fn part_of_short(&self) -> Carried {
        match self.rows.len() {
            SHORT => Carried::From(SHORT - 2),
            _ => Carried::Nothing,
        }
    }

    /// Whether a row is alone on its page.
    fn is_alone(&self, row: usize) -> bool {
        self.rows.iter().filter(|page| **page == self.rows[row]).count() == 1
    }

    /// The last two rows, or all rows of a short table. A short table of tall rows would leave much of the
    /// previous page blank, so it is split after its first row.
    fn last_rows(&self) -> Carried {
        let (count, is_tall) =
            (self.rows.len(), self.height() > TALL * (self.area.1 - self.area.0));
        match count {
            SHORT if is_tall => Carried::From(1),
            0..SHORT if is_tall => Carried::Nothing,
            0..=SHORT => Carried::From(0),
            _ => Carried::From(count - 2),
        }
    }

    fn height(&self) -> f64 {
        if self.begin.page == self.end.page {
            return self.end.y - self.begin.y;
        }
        let (top, bottom) = self.area;
        let between = self.end.page - self.begin.page - 1;
        (bottom - self.begin.y) + between as f64 * (bottom - top) + (self.end.y - top)
    }

    /// Whether the table is one row of one line below its head.
    pub(crate) fn is_single_line(&self) -> bool {
        let half_lines = self.height() / length(TABLE_PITCH).to_pt();
        self.rows.len() == 1 && half_lines <= SINGLE_LINES + ROUNDING
    }

    fn overflows(&self) -> bool {
        self.end.y > self.area.1
    }

    /// What to move next if the content after the table does not fit on its page (B-18).
    pub(crate) fn carried_next(&self, carried: Carried) -> Option<Carried> {
        let count = self.rows.len();
        let last = count.checked_sub(1)?;
        match carried {
            Carried::Rest => Some(self.last_rows()),
            Carried::From(0) if count == SHORT => Some(Carried::From(count - 2)),
            Carried::From(start) if start < last => Some(Carried::From(last)),
            Carried::Nothing if count > 1 => Some(Carried::From(last)),
            Carried::From(_) | Carried::Nothing => Some(Carried::InRow(0)),
            Carried::InRow(step) => (step < LAST_SPLIT).then_some(Carried::InRow(step + 1)),
        }
    }
}

fn label(name: &str) -> Option<Label> {
    Label::new(PicoStr::intern(name))
}

fn area_of(document: &PagedDocument, page: usize) -> (f64, f64) {
    let page = document.pages().get(page - 1);
    let (top, height) = if page.is_some_and(is_landscape) {
        (BOUND_MARGIN, AREA_WIDTH)
    } else {
        (TOP_MARGIN, AREA_HEIGHT)
    };
    (length(top).to_pt(), length(top + height).to_pt() + ROUNDING)
}
