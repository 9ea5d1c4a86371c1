//! Lays a filing out, pass by pass, until everything stands where the standard wants it.

pub(crate) mod foretell;
pub(crate) mod turn;

use std::sync::Arc;

use typst_layout::PagedDocument;

use crate::render::compose;
use crate::render::compose::masthead;
use crate::render::engine::folio;
use crate::render::engine::world::{FilingWorld, Stage};
use crate::render::error::RenderError;
use crate::render::fit::Fit;
use crate::render::fit::form;
use crate::render::fit::marks::Marks;
use crate::render::page_data::PageData;
use crate::validate::filing::Filing;

/// More passes than all steps of a `Fit` together can ask for.
const MOST_PASSES: usize = 40;

/// Bytes of page data from which what Typst remembers of the passes would take hundreds of megabytes.
const LARGE: usize = 300_000;
/// Passes of such a filing after which Typst forgets what none of them asked for.
const LARGE_AGE: usize = 2;

/// The pass in which everything stands where it shall, before its sides are numbered.
pub(crate) struct Settled {
    /// What Typst saw.
    pub world: FilingWorld,
    document: PagedDocument,
    fit: Fit,
}

/// Lays out the pages.
pub(crate) fn lay_out(stage: &Arc<Stage>, filing: &Filing) -> Result<PagedDocument, RenderError> {
    let Settled { document, fit, .. } = settled(stage, filing)?;
    let binding = filing.document().binding;
    let bearing = fit.numbered(form::first_numbered(filing.document().form));
    folio::numbered(&turn::upright(document, binding), stage, binding, &bearing)
}

/// Lays out pass by pass, from what is foretold on.
pub(crate) fn settled(stage: &Arc<Stage>, filing: &Filing) -> Result<Settled, RenderError> {
    let plain = Fit::default();
    let data = compose::page_data(filing, &plain, stage.advances());
    let side = form::colophon_side(filing.document().form);
    let first = Fit::foretold(foretell::last_side(&data), side);
    let data = compose::refit(data, filing, (&plain, &first), stage.advances());
    settled_from(stage, filing, first, data)
}

/// Goes on until the pages settle. Most filings do in one or two passes: the first takes the
/// standard's own measures, the next gives way where they do not fit. Asking for places inside the
/// templates instead would not always settle.
fn settled_from(
    stage: &Arc<Stage>,
    filing: &Filing,
    mut fit: Fit,
    mut data: PageData,
) -> Result<Settled, RenderError> {
    let long_recipients = compose::has_long_recipients(filing);
    let side = form::colophon_side(filing.document().form);
    let mark_steps = masthead::mark_steps(filing.document());
    for _ in 0..MOST_PASSES {
        let world = FilingWorld::new(Arc::clone(stage), &data, filing.source())
            .map_err(RenderError::PageData)?;
        let document = world.compile()?;
        let marks = Marks::of(&document, side, long_recipients, mark_steps)?;
        let next = fit.next(&marks);
        if world.data_size() > LARGE {
            forget(&fit, next.as_ref());
        }
        match next {
            Some(next) => {
                data = compose::refit(data, filing, (&fit, &next), stage.advances());
                fit = next;
            }
            None if marks.colophon_is_settled() => return Ok(Settled { world, document, fit }),
            None => return Err(RenderError::Unsettled),
        }
    }
    Err(RenderError::Unsettled)
}

/// Drops what Typst remembers of a large filing and will not be asked for again: of passes long past,
/// and everything once the pages stand or another pitch moves them all.
fn forget(fit: &Fit, next: Option<&Fit>) {
    let goes_on = next.is_some_and(|next| next.has_pitch_of(fit));
    comemo::evict(if goes_on { LARGE_AGE } else { 0 });
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::{Fit, compose, settled, settled_from};
    use crate::render::engine::world::{Stage, THEME};
    use crate::render::fonts::font_set::FontSet;
    use crate::submission::read::Posted;
    use crate::validate::validate;

    /// Text that ends on odd sides and on even ones, with room for the colophon and without, and a
    /// colophon longer than a side.
    const FIXTURES: [&str; 6] = [
        "bazhong-2021-38",
        "recipients-wrapped",
        "text-to-the-foot",
        "masthead-long-name",
        "copies-over-a-side",
        "sealed-five",
    ];

    #[test]
    fn what_is_foretold_changes_the_passes_and_not_the_pages() {
        let stage = &Arc::new(Stage::new(FontSet::bundled(), THEME));
        for name in FIXTURES {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid");
            let body = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
            let posted = Posted::read(&body).unwrap();
            let filing = &validate(posted, stage.fonts().coverage()).unwrap().filing;
            let expected = settled(stage, filing).unwrap();
            for first in
                [Fit::default(), Fit { page_breaks: 1, is_foretold: true, ..Fit::default() }]
            {
                let data = compose::page_data(filing, &first, stage.advances());
                let settled = settled_from(stage, filing, first, data).unwrap();
                assert_eq!(settled.world.files(), expected.world.files(), "{name}");
                assert_eq!(settled.fit.last_numbered, expected.fit.last_numbered, "{name}");
            }
        }
    }

    #[test]
    fn the_seed_filing_takes_one_pass() {
        let body = include_bytes!("../../../fixtures/valid/bazhong-2021-38.json");
        let stage = &Arc::new(Stage::new(FontSet::bundled(), THEME));
        let posted = Posted::read(body).unwrap();
        let filing = &validate(posted, stage.fonts().coverage()).unwrap().filing;
        let settled = settled(stage, filing).unwrap();
        assert_eq!((settled.fit.page_breaks, settled.fit.is_foretold), (1, true));
    }
}
