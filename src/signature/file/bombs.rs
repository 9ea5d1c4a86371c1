//! Bounds what a file takes to read, before anything is read: values, and what unpacks to values.

use lopdf::{DecompressError, Dictionary, Error, Object, Stream};

use crate::signature::file::lexer::{Entry, Kind, Lexer};
use crate::signature::file::revisions::find;
use crate::signature::file::unreadable::Unreadable;

/// What all object streams and cross-reference streams of a file may unpack to, in bytes. Each
/// byte of them may become a value of sixteen times its length. Filings have none; those of other
/// tools have a few million.
const MOST_UNPACKED: usize = 16 << 20;

/// The most values that may stand in a file; each takes some hundred bytes in memory. An object
/// counts for more, since it has a place of its own.
const MOST_VALUES: usize = 4_000_000;
const VALUES_OF_AN_OBJECT: usize = 8;

/// How many bytes may be looked at more than once: what looks like an object may be none.
const LOOKED_AT_AGAIN: usize = 4 << 20;

/// The most of a stream that unpacks to objects and whose length stands elsewhere, in bytes, and how many there may be.
const LONGEST_OPEN: usize = 1 << 20;
const MOST_OPEN: usize = 256;

/// Refuses a file that would take too much to read.
///
/// # Errors
/// Such a file.
pub(crate) fn refuse_bombs(file: &[u8]) -> Result<(), Unreadable> {
    let mut left = Left {
        values: MOST_VALUES,
        bytes: file.len() + LOOKED_AT_AGAIN,
        unpacked: MOST_UNPACKED,
        open: MOST_OPEN,
    };
    let mut from = 0;
    while let Some(at) = find(file, from, b"obj") {
        from = at + b"obj".len();
        if !file[..at].ends_with(b"end") {
            left.object(file, from).ok_or(Unreadable::TooComplex)?;
        }
    }
    Ok(())
}

/// What a file may still take.
struct Left {
    values: usize,
    bytes: usize,
    unpacked: usize,
    open: usize,
}

impl Left {
    /// Takes what the object at a place takes; none where that is too much.
    fn object(&mut self, file: &[u8], from: usize) -> Option<()> {
        self.values = self.values.checked_sub(VALUES_OF_AN_OBJECT)?;
        let mut lexer = Lexer::new(file, from);
        let mut is_stream = false;
        while let Some(token) = lexer.next() {
            self.values = self.values.checked_sub(1)?;
            if token.kind == Kind::Word
                && [b"stream".as_slice(), b"endobj"].contains(&lexer.text(&token))
            {
                is_stream = lexer.text(&token) == b"stream";
                break;
            }
        }
        self.bytes = self.bytes.checked_sub(lexer.at.min(file.len()) - from)?;
        if is_stream { self.stream(file, from, lexer.at) } else { Some(()) }
    }

    /// Takes what a stream unpacks to, where it unpacks to objects.
    fn stream(&mut self, file: &[u8], from: usize, data: usize) -> Option<()> {
        let within = &file[..data.min(file.len())];
        let entries = Lexer::new(within, from).dictionary();
        let Some(entries) = entries.filter(|entries| is_structure(entries)) else {
            return Some(());
        };
        let data = file.get(data..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let data = if let Some(length) = length(&entries) {
            data.get(..length).unwrap_or(data)
        } else {
            self.open = self.open.checked_sub(1)?;
            data.get(..LONGEST_OPEN).unwrap_or(data)
        };
        self.unpacked =
            self.unpacked.checked_sub(unpacked(within, &entries, data, self.unpacked)?)?;
        Some(())
    }
}

fn is_structure(entries: &[Entry]) -> bool {
    let has = |name: &[u8]| entries.iter().any(|entry| entry.name == name);
    (has(b"First") && has(b"N")) || has(b"W")
}

/// The length, where it stands in the dictionary and once.
fn length(entries: &[Entry]) -> Option<usize> {
    let mut lengths = entries.iter().filter(|entry| entry.name == b"Length");
    let length = lengths.next().filter(|_| lengths.next().is_none())?;
    match length.value.as_slice() {
        [token] => match token.kind {
            Kind::Integer(length) => usize::try_from(length).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// How long a stream is unpacked; none where it is longer than `most` or packed in another way than
/// files pack their structure.
fn unpacked(file: &[u8], entries: &[Entry], data: &[u8], most: usize) -> Option<usize> {
    let mut filters = entries.iter().filter(|entry| entry.name == b"Filter");
    let Some(filter) = filters.next() else { return Some(data.len()) };
    let names = filter.value.iter().filter(|token| token.kind == Kind::Name);
    let names: Vec<&[u8]> = names.map(|token| &file[token.place.clone()]).collect();
    if filters.next().is_some() || names != [b"/FlateDecode".as_slice()] {
        return None;
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    match Stream::new(dictionary, data.to_vec()).decompressed_content_with_limit(most) {
        Ok(unpacked) => Some(unpacked.len()),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => None,
        // It unpacks to nothing; what follows will say so.
        Err(_) => Some(data.len()),
    }
}
