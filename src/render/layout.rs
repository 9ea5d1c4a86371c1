//! Lays a filing out, and puts its colophon on an even side (V-2, V-3, N-5).

use std::sync::Arc;

use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Content, Label};
use typst::introspection::{DocumentPosition, Introspector, PagedPosition};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::render::RenderError;
use crate::render::page_data::PageData;
use crate::render::world::{FilingWorld, Stage};

/// Where the text ended and how the colophon stood, in the layout without page breaks.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ending {
    text_page: usize,
    /// Whether the colophon's upper rule clears the last line of text.
    has_room: bool,
}

/// Lays out the pages. The first pass leaves the colophon where the text ends; only where that
/// side is odd or full does a second pass move it. Asking for the place inside the template
/// instead would not always settle.
pub(super) fn lay_out(
    stage: &Arc<Stage>,
    mut data: PageData,
    source: &[u8],
) -> Result<PagedDocument, RenderError> {
    let document = compile(stage, &data, source)?;
    let ending = ending(&document)?;
    let breaks = match (ending.text_page % 2, ending.has_room) {
        (0, true) => return settled(document),
        (0, false) => 2,
        _ => 1,
    };
    data.colophon.page_breaks = vec!["even side".to_owned(); breaks];
    if breaks == 2 {
        data.folio.last_numbered = Some(ending.text_page.to_string());
    }
    settled(compile(stage, &data, source)?)
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

fn ending(document: &PagedDocument) -> Result<Ending, RenderError> {
    let text = position(document, "body-end")?;
    let colophon = position(document, "colophon-top")?;
    Ok(Ending { text_page: text.page.get(), has_room: text.point.y < colophon.point.y })
}

fn position(document: &PagedDocument, label: &str) -> Result<PagedPosition, RenderError> {
    let label = Label::new(PicoStr::intern(label)).ok_or(RenderError::Unsettled)?;
    let introspector = document.introspector();
    let found = introspector.query_label(label).ok().and_then(Content::location);
    match found.and_then(|location| Introspector::position(introspector.as_ref(), location)) {
        Some(DocumentPosition::Paged(position)) => Ok(position),
        _ => Err(RenderError::Unsettled),
    }
}

/// The colophon must stand on the last side, and that side must be even (V-2, V-3).
fn settled(document: PagedDocument) -> Result<PagedDocument, RenderError> {
    let pages = document.pages().len();
    let colophon = position(&document, "colophon-top")?;
    if pages.is_multiple_of(2) && colophon.page.get() == pages {
        Ok(document)
    } else {
        Err(RenderError::Unsettled)
    }
}
