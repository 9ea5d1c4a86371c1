//! Lays out a filing in passes until every part is where the standard requires it.

mod joiners;
pub(crate) mod predict;
pub(crate) mod rotate;

use std::sync::Arc;

use typst_layout::PagedDocument;

use crate::document::attachment::AttachmentBinding;
use crate::render::compose;
use crate::render::compose::masthead;
use crate::render::compose::text::body_parts::{begins_with_table, leading_headings};
use crate::render::engine::page_number;
use crate::render::engine::world::{Engine, FilingWorld};
use crate::render::error::RenderError;
use crate::render::fit::Fit;
use crate::render::fit::form;
use crate::render::fit::placement::{Features, Placement};
use crate::render::page_data::PageData;
use crate::validate::filing::Filing;

/// More passes than all steps of a `Fit` together can ask for.
const MOST_PASSES: usize = 80;

/// In a document of more pages, a sheet is not worth the time of laying it out up to three times more.
const MOST_PAGES: usize = 40;

/// Page data larger than this, in bytes, makes Typst cache hundreds of megabytes over the passes.
const LARGE: usize = 300_000;
/// Passes after which Typst drops cache entries of a large filing that no pass has used.
const LARGE_AGE: usize = 2;

/// The final pass, before its pages are numbered.
pub(crate) struct Settled {
    /// The input of Typst.
    pub world: FilingWorld,
    document: PagedDocument,
    placement: Placement,
    fit: Fit,
}

/// Lays out the pages.
pub(crate) fn lay_out(engine: &Arc<Engine>, filing: &Filing) -> Result<PagedDocument, RenderError> {
    let Settled { document, fit, .. } = settled(engine, filing)?;
    let binding = filing.document().binding;
    let numbered = fit.numbered(form::first_numbered(filing.document().form));
    let document = joiners::without_joiners(document);
    page_number::numbered(&rotate::upright(document, binding), engine, binding, &numbered)
}

/// Lays out in passes. If the document asks for it, saves a sheet where that is possible: with the
/// colophon on the sheet of the landscape table that ends the document (T-1), or with more lines on each
/// page (PG-7).
pub(crate) fn settled(engine: &Arc<Engine>, filing: &Filing) -> Result<Settled, RenderError> {
    let standard = settled_in_standard(engine, filing)?;
    let pages = standard.document.pages().len();
    if !filing.document().fewer_sheets || pages > MOST_PAGES {
        return Ok(standard);
    }
    if let Some(beside_table) = colophon_beside_table(engine, filing, &standard)? {
        return Ok(beside_table);
    }
    for fit in Fit::tight() {
        let data = compose::page_data(filing, &fit, engine.advances());
        let tight = settled_from(engine, filing, fit.clone(), data)?;
        if tight.sheets() < standard.sheets() && tight.fit.keeps_closing_of(&fit) {
            return Ok(tight);
        }
    }
    Ok(standard)
}

/// The layout with the colophon beside the landscape table that ends the document; `None` if that does
/// not save a sheet.
fn colophon_beside_table(
    engine: &Arc<Engine>,
    filing: &Filing,
    standard: &Settled,
) -> Result<Option<Settled>, RenderError> {
    let last = filing.content().attached.last();
    let is_bound = last.is_some_and(|last| last.binding == AttachmentBinding::Together);
    let first = standard.fit.beside_table(&standard.placement).filter(|_| is_bound);
    let Some(first) = first else { return Ok(None) };
    let data = compose::page_data(filing, &first, engine.advances());
    let settled = settled_from(engine, filing, first, data)?;
    Ok((settled.sheets() < standard.sheets()).then_some(settled))
}

/// The texts of the final pass without line ends. What gives way on the pages gives way here too.
pub(crate) fn unbroken(engine: &Arc<Engine>, filing: &Filing) -> Result<PageData, RenderError> {
    let fit = settled(engine, filing)?.fit.without_lines();
    Ok(compose::page_data(filing, &fit, &engine.advances().unbroken()))
}

impl Settled {
    fn sheets(&self) -> usize {
        self.document.pages().len().div_ceil(2)
    }
}

