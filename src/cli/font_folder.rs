//! The fonts a command uses.

use std::path::Path;

use crate::cli::error::CliError;
use crate::render::fonts::font_set::FontSet;

/// Loads the bundled fonts, preceded by those of `folder` if it is given.
pub fn font_set(folder: Option<&Path>) -> Result<FontSet, CliError> {
    match folder {
        Some(folder) => Ok(FontSet::with_folder(folder)?),
        None => Ok(FontSet::bundled()),
    }
}
