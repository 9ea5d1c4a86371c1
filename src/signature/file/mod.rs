//! A PDF handed in: its revisions, its objects in each, its signatures. Whatever it is, reading it ends, and soon.

mod lexer;
mod bombs;
pub mod unreadable;
pub mod revisions;
pub mod fields;
pub mod fault;
pub mod cut;
mod duplicates;
pub mod evidence;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, LoadOptions};
use sha2::{Digest, Sha256};

use crate::signature::file::revisions::{Revision, is_blank};
use crate::signature::file::unreadable::Unreadable;

/// What one stream of a file's structure may unpack to, in bytes.
const LONGEST_UNPACKED: usize = 16 << 20;

/// How many bytes all revisions of a file have together, each read as a file of its own: four
/// dozen signatures on a filing of ten megabytes.
const MOST_READ: usize = 512 << 20;

/// A file whose revisions are known; the bytes of each are a file of its own.
#[derive(Debug)]
pub struct File<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// Its revisions, the oldest first; at least one.
    pub revisions: Vec<Revision>,
}

impl<'a> File<'a> {
    /// Finds the revisions of a file.
    ///
    /// # Errors
    /// A file that is no PDF, contradicts itself or would take too much to read.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let revisions = revisions::revisions(bytes)?;
        if revisions.iter().map(|revision| revision.end).sum::<usize>() > MOST_READ {
            return Err(Unreadable::TooComplex);
        }
        bombs::refuse_bombs(bytes)?;
        Ok(Self { bytes, revisions })
    }

    /// Whether anything but white space stands behind the newest revision.
    pub fn has_trailing_bytes(&self) -> bool {
        let end = self.revisions.last().map_or(0, |revision| revision.end);
        !is_blank(self.bytes, end, self.bytes.len())
    }

    /// The revision, counted from 0, whose bytes end at a place; the end of its line may count.
    pub fn revision_ending_at(&self, end: usize) -> Option<usize> {
        self.revisions
            .iter()
            .position(|revision| revision.end <= end && is_blank(self.bytes, revision.end, end))
    }

    /// The SHA-256 of what the file was at each of its revisions, and of all of it, in hexadecimal.
    /// Where a line ends behind `%%EOF`, with and without that end.
    pub fn sha256_of_each(&self) -> Vec<String> {
        let mut ends: Vec<usize> = Vec::new();
        for revision in &self.revisions {
            let rest = &self.bytes[revision.end..];
            ends.push(revision.end);
            ends.extend(
                [b"\r\n".as_slice(), b"\n", b"\r"]
                    .iter()
                    .filter(|end_of_line| rest.starts_with(end_of_line))
                    .map(|end_of_line| revision.end + end_of_line.len()),
            );
        }
        ends.push(self.bytes.len());
        ends.sort_unstable();
        ends.dedup();
        let mut hash = Sha256::new();
        let mut from = 0;
        ends.into_iter()
            .map(|end| {
                hash.update(&self.bytes[from..end]);
                from = end;
                hex::encode(hash.clone().finalize())
            })
            .collect()
    }

    /// What the file was at a revision, as objects.
    ///
    /// # Errors
    /// A revision that cannot be read, or that a lenient reader would see otherwise.
    pub fn document(&self, revision: usize) -> Result<Document, Unreadable> {
        let n_sections: usize =
            self.revisions[..=revision].iter().map(|earlier| earlier.n_sections).sum();
        let revision = &self.revisions[revision];
        let document = load(&self.bytes[..revision.end])?;
        let is_as_written = document.xref_recovery.is_none()
            && document.xref_start == revision.cross_reference
            && document.xref_section_count == n_sections;
        if is_as_written { Ok(document) } else { Err(Unreadable::CrossReferences) }
    }
}

/// Reads objects. The reader was made for files of good will, so a panic in it is an answer too.
fn load(bytes: &[u8]) -> Result<Document, Unreadable> {
    let options = LoadOptions::with_max_decompressed_size(LONGEST_UNPACKED);
    let loaded = catch_unwind(AssertUnwindSafe(|| Document::load_mem_with_options(bytes, options)));
    let document = loaded.map_err(|_| Unreadable::Broken)?.map_err(|_| Unreadable::Broken)?;
    if document.trailer.has(b"Encrypt") || document.was_encrypted() {
        return Err(Unreadable::Encrypted);
    }
    if document.catalog().is_err() {
        return Err(Unreadable::Broken);
    }
    if document.page_iter().next().is_none() {
        return Err(Unreadable::NoPages);
    }
    Ok(document)
}
