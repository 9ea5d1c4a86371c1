//! Finds the revisions of a file by following its cross-reference sections.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::file::cross_references::entries::{Subsection, is_plain_stream, subsection};
use crate::file::lexer::{Entry, Lexer, Token, TokenKind, is_space};
use crate::file::unreadable_pdf::UnreadablePdf;

/// A file with more cross-reference sections is rejected.
const MAX_XREF_SECTIONS: usize = 64;

/// How many bytes of white space may be between the target of a pointer and the section.
const MAX_SPACE: usize = 16;

/// How many bytes after `startxref` the `%%EOF` may end.
const MAX_EOF_DISTANCE: usize = 128;

/// What the name of a hidden entry consists of: of `/Encrypt`, and of any other.
pub(crate) const HIDDEN_ENCRYPTION: u8 = b'_';
pub(crate) const HIDDEN: u8 = b'-';

/// A revision: the original file or an incremental update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The offset at which it starts: after the `%%EOF` of the previous revision.
    pub start: usize,
    /// The offset at which it ends: after its own `%%EOF`, without the line break.
    pub end: usize,
    /// The offset of its cross-reference section.
    pub(crate) xref_offset: usize,
    /// Pointers to cross-reference sections that lead to white space before them.
    pub(crate) imprecise_pointers: Vec<Pointer>,
    /// The number of its cross-reference sections. The first revision of a linearized file has two.
    pub(crate) n_xref_sections: usize,
    /// Its hybrid sections: tables with a stream beside them (`/XRefStm`).
    pub(crate) hybrids: Vec<Hybrid>,
    /// Where `/Encrypt` is written, if the revision is encrypted.
    pub(crate) encryption: Option<Range<usize>>,
}

/// A table and the stream beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hybrid {
    pub(crate) table: SectionKeys,
    pub(crate) stream: SectionKeys,
    /// Where `/XRefStm` is written.
    pub(crate) key: Range<usize>,
    /// Whether an earlier section has the same stream. Programs copy the entry.
    pub(crate) is_repeated: bool,
    /// Whether readers may ignore the stream: PDFium ignores that of the oldest section, and others may
    /// ignore a repeated one.
    pub(crate) may_be_ignored: bool,
}

/// Where a section is, and the entries that lead from it to other data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SectionKeys {
    pub(crate) offset: usize,
    pub(crate) positions: Vec<Range<usize>>,
}

impl Revision {
    /// Whether it has hybrid cross-references.
    pub fn is_hybrid(&self) -> bool {
        !self.hybrids.is_empty()
    }
}

/// Where the offset of a cross-reference section is written, and the section's offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pointer {
    pub(crate) position: Range<usize>,
    pub(crate) target: usize,
}

/// A cross-reference section.
struct Section {
    keys: SectionKeys,
    is_table: bool,
    previous: Option<Pointer>,
    /// The offset of the stream beside the table, and where it is written.
    stream: Option<(usize, Range<usize>)>,
    hybrid: Option<Hybrid>,
    imprecise_pointers: Vec<Pointer>,
    encryption: Option<Range<usize>>,
}

/// The revisions of a file, the oldest first.
///
/// # Errors
/// Fails if the file is not a PDF, if only some revisions are encrypted, or if its cross-reference
/// sections are malformed or too many.
pub fn revisions(file: &[u8]) -> Result<Vec<Revision>, UnreadablePdf> {
    if !file.starts_with(b"%PDF-") {
        return Err(UnreadablePdf::NotPdf);
    }
    let newest = rfind(file, b"startxref").ok_or(UnreadablePdf::CrossReferences)?;
    let newest = startxref(file, newest).ok_or(UnreadablePdf::CrossReferences)?.0;
    let mut sections = sections(file, newest)?;
    read_hybrids(file, &mut sections).ok_or(UnreadablePdf::CrossReferences)?;
    let ends = targets_of_startxref(file);
    let mut groups: Vec<Vec<Section>> = Vec::new();
    for section in sections {
        match groups.last_mut() {
            // The first section of a linearized file refers to a later one. Adobe's programs also write
            // sections that no `startxref` leads to.
            Some(group)
                if group.iter().all(|newer| newer.keys.offset < section.keys.offset)
                    || !ends.contains(&section.keys.offset) =>
            {
                group.push(section);
            }
            _ => groups.push(vec![section]),
        }
    }
    let mut revisions: Vec<Revision> = Vec::with_capacity(groups.len());
    let mut start = 0;
    for group in groups.iter().rev() {
        let revision = revision(file, start, group).ok_or(UnreadablePdf::CrossReferences)?;
        start = revision.end;
        revisions.push(revision);
    }
    // Readers decrypt all objects of the file or none. The second trailer of a linearized file may say
    // nothing about it.
    let is_encrypted = revisions[0].encryption.is_some();
    let says_so = |section: &Section| section.encryption.is_some();
    if revisions.iter().any(|revision| revision.encryption.is_some() != is_encrypted)
        || (!is_encrypted && groups.iter().flatten().any(says_so))
    {
        return Err(UnreadablePdf::UnclearEncryption);
    }
    Ok(revisions)
}

