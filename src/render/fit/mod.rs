//! What gives way so that a filing fits its pages: mark, 主送机关, closing spacing, blank pages.

pub(crate) mod position;
pub(crate) mod form;
pub(crate) mod table_fit;
pub(crate) mod placement;

use std::ops::RangeInclusive;

use crate::document::measures::{AREA_HEIGHT, LINE_PITCH};
use crate::render::fit::form::ColophonPage;
use crate::render::fit::placement::Placement;
use crate::render::fit::table_fit::{Carried, TableFit, TablePlacement};

/// Steps by which the spacing before and in the closing can shrink (B-18).
const CLOSING_STEPS: usize = 8;
/// From this step on, the end of the text moves to the next page with the closing (B-18).
const CARRYING_STEP: usize = 2;

/// From this step on, more lines fit on a page and the text does not move. They keep a text of a single
/// line on page 1 (7.3.3, B-18).
const FIRST_TIGHT_STEP: usize = 5;

/// The most leading headings after which page 1 may end. More rarely fit on it.
const MOST_HEADINGS: usize = 5;

/// The first step that changes the line pitch.
const FIRST_OTHER_PITCH: usize = 3;

/// The most passes spent on tables. A repeated label can make its row taller and so move the start
/// of the next page. A layout that is not final by then still prints every row.
const TABLE_PASSES: usize = 12;

/// The widest strip that a landscape table leaves for the colophon, in thousandths of the height of the
/// type area.
const WIDEST_STRIP: u32 = 333;

/// How one pass is laid out. The first pass uses the standard's own measures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fit {
    /// How far the mark shrinks, so that page 1 shows text (H-9, B-5).
    pub mark_step: usize,
    /// Where 主送机关 are: in the colophon if they would push the text off page 1 (B-4, V-5).
    pub recipients: Recipients,
    /// How far spacing shrinks, so that 署名 and 成文日期 share a page with text (B-18).
    pub closing_step: usize,
    /// What stays on page 1 if the whole text would move to page 2 with the closing.
    pub first_page: FirstPage,
    /// Where page 1 may end within the headings that begin the text.
    pub opening: Opening,
    /// Whether nothing keeps the closing with text, so that it is alone on its page.
    pub closing_is_alone: bool,
    /// How each table is laid out, in document order.
    pub tables: Vec<TableFit>,
    /// How many passes were spent on tables.
    pub table_passes: usize,
    /// How the colophon is placed on its page.
    pub colophon: ColophonPlace,
    /// Page breaks before the colophon, so that it is on an even page (V-3).
    pub page_breaks: usize,
    /// Whether the page break was predicted, not found in a pass.
    pub is_predicted: bool,
    /// The last page with a number, if blank pages follow (N-5).
    pub last_numbered: Option<usize>,
}

/// Where 主送机关 are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Recipients {
    /// Below the title (B-4).
    #[default]
    BelowTitle,
    /// Above 抄送 in the colophon (V-5).
    InColophon,
}

/// What stays on page 1, which must show text (7.3.3), if the whole text would move to page 2 with the
/// closing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum FirstPage {
    /// The part that does not move.
    #[default]
    Rest,
    /// The first line of the text, whose paragraph may have an orphan.
    FirstLine,
    /// The whole text; the closing follows the list of attachments.
    TextWithoutList,
    /// The whole text and the closing, with more lines on each page.
    WithClosing,
    /// The beginning of the table that ends the text.
    BeginningOfTable,
}

/// Where page 1, which must show text (7.3.3), may end within the beginning of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Each heading stays with what follows it (section 9).
    #[default]
    Together,
    /// After this one of the headings that begin the text, counted from 0.
    After(usize),
    /// In the first row of the table that begins the text.
    InFirstRow,
}

/// How the colophon is placed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ColophonPlace {
    /// In one piece, at the foot of its page (V-2).
    #[default]
    AtFoot,
    /// From the top of a page over as many pages as its lists need, with the last rule at a foot.
    Flowing,
    /// At the foot of the sheet whose landscape table ends the document. The table leaves a strip free, as
    /// high as this many thousandths of the type area.
    BesideTable(u32),
}

impl ColophonPlace {
    /// The strip that the last attachment leaves free, in thousandths of the height of the type area.
    pub(crate) fn strip(self) -> u32 {
        match self {
            Self::AtFoot | Self::Flowing => 0,
            Self::BesideTable(strip) => strip,
        }
    }
}

impl Opening {
    /// The next way to let page 1 end, in a text that begins with a number of headings. `None` if there is
    /// no other, as any paragraph may continue on the next page.
    fn next(self, leading_headings: Option<usize>) -> Option<Self> {
        match (self, leading_headings?) {
            (Self::Together, 0) => Some(Self::InFirstRow),
            (Self::Together, count) => {
                Some(Self::After(count.saturating_sub(2).min(MOST_HEADINGS)))
            }
            (Self::After(0) | Self::InFirstRow, _) => None,
            (Self::After(heading), _) => Some(Self::After(heading - 1)),
        }
    }
}

