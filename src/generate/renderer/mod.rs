//! What decides the bytes of filings: the renderer of this process and kept builds of earlier ones.

pub mod manifest;
pub mod confinement;
pub mod kept_builds;

use std::path::PathBuf;

/// A kept build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBuild {
    /// Its name for staff.
    pub name: String,
    /// The program.
    pub program: PathBuf,
    /// The folder of the office's own fonts.
    pub fonts: Option<PathBuf>,
}
