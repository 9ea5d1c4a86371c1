//! Appends a revision with an empty signature to a PDF (ISO 32000-2, 7.5.6).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Writer};

use crate::file::PdfFile;
use crate::file::unreadable_pdf::UnreadablePdf;

/// A revision to be appended to a file.
pub(super) struct Revision<'a> {
    bytes: &'a [u8],
    before: Document,
    /// The offset of the newest cross-reference table.
    xref_offset: usize,
    objects: BTreeMap<u32, Vec<u8>>,
    next_number: u32,
}

impl<'a> Revision<'a> {
    /// A revision without objects.
    ///
    /// # Errors
    /// Fails if the file is unreadable, has a cross-reference stream, or has bytes after its end: the
    /// table of this revision could not follow these.
    pub(super) fn on(file: &PdfFile<'a>) -> Result<Self, UnreadablePdf> {
        let newest = file.revisions.len() - 1;
        let before = file.document(newest)?;
        let xref_offset = file.revisions[newest].xref_offset;
        let has_table = file.bytes.get(xref_offset..).is_some_and(|at| at.starts_with(b"xref"));
        if !has_table || file.has_trailing_bytes() {
            return Err(UnreadablePdf::CrossReferences);
        }
        let size = before.trailer.get(b"Size").and_then(Object::as_i64).unwrap_or_default();
        let size = u32::try_from(size).map_err(|_| UnreadablePdf::CrossReferences)?;
        let highest = before.max_id.checked_add(1).ok_or(UnreadablePdf::TooComplex)?;
        let (bytes, next_number) = (file.bytes, size.max(highest));
        Ok(Self { bytes, before, xref_offset, objects: BTreeMap::new(), next_number })
    }

    /// The document without this revision.
    pub(super) fn before(&self) -> &Document {
        &self.before
    }

    /// Adds an object, given as PDF syntax, and returns its number.
    pub(super) fn add(&mut self, object: Vec<u8>) -> u32 {
        let number = self.next_number;
        self.next_number += 1;
        self.objects.insert(number, object);
        number
    }

    /// Replaces an existing object.
    ///
    /// # Errors
    /// Fails if the object has a generation number, which the table of this revision does not write.
    pub(super) fn replace(
        &mut self,
        id: ObjectId,
        object: &Dictionary,
    ) -> Result<(), UnreadablePdf> {
        let (number, 0) = id else { return Err(UnreadablePdf::CrossReferences) };
        self.objects.insert(number, text(&Object::Dictionary(object.clone()))?);
        Ok(())
    }

    /// The file with this revision.
    ///
    /// # Errors
    /// Fails if the trailer cannot be written.
    pub(super) fn written(self) -> Result<Vec<u8>, UnreadablePdf> {
        let mut file = self.bytes.to_vec();
        // PDF/A does not allow an object right after `%%EOF`.
        if !file.ends_with(b"\n") {
            file.push(b'\n');
        }
        let mut entries = BTreeMap::new();
        for (number, object) in &self.objects {
            entries.insert(*number, file.len());
            file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        file.extend_from_slice(table(&entries).as_bytes());
        let mut trailer = self.before.trailer.clone();
        trailer.remove(b"XRefStm");
        trailer.set("Size", i64::from(self.next_number));
        let previous = i64::try_from(self.xref_offset).map_err(|_| UnreadablePdf::TooComplex)?;
        trailer.set("Prev", previous);
        file.extend_from_slice(b"trailer\n");
        file.extend_from_slice(&text(&Object::Dictionary(trailer))?);
        file.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
        Ok(file)
    }
}

/// A cross-reference table of these objects and their offsets.
fn table(entries: &BTreeMap<u32, usize>) -> String {
    let mut table = String::from("xref\n");
    let mut rest: Vec<(u32, usize)> = entries.iter().map(|(number, at)| (*number, *at)).collect();
    while let Some((first, _)) = rest.first().copied() {
        let is_next = |(at, (number, _)): &(usize, &(u32, usize))| {
            u32::try_from(*at).is_ok_and(|at| first.checked_add(at) == Some(*number))
        };
        let count = rest.iter().enumerate().take_while(is_next).count();
        table += &format!("{first} {count}\n");
        for (_, offset) in rest.drain(..count) {
            table += &format!("{offset:010} 00000 n \n");
        }
    }
    table
}

/// Serializes an object.
pub(super) fn text(object: &Object) -> Result<Vec<u8>, UnreadablePdf> {
    let mut text = Vec::new();
    Writer::write_object(&mut text, object).map_err(|_| UnreadablePdf::Broken)?;
    Ok(text)
}
