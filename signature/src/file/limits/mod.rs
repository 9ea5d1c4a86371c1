//! Rejects files that would take too much memory or time, such as decompression bombs, before their
//! objects are read.

pub(crate) mod marked_content;
mod memory;

use std::collections::BTreeMap;

use lopdf::{DecompressError, Dictionary, Error, Object, Stream};

use crate::file::cross_references::entries::MAX_DECOMPRESSED_BYTES;
use crate::file::lexer::{Entry, Lexer, Token, TokenKind};
use crate::file::limits::marked_content::{BYTES_PER_MARK, repeated_marks};
use crate::file::limits::memory::Memory;
use crate::file::revisions::find;
use crate::file::unreadable_pdf::UnreadablePdf;

/// The most memory that the objects of a file may take. Two revisions are compared, and the allocator keeps
/// what another thread has read before, so the largest file takes 250 MB. The heaviest filing has 92 MB.
pub(crate) const MAX_MEMORY: usize = 108_000_000;

/// What the bytes of a file take, in quarters: the file itself and the streams of two revisions.
const QUARTERS_PER_BYTE: usize = 5;

/// What an object takes besides its value: entries in lists, maps and sets.
const BYTES_PER_OBJECT: usize = 290;

/// Objects of less or more memory are not shortened: it would gain little, or the object would take too
/// much before it is. A paragraph of 10,000 letters in different fonts takes 8 MB.
const MIN_SHORTENED: usize = 15_000;
const MAX_SHORTENED: usize = 15_000_000;

/// A file whose lists take less memory is read as it is.
const WORTH_SHORTENING: usize = 10_000_000;

/// How many bytes may be scanned more than once. Text that looks like objects can cause that.
const MAX_RESCANNED_BYTES: usize = 4 << 20;

/// Streams of objects whose length is not in their dictionary: how many bytes of each are examined,
/// and how many streams there may be.
const MAX_BYTES_OF_UNKNOWN_LENGTH: usize = 1 << 20;
const MAX_UNKNOWN_LENGTHS: usize = 256;

/// How many bytes are examined to read a number in an object stream.
const MAX_BYTES_OF_NUMBER: usize = 32;

/// How many bytes before the number of an object are examined to find the start of its line.
const MAX_BYTES_BEFORE_NUMBER: usize = 256;

/// How often the bytes of a file may be in streams. Attached PDFs have streams inside a stream; each
/// stream is copied when it is read.
const MAX_STREAMS_PER_BYTE: usize = 3;

/// How the objects of a file that is within the limits are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As they are.
    Whole,
    /// With shortened lists of marked content (`marked_content.rs`).
    Shortened {
        /// Whether they would take too much memory as they are.
        is_needed: bool,
    },
}

/// Checks the limits.
///
/// # Errors
/// Fails with `TooComplex` if the file exceeds a limit.
pub(crate) fn check_limits(file: &[u8]) -> Result<Reading, UnreadablePdf> {
    let mut remaining = Remaining {
        memory: MAX_MEMORY.saturating_sub(file.len() / 4 * QUARTERS_PER_BYTE),
        shortened: 0,
        has_streams_of_objects: false,
        bytes: file.len() + MAX_RESCANNED_BYTES,
        decompressed: MAX_DECOMPRESSED_BYTES,
        unknown_lengths: MAX_UNKNOWN_LENGTHS,
        in_streams: (file.len() + MAX_RESCANNED_BYTES).saturating_mul(MAX_STREAMS_PER_BYTE),
        numbers: BTreeMap::new(),
        referenced_lengths: Vec::new(),
    };
    let mut from = 0;
    while let Some(at) = find(file, from, b"obj") {
        from = at + b"obj".len();
        if !file[..at].ends_with(b"end") {
            remaining.count_object(file, from).ok_or(UnreadablePdf::TooComplex)?;
        }
    }
    remaining.count_referenced_lengths().ok_or(UnreadablePdf::TooComplex)?;
    let Remaining { memory, shortened, has_streams_of_objects, .. } = remaining;
    let is_needed = shortened > memory;
    match has_streams_of_objects {
        true if is_needed => Err(UnreadablePdf::TooComplex),
        false if is_needed || shortened >= WORTH_SHORTENING => Ok(Reading::Shortened { is_needed }),
        _ => Ok(Reading::Whole),
    }
}

/// Checks that the decrypted content of an object stream takes little memory, and reduces `remaining` by
/// it. `None` if it takes too much.
pub(crate) fn count_memory(content: &[u8], remaining: &mut usize) -> Option<()> {
    let mut lexer = Lexer::new(content, 0);
    let mut memory = Memory::default();
    while lexer.at < content.len() {
        let before = lexer.at;
        if let Some(token) = lexer.next() {
            *remaining = remaining.checked_sub(memory.of(&token, lexer.text(&token)))?;
        } else {
            // Objects may follow what is malformed.
            lexer.at = lexer.at.max(before + 1);
        }
    }
    Some(())
}

