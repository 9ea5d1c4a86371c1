//! From a `Filing` to the bytes of a PDF/A: page data, Typst layout, export.

pub mod page_data;
mod fit;
mod form;
mod compose;
mod attached;
mod blocks;
mod tables;
mod parted;
pub mod table_data;
mod table_fit;
mod score_table;
mod project_table;
mod turn;
mod folio;
mod sign_off;
mod addressees;
mod width;
mod compose_masthead;
mod headings;
mod keep;
mod advances;
mod lines;
mod title;
pub mod fonts;
pub mod lane;
mod world;
mod marks;
mod foretell;
mod layout;
mod export;
pub mod picture;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use typst_layout::PagedDocument;

use crate::render::fonts::FontSet;
use crate::render::picture::{Drawn, Width};
use crate::render::world::Stage;
use crate::validate::coverage::Coverage;
use crate::validate::filing::Filing;

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

/// Why an accepted filing could not be set: a fault of the program or its fonts, not of the input.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The page data could not be written as JSON.
    #[error("page data could not be written")]
    PageData(#[source] serde_json::Error),
    /// Typst failed or warned.
    #[error("typesetting failed: {}", .0.join("; "))]
    Typst(Vec<String>),
    /// The colophon did not come to stand on the last, even side.
    #[error("the colophon did not settle on an even last side")]
    Unsettled,
    /// The export refused the laid-out pages.
    #[error("export failed: {}", .0.join("; "))]
    Export(Vec<String>),
    /// A side could not be drawn as a picture.
    #[error("a picture could not be written")]
    Picture(#[from] png::EncodingError),
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
    pub fn coverage(&self) -> &Coverage {
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
