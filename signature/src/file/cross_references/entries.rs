//! Checks that all readers read the entries of a cross-reference section alike.

use lopdf::{Dictionary, Object, Stream};

use crate::file::lexer::{Entry, Lexer, Token, TokenKind, decoded_name};

/// The size of an entry of a table (ISO 32000-2, 7.5.4): some readers count bytes instead of reading
/// numbers.
const ENTRY_BYTES: usize = 20;
const OFFSET_DIGITS: usize = 10;
const GENERATION_DIGITS: usize = 5;

/// The maximum decompressed size of a cross-reference stream, and of all object streams and
/// cross-reference streams of a file. Each byte may become a value of sixteen times its size. Our PDFs have
/// no such streams; usual ones of other tools have a few megabytes.
pub(crate) const MAX_DECOMPRESSED_BYTES: usize = 16 << 20;

/// The types of entries: free, in use, and in an object stream. Others are null for some readers, and
/// not there for others.
const MAX_TYPE: u64 = 2;
const IN_USE: u64 = 1;

/// A subsection of a table.
pub(crate) struct Subsection {
    /// The numbers of its first object and after its last.
    pub(crate) range: (i64, i64),
    /// Whether readers that count bytes find the same entries.
    pub(crate) is_exact: bool,
}

/// Reads a subsection of a table. `None` if an entry is malformed.
pub(crate) fn subsection(lexer: &mut Lexer<'_>) -> Option<Subsection> {
    let (first, count) = (lexer.integer()?, lexer.integer()?);
    let mut start = None;
    let mut is_exact = true;
    for index in 0..count {
        let entry = [lexer.next()?, lexer.next()?, lexer.next()?];
        let [TokenKind::Integer(offset), TokenKind::Integer(_), TokenKind::Word] =
            entry.each_ref().map(|token| token.kind)
        else {
            return None;
        };
        let is_free = match lexer.text(&entry[2]) {
            b"n" => false,
            b"f" => true,
            _ => return None,
        };
        let at = entry[0].position.start;
        let counted = usize::try_from(index).ok()?.checked_mul(ENTRY_BYTES)?;
        let counted = counted.checked_add(*start.get_or_insert(at))?;
        is_exact &= has_usual_digits(&entry)
            && (counted == at || (!is_free && may_begin_at(counted, at, offset)));
    }
    Some(Subsection { range: (first, first.checked_add(count)?), is_exact })
}

/// Whether the numbers of an entry have their usual digits, one space between them and one after them.
fn has_usual_digits([offset, generation, kind]: &[Token; 3]) -> bool {
    offset.position.len() == OFFSET_DIGITS
        && generation.position.len() == GENERATION_DIGITS
        && offset.position.end + 1 == generation.position.start
        && generation.position.end + 1 == kind.position.start
}

/// Whether an entry leads to the same offset if a reader takes it from a later byte, as after entries of 19
/// bytes: it then only misses leading zeros.
fn may_begin_at(counted: usize, at: usize, offset: i64) -> bool {
    let digits = offset.checked_ilog10().map_or(1, |log| log as usize + 1);
    counted.checked_sub(at).is_some_and(|missed| missed + digits <= OFFSET_DIGITS)
}

/// Whether the entries of a cross-reference stream have types that all readers know, and numbers that fit.
/// The lexer is after the dictionary of the stream.
pub(crate) fn is_plain_stream(file: &[u8], mut lexer: Lexer<'_>, entries: &[Entry]) -> bool {
    let mut rows = || {
        let dictionary = dictionary(file, entries)?;
        let numbers = |key: &[u8]| -> Option<Vec<usize>> {
            let array = dictionary.get(key).and_then(Object::as_array).ok()?;
            array.iter().map(|it| usize::try_from(it.as_i64().ok()?).ok()).collect()
        };
        let widths = numbers(b"W").filter(|widths| widths.len() == 3)?;
        if widths.iter().any(|width| *width > 8) || widths.iter().sum::<usize>() == 0 {
            return None;
        }
        let length = dictionary.get(b"Length").and_then(Object::as_i64).ok()?;
        if !lexer.word(b"stream") {
            return None;
        }
        let data = file.get(lexer.at..)?;
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let data = data.get(..usize::try_from(length).ok()?)?.to_vec();
        let stream = Stream::new(dictionary, data);
        let content = stream.decompressed_content_with_limit(MAX_DECOMPRESSED_BYTES).ok()?;
        let row_bytes: usize = widths.iter().sum();
        Some(content.chunks_exact(row_bytes).all(|row| is_plain_row(row, &widths)))
    };
    rows().unwrap_or(false)
}

fn is_plain_row(row: &[u8], widths: &[usize]) -> bool {
    let mut rest = row;
    let mut field = |width: usize| {
        let (field, after) = rest.split_at(width);
        rest = after;
        field.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
    };
    let kind = if widths[0] == 0 { IN_USE } else { field(widths[0]) };
    let (second, third) = (field(widths[1]), field(widths[2]));
    let fits = second <= u64::from(u32::MAX) && third <= u64::from(u16::MAX);
    kind < IN_USE || (kind <= MAX_TYPE && fits)
}

/// A dictionary of numbers, names, and arrays and dictionaries of these. `None` if it has anything else
/// that matters for a stream.
fn dictionary(file: &[u8], entries: &[Entry]) -> Option<Dictionary> {
    let mut dictionary = Dictionary::new();
    let keys = [b"W".as_slice(), b"Length", b"Filter", b"DecodeParms"];
    for entry in entries.iter().filter(|entry| keys.contains(&entry.name.as_slice())) {
        let mut tokens = entry.value.iter();
        dictionary.set(entry.name.clone(), value(file, tokens.next()?, &mut tokens)?);
        if tokens.next().is_some() {
            return None;
        }
    }
    Some(dictionary)
}

fn value<'t>(
    file: &[u8],
    token: &Token,
    rest: &mut impl Iterator<Item = &'t Token>,
) -> Option<Object> {
    let name = |token: &Token| decoded_name(&file[token.position.clone()]);
    match token.kind {
        TokenKind::Integer(number) => Some(Object::Integer(number)),
        TokenKind::Name => Some(Object::Name(name(token))),
        TokenKind::Word if file[token.position.clone()] == *b"null" => Some(Object::Null),
        TokenKind::ArrayStart => {
            let mut items = Vec::new();
            loop {
                let token = rest.next()?;
                match token.kind {
                    TokenKind::ArrayEnd => return Some(Object::Array(items)),
                    // Nothing in these dictionaries is nested deeper.
                    TokenKind::ArrayStart => return None,
                    _ => items.push(value(file, token, &mut *rest)?),
                }
            }
        }
        TokenKind::DictionaryStart => {
            let mut entries = Dictionary::new();
            loop {
                let key = rest.next()?;
                if key.kind == TokenKind::DictionaryEnd {
                    return Some(Object::Dictionary(entries));
                }
                let token = rest.next()?;
                let TokenKind::Integer(number) = token.kind else { return None };
                entries.set(name(key), Object::Integer(number));
            }
        }
        _ => None,
    }
}
