//! A submitted PDF: its revisions, its objects and its signatures. Reading takes limited work for any
//! file.

mod lexer;
mod limits;
mod encryption;
pub mod unreadable_pdf;
pub mod revisions;
pub mod fields;
pub mod pdf_defect;
pub mod embedded_signature;
pub(crate) mod duplicates;
mod cross_references;
pub mod validation_data;
pub mod attached_source;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::xref::Xref;
use lopdf::{Document, FilterFunc, LoadOptions};
use sha2::{Digest, Sha256};

use crate::file::cross_references::entries::MAX_DECOMPRESSED_BYTES;
use crate::file::encryption::{decrypt, mark_object_stream};
use crate::file::limits::Reading;
use crate::file::limits::marked_content::shorten;
use crate::file::revisions::{
    HIDDEN, HIDDEN_ENCRYPTION, Hybrid, Pointer, Revision, SectionKeys, hide, is_blank, is_hidden,
};
use crate::file::unreadable_pdf::UnreadablePdf;

/// The maximum size of all revisions together, as each is read as a file of its own. It allows 50
/// signatures on a filing of 10 MB.
const MAX_REVISION_BYTES: usize = 512 << 20;

/// How often a revision with hybrid cross-references is read, at most.
const READINGS_OF_HYBRIDS: usize = 6;

/// A file and its revisions. The bytes up to the end of a revision are a file of their own.
#[derive(Debug)]
pub struct PdfFile<'a> {
    /// The whole file.
    pub bytes: &'a [u8],
    /// The revisions, the oldest first. There is at least one.
    pub revisions: Vec<Revision>,
    reading: Reading,
}

impl<'a> PdfFile<'a> {
    /// Finds the revisions of a file.
    ///
    /// # Errors
    /// Fails if the file is not a PDF, if its cross-references are unreadable, or if it exceeds the
    /// limits.
    pub fn open(bytes: &'a [u8]) -> Result<Self, UnreadablePdf> {
        let revisions = revisions::revisions(bytes)?;
        let is_hybrid = revisions.iter().any(Revision::is_hybrid);
        let readings = if is_hybrid { READINGS_OF_HYBRIDS } else { 1 };
        let bytes_of_revisions: usize = revisions.iter().map(|revision| revision.end).sum();
        if bytes_of_revisions.saturating_mul(readings) > MAX_REVISION_BYTES {
            return Err(UnreadablePdf::TooComplex);
        }
        let reading = limits::check_limits(bytes)?;
        Ok(Self { bytes, revisions, reading })
    }

