//! What yields so that a filing fits its pages: mark, addressees, closing spacing, blank sides.

pub(crate) mod table_fit;
pub(crate) mod marks;
pub(crate) mod form;

use std::ops::RangeInclusive;

use crate::render::fit::form::ColophonSide;
use crate::render::fit::marks::Marks;
use crate::render::fit::table_fit::TableFit;

/// Steps by which the spacing before and in the closing may yield (B-18).
const CLOSING_STEPS: usize = 5;
/// From this step on the end of the text goes with the closing to the next side (B-18).
const CARRYING_STEP: usize = 2;

/// The first of them that changes the pitch.
const FIRST_OTHER_PITCH: usize = 3;

/// Passes that tables may ask for. A label written again can lengthen its row and so move the next
/// page's start; what has not settled by then still prints every row.
const TABLE_PASSES: usize = 12;

/// How one pass is laid out. The first takes the standard's own measures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fit {
    /// How far the mark shrinks, so that page 1 shows text (H-9, B-5).
    pub mark_step: usize,
    /// 主送机关 stand in the colophon, since they would push the text off page 1 (B-4, V-5).
    pub recipients: Recipients,
    /// How far spacing yields, so that 署名 and 成文日期 share a page with text (B-18).
    pub closing_step: usize,
    /// How each table is laid out, in the order of the document.
    pub tables: Vec<TableFit>,
    /// How many passes went to the tables.
    pub table_passes: usize,
    /// How the colophon stands on its side.
    pub colophon: ColophonPlace,
    /// Page breaks before the colophon, so that it stands on an even side (V-3).
    pub page_breaks: usize,
    /// Whether the page break was foretold, not found.
    pub is_foretold: bool,
    /// The last side with a number, where blank sides follow (N-5).
    pub last_numbered: Option<usize>,
}

/// Where 主送机关 stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Recipients {
    /// Below the title (B-4).
    #[default]
    BelowTitle,
    /// Above 抄送 in the colophon (V-5).
    InColophon,
}

/// How the colophon stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ColophonPlace {
    /// Whole, at the foot of its side (V-2).
    #[default]
    AtFoot,
    /// From the head of a side on, over as many as its lists need; the last rule at a foot.
    Flowing,
}

impl Fit {
    /// How the first pass is laid out where everything but the colophon seems to end on this side:
    /// behind an odd one, the colophon begins the next (V-3).
    pub(crate) fn foretold(last: Option<usize>, side: ColophonSide) -> Self {
        let is_odd = last.is_some_and(|last| last % 2 == 1);
        if is_odd && side == ColophonSide::LastEven {
            Self { page_breaks: 1, is_foretold: true, ..Self::default() }
        } else {
            Self::default()
        }
    }

    /// What the next pass has to change, or nothing where the pages are as they should be.
    pub(crate) fn next(&self, marks: &Marks) -> Option<Self> {
        self.text_on_first_page(marks)
            .or_else(|| self.closing_with_text(marks))
            .or_else(|| self.tables_on_their_pages(marks))
            .or_else(|| self.colophon_on_its_side(marks))
    }

    /// Whether the lines stand as far apart as in another pass (theme.typ, `lines-per-page`). Where
    /// they do not, nothing of that pass is of use in this one.
    pub(crate) fn has_pitch_of(&self, other: &Self) -> bool {
        self.closing_step == other.closing_step || self.closing_step < FIRST_OTHER_PITCH
    }

    /// The sides that bear a number, from the form's first on (N-5, N-7).
    pub(crate) fn numbered(&self, first: usize) -> RangeInclusive<usize> {
        first..=self.last_numbered.unwrap_or(usize::MAX)
    }

    fn text_on_first_page(&self, marks: &Marks) -> Option<Self> {
        if marks.text_begin.page == 1 {
            return None;
        }
        if marks.has_long_recipients && self.recipients == Recipients::BelowTitle {
            return Some(Self { recipients: Recipients::InColophon, ..self.clone() });
        }
        let mark_step = self.mark_step + 1;
        (mark_step <= marks.mark_steps).then(|| Self { mark_step, ..self.clone() })
    }

    fn closing_with_text(&self, marks: &Marks) -> Option<Self> {
        // The templates put the end of the text below a list of attachments too long to follow it.
        if marks.sign_off.page <= marks.text_end.page {
            return None;
        }
        let closing_step = self.closing_step + 1;
        let next = Self { closing_step, ..self.clone() };
        if closing_step < CARRYING_STEP {
            return Some(next);
        }
        // A table goes along as far as it can; paragraphs and lists do so by themselves.
        let carrying = Self { closing_step: self.closing_step.max(CARRYING_STEP), ..self.clone() };
        let with_table = carrying.with_end_of_table(marks);
        with_table.or_else(|| (closing_step < CLOSING_STEPS).then_some(next))
    }

    /// More of the table that ends the text goes with the closing.
    fn with_end_of_table(mut self, marks: &Marks) -> Option<Self> {
        let index = marks.tables.iter().position(|table| table.ends_text)?;
        self.tables.resize(self.tables.len().max(index + 1), TableFit::default());
        let carried = marks.tables[index].carried_next(self.tables[index].carried)?;
        self.tables[index].carried = carried;
        Some(self)
    }

    fn tables_on_their_pages(&self, marks: &Marks) -> Option<Self> {
        let as_it_falls = TableFit::default();
        let laid_out = |index| self.tables.get(index).unwrap_or(&as_it_falls);
        let numbered = marks.tables.iter().enumerate();
        let tables: Vec<TableFit> =
            numbered.map(|(index, table)| table.fit(laid_out(index))).collect();
        let table_passes = self.table_passes + 1;
        (tables != self.tables && table_passes <= TABLE_PASSES).then(|| Self {
            tables,
            table_passes,
            ..self.clone()
        })
    }

    fn colophon_on_its_side(&self, marks: &Marks) -> Option<Self> {
        if self.page_breaks > 1 || marks.colophon_is_settled() {
            return None;
        }
        let last = marks.body_end.page;
        if self.colophon == ColophonPlace::AtFoot && marks.colophon_is_longer_than_a_side() {
            let colophon = ColophonPlace::Flowing;
            return Some(Self { colophon, page_breaks: 1, is_foretold: false, ..self.clone() });
        }
        if self.is_foretold && last.is_multiple_of(2) {
            return Some(Self { page_breaks: 0, is_foretold: false, ..self.clone() });
        }
        if marks.colophon_side == ColophonSide::Last {
            return (self.page_breaks == 0).then(|| Self { page_breaks: 1, ..self.clone() });
        }
        // An odd last side is followed by the colophon's; a full even one by a blank side first. A
        // colophon of several sides begins one side later where it would end on an odd one.
        let is_odd = last % 2 == 1;
        let page_breaks = if is_odd && self.page_breaks == 0 { 1 } else { 2 };
        let last_numbered = (page_breaks == 2).then_some(last);
        Some(Self { page_breaks, last_numbered, ..self.clone() })
    }
}
