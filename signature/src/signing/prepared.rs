//! A PDF with an empty signature: the original, unchanged, and one revision.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::DateTime;
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::cms::container::{Container, Format};
use crate::crypto::algorithm::DigestAlgorithm;
use crate::file::PdfFile;
use crate::file::fields::signature_fields;
use crate::file::unreadable_pdf::UnreadablePdf;
use crate::signing::preparation::Preparation;
use crate::signing::revision::Revision;

/// The width of a number of `/ByteRange`, which is filled in when the offsets are known.
const NUMBER_WIDTH: usize = 10;

/// The annotation flags Print and Locked. PDF/A requires the first.
const FLAGS: i64 = 4 | 128;

/// `/SigFlags`: there are signatures, and the file must only be appended to.
const SIGNATURE_FLAGS: i64 = 3;

/// A PDF that is ready to be signed.
#[derive(Debug, Clone)]
pub struct PreparedPdf {
    bytes: Vec<u8>,
    /// `/Contents` with its angle brackets.
    contents: Range<usize>,
    preparation: Preparation,
}

/// A signature that is longer than the space for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    /// Its length, in bytes.
    pub length: usize,
}

impl PreparedPdf {
    /// Appends an invisible signature field and an empty signature to a PDF.
    ///
    /// # Errors
    /// Fails if the file is rejected as unreadable, also when the PDF reader panics. Files with
    /// cross-reference streams are rejected too.
    pub fn new(original: &[u8], preparation: Preparation) -> Result<Self, UnreadablePdf> {
        let prepare = || prepare(original, preparation);
        catch_unwind(AssertUnwindSafe(prepare)).unwrap_or(Err(UnreadablePdf::Broken))
    }

    /// The file, with zeros where the signature will be.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `/ByteRange`: everything except `/Contents`.
    pub fn byte_range(&self) -> [usize; 4] {
        let Range { start, end } = self.contents;
        [0, start, end, self.bytes.len() - end]
    }

    /// The bytes that are signed.
    pub(crate) fn covered(&self) -> [&[u8]; 2] {
        [&self.bytes[..self.contents.start], &self.bytes[self.contents.end..]]
    }

    /// The SHA-256 of the signed bytes.
    pub fn sha256(&self) -> Vec<u8> {
        DigestAlgorithm::Sha256.hash(&self.covered())
    }

    /// The SM3 digest of the signed bytes.
    pub fn sm3(&self) -> Vec<u8> {
        DigestAlgorithm::Sm3.hash(&self.covered())
    }

    /// A signature of this file, for validation.
    pub(crate) fn container<'c>(&'c self, contents: &'c [u8]) -> Container<'c> {
        let [_, format] = self.preparation.encoding().filters();
        Container { format: Format::of(format), contents, covered: self.covered() }
    }

    /// The file with its signature, which is a CMS container or a seal. `check` says whether it is one
    /// of this file.
    ///
    /// # Errors
    /// Returns `TooLong` if it does not fit the space that was reserved.
    pub fn signed(mut self, signature: &[u8]) -> Result<Vec<u8>, TooLong> {
        let length = signature.len();
        if length > self.preparation.space() {
            return Err(TooLong { length });
        }
        let start = self.contents.start + 1;
        let digits = hex::encode(signature);
        self.bytes[start..start + digits.len()].copy_from_slice(digits.as_bytes());
        Ok(self.bytes)
    }
}

