//! Bounds what the packed parts of a file's structure unpack to, before anything unpacks them.

use lopdf::{DecompressError, Dictionary, Error, Object, Stream};

use crate::signature::file::lexer::{Entry, Kind, Lexer};
use crate::signature::file::revisions::find;
use crate::signature::file::unreadable::Unreadable;

/// What all object streams and cross-reference streams of a file may unpack to, in bytes. Each
/// byte of them may become a value of sixteen times its length. Those of a filing have none; the
/// largest files of other tools seen have four million.
const MOST_UNPACKED: usize = 16 << 20;

/// The longest dictionary of such a stream, in bytes.
const LONGEST_DICTIONARY: usize = 16 << 10;

/// The most of a stream whose length stands elsewhere, in bytes, and how many there may be.
const LONGEST_OPEN: usize = 1 << 20;
const MOST_OPEN: usize = 256;

/// Refuses a file whose structure would unpack to too much.
///
/// # Errors
/// Such a file.
pub(super) fn refuse_bombs(file: &[u8]) -> Result<(), Unreadable> {
    let mut left = MOST_UNPACKED;
    let mut n_open = 0;
    let mut from = 0;
    while let Some(at) = find(file, from, b"obj") {
        from = at + b"obj".len();
        let within = &file[..file.len().min(from + LONGEST_DICTIONARY)];
        let mut lexer = Lexer::new(within, from);
        let Some(entries) = lexer.dictionary().filter(|entries| is_structure(entries)) else {
            continue;
        };
        if !lexer.word(b"stream") {
            continue;
        }
        let data = file.get(lexer.at..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let data = if let Some(length) = length(&entries) {
            data.get(..length).unwrap_or(data)
        } else {
            n_open += 1;
            data.get(..LONGEST_OPEN).unwrap_or(data)
        };
        let unpacked = unpacked(within, &entries, data, left).ok_or(Unreadable::TooComplex)?;
        left = left.checked_sub(unpacked).ok_or(Unreadable::TooComplex)?;
        if n_open > MOST_OPEN {
            return Err(Unreadable::TooComplex);
        }
    }
    Ok(())
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
