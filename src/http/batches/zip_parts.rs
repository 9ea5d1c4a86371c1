//! Writes the ZIP of a batch, or a part of it. A batch always has the same ZIP, and files outside the
//! part are not read, so that a download can be resumed.

use std::io;
use std::ops::Range;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncWriteExt, DuplexStream};

use crate::archive::error::ArchiveError;
use crate::generate::file_names::{FileName, FileNames};
use crate::generate::manifest::{Entry, ListedFile};
use crate::http::app::App;
use crate::http::batches::zip_format::{Directory, ZipEntry, ZipTime};
use crate::jobs::batch::Batch;
use crate::jobs::ended_lines::{EndedLine, FiledLine};
use crate::jobs::error::JobsError;

/// The name of the manifest.
const MANIFEST: &str = "manifest.ndjson";

/// Why a ZIP is incomplete.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ZipError {
    /// The archive or the queue failed.
    #[error(transparent)]
    Jobs(#[from] JobsError),
    /// The client is gone.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A record is damaged.
    #[error("a stored problem or warning is not JSON")]
    Json(#[from] serde_json::Error),
}

impl From<ArchiveError> for ZipError {
    fn from(error: ArchiveError) -> Self {
        Self::Jobs(error.into())
    }
}

/// What is known of a ZIP before its first byte.
#[derive(Debug)]
pub(crate) struct ZipPlan {
    /// The SHA-256 of all that makes the ZIP.
    pub(crate) sha256: String,
    /// The number of its bytes.
    pub(crate) bytes: u64,
    manifest: ZipEntry<'static>,
    directory: Directory,
}

/// The lines of a batch in order, each with the name of its file.
struct Lines<'a> {
    app: &'a App,
    batch: &'a Batch,
    names: FileNames,
    last: i64,
}

/// Writes the bytes of a range, and passes over the others.
struct Window {
    writer: DuplexStream,
    range: Range<u64>,
    /// Where the next byte is.
    at: u64,
}

impl<'a> Lines<'a> {
    fn new(app: &'a App, batch: &'a Batch) -> Self {
        Self { app, batch, names: FileNames::default(), last: 0 }
    }

    /// The next lines; none after the last one.
    async fn next(&mut self) -> Result<Vec<(EndedLine, Option<FileName>)>, ZipError> {
        let lines = self.app.jobs.lines(self.batch, self.last).await?;
        self.last = lines.last().map_or(self.last, |line| line.line);
        let named = lines.into_iter().map(|line| {
            let filing = line.filing.as_ref();
            let name =
                filing.map(|filing| self.names.assign(&filing.document_number, number(&line)));
            (line, name)
        });
        Ok(named.collect())
    }
}

