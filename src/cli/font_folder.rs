//! The fonts a command uses.

use std::path::Path;

use crate::cli::error::CliError;
use crate::render::fonts::font_set::FontSet;

/// The bundled fonts, behind those of a folder where one is given.
pub fn font_set(folder: Option<&Path>) -> Result<FontSet, CliError> {
    match folder {
        Some(folder) => Ok(FontSet::with_folder(folder)?),
        None => Ok(FontSet::bundled()),
    }
}