/// What the rest of the file may still use.
struct Remaining {
    memory: usize,
    /// The memory of marked content that shortening its lists saves.
    shortened: usize,
    has_streams_of_objects: bool,
    bytes: usize,
    decompressed: usize,
    unknown_lengths: usize,
    in_streams: usize,
    /// The largest number that each object consists of in any revision, by its object number. It may be
    /// the length of a stream.
    numbers: BTreeMap<Option<i64>, usize>,
    /// The object numbers of the lengths of streams, and how many bytes follow the start of each.
    referenced_lengths: Vec<(i64, usize)>,
}

impl Remaining {
    /// Counts the object at an offset; `None` if it exceeds a limit.
    fn count_object(&mut self, file: &[u8], from: usize) -> Option<()> {
        self.memory = self.memory.checked_sub(BYTES_PER_OBJECT)?;
        let before = self.memory;
        let mut lexer = Lexer::new(file, from);
        let mut memory = Memory::default();
        let mut is_stream = false;
        if let Some(length) = number_of(Lexer::new(file, from)) {
            self.note_number(number_of_object(file, from), length);
        }
        while let Some(token) = lexer.next() {
            self.memory = self.memory.checked_sub(memory.of(&token, lexer.text(&token)))?;
            if token.kind == TokenKind::Word
                && [b"stream".as_slice(), b"endobj"].contains(&lexer.text(&token))
            {
                is_stream = lexer.text(&token) == b"stream";
                break;
            }
        }
        self.bytes = self.bytes.checked_sub(lexer.at.min(file.len()) - from)?;
        let taken = before - self.memory;
        if !is_stream && (MIN_SHORTENED..=MAX_SHORTENED).contains(&taken) {
            let repeated = repeated_marks(&file[..lexer.at.min(file.len())], from);
            let shortened = (repeated * BYTES_PER_MARK).min(taken);
            self.memory += shortened;
            self.shortened += shortened;
        }
        if is_stream { self.count_stream(file, from, lexer.at) } else { Some(()) }
    }

    /// Counts the bytes of a stream, and its decompressed size if it holds objects.
    fn count_stream(&mut self, file: &[u8], from: usize, data: usize) -> Option<()> {
        let object = &file[..data.min(file.len())];
        let data = file.get(data..).unwrap_or_default();
        let Some(entries) = Lexer::new(object, from).dictionary() else {
            self.in_streams = self.in_streams.checked_sub(data.len())?;
            return Some(());
        };
        for length in lengths(object, &entries) {
            match length {
                Length::Direct(length) => {
                    self.in_streams = self.in_streams.checked_sub(length.min(data.len()))?;
                }
                Length::Of(object) => self.referenced_lengths.push((object, data.len())),
            }
        }
        if !holds_objects(&entries) {
            return Some(());
        }
        self.has_streams_of_objects = true;
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let data = if let [Length::Direct(length)] = lengths(object, &entries)[..] {
            data.get(..length).unwrap_or(data)
        } else {
            self.unknown_lengths = self.unknown_lengths.checked_sub(1)?;
            data.get(..MAX_BYTES_OF_UNKNOWN_LENGTH).unwrap_or(data)
        };
        match decompressed(object, &entries, data, self.decompressed)? {
            Some(content) => {
                self.decompressed = self.decompressed.checked_sub(content.len())?;
                if !has(&entries, b"W") {
                    count_memory(&content, &mut self.memory)?;
                    self.note_numbers_in(&content, &entries);
                }
            }
            // The stream is damaged. Reading the document will fail.
            None => self.decompressed = self.decompressed.checked_sub(data.len())?,
        }
        Some(())
    }

    /// Notes the number that an object consists of. Without an object number it may be any object's.
    fn note_number(&mut self, object: Option<i64>, length: usize) {
        let known = self.numbers.entry(object).or_default();
        *known = length.max(*known);
    }

    /// Notes the numbers among the objects of an object stream.
    fn note_numbers_in(&mut self, content: &[u8], entries: &[Entry]) {
        let first = entries.iter().find(|entry| entry.name == b"First");
        let Some(&TokenKind::Integer(first)) =
            first.and_then(|entry| entry.value.first()).map(|token| &token.kind)
        else {
            return;
        };
        let mut head = Lexer::new(content, 0);
        while let (Some(object), Some(offset)) = (head.integer(), head.integer()) {
            let at = first.checked_add(offset).and_then(|at| usize::try_from(at).ok());
            let Some(rest) = at.and_then(|at| content.get(at..)) else { continue };
            let start = &rest[..rest.len().min(MAX_BYTES_OF_NUMBER)];
            let mut lexer = Lexer::new(start, 0);
            if let Some(length) = number_of(Lexer::new(start, 0)) {
                self.note_number(Some(object), length);
            // A number may follow white space and comments.
            } else if lexer.next().is_none() && lexer.at == start.len() {
                self.note_number(Some(object), usize::MAX);
            }
        }
    }

