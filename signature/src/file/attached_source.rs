//! The source that a filing's PDF carries as an attached file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Dictionary, Document, Object};

use crate::file::PdfFile;
use crate::file::unreadable_pdf::UnreadablePdf;

/// The name of the attached file.
const NAME: &[u8] = b"source.json";

/// More attached files are not searched.
const MAX_FILES: usize = 100;

/// The source attached to the first revision of a PDF, at most `max_bytes` long. Returns `None` if there
/// is none, or a longer one.
///
/// # Errors
/// Fails if the file is rejected as unreadable, also when the PDF reader panics.
pub fn attached_source(bytes: &[u8], max_bytes: usize) -> Result<Option<Vec<u8>>, UnreadablePdf> {
    let read = || Ok(content(&PdfFile::open(bytes)?.document(0)?, max_bytes));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(UnreadablePdf::Broken))
}

fn content(document: &Document, max_bytes: usize) -> Option<Vec<u8>> {
    let files = document.catalog().ok()?.get_deref(b"AF", document).ok()?.as_array().ok()?;
    let named = files.iter().take(MAX_FILES).find_map(|file| source_in(document, file))?;
    let stream = named.get_deref(b"F", document).ok()?.as_stream().ok()?;
    stream.decompressed_content_with_limit(max_bytes).ok()
}

/// The embedded files of a file specification, if it has the name of the source.
fn source_in<'d>(document: &'d Document, file: &'d Object) -> Option<&'d Dictionary> {
    let specification = document.dereference(file).ok()?.1.as_dict().ok()?;
    let name = specification.get_deref(b"F", document).ok()?.as_str().ok()?;
    if name != NAME {
        return None;
    }
    specification.get_deref(b"EF", document).ok()?.as_dict().ok()
}