/// The sections of a file, the newest first.
fn sections(file: &[u8], newest: usize) -> Result<Vec<Section>, UnreadablePdf> {
    let mut sections: Vec<Section> = Vec::new();
    // Limits the bytes that are read in all, because malicious sections may overlap.
    let mut remaining = file.len();
    let mut next = Some(newest);
    while let Some(offset) = next {
        if sections.len() == MAX_XREF_SECTIONS {
            return Err(UnreadablePdf::TooComplex);
        }
        let section =
            section(file, offset, &mut remaining).ok_or(UnreadablePdf::CrossReferences)?;
        next = section.previous.as_ref().map(|previous| previous.target);
        sections.push(section);
    }
    Ok(sections)
}

/// Reads the streams beside tables. `None` if one leads somewhere that only some readers follow: its
/// `/Prev` may only lead where that of its table leads.
fn read_hybrids(file: &[u8], sections: &mut [Section]) -> Option<()> {
    let mut remaining = file.len();
    let mut known: BTreeSet<usize> = BTreeSet::new();
    let (mut older, mut older_stream) = (None, None);
    for section in sections.iter_mut().rev() {
        let stream_offset = section.stream.as_ref().map(|(offset, _)| *offset);
        if let Some((offset, key)) = section.stream.clone() {
            let stream = self::section(file, offset, &mut remaining)?;
            let is_repeated = !known.insert(offset);
            let previous = stream.previous.map(|previous| previous.target);
            let leads_back = previous.is_none() || previous == older || previous == older_stream;
            if !section.is_table || stream.is_table || !(is_repeated || leads_back) {
                return None;
            }
            let (table, stream) = (section.keys.clone(), stream.keys);
            let may_be_ignored = is_repeated || older.is_none();
            section.hybrid = Some(Hybrid { table, stream, key, is_repeated, may_be_ignored });
        }
        (older, older_stream) = (Some(section.keys.offset), stream_offset);
    }
    Some(())
}

/// Overwrites the name of an entry with one of the same length that has no meaning.
pub(crate) fn hide(file: &mut [u8], name: &Range<usize>, with: u8) {
    file[name.start + 1..name.end].fill(with);
}

/// Whether a name is that of a hidden entry.
pub(crate) fn is_hidden(name: &[u8], with: u8) -> bool {
    !name.is_empty() && name.iter().all(|byte| *byte == with)
}

/// The offset of a section, given a pointer that may lead to white space before it. Readers skip it.
fn behind_space(file: &[u8], offset: usize) -> Option<usize> {
    let after = file.get(offset..)?;
    let length = after.iter().take(MAX_SPACE + 1).take_while(|byte| is_space(**byte)).count();
    (length <= MAX_SPACE).then_some(offset + length)
}

/// Whether there is only white space between two offsets.
pub(crate) fn is_blank(file: &[u8], from: usize, to: usize) -> bool {
    file.get(from..to).is_some_and(|bytes| bytes.iter().all(|byte| is_space(*byte)))
}

/// The offset of the first occurrence of a word at or after an offset.
pub(crate) fn find(file: &[u8], from: usize, word: &[u8]) -> Option<usize> {
    let rest = file.get(from..)?;
    rest.windows(word.len()).position(|window| window == word).map(|at| from + at)
}

fn rfind(file: &[u8], word: &[u8]) -> Option<usize> {
    file.windows(word.len()).rposition(|window| window == word)
}

/// Parses `startxref` at an offset. Returns the offset of the section and the end of its `%%EOF`.
fn startxref(file: &[u8], at: usize) -> Option<(usize, usize)> {
    // A comment could be as long as the file.
    let near = &file[..file.len().min(at + b"startxref".len() + MAX_EOF_DISTANCE)];
    let mut lexer = Lexer::new(near, at);
    if !lexer.word(b"startxref") {
        return None;
    }
    let offset = usize::try_from(lexer.integer()?).ok()?;
    // The lexer would skip `%%EOF` as a comment.
    let mark = find(near, lexer.at, b"%%EOF")?;
    let offset = behind_space(file, offset)?;
    is_blank(file, lexer.at, mark).then_some((offset, mark + b"%%EOF".len()))
}

