//! 页码: laid out once, the same for every filing, and set on its finished sides (N-1 to N-7).
//!
//! A template that asks for the number of its page has to be laid out twice, since Typst knows the
//! number only when the pages stand. Here it is known.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use typst::layout::{FrameItem, Point};
use typst::model::Document;
use typst_layout::PagedDocument;

use crate::document::masthead::Binding;
use crate::render::engine::world::{FilingWorld, Stage};
use crate::render::error::RenderError;

/// How many numbers are laid out at once; even, so that each run of them begins with an odd one.
const SHEAF: usize = 32;

/// What a number draws, and where on its side.
type Folio = Vec<(Point, FrameItem)>;

/// The numbers laid out at once, in their order.
type Sheaf = Arc<Vec<Folio>>;

/// The numbers laid out so far, by how the sheets are bound and by the sheaf.
#[derive(Debug, Default)]
pub(crate) struct Folios {
    sheaves: Mutex<BTreeMap<(bool, usize), Sheaf>>,
}

/// What `data.cbor` holds for the template of numbers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct FolioData {
    mirrored: bool,
    numbers: Vec<FolioNumber>,
}

#[derive(Debug, Serialize)]
struct FolioNumber {
    text: String,
    /// `right` on odd sides, `left` on even ones (N-4).
    side: &'static str,
}

/// The same sides with their numbers, as far as they bear one (N-5, N-7).
pub(crate) fn numbered(
    document: &PagedDocument,
    stage: &Arc<Stage>,
    binding: Binding,
    bearing: &RangeInclusive<usize>,
) -> Result<PagedDocument, RenderError> {
    let mut pages = document.pages().to_vec();
    for (index, page) in pages.iter_mut().enumerate() {
        if !bearing.contains(&(index + 1)) {
            continue;
        }
        let sheaf = sheaf(stage, binding == Binding::Mirrored, index / SHEAF)?;
        for (position, item) in &sheaf[index % SHEAF] {
            page.frame.push(*position, item.clone());
        }
    }
    Ok(PagedDocument::new(pages.into(), document.info().clone()))
}

fn sheaf(stage: &Arc<Stage>, mirrored: bool, number: usize) -> Result<Sheaf, RenderError> {
    let key = (mirrored, number);
    // Two threads may lay out the same numbers at once; what they make is the same.
    let known = |folios: &Folios| {
        let sheaves = folios.sheaves.lock().unwrap_or_else(PoisonError::into_inner);
        sheaves.get(&key).cloned()
    };
    if let Some(sheaf) = known(stage.folios()) {
        return Ok(sheaf);
    }
    let made = Arc::new(lay_out(stage, mirrored, number * SHEAF)?);
    let mut sheaves = stage.folios().sheaves.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Arc::clone(sheaves.entry(key).or_insert(made)))
}

/// The numbers behind `before`, each on a side with nothing else on it.
fn lay_out(stage: &Arc<Stage>, mirrored: bool, before: usize) -> Result<Vec<Folio>, RenderError> {
    let number = |number: usize| FolioNumber {
        text: number.to_string(),
        side: if number.is_multiple_of(2) { "left" } else { "right" },
    };
    let numbers = (before + 1..=before + SHEAF).map(number).collect();
    let world = FilingWorld::of_folios(Arc::clone(stage), &FolioData { mirrored, numbers })
        .map_err(RenderError::PageData)?;
    let document = world.compile()?;
    let items = |page: &typst_layout::Page| page.frame.items().cloned().collect();
    Ok(document.pages().iter().map(items).collect())
}
