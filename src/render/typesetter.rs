//! Sets filings in type.

use crate::render::engine::{export, picture, world};
use crate::render::error::RenderError;
use crate::render::layout;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use typst_layout::PagedDocument;

use crate::render::engine::picture::{Drawn, Width};
use crate::render::engine::world::Stage;
use crate::render::fonts::font_set::FontSet;
use crate::validate::filing::Filing;
use crate::validate::text::font_coverage::FontCoverage;

/// Memo entries of Typst older than this many filings are dropped: text seldom repeats, and
/// without eviction the cache grows by more than a megabyte a filing. Of 4 instead of 2 the memory
/// after hundreds of filings is 16 MB more and the time the same; of 0 it takes 3 % longer.
const MEMO_AGE: usize = 2;

/// Sets filings in type; made once, shared by all threads.
#[derive(Debug, Clone)]
pub struct Typesetter {
    stage: Arc<Stage>,
}

/// A finished filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The file, PDF/A-3a and PDF/UA-1.
    pub pdf: Vec<u8>,
    /// Number of page sides, always even (V-3).
    pub pages: usize,
}

impl Typesetter {
    /// Sets with these fonts and no other.
    pub fn new(fonts: FontSet) -> Self {
        Self::with_theme(fonts, world::THEME)
    }

    /// Sets with another `theme.typ`. The page's own tests move one length at a time this way, to
    /// show that none could move unseen.
    pub fn with_theme(fonts: FontSet, theme: &str) -> Self {
        Self { stage: Arc::new(Stage::new(fonts, theme)) }
    }

    /// The fonts and what they can print.
    pub fn fonts(&self) -> &FontSet {
        self.stage.fonts()
    }

    /// What the fonts can print.
    pub fn coverage(&self) -> &FontCoverage {
        self.stage.fonts().coverage()
    }

    /// Sets a filing in type and exports it. The same filing gives the same bytes on every thread
    /// and in every process of one build.
    ///
    /// # Errors
    /// Where Typst fails or warns, or the export finds what PDF/A or PDF/UA forbids.
    pub fn typeset(&self, filing: &Filing) -> Result<Printed, RenderError> {
        let printed =
            self.pages(filing).and_then(|pages| export::export(&pages, filing.document()));
        forget(MEMO_AGE);
        printed
    }

    /// The laid-out pages, before they become a file.
    ///
    /// # Errors
    /// Where Typst fails or warns.
    pub fn lay_out(&self, filing: &Filing) -> Result<PagedDocument, RenderError> {
        let pages = self.pages(filing);
        forget(MEMO_AGE);
        pages
    }

    /// All that Typst sees of a filing in the pass whose pages stand, by path, but for the fonts.
    /// Another program with Typst in it makes the same pages of these, without their numbers
    /// (`benches/peers/`).
    ///
    /// # Errors
    /// Where Typst fails or warns.
    pub fn files(&self, filing: &Filing) -> Result<BTreeMap<String, Vec<u8>>, RenderError> {
        let settled = layout::settled(&self.stage, filing);
        forget(MEMO_AGE);
        let owned = |(path, bytes): (&str, &[u8])| (path.to_owned(), bytes.to_vec());
        settled.map(|settled| settled.world.files().into_iter().map(owned).collect())
    }

    /// Draws a side, counted from 1, as a picture of so many pixels' width. Nothing is exported.
    ///
    /// # Errors
    /// Where Typst fails or warns.
    pub fn draw(
        &self,
        filing: &Filing,
        side: NonZeroUsize,
        width: Width,
    ) -> Result<Drawn, RenderError> {
        picture::draw(&self.lay_out(filing)?, side, width)
    }

    fn pages(&self, filing: &Filing) -> Result<PagedDocument, RenderError> {
        layout::lay_out(&self.stage, filing)
    }
}

/// Drops what Typst remembers and has not been asked for while so many filings were made.
#[tracing::instrument(level = "debug")]
fn forget(age: usize) {
    comemo::evict(age);
}
