//! The closed world a filing is set in: templates, fonts and data, no disk, no network, no clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;

use crate::render::engine::folio::{FolioData, Folios};
use crate::render::error::{PageDataError, RenderError};
use crate::render::fonts::advances::Advances;
use crate::render::fonts::font_set::FontSet;
use crate::render::page_data::{PageData, ThemeFit};

macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../typst-templates/", $name)))
    };
}

/// The templates, by the paths they import each other under.
const TEMPLATES: [(&str, &str); 16] = [
    template!("main.typ"),
    template!("report.typ"),
    template!("letter.typ"),
    template!("command.typ"),
    template!("main-part.typ"),
    template!("page.typ"),
    template!("page-number.typ"),
    template!("folios.typ"),
    template!("closing-step.typ"),
    template!("masthead.typ"),
    template!("runs.typ"),
    template!("body.typ"),
    template!("table.typ"),
    template!("attached.typ"),
    template!("sign-off.typ"),
    template!("colophon.typ"),
];

/// The one template with lengths, sizes, faces and colours.
pub(crate) const THEME: &str = include_str!("../../../typst-templates/theme.typ");

/// What every filing's world shares.
#[derive(Debug)]
pub(crate) struct Stage {
    library: LazyHash<Library>,
    fonts: FontSet,
    advances: Advances,
    sources: Vec<Source>,
    font_chains: Bytes,
    folios: Folios,
    main_id: FileId,
    folios_id: FileId,
    data_id: FileId,
    theme_fit_id: FileId,
    source_id: FileId,
    chains_id: FileId,
}

/// One filing's world: the stage, its page data and its source.
pub(crate) struct FilingWorld {
    stage: Arc<Stage>,
    main: FileId,
    data: Bytes,
    theme_fit: Bytes,
    source: Bytes,
}

/// File ids are few and never given back, so the data of every filing goes under one fixed id.
fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("a path of this file is well-formed");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// CBOR keeps numbers as numbers; JSON does not, with serde_json's `arbitrary_precision`.
fn to_cbor(data: &impl Serialize) -> Result<Bytes, PageDataError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(data, &mut bytes)?;
    Ok(Bytes::new(bytes))
}

impl Stage {
    pub(crate) fn new(fonts: FontSet, theme: &str) -> Self {
        fonts.hash_ahead();
        let source = |(path, text): (&str, &str)| Source::new(file_id(path), text.to_owned());
        let texts = TEMPLATES.into_iter().chain([("theme.typ", theme)]);
        let sources = texts.map(source).collect();
        let chains = serde_json::to_vec(fonts.chains()).expect("family names are plain strings");
        Self {
            library: LazyHash::new(Library::default()),
            advances: Advances::of(&fonts),
            fonts,
            sources,
            font_chains: Bytes::new(chains),
            folios: Folios::default(),
            main_id: file_id("main.typ"),
            folios_id: file_id("folios.typ"),
            data_id: file_id("data.cbor"),
            theme_fit_id: file_id("fit.cbor"),
            source_id: file_id("source.json"),
            chains_id: file_id("fonts.json"),
        }
    }

    pub(crate) fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    pub(crate) fn folios(&self) -> &Folios {
        &self.folios
    }

    pub(crate) fn advances(&self) -> &Advances {
        &self.advances
    }
}

impl FilingWorld {
    /// Page data as CBOR, and the source as JSON.
    pub(crate) fn new(
        stage: Arc<Stage>,
        data: &PageData,
        source: &[u8],
    ) -> Result<Self, PageDataError> {
        Ok(Self {
            main: stage.main_id,
            stage,
            data: to_cbor(data)?,
            theme_fit: to_cbor(&data.theme_fit)?,
            source: Bytes::new(source.to_vec()),
        })
    }

    /// Page numbers and nothing else.
    pub(crate) fn of_folios(stage: Arc<Stage>, data: &FolioData) -> Result<Self, PageDataError> {
        Ok(Self {
            main: stage.folios_id,
            stage,
            data: to_cbor(data)?,
            theme_fit: to_cbor(&ThemeFit::default())?,
            source: Bytes::new([]),
        })
    }

    /// Lays out what this world holds.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(crate) fn compile(&self) -> Result<PagedDocument, RenderError> {
        let Warned { output, warnings } = typst::compile::<PagedDocument>(self);
        let document = output.map_err(|errors| RenderError::Typst(messages(&errors)))?;
        // A warning is a page that is not as it should be: an unknown font, a layout not settled.
        if !warnings.is_empty() {
            return Err(RenderError::Typst(messages(&warnings)));
        }
        Ok(document)
    }

    /// Everything in it but the fonts, by path.
    pub(crate) fn files(&self) -> BTreeMap<&str, &[u8]> {
        let path = |id: FileId| id.get().vpath().get_without_slash();
        let sources = &self.stage.sources;
        let templates = sources.iter().map(|source| (source.id(), source.text().as_bytes()));
        let data = [
            (self.stage.data_id, &self.data),
            (self.stage.theme_fit_id, &self.theme_fit),
            (self.stage.source_id, &self.source),
            (self.stage.chains_id, &self.stage.font_chains),
        ];
        let data = data.into_iter().map(|(id, bytes)| (id, bytes.as_slice()));
        templates.chain(data).map(|(id, bytes)| (path(id), bytes)).collect()
    }

    /// How many bytes of page data it has.
    pub(crate) fn data_size(&self) -> usize {
        self.data.len()
    }
}

impl World for FilingWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.stage.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.stage.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.stage.sources.iter().find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.stage.data_id {
            Ok(self.data.clone())
        } else if id == self.stage.theme_fit_id {
            Ok(self.theme_fit.clone())
        } else if id == self.stage.source_id {
            Ok(self.source.clone())
        } else if id == self.stage.chains_id {
            Ok(self.stage.font_chains.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.stage.fonts.font(index)
    }

    /// No template may know the day: a page says only what its input says.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// What Typst said, for the log.
pub(crate) fn messages(diagnostics: &[SourceDiagnostic]) -> Vec<String> {
    diagnostics.iter().map(|diagnostic| diagnostic.message.to_string()).collect()
}
