//! The result of one line of a batch.

use std::error::Error;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::cli::atomic_file::{Part, Whole};
use crate::cli::batch::lines::Line;
use crate::generate::{GenerateError, Generated, UnreadableJson, generate};
use crate::render::typesetter::Typesetter;
use crate::validate::findings::violation::{Findings, Violation};

/// The result of a line. Its file is a `Part` until it is synced, then a `Whole`.
pub(crate) enum LineResult<F> {
    /// A filing.
    Made {
        /// 发文字号 as printed.
        document_number: String,
        /// Number of pages.
        pages: usize,
        /// The SHA-256 of the file, in hexadecimal.
        sha256: String,
        /// Warnings, which do not prevent the filing.
        warnings: Vec<Violation>,
        /// The file; it gets its name after those of all earlier lines.
        file: F,
    },
    /// The rules refuse the line.
    Refused(Findings),
    /// The line is not JSON.
    Unreadable(UnreadableJson),
    /// The line is longer than a request body may be, and was not read.
    TooLong,
    /// The program failed; the cause is logged.
    Failed,
}

impl LineResult<Part> {
    /// Syncs the file to disk.
    pub(crate) fn sync(self) -> io::Result<LineResult<Whole>> {
        Ok(match self {
            Self::Made { document_number, pages, sha256, warnings, file } => {
                let file = file.sync()?;
                LineResult::Made { document_number, pages, sha256, warnings, file }
            }
            Self::Refused(findings) => LineResult::Refused(findings),
            Self::Unreadable(unreadable) => LineResult::Unreadable(unreadable),
            Self::TooLong => LineResult::TooLong,
            Self::Failed => LineResult::Failed,
        })
    }
}

/// Renders the filing of a line. The temporary name of its file contains the line's number.
///
/// # Errors
/// Returns the `io::Error` if the file cannot be written. This ends the batch, since the next one
/// could not be written either.
pub(crate) fn render_line(
    line: &Line,
    typesetter: &Typesetter,
    folder: &Path,
) -> io::Result<LineResult<Part>> {
    match &line.body {
        Some(body) => result_of(|| generate(body, typesetter), line.number, folder),
        None => Ok(LineResult::TooLong),
    }
}

fn result_of(
    generate: impl FnOnce() -> Result<Generated, GenerateError>,
    line: usize,
    folder: &Path,
) -> io::Result<LineResult<Part>> {
    // The panic hook has logged the panic. The typesetter's shared state is safe to use afterwards,
    // as it is when a request panics.
    let generated = catch_unwind(AssertUnwindSafe(generate));
    Ok(match generated {
        Ok(Ok(generated)) => write_part(generated, &folder.join(line.to_string()))?,
        Ok(Err(GenerateError::Refused(findings))) => LineResult::Refused(findings),
        Ok(Err(GenerateError::Unreadable(unreadable))) => LineResult::Unreadable(unreadable),
        Ok(Err(GenerateError::Render(error))) => {
            let cause = error.source();
            tracing::error!(line, error = %error, cause, "rendering failed");
            LineResult::Failed
        }
        Err(_) => LineResult::Failed,
    })
}

fn write_part(generated: Generated, path: &Path) -> io::Result<LineResult<Part>> {
    let mut part = Part::beside(path)?;
    part.write_all(&generated.pdf)?;
    Ok(LineResult::Made {
        document_number: generated.document.document_number.to_string(),
        pages: generated.pages,
        sha256: generated.pdf_sha256,
        warnings: generated.warnings,
        file: part,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{LineResult, result_of};
    use crate::generate::GenerateError;
    use crate::render::error::RenderError;

    #[test]
    fn a_panic_or_render_error_fails_only_its_line() {
        let panics = result_of(|| panic!("a fault"), 1, Path::new("nowhere"));
        assert!(matches!(panics, Ok(LineResult::Failed)));
        let fails = || Err(GenerateError::Render(RenderError::Unsettled));
        assert!(matches!(result_of(fails, 1, Path::new("nowhere")), Ok(LineResult::Failed)));
    }
}
