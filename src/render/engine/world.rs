//! The Typst world of a filing: templates, fonts and data, without disk, network or clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;

use crate::render::engine::page_number_cache::PageNumberCache;
use crate::render::error::{PageDataError, RenderError};
use crate::render::fonts::advances::Advances;
use crate::render::fonts::font_set::FontSet;
use crate::render::page_data::{PageData, ThemeFit};

macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../typst-templates/", $name)))
    };
}

/// The templates, under the paths by which they import each other.
const TEMPLATES: [(&str, &str); 18] = [
    template!("main.typ"),
    template!("report.typ"),
    template!("letter.typ"),
    template!("command.typ"),
    template!("main-part.typ"),
    template!("page.typ"),
    template!("page-number.typ"),
    template!("page-numbers.typ"),
    template!("closing-step.typ"),
    template!("masthead.typ"),
    template!("runs.typ"),
    template!("body.typ"),
    template!("table.typ"),
    template!("attached.typ"),
    template!("sign-off.typ"),
    template!("unsealed.typ"),
    template!("colophon.typ"),
    template!("transfer-form.typ"),
];

/// The only template with lengths, sizes, typefaces and colours.
pub(crate) const THEME: &str = include_str!("../../../typst-templates/theme.typ");

/// The Typst library, fonts and templates that all filings share.
#[derive(Debug)]
pub(crate) struct Engine {
    library: LazyHash<Library>,
    fonts: FontSet,
    advances: Advances,
    sources: Vec<Source>,
    font_chains: Bytes,
    page_numbers: PageNumberCache,
    main_id: FileId,
    page_numbers_id: FileId,
    transfer_form_id: FileId,
    data_id: FileId,
    theme_fit_id: FileId,
    source_id: FileId,
    chains_id: FileId,
}

/// The world of one filing: the engine, the page data and the source.
pub(crate) struct FilingWorld {
    engine: Arc<Engine>,
    main: FileId,
    data: Bytes,
    theme_fit: Bytes,
    source: Bytes,
}

/// Typst never frees file ids and has few of them, so the data of every filing uses the same id.
fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("paths in this file are valid");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// CBOR keeps numbers as numbers; JSON does not, with serde_json's `arbitrary_precision`.
fn to_cbor(data: &impl Serialize) -> Result<Bytes, PageDataError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(data, &mut bytes)?;
    Ok(Bytes::new(bytes))
}

/// Typst's library with row headers of tables, which it calls experimental.
fn library() -> Library {
    Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build()
}

impl Engine {
    pub(crate) fn new(fonts: FontSet, theme: &str) -> Self {
        fonts.hash_in_background();
        let source = |(path, text): (&str, &str)| Source::new(file_id(path), text.to_owned());
        let texts = TEMPLATES.into_iter().chain([("theme.typ", theme)]);
        let sources = texts.map(source).collect();
        let chains = serde_json::to_vec(fonts.chains()).expect("family names are plain strings");
        Self {
            library: LazyHash::new(library()),
            advances: Advances::of(&fonts),
            fonts,
            sources,
            font_chains: Bytes::new(chains),
            page_numbers: PageNumberCache::default(),
            main_id: file_id("main.typ"),
            page_numbers_id: file_id("page-numbers.typ"),
            transfer_form_id: file_id("transfer-form.typ"),
            data_id: file_id("data.cbor"),
            theme_fit_id: file_id("fit.cbor"),
            source_id: file_id("source.json"),
            chains_id: file_id("fonts.json"),
        }
    }

    pub(crate) fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    /// The templates, by path.
    pub(crate) fn templates(&self) -> BTreeMap<&str, &str> {
        let path = |id: FileId| id.get().vpath().get_without_slash();
        self.sources.iter().map(|source| (path(source.id()), source.text())).collect()
    }

    pub(crate) fn page_numbers(&self) -> &PageNumberCache {
        &self.page_numbers
    }

    pub(crate) fn advances(&self) -> &Advances {
        &self.advances
    }
}

impl FilingWorld {
    /// The world of a filing; page data is passed as CBOR, the source as JSON.
    pub(crate) fn new(
        engine: Arc<Engine>,
        data: &PageData,
        source: &[u8],
    ) -> Result<Self, PageDataError> {
        Ok(Self {
            main: engine.main_id,
            engine,
            data: to_cbor(data)?,
            theme_fit: to_cbor(&data.theme_fit)?,
            source: Bytes::new(source.to_vec()),
        })
    }

    /// The world of the template that prints only page numbers.
    pub(crate) fn of_page_numbers(
        engine: Arc<Engine>,
        data: &impl Serialize,
    ) -> Result<Self, PageDataError> {
        Self::of_template(engine.page_numbers_id, engine, data)
    }

    /// The world of the template of 移交与接收登记表.
    pub(crate) fn of_transfer_form(
        engine: Arc<Engine>,
        data: &impl Serialize,
    ) -> Result<Self, PageDataError> {
        Self::of_template(engine.transfer_form_id, engine, data)
    }

    /// The world of a template that is not the page of a filing.
    fn of_template(
        main: FileId,
        engine: Arc<Engine>,
        data: &impl Serialize,
    ) -> Result<Self, PageDataError> {
        Ok(Self {
            main,
            engine,
            data: to_cbor(data)?,
            theme_fit: to_cbor(&ThemeFit::default())?,
            source: Bytes::new([]),
        })
    }

    /// Lays out the pages.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(crate) fn compile(&self) -> Result<PagedDocument, RenderError> {
        let Warned { output, warnings } = typst::compile::<PagedDocument>(self);
        let document = output.map_err(|errors| RenderError::Typst(messages(&errors)))?;
        // A warning means a wrong page: an unknown font, a layout that did not converge.
        if !warnings.is_empty() {
            return Err(RenderError::Typst(messages(&warnings)));
        }
        Ok(document)
    }

    /// Every file except the fonts, by path.
    pub(crate) fn files(&self) -> BTreeMap<&str, &[u8]> {
        let path = |id: FileId| id.get().vpath().get_without_slash();
        let sources = &self.engine.sources;
        let templates = sources.iter().map(|source| (source.id(), source.text().as_bytes()));
        let data = [
            (self.engine.data_id, &self.data),
            (self.engine.theme_fit_id, &self.theme_fit),
            (self.engine.source_id, &self.source),
            (self.engine.chains_id, &self.engine.font_chains),
        ];
        let data = data.into_iter().map(|(id, bytes)| (id, bytes.as_slice()));
        templates.chain(data).map(|(id, bytes)| (path(id), bytes)).collect()
    }

    /// The size of the page data in bytes.
    pub(crate) fn data_size(&self) -> usize {
        self.data.len()
    }
}

impl World for FilingWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.engine.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.engine.sources.iter().find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.engine.data_id {
            Ok(self.data.clone())
        } else if id == self.engine.theme_fit_id {
            Ok(self.theme_fit.clone())
        } else if id == self.engine.source_id {
            Ok(self.source.clone())
        } else if id == self.engine.chains_id {
            Ok(self.engine.font_chains.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts.font(index)
    }

    /// Templates have no date: a page depends only on its input.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The messages of Typst's errors or warnings, for the log.
pub(crate) fn messages(diagnostics: &[SourceDiagnostic]) -> Vec<String> {
    diagnostics.iter().map(|diagnostic| diagnostic.message.to_string()).collect()
}