impl Fit {
    /// The first pass, if everything except the colophon is predicted to end on page `last`: after
    /// an odd page, the colophon begins the next one (V-3).
    pub(crate) fn predicted(last: Option<usize>, colophon_page: ColophonPage) -> Self {
        let is_odd = last.is_some_and(|last| last % 2 == 1);
        if is_odd && colophon_page == ColophonPage::LastEven {
            Self { page_breaks: 1, is_predicted: true, ..Self::default() }
        } else {
            Self::default()
        }
    }

    /// First passes with more lines on each page.
    pub(crate) fn tight() -> impl Iterator<Item = Self> {
        (FIRST_TIGHT_STEP..CLOSING_STEPS)
            .map(|closing_step| Self { closing_step, ..Self::default() })
    }

    /// The first pass with the colophon beside the landscape table that ends the document. `None` if the
    /// document ends otherwise or that would not save a sheet.
    pub(crate) fn beside_table(&self, placement: &Placement) -> Option<Self> {
        let saves_a_sheet = placement.body_end.page.div_ceil(2) < placement.pages.div_ceil(2);
        let strip = (1000 * (placement.colophon_height() + LINE_PITCH)).div_ceil(AREA_HEIGHT);
        (placement.ends_landscape
            && saves_a_sheet
            && self.colophon == ColophonPlace::AtFoot
            && strip <= WIDEST_STRIP)
            .then(|| Self { colophon: ColophonPlace::BesideTable(strip), ..Self::default() })
    }

    /// Keeps only what does not depend on lines: which names the mark shows, where 主送机关 are, and where
    /// the colophon begins.
    pub(crate) fn without_lines(&self) -> Self {
        let Self { mark_step, recipients, page_breaks, .. } = *self;
        Self { mark_step, recipients, page_breaks, ..Self::default() }
    }

    /// Whether the closing is placed as in a first pass.
    pub(crate) fn keeps_closing_of(&self, first: &Self) -> bool {
        self.closing_step == first.closing_step && !self.closing_is_alone
    }

    /// The fit of the next pass, or `None` if the pages need no change.
    pub(crate) fn next(&self, placement: &Placement) -> Option<Self> {
        self.text_on_first_page(placement)
            .or_else(|| self.closing_with_text(placement))
            .or_else(|| self.tables_on_their_pages(placement))
            .or_else(|| self.colophon_on_its_page(placement))
    }

    /// Whether the line pitch is the same as in another pass (theme.typ, `lines-per-page`). If it is
    /// not, no cached result of that pass can be reused.
    pub(crate) fn has_pitch_of(&self, other: &Self) -> bool {
        self.closing_step == other.closing_step || self.closing_step < FIRST_OTHER_PITCH
    }

    /// The pages that have a number, starting with the form's first (N-5, N-7).
    pub(crate) fn numbered(&self, first: usize) -> RangeInclusive<usize> {
        first..=self.last_numbered.unwrap_or(usize::MAX)
    }

    fn text_on_first_page(&self, placement: &Placement) -> Option<Self> {
        if placement.text_begin.page == 1 {
            return None;
        }
        let is_all_moved = placement.text_begin.page == placement.text_end.page;
        if is_all_moved
            && (CARRYING_STEP..FIRST_TIGHT_STEP).contains(&self.closing_step)
            && self.first_page != FirstPage::BeginningOfTable
        {
            return Some(self.without_moving_all_text(placement));
        }
        if placement.features.has_long_recipients && self.recipients == Recipients::BelowTitle {
            return Some(Self { recipients: Recipients::InColophon, ..self.clone() });
        }
        let mark_step = self.mark_step + 1;
        if mark_step <= placement.features.mark_steps {
            return Some(Self { mark_step, ..self.clone() });
        }
        let opening = self.opening.next(placement.features.leading_headings)?;
        let Self { mark_step, recipients, .. } = *self;
        Some(Self { opening, mark_step, recipients, ..Self::default() })
    }

    /// The next way to keep text on page 1 after the closing took all of it to page 2.
    fn without_moving_all_text(&self, placement: &Placement) -> Self {
        let next = Self { closing_step: CARRYING_STEP, ..self.clone() };
        match self.first_page {
            FirstPage::Rest if placement.features.last_paragraph_lines > 1 => {
                Self { first_page: FirstPage::FirstLine, ..next }
            }
            FirstPage::Rest | FirstPage::FirstLine if placement.features.has_attachment_list => {
                Self { first_page: FirstPage::TextWithoutList, ..next }
            }
            _ => {
                Self { closing_step: FIRST_TIGHT_STEP, first_page: FirstPage::WithClosing, ..next }
                    .with_end_table(placement, Carried::Rest)
            }
        }
    }