fn prepare(original: &[u8], preparation: Preparation) -> Result<PreparedPdf, UnreadablePdf> {
    let file = PdfFile::open(original)?;
    let mut revision = Revision::on(&file)?;
    let page = revision.before().page_iter().next().ok_or(UnreadablePdf::NoPages)?;
    let name = free_name(revision.before());
    let signature = revision.add(signature_dictionary(preparation));
    let field = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/F {FLAGS}/Rect[0 0 0 0]/P {} 0 R\
         /V {signature} 0 R>>",
        page.0
    );
    let field = revision.add(field.into_bytes());
    add_to_page(&mut revision, page, (field, 0))?;
    add_to_form(&mut revision, (field, 0))?;
    let mut bytes = revision.written()?;
    let added = original.len()..bytes.len();
    let contents = find(&bytes, added.clone(), b"/Contents <").ok_or(UnreadablePdf::Broken)?;
    let contents = contents.end - 1..contents.end + 2 * preparation.space() + 1;
    let numbers = find(&bytes, added, b"/ByteRange [0 ").ok_or(UnreadablePdf::Broken)?.end;
    let offsets = [contents.start, contents.end, bytes.len() - contents.end];
    let text = offsets.map(|number| format!("{number:>NUMBER_WIDTH$}")).join(" ");
    let place = bytes.get_mut(numbers..numbers + text.len()).ok_or(UnreadablePdf::Broken)?;
    place.copy_from_slice(text.as_bytes());
    Ok(PreparedPdf { bytes, contents, preparation })
}

/// The empty signature, with room for `/ByteRange` and `/Contents`.
fn signature_dictionary(preparation: Preparation) -> Vec<u8> {
    let [filter, sub_filter] = preparation.encoding().filters();
    let time = DateTime::from_timestamp_millis(preparation.signed_at().0).unwrap_or_default();
    let time = time.format("%Y%m%d%H%M%SZ");
    let number = " ".repeat(NUMBER_WIDTH);
    let zeros = "00".repeat(preparation.space());
    format!(
        "<</Type/Sig/Filter/{filter}/SubFilter/{sub_filter}/M(D:{time})\
         /ByteRange [0 {number} {number} {number}]/Contents <{zeros}>>>"
    )
    .into_bytes()
}

/// The first of `Signature1`, `Signature2`, … that no field has.
fn free_name(document: &Document) -> String {
    let taken: Vec<String> =
        signature_fields(document).into_iter().map(|field| field.name).collect();
    let names = (1..=taken.len() + 1).map(|number| format!("Signature{number}"));
    names.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

/// Adds the field to the annotations of its page.
fn add_to_page(
    revision: &mut Revision<'_>,
    page: ObjectId,
    field: ObjectId,
) -> Result<(), UnreadablePdf> {
    let document = revision.before();
    let mut dictionary = document.get_dictionary(page).map_err(|_| UnreadablePdf::Broken)?.clone();
    append(document, &mut dictionary, "Annots", field);
    revision.replace(page, &dictionary)
}

/// Adds the field to the form of the document, which it creates if there is none.
fn add_to_form(revision: &mut Revision<'_>, field: ObjectId) -> Result<(), UnreadablePdf> {
    let document = revision.before();
    let mut catalog = document.catalog().map_err(|_| UnreadablePdf::Broken)?.clone();
    let form = catalog.get(b"AcroForm").ok();
    let own_object = form.and_then(|form| form.as_reference().ok());
    let form = form.and_then(|form| document.dereference(form).ok()?.1.as_dict().ok());
    let mut form = form.cloned().unwrap_or_default();
    append(document, &mut form, "Fields", field);
    form.set("SigFlags", SIGNATURE_FLAGS);
    match own_object {
        Some(id) => revision.replace(id, &form),
        None => {
            let root = document.trailer.get(b"Root").and_then(Object::as_reference);
            let root = root.map_err(|_| UnreadablePdf::Broken)?;
            catalog.set("AcroForm", form);
            revision.replace(root, &catalog)
        }
    }
}

/// Appends a reference to the list of an entry.
fn append(document: &Document, dictionary: &mut Dictionary, key: &str, id: ObjectId) {
    let list = dictionary.get_deref(key.as_bytes(), document).and_then(Object::as_array);
    let mut list = list.cloned().unwrap_or_default();
    list.push(Object::Reference(id));
    dictionary.set(key, list);
}

/// The last occurrence of a word in a part of the bytes. The dictionary of the signature is the last
/// but one object, and only numbers follow it.
fn find(bytes: &[u8], part: Range<usize>, word: &[u8]) -> Option<Range<usize>> {
    let start = bytes.get(part.clone())?.windows(word.len()).rposition(|it| it == word)?;
    let start = part.start + start;
    Some(start..start + word.len())
}