/// The offsets of the sections that end with a `startxref`.
fn targets_of_startxref(file: &[u8]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut from = 0;
    while let Some(at) = find(file, from, b"startxref") {
        found.extend(startxref(file, at).map(|(offset, _)| offset));
        from = at + 1;
    }
    found
}

/// Reads the section at an offset. Reduces the remaining bytes by its length.
fn section(file: &[u8], offset: usize, remaining: &mut usize) -> Option<Section> {
    let mut lexer = Lexer::new(&file[..file.len().min(offset.checked_add(*remaining)?)], offset);
    let mut subsections = Vec::new();
    let is_table = lexer.word(b"xref");
    let mut is_exact = true;
    if is_table {
        while !lexer.word(b"trailer") {
            let Subsection { range, is_exact: this_is_exact } = subsection(&mut lexer)?;
            is_exact &= this_is_exact;
            subsections.push(range);
        }
    } else {
        lexer.object_head()?;
    }
    let mut section = Section {
        keys: SectionKeys { offset, positions: Vec::new() },
        is_table,
        previous: None,
        stream: None,
        hybrid: None,
        imprecise_pointers: Vec::new(),
        encryption: None,
    };
    let mut names = BTreeSet::new();
    let entries = lexer.dictionary()?;
    if !is_table && !is_plain_stream(file, lexer.clone(), &entries) {
        return None;
    }
    for entry in &entries {
        // Readers may use either of two entries.
        if !names.insert(entry.name.clone()) {
            return None;
        }
        section.read_entry(file, entry)?;
        if entry.name == b"Index" {
            subsections.extend(index(&entry.value)?);
        }
    }
    // In the oldest section, readers that count bytes notice the difference and search for objects.
    if !is_exact && section.previous.is_some() {
        return None;
    }
    // The name of a hidden entry must be free.
    if names.iter().any(|name| is_hidden(name, HIDDEN) || is_hidden(name, HIDDEN_ENCRYPTION)) {
        return None;
    }
    // Readers may use either entry of an object in two subsections.
    subsections.sort_unstable();
    if subsections.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return None;
    }
    *remaining = remaining.saturating_sub(lexer.at - offset);
    Some(section)
}

impl Section {
    /// Reads an entry of its dictionary.
    fn read_entry(&mut self, file: &[u8], entry: &Entry) -> Option<()> {
        let number = match entry.value.as_slice() {
            [token] => match token.kind {
                TokenKind::Integer(number) => usize::try_from(number).ok(),
                _ => None,
            },
            _ => None,
        };
        let key = || entry.name_position.clone();
        if [b"Prev".as_slice(), b"XRefStm", b"Encrypt"].contains(&entry.name.as_slice()) {
            self.keys.positions.push(key());
        }
        match entry.name.as_slice() {
            b"Prev" => {
                let written = number?;
                let target = behind_space(file, written)?;
                let position = entry.value.first()?.position.clone();
                let pointer = Pointer { position, target };
                self.imprecise_pointers.extend((target != written).then(|| pointer.clone()));
                self.previous = Some(pointer);
            }
            b"XRefStm" => self.stream = Some((number?, key())),
            b"Encrypt" => self.encryption = Some(key()),
            _ => {}
        }
        Some(())
    }
}

/// The subsections of a cross-reference stream, from its `/Index`.
fn index(value: &[Token]) -> Option<Vec<(i64, i64)>> {
    let [_, numbers @ .., _] = value else { return None };
    let numbers = numbers.iter().map(|token| match token.kind {
        TokenKind::Integer(number) => Some(number),
        _ => None,
    });
    let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
    let pairs = numbers.chunks(2);
    pairs.map(|pair| Some((pair[0], pair[0].checked_add(*pair.get(1)?)?))).collect()
}

fn revision(file: &[u8], start: usize, group: &[Section]) -> Option<Revision> {
    let first = group.first()?;
    let first_offset = first.keys.offset;
    let last = group.iter().map(|section| section.keys.offset).max()?;
    if first_offset < start {
        return None;
    }
    // A compressed stream may contain the word by chance.
    let mut from = last;
    let end = loop {
        let at = find(file, from, b"startxref")?;
        match startxref(file, at) {
            Some((offset, end)) if offset == first_offset => break end,
            _ => from = at + 1,
        }
    };
    let hybrids: Vec<Hybrid> = group.iter().filter_map(|section| section.hybrid.clone()).collect();
    if hybrids.iter().any(|hybrid| hybrid.stream.offset >= end) {
        return None;
    }
    Some(Revision {
        start,
        end,
        xref_offset: first_offset,
        n_xref_sections: group.len(),
        hybrids,
        // Readers use the trailer of the first section.
        encryption: first.encryption.clone(),
        imprecise_pointers: group
            .iter()
            .flat_map(|section| section.imprecise_pointers.clone())
            .collect(),
    })
}
