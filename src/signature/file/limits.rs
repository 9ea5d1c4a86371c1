//! Rejects files that would take too much memory or time, such as decompression bombs, before their
//! objects are read.

use lopdf::{DecompressError, Dictionary, Error, Object, Stream};

use crate::signature::file::lexer::{Entry, Lexer, TokenKind};
use crate::signature::file::revisions::find;
use crate::signature::file::unreadable_pdf::UnreadablePdf;

/// The maximum decompressed size of all object streams and cross-reference streams. Each byte may
/// become a value of sixteen times its size. Our PDFs have no such streams; usual ones of other tools
/// have a few megabytes.
const MAX_DECOMPRESSED_BYTES: usize = 16 << 20;

/// The maximum number of values in a file. Each takes about 100 bytes of memory, an object more.
const MAX_VALUES: usize = 4_000_000;
const VALUES_PER_OBJECT: usize = 8;

/// How many bytes may be scanned more than once. Text that looks like objects can cause that.
const MAX_RESCANNED_BYTES: usize = 4 << 20;

/// Streams of objects whose length is not in their dictionary: how many bytes of each are examined,
/// and how many streams there may be.
const MAX_BYTES_OF_UNKNOWN_LENGTH: usize = 1 << 20;
const MAX_UNKNOWN_LENGTHS: usize = 256;

/// Checks the limits.
///
/// # Errors
/// Fails with `TooComplex` if the file exceeds a limit.
pub(crate) fn check_limits(file: &[u8]) -> Result<(), UnreadablePdf> {
    let mut remaining = Remaining {
        values: MAX_VALUES,
        bytes: file.len() + MAX_RESCANNED_BYTES,
        decompressed: MAX_DECOMPRESSED_BYTES,
        unknown_lengths: MAX_UNKNOWN_LENGTHS,
    };
    let mut from = 0;
    while let Some(at) = find(file, from, b"obj") {
        from = at + b"obj".len();
        if !file[..at].ends_with(b"end") {
            remaining.count_object(file, from).ok_or(UnreadablePdf::TooComplex)?;
        }
    }
    Ok(())
}

/// What the rest of the file may still use.
struct Remaining {
    values: usize,
    bytes: usize,
    decompressed: usize,
    unknown_lengths: usize,
}

impl Remaining {
    /// Counts the object at an offset; `None` if it exceeds a limit.
    fn count_object(&mut self, file: &[u8], from: usize) -> Option<()> {
        self.values = self.values.checked_sub(VALUES_PER_OBJECT)?;
        let mut lexer = Lexer::new(file, from);
        let mut is_stream = false;
        while let Some(token) = lexer.next() {
            self.values = self.values.checked_sub(1)?;
            if token.kind == TokenKind::Word
                && [b"stream".as_slice(), b"endobj"].contains(&lexer.text(&token))
            {
                is_stream = lexer.text(&token) == b"stream";
                break;
            }
        }
        self.bytes = self.bytes.checked_sub(lexer.at.min(file.len()) - from)?;
        if is_stream { self.count_stream(file, from, lexer.at) } else { Some(()) }
    }

    /// Counts the decompressed size of a stream if it holds objects.
    fn count_stream(&mut self, file: &[u8], from: usize, data: usize) -> Option<()> {
        let object = &file[..data.min(file.len())];
        let entries = Lexer::new(object, from).dictionary();
        let Some(entries) = entries.filter(|entries| holds_objects(entries)) else {
            return Some(());
        };
        let data = file.get(data..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let data = if let Some(length) = length(&entries) {
            data.get(..length).unwrap_or(data)
        } else {
            self.unknown_lengths = self.unknown_lengths.checked_sub(1)?;
            data.get(..MAX_BYTES_OF_UNKNOWN_LENGTH).unwrap_or(data)
        };
        self.decompressed = self.decompressed.checked_sub(decompressed_size(
            object,
            &entries,
            data,
            self.decompressed,
        )?)?;
        Some(())
    }
}

fn holds_objects(entries: &[Entry]) -> bool {
    let has = |name: &[u8]| entries.iter().any(|entry| entry.name == name);
    (has(b"First") && has(b"N")) || has(b"W")
}

/// `/Length`, if it is a single direct integer.
fn length(entries: &[Entry]) -> Option<usize> {
    let mut lengths = entries.iter().filter(|entry| entry.name == b"Length");
    let length = lengths.next().filter(|_| lengths.next().is_none())?;
    match length.value.as_slice() {
        [token] => match token.kind {
            TokenKind::Integer(length) => usize::try_from(length).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The decompressed size of a stream; `None` if it exceeds `max` or if the stream has another filter
/// than a single `/FlateDecode`.
fn decompressed_size(file: &[u8], entries: &[Entry], data: &[u8], max: usize) -> Option<usize> {
    let mut filters = entries.iter().filter(|entry| entry.name == b"Filter");
    let Some(filter) = filters.next() else { return Some(data.len()) };
    let names = filter.value.iter().filter(|token| token.kind == TokenKind::Name);
    let names: Vec<&[u8]> = names.map(|token| &file[token.position.clone()]).collect();
    if filters.next().is_some() || names != [b"/FlateDecode".as_slice()] {
        return None;
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    match Stream::new(dictionary, data.to_vec()).decompressed_content_with_limit(max) {
        Ok(decompressed) => Some(decompressed.len()),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => None,
        // The stream is damaged. Reading the document will fail.
        Err(_) => Some(data.len()),
    }
}