    fn closing_with_text(&self, placement: &Placement) -> Option<Self> {
        if self.first_page == FirstPage::WithClosing && placement.text_end.page > 1 {
            return Some(self.without_room_for_closing(placement));
        }
        // The templates put the end of the text below a list of attachments that is too long to
        // follow it.
        if placement.sign_off.page <= placement.text_end.page || self.closing_is_alone {
            return None;
        }
        let closing_step = self.closing_step + 1;
        let next = Self { closing_step, ..self.clone() };
        if closing_step > FIRST_TIGHT_STEP {
            return Some(match closing_step < CLOSING_STEPS {
                true => next,
                false => self.without_room_for_closing(placement),
            });
        }
        if closing_step < CARRYING_STEP {
            return Some(next);
        }
        // A table moves along as far as it can; paragraphs and lists do so by themselves.
        let carrying = Self { closing_step: self.closing_step.max(CARRYING_STEP), ..self.clone() };
        let with_table = carrying.with_end_of_table(placement);
        with_table.or_else(|| (closing_step < FIRST_TIGHT_STEP).then_some(next))
    }

    /// The beginning of a short text stays on page 1 while its end moves with the closing: part of the table
    /// that ends it, or its headings. If it has neither, the closing is alone.
    fn without_room_for_closing(&self, placement: &Placement) -> Self {
        if let Some(split) = self.with_split_table(placement) {
            return split;
        }
        let (first_page, closing_is_alone) = (FirstPage::Rest, true);
        let alone = Self { closing_step: 0, first_page, closing_is_alone, ..self.clone() }
            .with_end_table(placement, Carried::Rest);
        let Some(headings) = placement.features.leading_headings else { return alone };
        match self.opening.next(Some(headings)) {
            Some(opening @ Opening::After(_)) if placement.text_end.page == 1 => Self {
                opening,
                closing_step: CARRYING_STEP,
                first_page: FirstPage::Rest,
                ..self.clone()
            },
            _ => alone,
        }
    }

    /// Moves part of the table that ends the text to the page of the closing, but not all of it.
    fn with_split_table(&self, placement: &Placement) -> Option<Self> {
        let is_single_line = placement.tables.first().is_some_and(TablePlacement::is_single_line);
        let is_whole_text = placement.features.leading_headings == Some(0) && is_single_line;
        if self.first_page == FirstPage::BeginningOfTable || is_whole_text {
            return None;
        }
        let (closing_step, first_page) = (CARRYING_STEP, FirstPage::BeginningOfTable);
        Self { closing_step, first_page, ..self.clone() }
            .with_end_table(placement, Carried::From(0))
            .with_end_of_table(placement)
    }

    /// Moves more of the table that ends the text to the page of the closing.
    fn with_end_of_table(self, placement: &Placement) -> Option<Self> {
        let index = placement.tables.iter().position(|table| table.ends_text)?;
        let current = self.tables.get(index).map(|table| table.carried).unwrap_or_default();
        let carried = placement.tables[index].carried_next(current)?;
        Some(self.with_end_table(placement, carried))
    }

    /// Sets which part of the table that ends the text, if there is one, moves to a new page.
    fn with_end_table(mut self, placement: &Placement, carried: Carried) -> Self {
        if let Some(index) = placement.tables.iter().position(|table| table.ends_text) {
            self.tables.resize(self.tables.len().max(index + 1), TableFit::default());
            self.tables[index].carried = carried;
        }
        self
    }

    fn tables_on_their_pages(&self, placement: &Placement) -> Option<Self> {
        let default = TableFit::default();
        let current = |index| self.tables.get(index).unwrap_or(&default);
        let numbered = placement.tables.iter().enumerate();
        let stays = |index| index == 0 && placement.features.begins_with_table;
        let tables: Vec<TableFit> =
            numbered.map(|(index, table)| table.fit(current(index), stays(index))).collect();
        let table_passes = self.table_passes + 1;
        (tables != self.tables && table_passes <= TABLE_PASSES).then(|| Self {
            tables,
            table_passes,
            ..self.clone()
        })
    }

    fn colophon_on_its_page(&self, placement: &Placement) -> Option<Self> {
        if self.page_breaks > 1 || placement.colophon_is_settled() {
            return None;
        }
        if self.colophon.strip() > 0 {
            return Some(Self { colophon: ColophonPlace::AtFoot, ..self.clone() });
        }
        let last = placement.body_end.page;
        if self.colophon == ColophonPlace::AtFoot && placement.colophon_is_longer_than_a_page() {
            let colophon = ColophonPlace::Flowing;
            return Some(Self { colophon, page_breaks: 1, is_predicted: false, ..self.clone() });
        }
        if self.is_predicted && last.is_multiple_of(2) {
            return Some(Self { page_breaks: 0, is_predicted: false, ..self.clone() });
        }
        if placement.features.colophon_page == ColophonPage::Last {
            return (self.page_breaks == 0).then(|| Self { page_breaks: 1, ..self.clone() });
        }
        // After an odd page the colophon takes the next one; after a full even page a blank page
        // comes first. A colophon of several pages begins one page later if it would end on an odd
        // one.
        let is_odd = last % 2 == 1;
        let page_breaks = if is_odd && self.page_breaks == 0 { 1 } else { 2 };
        let last_numbered = (page_breaks == 2).then_some(last);
        Some(Self { page_breaks, last_numbered, ..self.clone() })
    }
}
