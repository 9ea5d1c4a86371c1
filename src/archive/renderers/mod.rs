//! Renderers, which filings name: each is a manifest and the files that can remake its filings.

pub mod release;
pub mod kept;
pub mod agency_fonts;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::OnceCell;

use crate::archive::objects::Object;

/// What decides the bytes of filings: a build of the program with its fonts.
#[derive(Debug, Clone)]
pub struct Renderer {
    /// The SHA-256 of the manifest, which is the name of the renderer.
    pub sha256: String,
    /// The manifest, in canonical JSON.
    pub manifest: Bytes,
    /// The version of the program.
    pub version: String,
    /// The files that are kept with it.
    pub files: Vec<RendererFile>,
}

/// A file of a renderer.
#[derive(Debug, Clone)]
pub struct RendererFile {
    /// What it is.
    pub role: FileRole,
    /// The target of a program, or the file name of a font.
    pub name: String,
    /// Its SHA-256 and length.
    pub object: Object,
    /// Where its bytes are.
    pub content: Content,
}

/// What a file of a renderer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRole {
    /// The program, for one target.
    Program,
    /// A font of the office. Its licence may forbid passing it on, so it is never exported.
    Font,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub enum Content {
    /// In memory.
    Bytes(Bytes),
    /// In a file.
    File(PathBuf),
}

/// The renderer that new filings name, and whether the archive has it.
#[derive(Debug)]
pub struct OwnRenderer {
    renderer: Renderer,
    /// The renderer of this process, if this one is the same program with the fonts of an agency.
    base: Option<Arc<Self>>,
    released: OnceCell<()>,
}

impl OwnRenderer {
    /// The renderer of this process.
    pub(crate) fn new(renderer: Renderer) -> Self {
        Self { renderer, base: None, released: OnceCell::new() }
    }

    /// The same program with the fonts of an agency.
    pub fn with_fonts(base: &Arc<Self>, renderer: Renderer) -> Self {
        Self { renderer, base: Some(Arc::clone(base)), released: OnceCell::new() }
    }

    /// What it is.
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }
}

impl FileRole {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Font => "font",
        }
    }
}
