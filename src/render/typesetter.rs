//! Typesets filings: the entry point of this layer.

use crate::render::engine::export::{self, Printed};
use crate::render::error::RenderError;
use crate::render::layout;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use typst_layout::PagedDocument;

use crate::render::engine::page_pictures::{self, PagePicture, Wanted};
use crate::render::engine::page_text::{self, PrintedCharacter};
use crate::render::engine::picture::{self, Drawn, Width};
use crate::render::engine::transfer_form::TransferForm;
use crate::render::engine::world::{self, Engine, FilingWorld};
use crate::render::fonts::font_set::FontSet;
use crate::render::memory::LayoutMemory;
use crate::render::page_data::PageData;
use crate::render::title::dictionary::WORDS;
use crate::validate::filing::Filing;
use crate::validate::text::font_coverage::FontCoverage;

/// Filings after which Typst drops unused cache entries. Text seldom repeats, and without eviction
/// the cache grows by more than a megabyte per filing. With 4, memory after hundreds of filings is
/// 16 MB higher and the time is the same; with 0, a filing takes 3 % longer.
const CACHE_AGE: usize = 2;

/// Typesets filings. Created once and shared by all threads.
#[derive(Debug, Clone)]
pub struct Typesetter {
    engine: Arc<Engine>,
    memory: LayoutMemory,
}

impl Typesetter {
    /// Typesets with these fonts only.
    pub fn new(fonts: FontSet) -> Self {
        Self::with_theme(fonts, world::THEME)
    }

    /// Typesets with another `theme.typ`, for tests that change one length at a time or read the
    /// theme's values.
    pub fn with_theme(fonts: FontSet, theme: &str) -> Self {
        Self { engine: Arc::new(Engine::new(fonts, theme)), memory: LayoutMemory::new() }
    }

    /// The same with other fonts. Both share the memory for layouts.
    pub fn with_fonts(&self, fonts: FontSet) -> Self {
        Self { engine: Arc::new(Engine::new(fonts, world::THEME)), memory: self.memory.clone() }
    }

    /// The fonts and the characters they can print.
    pub fn fonts(&self) -> &FontSet {
        self.engine.fonts()
    }

    /// The templates, by path.
    pub fn templates(&self) -> BTreeMap<&str, &str> {
        self.engine.templates()
    }

    /// The dictionary by which titles are broken.
    pub fn dictionary(&self) -> &'static str {
        WORDS
    }

    /// The characters that the fonts can print.
    pub fn coverage(&self) -> &FontCoverage {
        self.engine.fonts().coverage()
    }

    /// Typesets a filing and exports it. The same filing gives the same bytes on every thread and in
    /// every process of one build.
    ///
    /// # Errors
    /// Fails if Typst reports an error or a warning, or if the pages violate PDF/A or PDF/UA. This is
    /// a fault of the program or its fonts; trying again does not help.
    pub fn typeset(&self, filing: &Filing) -> Result<Printed, RenderError> {
        let _memory = self.memory.reserve(filing.weight());
        let number = filing.document().document_number.to_string();
        let printed = self.pages(filing).and_then(|pages| export::export(&pages, &number));
        evict(CACHE_AGE);
        printed
    }

    /// Typesets 移交与接收登记表 as PDF/A. The same form gives the same bytes.
    ///
    /// # Errors
    /// Like `typeset`.
    pub fn transfer_form(&self, form: &TransferForm) -> Result<Vec<u8>, RenderError> {
        let world = FilingWorld::of_transfer_form(Arc::clone(&self.engine), form)
            .map_err(RenderError::PageData)?;
        let pages = world.compile()?;
        Ok(export::export(&pages, &form.package)?.pdf)
    }

    /// Lays out the pages without exporting them.
    ///
    /// # Errors
    /// Fails if Typst reports an error or a warning.
    pub fn lay_out(&self, filing: &Filing) -> Result<PagedDocument, RenderError> {
        let _memory = self.memory.reserve(filing.weight());
        let pages = self.pages(filing);
        evict(CACHE_AGE);
        pages
    }

    /// The texts of the pages without line ends, for another format of the same document.
    ///
    /// # Errors
    /// Fails if Typst reports an error or a warning.
    pub fn unbroken_texts(&self, filing: &Filing) -> Result<PageData, RenderError> {
        let _memory = self.memory.reserve(filing.weight());
        let texts = layout::unbroken(&self.engine, filing);
        evict(CACHE_AGE);
        texts
    }

    /// The files that Typst reads in the final pass, by path, without the fonts. Another program that
    /// embeds Typst makes the same pages from them, except for the page numbers (`benches/peers/`).
    ///
    /// # Errors
    /// Fails if Typst reports an error or a warning.
    pub fn files(&self, filing: &Filing) -> Result<BTreeMap<String, Vec<u8>>, RenderError> {
        let settled = layout::settled(&self.engine, filing);
        evict(CACHE_AGE);
        let owned = |(path, bytes): (&str, &[u8])| (path.to_owned(), bytes.to_vec());
        settled.map(|settled| settled.world.files().into_iter().map(owned).collect())
    }

    /// Draws a page, counted from 1, as a picture of the given width. Does not export a PDF.
    ///
    /// # Errors
    /// Fails if Typst reports an error or a warning, or if the picture cannot be encoded.
    pub fn draw(
        &self,
        filing: &Filing,
        page: NonZeroUsize,
        width: Width,
    ) -> Result<Drawn, RenderError> {
        picture::draw(&self.lay_out(filing)?, page, width)
    }

    /// Lists the pages of a filing, draws those that are wanted, and reads their text. Does not export
    /// a PDF.
    ///
    /// # Errors
    /// Like `draw`.
    pub fn draw_pages(
        &self,
        filing: &Filing,
        wanted: &Wanted,
    ) -> Result<(Vec<PagePicture>, Vec<PrintedCharacter>), RenderError> {
        let pages = self.lay_out(filing)?;
        Ok((page_pictures::draw_pages(&pages, wanted)?, page_text::page_text(&pages)))
    }

    fn pages(&self, filing: &Filing) -> Result<PagedDocument, RenderError> {
        layout::lay_out(&self.engine, filing)
    }
}

/// Drops cache entries that Typst has not used for `age` filings.
#[tracing::instrument(name = "evict", level = "debug")]
fn evict(age: usize) {
    comemo::evict(age);
}