/// Lays out in passes, beginning with the predicted fit.
fn settled_in_standard(engine: &Arc<Engine>, filing: &Filing) -> Result<Settled, RenderError> {
    let plain = Fit::default();
    let data = compose::page_data(filing, &plain, engine.advances());
    let colophon_page = form::colophon_page(filing.document());
    let first = Fit::predicted(predict::last_page(&data), colophon_page);
    let data = compose::refit(data, filing, (&plain, &first), engine.advances());
    settled_from(engine, filing, first, data)
}

/// Lays out until the pages no longer change. Most filings take one or two passes: the first uses the
/// standard's own measures, the others give way where these do not fit. Templates that query positions
/// themselves would not always converge.
fn settled_from(
    engine: &Arc<Engine>,
    filing: &Filing,
    mut fit: Fit,
    mut data: PageData,
) -> Result<Settled, RenderError> {
    let features = Features {
        has_long_recipients: compose::has_long_recipients(filing),
        colophon_page: form::colophon_page(filing.document()),
        mark_steps: masthead::mark_steps(filing.document()),
        last_paragraph_lines: data.last_paragraph_lines,
        has_attachment_list: !data.attachment_list.is_empty(),
        leading_headings: leading_headings(&data.body),
        begins_with_table: begins_with_table(&data.body),
    };
    for _ in 0..MOST_PASSES {
        let world = FilingWorld::new(Arc::clone(engine), &data, filing.source())
            .map_err(RenderError::PageData)?;
        let document = world.compile()?;
        let placement = Placement::of(&document, features)?;
        let next = fit.next(&placement);
        if world.data_size() > LARGE {
            evict(&fit, next.as_ref());
        }
        match next {
            Some(next) => {
                data = compose::refit(data, filing, (&fit, &next), engine.advances());
                fit = next;
            }
            None if placement.colophon_is_settled() => {
                return Ok(Settled { world, document, placement, fit });
            }
            None => return Err(RenderError::Unsettled),
        }
    }
    Err(RenderError::Unsettled)
}

/// Drops cache entries of a large filing that will not be used again: those of old passes, or all of
/// them if this pass is the last or the next one has another line pitch.
fn evict(fit: &Fit, next: Option<&Fit>) {
    let continues = next.is_some_and(|next| next.has_pitch_of(fit));
    comemo::evict(if continues { LARGE_AGE } else { 0 });
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::{Fit, compose, settled, settled_from};
    use crate::render::engine::world::{Engine, THEME};
    use crate::render::fonts::font_set::FontSet;
    use crate::submission::read::Posted;
    use crate::validate::validate;

    /// Texts that end on odd and even pages, with and without room for the colophon, and a colophon
    /// longer than a page.
    const FIXTURES: [&str; 6] = [
        "bazhong-2021-38",
        "recipients-wrapped",
        "text-to-the-foot",
        "masthead-long-name",
        "copies-over-a-page",
        "sealed-five",
    ];

    #[test]
    fn a_prediction_changes_the_passes_but_not_the_pages() {
        let engine = &Arc::new(Engine::new(FontSet::bundled(), THEME));
        for name in FIXTURES {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid");
            let body = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
            let posted = Posted::read(&body).unwrap();
            let filing = &validate(posted, engine.fonts().coverage()).unwrap().filing;
            let expected = settled(engine, filing).unwrap();
            for first in
                [Fit::default(), Fit { page_breaks: 1, is_predicted: true, ..Fit::default() }]
            {
                let data = compose::page_data(filing, &first, engine.advances());
                let settled = settled_from(engine, filing, first, data).unwrap();
                assert_eq!(settled.world.files(), expected.world.files(), "{name}");
                assert_eq!(settled.fit.last_numbered, expected.fit.last_numbered, "{name}");
            }
        }
    }

    #[test]
    fn a_filing_with_room_for_its_closing_takes_one_pass() {
        let body = include_bytes!("../../../fixtures/valid/report-without-scores.json");
        let engine = &Arc::new(Engine::new(FontSet::bundled(), THEME));
        let posted = Posted::read(body).unwrap();
        let filing = &validate(posted, engine.fonts().coverage()).unwrap().filing;
        let settled = settled(engine, filing).unwrap();
        assert_eq!((settled.fit.page_breaks, settled.fit.is_predicted), (1, true));
    }
}
