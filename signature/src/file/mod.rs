//! A submitted PDF: its revisions, its objects and its signatures. Reading takes limited work for any
//! file.

mod lexer;
mod limits;
pub mod unreadable_pdf;
pub mod revisions;
pub mod fields;
pub mod pdf_defect;
pub mod embedded_signature;
mod duplicates;
mod locations;
pub mod validation_data;
pub mod attached_source;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, LoadOptions};
use sha2::{Digest, Sha256};

use crate::file::revisions::{Pointer, Revision, is_blank};
use crate::file::unreadable_pdf::UnreadablePdf;

/// A larger object stream or cross-reference stream is not read.
const MAX_DECOMPRESSED_BYTES: usize = 16 << 20;

/// The maximum size of all revisions together, as each is read as a file of its own. It allows 50
/// signatures on a filing of 10 MB.
const MAX_REVISION_BYTES: usize = 512 << 20;

/// A file and its revisions. The bytes up to the end of a revision are a file of their own.
#[derive(Debug)]
pub struct PdfFile<'a> {
    /// The whole file.
    pub bytes: &'a [u8],
    /// The revisions, the oldest first. There is at least one.
    pub revisions: Vec<Revision>,
}

impl<'a> PdfFile<'a> {
    /// Finds the revisions of a file.
    ///
    /// # Errors
    /// Fails if the file is not a PDF, if its cross-references are unreadable, or if it exceeds the
    /// limits.
    pub fn open(bytes: &'a [u8]) -> Result<Self, UnreadablePdf> {
        let revisions = revisions::revisions(bytes)?;
        if revisions.iter().map(|revision| revision.end).sum::<usize>() > MAX_REVISION_BYTES {
            return Err(UnreadablePdf::TooComplex);
        }
        limits::check_limits(bytes)?;
        Ok(Self { bytes, revisions })
    }

    /// Whether anything but white space follows the newest revision.
    pub fn has_trailing_bytes(&self) -> bool {
        let end = self.revisions.last().map_or(0, |revision| revision.end);
        !is_blank(self.bytes, end, self.bytes.len())
    }

    /// The index of the revision that ends at an offset, apart from white space.
    pub fn revision_ending_at(&self, end: usize) -> Option<usize> {
        self.revisions
            .iter()
            .position(|revision| revision.end <= end && is_blank(self.bytes, revision.end, end))
    }

    /// The SHA-256 of the file at each revision and of the whole file, in hexadecimal. If a line break
    /// follows `%%EOF`, both with and without it.
    pub fn revision_sha256s(&self) -> Vec<String> {
        let mut ends: Vec<usize> = Vec::new();
        for revision in &self.revisions {
            let rest = &self.bytes[revision.end..];
            ends.push(revision.end);
            ends.extend(
                [b"\r\n".as_slice(), b"\n", b"\r"]
                    .iter()
                    .filter(|line_break| rest.starts_with(line_break))
                    .map(|line_break| revision.end + line_break.len()),
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

    /// Reads the objects of the file at a revision, by its index.
    ///
    /// # Errors
    /// Fails if the revision cannot be read, or if the reader used other cross-references than those
    /// found here.
    pub fn document(&self, revision: usize) -> Result<Document, UnreadablePdf> {
        let n_xref_sections: usize =
            self.revisions[..=revision].iter().map(|earlier| earlier.n_xref_sections).sum();
        let pointers = self.revisions[..=revision].iter().flat_map(|it| &it.imprecise_pointers);
        let pointers: Vec<&Pointer> = pointers.collect();
        let revision = &self.revisions[revision];
        let bytes = &self.bytes[..revision.end];
        let document = if pointers.is_empty() && has_usual_end(bytes, revision.xref_offset) {
            load(bytes)?
        } else {
            load(&with_exact_pointers(bytes, &pointers, revision.xref_offset)?)?
        };
        let uses_our_xref = document.xref_recovery.is_none()
            && document.xref_start == revision.xref_offset
            && document.xref_section_count == n_xref_sections;
        if uses_our_xref { Ok(document) } else { Err(UnreadablePdf::CrossReferences) }
    }
}

/// Whether a revision ends as the standard says: with the offset of its cross-references on a line.
fn has_usual_end(bytes: &[u8], xref_offset: usize) -> bool {
    let is_line_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let lines = bytes.split(is_line_break).rev().filter(|line| !line.is_empty());
    let last: Vec<&[u8]> = lines.take(3).collect();
    last == [b"%%EOF".as_slice(), xref_offset.to_string().as_bytes(), b"startxref"]
}

/// The bytes with pointers that lead exactly to the cross-reference sections, for the PDF reader: it
/// guesses when a pointer leads to white space, and might find another section. Nothing moves.
fn with_exact_pointers(
    bytes: &[u8],
    pointers: &[&Pointer],
    xref_offset: usize,
) -> Result<Vec<u8>, UnreadablePdf> {
    let mut exact = bytes.to_vec();
    for Pointer { position, target } in pointers {
        let digits = format!("{target:0>width$}", width = position.len());
        if digits.len() != position.len() {
            return Err(UnreadablePdf::CrossReferences);
        }
        exact[position.clone()].copy_from_slice(digits.as_bytes());
    }
    exact.extend_from_slice(format!("\nstartxref\n{xref_offset}\n%%EOF").as_bytes());
    Ok(exact)
}

/// Reads objects. The PDF reader may panic on malicious files, which counts as a failure.
fn load(bytes: &[u8]) -> Result<Document, UnreadablePdf> {
    let options = LoadOptions::with_max_decompressed_size(MAX_DECOMPRESSED_BYTES);
    let loaded = catch_unwind(AssertUnwindSafe(|| Document::load_mem_with_options(bytes, options)));
    let document = loaded.map_err(|_| UnreadablePdf::Broken)?.map_err(|_| UnreadablePdf::Broken)?;
    if document.trailer.has(b"Encrypt") || document.was_encrypted() {
        return Err(UnreadablePdf::Encrypted);
    }
    if document.catalog().is_err() {
        return Err(UnreadablePdf::Broken);
    }
    if document.page_iter().next().is_none() {
        return Err(UnreadablePdf::NoPages);
    }
    Ok(document)
}
