//! From a `Filing` to the bytes of a PDF/A, by Typst.

pub mod fonts;

use crate::render::fonts::FontSet;
use crate::validate::coverage::Coverage;
use crate::validate::filing::Filing;

/// Sets filings in type; made once, shared by all threads.
#[derive(Debug)]
pub struct Typesetter {
    fonts: FontSet,
}

/// A finished filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF/A file.
    pub pdf: Vec<u8>,
    /// Number of page sides.
    pub pages: usize,
}

/// Why a filing could not be set.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Typst refused or warned; both mean that the page would not be as it should.
    #[error("typesetting failed: {0}")]
    Typst(String),
}

impl Typesetter {
    /// Sets with these fonts and no other.
    pub fn new(fonts: FontSet) -> Self {
        Self { fonts }
    }

    /// What the fonts can print.
    pub fn coverage(&self) -> &Coverage {
        self.fonts.coverage()
    }

    /// Sets a filing in type and exports it.
    ///
    /// # Errors
    /// Where Typst fails or warns.
    pub fn typeset(&self, _filing: &Filing) -> Result<Printed, RenderError> {
        Err(RenderError::Typst("not written yet".to_owned()))
    }
}