    /// Counts the bytes of the streams whose lengths are objects of their own.
    fn count_referenced_lengths(&mut self) -> Option<()> {
        for (object, available) in std::mem::take(&mut self.referenced_lengths) {
            let of = |object| self.numbers.get(&object).copied().unwrap_or_default();
            let length = of(Some(object)).max(of(None));
            self.in_streams = self.in_streams.checked_sub(length.min(available))?;
        }
        Some(())
    }
}

/// The length of a stream: a number, or the object that is one.
#[derive(Clone, Copy)]
enum Length {
    Direct(usize),
    Of(i64),
}

fn has(entries: &[Entry], name: &[u8]) -> bool {
    entries.iter().any(|entry| entry.name == name)
}

fn holds_objects(entries: &[Entry]) -> bool {
    (has(entries, b"First") && has(entries, b"N")) || has(entries, b"W")
}

/// The values of `/Length`: one, unless the dictionary is malformed.
fn lengths(file: &[u8], entries: &[Entry]) -> Vec<Length> {
    let named = entries.iter().filter(|entry| entry.name == b"Length");
    let lengths = named.filter_map(|entry| match entry.value.as_slice() {
        [object, _, _] => match object.kind {
            TokenKind::Integer(object) => Some(Length::Of(object)),
            _ => None,
        },
        [token] => number(token, &file[token.position.clone()]).map(Length::Direct),
        _ => None,
    });
    lengths.collect()
}

/// A token as a length. Some programs write a real number.
fn number(token: &Token, text: &[u8]) -> Option<usize> {
    match token.kind {
        TokenKind::Integer(number) => usize::try_from(number).ok(),
        TokenKind::Word => str::from_utf8(text).ok()?.split_once('.')?.0.parse().ok(),
        _ => None,
    }
}

/// The number that an object consists of. A reference may lead to any number.
fn number_of(mut lexer: Lexer<'_>) -> Option<usize> {
    let first = lexer.next()?;
    let length = number(&first, lexer.text(&first))?;
    let second = lexer.next().map(|token| token.kind);
    let third = lexer.next();
    let is_reference = matches!(second, Some(TokenKind::Integer(_)))
        && third.is_none_or(|token| lexer.text(&token) == b"R");
    Some(if is_reference { usize::MAX } else { length })
}

/// The number of the object whose `obj` ends at an offset. `None` if it may be part of a comment, which
/// readers skip.
fn number_of_object(file: &[u8], end: usize) -> Option<i64> {
    let before = &file[..end.checked_sub(b"obj".len())?];
    let before = before.trim_ascii_end();
    let digits = |text: &[u8]| text.iter().rev().take_while(|it| it.is_ascii_digit()).count();
    let before = before[..before.len() - digits(before)].trim_ascii_end();
    let start = before.len() - digits(before);
    let line = &before[start.saturating_sub(MAX_BYTES_BEFORE_NUMBER)..start];
    let line_start = line.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
    let line = match line_start {
        Some(line_start) => &line[line_start..],
        None if line.len() < MAX_BYTES_BEFORE_NUMBER => line,
        None => return None,
    };
    if line.contains(&b'%') {
        return None;
    }
    str::from_utf8(&before[start..]).ok()?.parse().ok()
}

/// The decompressed content of a stream; `None` within if it is damaged. `None` if it exceeds `max` or
/// if the stream has another filter than a single `/FlateDecode`.
fn decompressed(
    file: &[u8],
    entries: &[Entry],
    data: &[u8],
    max: usize,
) -> Option<Option<Vec<u8>>> {
    let mut filters = entries.iter().filter(|entry| entry.name == b"Filter");
    let Some(filter) = filters.next() else { return Some(Some(data.to_vec())) };
    let names = filter.value.iter().filter(|token| token.kind == TokenKind::Name);
    let names: Vec<&[u8]> = names.map(|token| &file[token.position.clone()]).collect();
    if filters.next().is_some() || names != [b"/FlateDecode".as_slice()] {
        return None;
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    match Stream::new(dictionary, data.to_vec()).decompressed_content_with_limit(max) {
        Ok(decompressed) => Some(Some(decompressed)),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => None,
        Err(_) => Some(None),
    }
}