    /// Whether it is encrypted. It opens without a password.
    pub fn is_encrypted(&self) -> bool {
        self.revisions.iter().any(|revision| revision.encryption.is_some())
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
    /// Fails if the revision cannot be read, if it has a password, or if the reader used other
    /// cross-references than those found here.
    pub fn document(&self, revision: usize) -> Result<Document, UnreadablePdf> {
        self.read(revision, true)
    }

    /// The same for a reader that ignores the streams beside tables that it may ignore.
    ///
    /// # Errors
    /// As `document`.
    pub(crate) fn document_without_ignored(
        &self,
        revision: usize,
    ) -> Result<Document, UnreadablePdf> {
        self.read(revision, false)
    }

    fn read(&self, revision: usize, with_all_streams: bool) -> Result<Document, UnreadablePdf> {
        let revisions = &self.revisions[..=revision];
        let n_xref_sections: usize = revisions.iter().map(|it| it.n_xref_sections).sum();
        let pointers: Vec<&Pointer> =
            revisions.iter().flat_map(|it| &it.imprecise_pointers).collect();
        let revision = &self.revisions[revision];
        let hybrids = revisions.iter().flat_map(|it| &it.hybrids);
        let ignored: Vec<&Hybrid> =
            hybrids.filter(|hybrid| hybrid.may_be_ignored && !with_all_streams).collect();
        let bytes = &self.bytes[..revision.end];
        let is_usual = has_usual_end(bytes, revision.xref_offset)
            && pointers.is_empty()
            && ignored.is_empty()
            && revision.encryption.is_none();
        let shortening = (self.reading != Reading::Whole).then_some(shorten as FilterFunc);
        let mut document = if is_usual {
            load(bytes, LoadOptions { filter: shortening, ..LoadOptions::default() })?
        } else {
            let mut bytes = with_exact_pointers(bytes, &pointers, revision.xref_offset)?;
            ignored.iter().for_each(|hybrid| hide(&mut bytes, &hybrid.key, HIDDEN));
            revision.encryption.iter().for_each(|key| hide(&mut bytes, key, HIDDEN_ENCRYPTION));
            let is_encrypted = revision.encryption.is_some();
            if is_encrypted && self.reading == (Reading::Shortened { is_needed: true }) {
                return Err(UnreadablePdf::TooComplex);
            }
            let filter = is_encrypted.then_some(mark_object_stream as FilterFunc).or(shortening);
            load(&bytes, LoadOptions { filter, ..LoadOptions::default() })?
        };
        let uses_our_xref = document.xref_recovery.is_none()
            && document.xref_start == revision.xref_offset
            && document.xref_section_count == n_xref_sections;
        if !uses_our_xref {
            return Err(UnreadablePdf::CrossReferences);
        }
        self.check_numbers(&document)?;
        if revision.encryption.is_some() {
            let mut entries = document.trailer.iter();
            let hidden = entries.find(|(name, _)| is_hidden(name, HIDDEN_ENCRYPTION));
            let name = hidden.map(|(name, _)| name.clone());
            let encrypt = name.and_then(|name| document.trailer.remove(&name));
            let encrypt = encrypt.ok_or(UnreadablePdf::UnclearEncryption)?;
            decrypt(&mut document, &encrypt)?;
            document.trailer.set("Encrypt", encrypt);
        }
        checked(document)
    }

    /// The cross-references of one section alone.
    ///
    /// # Errors
    /// Fails if the section cannot be read.
    pub(crate) fn entries_of(&self, section: &SectionKeys) -> Result<Xref, UnreadablePdf> {
        let mut bytes = with_exact_pointers(self.bytes, &[], section.offset)?;
        section.positions.iter().for_each(|name| hide(&mut bytes, name, HIDDEN));
        // Without a filter, a missing catalog would make the PDF reader search for another one.
        let filter = Some(mark_object_stream as FilterFunc);
        let document = load(&bytes, LoadOptions { filter, ..LoadOptions::default() })?;
        let is_it = document.xref_recovery.is_none() && document.xref_start == section.offset;
        if is_it { Ok(document.reference_table) } else { Err(UnreadablePdf::CrossReferences) }
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
fn load(bytes: &[u8], options: LoadOptions) -> Result<Document, UnreadablePdf> {
    let options = LoadOptions { max_decompressed_size: Some(MAX_DECOMPRESSED_BYTES), ..options };
    let loaded = catch_unwind(AssertUnwindSafe(|| Document::load_mem_with_options(bytes, options)));
    let mut document =
        loaded.map_err(|_| UnreadablePdf::Broken)?.map_err(|_| UnreadablePdf::Broken)?;
    if document.trailer.has(b"Encrypt") || document.was_encrypted() {
        return Err(UnreadablePdf::UnclearEncryption);
    }
    remove_unlisted(&mut document);
    Ok(document)
}

/// Removes objects of object streams that the cross-references do not list. Readers do not find them.
fn remove_unlisted(document: &mut Document) {
    let entries = &document.reference_table.entries;
    document.objects.retain(|id, _| {
        entries.get(&id.0).is_some_and(|entry| entry.is_normal() || entry.is_compressed())
    });
}

fn checked(document: Document) -> Result<Document, UnreadablePdf> {
    if document.catalog().is_err() {
        return Err(UnreadablePdf::Broken);
    }
    if document.page_iter().next().is_none() {
        return Err(UnreadablePdf::NoPages);
    }
    Ok(document)
}
