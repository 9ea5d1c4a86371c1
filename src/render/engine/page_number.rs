//! Adds page numbers 页码 to finished pages (N-1 to N-7).
//!
//! Typst knows a page number only after layout, so a template that asks for it is laid out twice. Here
//! numbers are laid out once and added to each page afterwards.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::Serialize;
use typst::model::Document;
use typst_layout::PagedDocument;

use crate::document::masthead::Binding;
use crate::render::engine::page_number_cache::{Key, PageNumber, PageNumbers};
use crate::render::engine::world::{Engine, FilingWorld};
use crate::render::error::RenderError;

/// How many numbers are laid out together. Even, so that each chunk begins with an odd number.
const CHUNK: usize = 32;

/// What `data.cbor` contains for the template of page numbers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct PageNumberData {
    mirrored: bool,
    numbers: Vec<PageNumberEntry>,
}

#[derive(Debug, Serialize)]
struct PageNumberEntry {
    text: String,
    /// `right` on odd pages, `left` on even ones (N-4).
    side: &'static str,
}

/// Returns the same pages with a number on each page in `range` (N-5, N-7).
pub(crate) fn numbered(
    document: &PagedDocument,
    engine: &Arc<Engine>,
    binding: Binding,
    range: &RangeInclusive<usize>,
) -> Result<PagedDocument, RenderError> {
    let mut pages = document.pages().to_vec();
    for (index, page) in pages.iter_mut().enumerate() {
        if !range.contains(&(index + 1)) {
            continue;
        }
        let key = Key { mirrored: binding == Binding::Mirrored, chunk: index / CHUNK };
        let numbers = page_numbers(engine, key)?;
        for (position, item) in &numbers[index % CHUNK] {
            page.frame.push(*position, item.clone());
        }
    }
    Ok(PagedDocument::new(pages.into(), document.info().clone()))
}

/// Two threads may lay out the same chunk at the same time; the results are equal.
fn page_numbers(engine: &Arc<Engine>, key: Key) -> Result<PageNumbers, RenderError> {
    match engine.page_numbers().get(key) {
        Some(numbers) => Ok(numbers),
        None => Ok(engine.page_numbers().insert(key, lay_out(engine, key)?)),
    }
}

/// Lays out the numbers of a chunk, each on an otherwise empty page.
fn lay_out(engine: &Arc<Engine>, key: Key) -> Result<Vec<PageNumber>, RenderError> {
    let entry = |number: usize| PageNumberEntry {
        text: number.to_string(),
        side: if number.is_multiple_of(2) { "left" } else { "right" },
    };
    let before = key.chunk * CHUNK;
    let numbers = (before + 1..=before + CHUNK).map(entry).collect();
    let data = PageNumberData { mirrored: key.mirrored, numbers };
    let world =
        FilingWorld::of_page_numbers(Arc::clone(engine), &data).map_err(RenderError::PageData)?;
    let document = world.compile()?;
    let items = |page: &typst_layout::Page| page.frame.items().cloned().collect();
    Ok(document.pages().iter().map(items).collect())
}