impl ZipPlan {
    /// Computes where each part of the ZIP of a batch is.
    pub(crate) async fn of(app: &App, batch: &Batch) -> Result<Self, ZipError> {
        let at = ZipTime::of(batch.created_at);
        let (mut start, mut directory_bytes, mut entries) = (0, 0, 0);
        let (mut hash, mut crc, mut manifest_bytes) = (Sha256::new(), crc32fast::Hasher::new(), 0);
        let mut add = |entry: &ZipEntry<'_>| {
            directory_bytes += entry.directory_header(at, start).len() as u64;
            start += entry.local_header(at).len() as u64 + entry.bytes;
            entries += 1;
        };
        let mut lines = Lines::new(app, batch);
        loop {
            let next = lines.next().await?;
            if next.is_empty() {
                break;
            }
            for (line, name) in &next {
                // The manifest has the name and the SHA-256 of each file.
                let text = manifest_line(line, name.as_ref())?;
                hash.update(&text);
                crc.update(&text);
                manifest_bytes += text.len() as u64;
                if let Some((filing, name)) = line.filing.as_ref().zip(name.as_ref()) {
                    add(&zip_entry(app, filing, name).await?);
                }
            }
        }
        let manifest = ZipEntry { name: MANIFEST, bytes: manifest_bytes, crc32: crc.finalize() };
        add(&manifest);
        hash.update(batch.created_at.0.to_le_bytes());
        let directory = Directory { start, bytes: directory_bytes, entries };
        Ok(Self {
            sha256: hex::encode(hash.finalize()),
            bytes: start + directory_bytes + directory.end().len() as u64,
            manifest,
            directory,
        })
    }

    /// Writes a range of the ZIP.
    pub(crate) async fn write(
        &self,
        app: &App,
        batch: &Batch,
        range: Range<u64>,
        writer: DuplexStream,
    ) -> Result<(), ZipError> {
        let at = ZipTime::of(batch.created_at);
        let mut window = Window { writer, range, at: 0 };
        self.write_files(app, batch, at, &mut window).await?;
        window.write(&self.manifest.local_header(at)).await?;
        if !window.pass(self.manifest.bytes) {
            let mut lines = Lines::new(app, batch);
            loop {
                let next = lines.next().await?;
                if next.is_empty() {
                    break;
                }
                for (line, name) in &next {
                    window.write(&manifest_line(line, name.as_ref())?).await?;
                }
            }
        }
        if !window.pass(self.directory.bytes) {
            self.write_directory(app, batch, at, &mut window).await?;
        }
        window.write(&self.directory.end()).await?;
        window.writer.shutdown().await?;
        Ok(())
    }

    async fn write_files(
        &self,
        app: &App,
        batch: &Batch,
        at: ZipTime,
        window: &mut Window,
    ) -> Result<(), ZipError> {
        let mut lines = Lines::new(app, batch);
        while !window.is_over() {
            let next = lines.next().await?;
            if next.is_empty() {
                break;
            }
            for (line, name) in &next {
                let Some((filing, name)) = line.filing.as_ref().zip(name.as_ref()) else {
                    continue;
                };
                let entry = zip_entry(app, filing, name).await?;
                window.write(&entry.local_header(at)).await?;
                if !window.pass(entry.bytes) {
                    window.write(&app.archive.objects.get(&filing.pdf.sha256).await?).await?;
                }
            }
        }
        Ok(())
    }

    async fn write_directory(
        &self,
        app: &App,
        batch: &Batch,
        at: ZipTime,
        window: &mut Window,
    ) -> Result<(), ZipError> {
        let mut lines = Lines::new(app, batch);
        let mut offset = 0;
        loop {
            let next = lines.next().await?;
            if next.is_empty() {
                break;
            }
            for (line, name) in &next {
                let Some((filing, name)) = line.filing.as_ref().zip(name.as_ref()) else {
                    continue;
                };
                let entry = zip_entry(app, filing, name).await?;
                window.write(&entry.directory_header(at, offset)).await?;
                offset += entry.local_header(at).len() as u64 + entry.bytes;
            }
        }
        window.write(&self.manifest.directory_header(at, offset)).await
    }
}

impl Window {
    /// Passes over this many bytes if none of them is in the range. Returns whether it did.
    fn pass(&mut self, bytes: u64) -> bool {
        let is_outside = self.at + bytes <= self.range.start || self.is_over();
        if is_outside {
            self.at += bytes;
        }
        is_outside
    }

    /// Whether all bytes of the range are written.
    fn is_over(&self) -> bool {
        self.at >= self.range.end
    }

    /// Writes those of the next bytes that are in the range.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ZipError> {
        let end = self.at + bytes.len() as u64;
        let inside = |place: u64| {
            let place = place.clamp(self.at, end) - self.at;
            usize::try_from(place).unwrap_or_default()
        };
        let part = inside(self.range.start)..inside(self.range.end);
        if let Some(part) = bytes.get(part).filter(|part| !part.is_empty()) {
            self.writer.write_all(part).await?;
        }
        self.at = end;
        Ok(())
    }
}

/// The entry of a filing. Filings of earlier versions get their sum here.
async fn zip_entry<'a>(
    app: &App,
    filing: &FiledLine,
    name: &'a FileName,
) -> Result<ZipEntry<'a>, ZipError> {
    let crc32 = match filing.pdf_crc32 {
        Some(crc32) => crc32,
        None => app.archive.sum_pdf(&filing.id, &filing.pdf.sha256).await?,
    };
    Ok(ZipEntry { name: &name.file, bytes: filing.pdf.bytes, crc32 })
}

/// The line of the manifest for a line of the batch.
fn manifest_line(line: &EndedLine, name: Option<&FileName>) -> Result<Vec<u8>, ZipError> {
    let filing = line.filing.as_ref();
    let warnings = filing.map(|filing| serde_json::from_str(&filing.warnings)).transpose()?;
    let file = filing.zip(warnings).zip(name).map(|((filing, warnings), name)| ListedFile {
        file: &name.file,
        filing: Some(&filing.id),
        document_number: &filing.document_number,
        pages: usize::try_from(filing.pages).unwrap_or_default(),
        sha256: &filing.pdf.sha256,
        warnings,
        same_number_as_line: name.first_line,
    });
    let problem = line.problem.as_deref().map(serde_json::from_str).transpose()?;
    let entry = Entry { line: number(line), state: &line.state, file, column: None, problem };
    Ok(entry.to_line())
}

fn number(line: &EndedLine) -> usize {
    usize::try_from(line.line).unwrap_or_default()
}
