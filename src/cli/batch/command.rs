//! `hongtou batch`: renders one filing per line, on all cores.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::thread;

use crate::cli::arguments::BatchArguments;
use crate::cli::batch::in_order::InOrder;
use crate::cli::batch::lines::Lines;
use crate::cli::batch::manifest::Manifest;
use crate::cli::batch::progress::Progress;
use crate::cli::batch::workers::{Stopped, Work};
use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::outcome::Outcome;
use crate::cli::process::cores::cores;
use crate::render::typesetter::Typesetter;

/// Renders the filings of an NDJSON file.
///
/// # Errors
/// Returns `CliError::Input`, `CliError::Fonts` or `CliError::Threads` if the batch cannot start or
/// the input breaks off, and `CliError::Output` if a file cannot be written.
pub fn run(arguments: &BatchArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let folder = arguments.output.as_path();
    let unwritable = |cause| CliError::Output { path: folder.to_owned(), cause };
    let unreadable = |cause| CliError::Input { path: arguments.file.clone(), cause };
    let (input, total) = open(&arguments.file).map_err(unreadable)?;
    let typesetter = Typesetter::new(font_set(arguments.fonts.fonts.as_deref())?);
    fs::create_dir_all(folder).map_err(unwritable)?;
    let manifest = Manifest::begin(folder).map_err(unwritable)?;
    let threads = arguments.threads.unwrap_or_else(cores).get();
    let work = Work::new(Lines::new(input), typesetter);
    let mut in_order = InOrder::new(folder, manifest, Progress::start(total));
    thread::scope(|scope| {
        let finished = work.start(threads, folder, scope)?;
        in_order.take(finished).map_err(|stopped| match stopped {
            Stopped::Input(cause) => unreadable(cause),
            Stopped::Output(cause) => unwritable(cause),
        })
    })?;
    let summary = in_order.finish().map_err(unwritable)?;
    writeln!(out, "{summary}")?;
    Ok(if summary.all_made() { Outcome::Done } else { Outcome::Refused })
}

/// Opens the input; its length is known for regular files only.
fn open(path: &Path) -> io::Result<(Box<dyn BufRead + Send>, Option<u64>)> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(io::stdin())), None));
    }
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok((Box::new(BufReader::new(file)), metadata.is_file().then_some(metadata.len())))
}
