//! Lays a filing out, pass by pass, until everything stands where the standard wants it.

use std::sync::Arc;

use typst::diag::{SourceDiagnostic, Warned};
use typst_layout::PagedDocument;

use crate::render::RenderError;
use crate::render::compose;
use crate::render::compose_masthead;
use crate::render::fit::Fit;
use crate::render::form;
use crate::render::marks::Marks;
use crate::render::page_data::PageData;
use crate::render::turn;
use crate::render::world::{FilingWorld, Stage};
use crate::validate::filing::Filing;

/// More passes than all steps of a `Fit` together can ask for.
const MOST_PASSES: usize = 40;

/// Lays out the pages. Most filings settle in one or two passes: the first takes the standard's
/// own measures, the next gives way where they do not fit. Asking for places inside the templates
/// instead would not always settle.
pub(super) fn lay_out(stage: &Arc<Stage>, filing: &Filing) -> Result<PagedDocument, RenderError> {
    let mut fit = Fit::default();
    let long_recipients = compose::has_long_recipients(filing);
    let side = form::colophon_side(filing.document().form);
    let mark_steps = compose_masthead::mark_steps(filing.document());
    for _ in 0..MOST_PASSES {
        let data = compose::page_data(filing, &fit);
        let document = compile(stage, &data, filing.source())?;
        let marks = Marks::of(&document, side, long_recipients, mark_steps)?;
        match fit.next(&marks) {
            Some(next) => fit = next,
            None if marks.colophon_is_settled() => {
                return Ok(turn::upright(document, filing.document().binding));
            }
            None => return Err(RenderError::Unsettled),
        }
    }
    Err(RenderError::Unsettled)
}

fn compile(
    stage: &Arc<Stage>,
    data: &PageData,
    source: &[u8],
) -> Result<PagedDocument, RenderError> {
    let data = serde_json::to_vec(data).map_err(RenderError::PageData)?;
    let world = FilingWorld::new(Arc::clone(stage), data, source.to_vec());
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let document = output.map_err(|errors| RenderError::Typst(messages(&errors)))?;
    // A warning is a page that is not as it should be: an unknown font, a layout not settled.
    if !warnings.is_empty() {
        return Err(RenderError::Typst(messages(&warnings)));
    }
    Ok(document)
}

/// What Typst said, for the log.
pub(super) fn messages(diagnostics: &[SourceDiagnostic]) -> Vec<String> {
    diagnostics.iter().map(|diagnostic| diagnostic.message.to_string()).collect()
}
