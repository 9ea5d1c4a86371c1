//! Cuts a signature out of its file, with the bytes that it covers.

use lopdf::xref::XrefEntry;
use lopdf::{Document, ObjectId};

use crate::signature::cms::container::{Container, Format};
use crate::signature::file::File;
use crate::signature::file::fault::Fault;
use crate::signature::file::fields::Place;
use crate::signature::file::lexer::{Entry, Kind, Lexer, Token};
use crate::signature::file::revisions::is_blank;

/// A signature and the bytes that it covers: all but itself, to the end of its revision.
#[derive(Debug)]
pub struct Cut<'a> {
    /// How it says that it is encoded.
    pub format: Format,
    /// The revision that it was written in, counted from 0.
    pub revision: usize,
    /// Where what it covers ends.
    pub end: usize,
    contents: Vec<u8>,
    covered: [&'a [u8]; 2],
}

impl Cut<'_> {
    /// What is to be judged.
    pub fn container(&self) -> Container<'_> {
        Container { format: self.format.clone(), contents: &self.contents, covered: self.covered }
    }
}

impl File<'_> {
    /// Cuts out the signature at a place, of which the newest document knows the offset.
    ///
    /// # Errors
    /// What is wrong with how it lies there.
    pub fn cut(&self, document: &Document, place: Place) -> Result<Cut<'_>, Fault> {
        let (offset, entries) = self.entries(document, place).ok_or(Fault::Dictionary)?;
        let lexer = Lexer::new(self.bytes, 0);
        let value = |name: &[u8]| -> Result<Option<&[Token]>, Fault> {
            let mut named = entries.iter().filter(|entry| entry.name == name);
            let value = named.next().map(|entry| entry.value.as_slice());
            if named.next().is_some() { Err(Fault::Duplicate) } else { Ok(value) }
        };
        let [from, before, to, behind] =
            byte_range(value(b"ByteRange")?).ok_or(Fault::ByteRange)?;
        let [contents] = value(b"Contents")?.unwrap_or_default() else {
            return Err(Fault::Contents);
        };
        if contents.kind != Kind::Hexadecimal {
            return Err(Fault::Contents);
        }
        if from != 0 {
            return Err(Fault::NotFromTheStart);
        }
        let end = to.checked_add(behind).ok_or(Fault::OutOfBounds)?;
        if before > to || end > self.bytes.len() {
            return Err(Fault::OutOfBounds);
        }
        if contents.place != (before..to) {
            return Err(Fault::Gap);
        }
        let mut revisions = self.revisions.iter();
        let revision = revisions
            .position(|revision| (revision.start..revision.end).contains(&offset))
            .ok_or(Fault::Dictionary)?;
        let ends = self.revisions[revision].end;
        if end < ends || !is_blank(self.bytes, ends, end) {
            return Err(Fault::NotToTheEnd);
        }
        let format = match value(b"SubFilter")?.unwrap_or_default() {
            [name] if name.kind == Kind::Name => lexer.text(name).get(1..).unwrap_or_default(),
            _ => b"",
        };
        Ok(Cut {
            format: Format::of(&String::from_utf8_lossy(format)),
            revision,
            end,
            contents: unhexed(lexer.text(contents)),
            covered: [&self.bytes[..before], &self.bytes[to..end]],
        })
    }

    /// Where the object around a signature begins, and the entries of the signature's dictionary.
    fn entries(&self, document: &Document, place: Place) -> Option<(usize, Vec<Entry>)> {
        match place {
            Place::Object(id) => {
                let (offset, mut lexer) = self.object(document, id)?;
                Some((offset, lexer.dictionary()?))
            }
            Place::Within(id) => {
                let (offset, mut lexer) = self.object(document, id)?;
                let field = lexer.dictionary()?;
                let value = field.iter().find(|entry| entry.name == b"V")?.value.first()?;
                Some((offset, Lexer::new(self.bytes, value.place.start).dictionary()?))
            }
        }
    }

    /// Where an object begins, and a lexer behind its head. An object within a compressed stream
    /// holds no signature that could leave itself out.
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

/// Four integers in brackets, none of them negative.
fn byte_range(value: Option<&[Token]>) -> Option<[usize; 4]> {
    let [begin, numbers @ .., end] = value? else { return None };
    if begin.kind != Kind::ArrayBegins || end.kind != Kind::ArrayEnds {
        return None;
    }
    let number = |token: &Token| match token.kind {
        Kind::Integer(number) => usize::try_from(number).ok(),
        _ => None,
    };
    let [from, before, to, behind] = numbers else { return None };
    Some([number(from)?, number(before)?, number(to)?, number(behind)?])
}

/// The bytes of a hexadecimal string; a digit that is missing at its end is 0.
fn unhexed(written: &[u8]) -> Vec<u8> {
    let digits = written.iter().filter_map(|byte| char::from(*byte).to_digit(16));
    let digits: Vec<u8> = digits.filter_map(|digit| u8::try_from(digit).ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()).collect()
}
