//! What becomes of one line of a batch, whatever becomes of the others.

use std::error::Error;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::cli::atomic_file::{Part, Whole};
use crate::cli::batch::lines::Line;
use crate::generate::{GenerateError, Generated, Unreadable, generate};
use crate::render::typesetter::Typesetter;
use crate::validate::findings::violation::{Findings, Violation};

/// What became of a line. Its file is a `Part` while it is written and a `Whole` from then on.
pub(crate) enum Verdict<F> {
    /// A filing.
    Made {
        /// 发文字号 as printed.
        document_number: String,
        /// Number of page sides.
        pages: usize,
        /// The SHA-256 of the file, in hexadecimal.
        sha256: String,
        /// Doubts that did not stop the filing.
        warnings: Vec<Violation>,
        /// The file, which has no name before all lines above it have theirs.
        file: F,
    },
    /// The rules refuse it.
    Refused(Findings),
    /// It is not JSON.
    Unreadable(Unreadable),
    /// It is longer than a body may be, and nobody has read it.
    TooLong,
    /// The program failed at it; the log says how.
    Failed,
}

impl Verdict<Part> {
    /// Waits until its file is on disk.
    pub(crate) fn sync(self) -> io::Result<Verdict<Whole>> {
        Ok(match self {
            Self::Made { document_number, pages, sha256, warnings, file } => {
                let file = file.sync()?;
                Verdict::Made { document_number, pages, sha256, warnings, file }
            }
            Self::Refused(findings) => Verdict::Refused(findings),
            Self::Unreadable(unreadable) => Verdict::Unreadable(unreadable),
            Self::TooLong => Verdict::TooLong,
            Self::Failed => Verdict::Failed,
        })
    }
}

/// Makes the filing of a line. The name that its file has until it gets its own is made from the
/// line's number.
///
/// # Errors
/// A file that cannot be written: the next one could not be either.
pub(crate) fn verdict(
    line: &Line,
    typesetter: &Typesetter,
    folder: &Path,
) -> io::Result<Verdict<Part>> {
    match &line.body {
        Some(body) => verdict_of(|| generate(body, typesetter), line.number, folder),
        None => Ok(Verdict::TooLong),
    }
}

fn verdict_of(
    generate: impl FnOnce() -> Result<Generated, GenerateError>,
    line: usize,
    folder: &Path,
) -> io::Result<Verdict<Part>> {
    // The panic hook has logged the panic; all that the typesetter shares is safe to go on with,
    // as it is when a request panics.
    let generated = catch_unwind(AssertUnwindSafe(generate));
    Ok(match generated {
        Ok(Ok(generated)) => made(generated, &folder.join(line.to_string()))?,
        Ok(Err(GenerateError::Refused(findings))) => Verdict::Refused(findings),
        Ok(Err(GenerateError::Unreadable(unreadable))) => Verdict::Unreadable(unreadable),
        Ok(Err(GenerateError::Render(error))) => {
            let cause = error.source();
            tracing::error!(line, error = %error, cause, "rendering failed");
            Verdict::Failed
        }
        Err(_) => Verdict::Failed,
    })
}

fn made(generated: Generated, path: &Path) -> io::Result<Verdict<Part>> {
    let mut part = Part::beside(path)?;
    part.write_all(&generated.pdf)?;
    Ok(Verdict::Made {
        document_number: generated.document.document_number.to_string(),
        pages: generated.pages,
        sha256: generated.sha256,
        warnings: generated.warnings,
        file: part,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Verdict, verdict_of};
    use crate::generate::GenerateError;
    use crate::render::error::RenderError;

    #[test]
    fn a_line_at_which_the_program_fails_has_a_verdict() {
        let panics = verdict_of(|| panic!("a fault"), 1, Path::new("nowhere"));
        assert!(matches!(panics, Ok(Verdict::Failed)));
        let fails = || Err(GenerateError::Render(RenderError::Unsettled));
        assert!(matches!(verdict_of(fails, 1, Path::new("nowhere")), Ok(Verdict::Failed)));
    }
}
