//! Extracts a signature and the bytes that it covers from its file.

use lopdf::xref::XrefEntry;
use lopdf::{Document, ObjectId};

use crate::cms::container::{Container, Format};
use crate::file::PdfFile;
use crate::file::fields::SignatureLocation;
use crate::file::lexer::{Entry, Lexer, Token, TokenKind};
use crate::file::pdf_defect::PdfDefect;
use crate::file::revisions::is_blank;

/// A signature that covers everything to the end of its revision, except its own `/Contents`.
#[derive(Debug)]
pub struct EmbeddedSignature<'a> {
    /// The encoding that its dictionary names.
    pub format: Format,
    /// The index of its revision.
    pub revision: usize,
    /// The offset of the end of the covered bytes.
    pub end: usize,
    contents: Vec<u8>,
    covered: [&'a [u8]; 2],
}

impl EmbeddedSignature<'_> {
    /// Whether `/Contents` has only zeros.
    pub fn is_blank(&self) -> bool {
        self.contents.iter().all(|byte| *byte == 0)
    }

    /// The input of validation.
    pub fn container(&self) -> Container<'_> {
        Container { format: self.format.clone(), contents: &self.contents, covered: self.covered }
    }
}

impl PdfFile<'_> {
    /// Extracts the signature at a location of the newest document.
    ///
    /// # Errors
    /// Fails if the dictionary is unreadable or ambiguous, or if the byte range is anything but the
    /// revision without `/Contents`.
    pub fn embedded_signature(
        &self,
        document: &Document,
        location: SignatureLocation,
    ) -> Result<EmbeddedSignature<'_>, PdfDefect> {
        let (offset, entries) = self.entries(document, location).ok_or(PdfDefect::Dictionary)?;
        let lexer = Lexer::new(self.bytes, 0);
        let value = |name: &[u8]| -> Result<Option<&[Token]>, PdfDefect> {
            let mut named = entries.iter().filter(|entry| entry.name == name);
            let value = named.next().map(|entry| entry.value.as_slice());
            if named.next().is_some() { Err(PdfDefect::DuplicateEntry) } else { Ok(value) }
        };
        let [start, first_length, second_start, second_length] =
            byte_range(value(b"ByteRange")?).ok_or(PdfDefect::ByteRange)?;
        let [contents] = value(b"Contents")?.unwrap_or_default() else {
            return Err(PdfDefect::Contents);
        };
        if contents.kind != TokenKind::HexString {
            return Err(PdfDefect::Contents);
        }
        if start != 0 {
            return Err(PdfDefect::NotFromStart);
        }
        let end = second_start.checked_add(second_length).ok_or(PdfDefect::OutOfBounds)?;
        if first_length > second_start || end > self.bytes.len() {
            return Err(PdfDefect::OutOfBounds);
        }
        if contents.position != (first_length..second_start) {
            return Err(PdfDefect::Gap);
        }
        let mut revisions = self.revisions.iter();
        let revision = revisions
            .position(|revision| (revision.start..revision.end).contains(&offset))
            .ok_or(PdfDefect::Dictionary)?;
        let revision_end = self.revisions[revision].end;
        if end < revision_end || !is_blank(self.bytes, revision_end, end) {
            return Err(PdfDefect::NotToEnd);
        }
        let format = match value(b"SubFilter")?.unwrap_or_default() {
            [name] if name.kind == TokenKind::Name => lexer.text(name).get(1..).unwrap_or_default(),
            _ => b"",
        };
        Ok(EmbeddedSignature {
            format: Format::of(&String::from_utf8_lossy(format)),
            revision,
            end,
            contents: decode_hex(lexer.text(contents)),
            covered: [&self.bytes[..first_length], &self.bytes[second_start..end]],
        })
    }

    /// The offset of the object that contains a signature, and the entries of the signature
    /// dictionary.
    fn entries(
        &self,
        document: &Document,
        location: SignatureLocation,
    ) -> Option<(usize, Vec<Entry>)> {
        match location {
            SignatureLocation::Object(id) => {
                let (offset, mut lexer) = self.object(document, id)?;
                Some((offset, lexer.dictionary()?))
            }
            SignatureLocation::Inline(id) => {
                let (offset, mut lexer) = self.object(document, id)?;
                let field = lexer.dictionary()?;
                let value = field.iter().find(|entry| entry.name == b"V")?.value.first()?;
                Some((offset, Lexer::new(self.bytes, value.position.start).dictionary()?))
            }
        }
    }

    /// The offset of an object, and a lexer after its head. Objects in object streams are not found:
    /// no byte range can exclude a signature in one.
    fn object(&self, document: &Document, id: ObjectId) -> Option<(usize, Lexer<'_>)> {
        let XrefEntry::Normal { offset, .. } = document.reference_table.get(id.0)? else {
            return None;
        };
        let offset = usize::try_from(*offset).ok()?;
        let mut lexer = Lexer::new(self.bytes, offset);
        let head = lexer.object_head()?;
        (head == (i64::from(id.0), i64::from(id.1))).then_some((offset, lexer))
    }
}

/// Parses four non-negative integers in brackets.
fn byte_range(value: Option<&[Token]>) -> Option<[usize; 4]> {
    let [open, numbers @ .., close] = value? else { return None };
    if open.kind != TokenKind::ArrayStart || close.kind != TokenKind::ArrayEnd {
        return None;
    }
    let number = |token: &Token| match token.kind {
        TokenKind::Integer(number) => usize::try_from(number).ok(),
        _ => None,
    };
    let [a, b, c, d] = numbers else { return None };
    Some([number(a)?, number(b)?, number(c)?, number(d)?])
}

/// Decodes a hexadecimal string. A missing last digit counts as 0.
fn decode_hex(written: &[u8]) -> Vec<u8> {
    let digits = written.iter().filter_map(|byte| char::from(*byte).to_digit(16));
    let digits: Vec<u8> = digits.filter_map(|digit| u8::try_from(digit).ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()).collect()
}
