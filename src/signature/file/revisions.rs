//! The revisions of a file: where each of its cross-references ends, oldest first.

use crate::signature::file::lexer::{Kind, Lexer, Token, is_space};
use crate::signature::file::unreadable::Unreadable;

/// The most revisions that are looked at. Each is read as a file of its own.
const MOST: usize = 64;

/// How far behind the number of `startxref` the mark of the end may stand, in bytes.
const FARTHEST_MARK: usize = 64;

/// A revision: what stood at the end of the file when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Where it begins: behind the `%%EOF` of the one before.
    pub start: usize,
    /// Where it ends: behind its own `%%EOF`, the end of that line not counted.
    pub end: usize,
    /// Where its cross-reference begins, as `startxref` says.
    pub(crate) cross_reference: usize,
    /// How many sections of cross-references it has. A file prepared for the web begins with two.
    pub(crate) n_sections: usize,
    /// Whether readers that know cross-reference streams see other objects than those that do not.
    pub is_hybrid: bool,
}

/// A section of cross-references.
struct Section {
    offset: usize,
    previous: Option<usize>,
    is_hybrid: bool,
}

/// The revisions of a file, the oldest first.
///
/// # Errors
/// A file whose cross-references do not lead from its end to its beginning.
pub fn revisions(file: &[u8]) -> Result<Vec<Revision>, Unreadable> {
    if !file.starts_with(b"%PDF-") {
        return Err(Unreadable::NotPdf);
    }
    let newest = rfind(file, b"startxref").ok_or(Unreadable::CrossReferences)?;
    let mut next = Some(startxref(file, newest).ok_or(Unreadable::CrossReferences)?.0);
    let mut groups: Vec<Vec<Section>> = Vec::new();
    let mut n_sections = 0;
    // Sections may overlap, and each is read to its end.
    let mut left = file.len();
    while let Some(offset) = next {
        n_sections += 1;
        if n_sections > MOST {
            return Err(Unreadable::TooComplex);
        }
        let section = section(file, offset, &mut left).ok_or(Unreadable::CrossReferences)?;
        next = section.previous;
        match groups.last_mut() {
            // A file prepared for the web names its last section from its first.
            Some(group) if group.iter().all(|earlier| earlier.offset < offset) => {
                group.push(section);
            }
            _ => groups.push(vec![section]),
        }
    }
    let mut revisions = Vec::with_capacity(groups.len());
    let mut start = 0;
    for group in groups.iter().rev() {
        let revision = revision(file, start, group).ok_or(Unreadable::CrossReferences)?;
        start = revision.end;
        revisions.push(revision);
    }
    Ok(revisions)
}

/// Whether nothing but white space stands between two places.
pub(crate) fn is_blank(file: &[u8], from: usize, to: usize) -> bool {
    file.get(from..to).is_some_and(|bytes| bytes.iter().all(|byte| is_space(*byte)))
}

/// The first place of a word at or behind a place.
pub(crate) fn find(file: &[u8], from: usize, word: &[u8]) -> Option<usize> {
    let rest = file.get(from..)?;
    rest.windows(word.len()).position(|window| window == word).map(|at| from + at)
}

fn rfind(file: &[u8], word: &[u8]) -> Option<usize> {
    file.windows(word.len()).rposition(|window| window == word)
}

/// What `startxref` at a place says, and where the `%%EOF` behind it ends.
fn startxref(file: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut lexer = Lexer::new(file, at);
    if !lexer.word(b"startxref") {
        return None;
    }
    let offset = usize::try_from(lexer.integer()?).ok()?;
    // To the lexer the mark is a comment.
    let near = &file[..file.len().min(lexer.at + FARTHEST_MARK)];
    let mark = find(near, lexer.at, b"%%EOF")?;
    is_blank(file, lexer.at, mark).then_some((offset, mark + b"%%EOF".len()))
}

/// The section at an offset; what it is long is taken from what is left to read.
fn section(file: &[u8], offset: usize, left: &mut usize) -> Option<Section> {
    let mut lexer = Lexer::new(&file[..file.len().min(offset.checked_add(*left)?)], offset);
    let mut runs = Vec::new();
    if lexer.word(b"xref") {
        while !lexer.word(b"trailer") {
            runs.push(run(&mut lexer)?);
        }
    } else {
        lexer.object_head()?;
    }
    let mut section = Section { offset, previous: None, is_hybrid: false };
    for entry in lexer.dictionary()? {
        let number = match entry.value.as_slice() {
            [token] => match token.kind {
                Kind::Integer(number) => usize::try_from(number).ok(),
                _ => None,
            },
            _ => None,
        };
        match entry.name.as_slice() {
            // Two of them lead two readers two ways.
            b"Prev" if section.previous.is_some() => return None,
            b"Prev" => section.previous = Some(number?),
            b"XRefStm" => section.is_hybrid = true,
            b"Index" => runs.extend(index(&entry.value)?),
            _ => {}
        }
    }
    // An object that stands in two of them is two objects to two readers.
    runs.sort_unstable();
    if runs.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return None;
    }
    *left = left.saturating_sub(lexer.at - offset);
    Some(section)
}

/// A run of entries in a table: the number of the first object, and the one behind the last.
fn run(lexer: &mut Lexer<'_>) -> Option<(i64, i64)> {
    let (first, count) = (lexer.integer()?, lexer.integer()?);
    for _ in 0..count {
        lexer.integer()?;
        lexer.integer()?;
        if !lexer.word(b"n") && !lexer.word(b"f") {
            return None;
        }
    }
    Some((first, first.checked_add(count)?))
}

/// The runs of entries in a stream, as its `/Index` says.
fn index(value: &[Token]) -> Option<Vec<(i64, i64)>> {
    let [_, numbers @ .., _] = value else { return None };
    let numbers = numbers.iter().map(|token| match token.kind {
        Kind::Integer(number) => Some(number),
        _ => None,
    });
    let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
    let pairs = numbers.chunks(2);
    pairs.map(|pair| Some((pair[0], pair[0].checked_add(*pair.get(1)?)?))).collect()
}

fn revision(file: &[u8], start: usize, group: &[Section]) -> Option<Revision> {
    let first = group.first()?;
    let last = group.iter().map(|section| section.offset).max()?;
    if first.offset < start {
        return None;
    }
    // A compressed stream may hold the word by chance.
    let mut from = last;
    let end = loop {
        let at = find(file, from, b"startxref")?;
        match startxref(file, at) {
            Some((offset, end)) if offset == first.offset => break end,
            _ => from = at + 1,
        }
    };
    Some(Revision {
        start,
        end,
        cross_reference: first.offset,
        n_sections: group.len(),
        is_hybrid: group.iter().any(|section| section.is_hybrid),
    })
}
