//! The letter that the tests sign.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The folder of PDFs as offices hand them in.
pub(crate) fn folder() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.join("../fixtures/handed-in")
}

/// A letter of one page. It is a fixture, as these tests render nothing.
pub(crate) static LETTER: LazyLock<Vec<u8>> =
    LazyLock::new(|| fs::read(folder().join("letter-pikepdf.pdf")).unwrap());
