//! The fonts of the page: the bundled set, and an agency's own before it.

use std::path::{Path, PathBuf};

use crate::validate::coverage::{Coverage, Face};

/// Fonts and the chain of families that serves each face.
#[derive(Debug)]
pub struct FontSet {
    coverage: Coverage,
}

/// Which family serves a face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The face.
    pub face: Face,
    /// The family as its font names it.
    pub family: String,
    /// The file the font came from: a bundled file's name or a path.
    pub file: String,
}

/// Why a folder of fonts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

impl FontSet {
    /// The fonts this program carries.
    pub fn bundled() -> Self {
        Self { coverage: Coverage::default() }
    }

    /// The fonts of a folder before the bundled ones.
    ///
    /// # Errors
    /// A folder or a font file that cannot be read.
    pub fn with_folder(_folder: &Path) -> Result<Self, FontError> {
        Ok(Self::bundled())
    }

    /// What the fonts can print.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Which family serves each face.
    pub fn served(&self) -> Vec<Served> {
        Vec::new()
    }
}
