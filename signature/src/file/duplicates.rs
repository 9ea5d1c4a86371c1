//! Finds dictionaries with duplicate entries, of which different readers may use different values, and
//! malformed objects that could hide such entries.

use std::collections::BTreeSet;

use lopdf::xref::XrefEntry;
use lopdf::{Document, Object, ObjectId, Stream};

use crate::file::PdfFile;
use crate::file::cross_references::entries::MAX_DECOMPRESSED_BYTES;
use crate::file::lexer::{Lexer, TokenKind, decoded_name};

/// Why readers may not agree on an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// A dictionary has an entry twice.
    Duplicate,
    /// It is malformed, so that an entry that comes twice could be hidden.
    Malformed,
}

impl PdfFile<'_> {
    /// The objects that a revision, by its index, writes so that readers may not agree on them.
    pub(crate) fn objects_with_duplicate_entries(
        &self,
        revision: usize,
        document: &Document,
    ) -> Vec<(ObjectId, Unclear)> {
        let revision = &self.revisions[revision];
        let mut found = Vec::new();
        for (number, entry) in &document.reference_table.entries {
            let XrefEntry::Normal { offset, generation } = entry else { continue };
            let offset = usize::try_from(*offset).unwrap_or(usize::MAX);
            if !(revision.start..revision.end).contains(&offset) {
                continue;
            }
            let id = (*number, *generation);
            let mut lexer = Lexer::new(&self.bytes[..revision.end], offset);
            if lexer.object_head().is_some() {
                found.extend(unclear(&mut lexer).map(|kind| (id, kind)));
            }
            let packed = document.get_object(id).and_then(Object::as_stream);
            if let Ok(stream) = packed.as_ref()
                && stream.dict.has_type(b"ObjStm")
            {
                found.extend(unclear_in(stream).map(|kind| (id, kind)));
            }
        }
        found
    }
}

/// Why readers may not agree on one of the objects in an object stream.
fn unclear_in(stream: &Stream) -> Option<Unclear> {
    let content = stream.decompressed_content_with_limit(MAX_DECOMPRESSED_BYTES).ok();
    let number = |key: &[u8]| {
        let number = stream.dict.get(key).and_then(Object::as_i64);
        number.ok().and_then(|number| usize::try_from(number).ok())
    };
    let (Some(content), Some(count), Some(first)) = (content, number(b"N"), number(b"First"))
    else {
        return Some(Unclear::Malformed);
    };
    // Objects may overlap, so that they would be read many times.
    let mut remaining = content.len().saturating_mul(2);
    let mut head = Lexer::new(content.get(..first).unwrap_or_default(), 0);
    for _ in 0..count {
        let offset = head.integer().and_then(|_| head.integer());
        let offset = offset.and_then(|offset| usize::try_from(offset).ok()?.checked_add(first));
        let Some(offset) = offset.filter(|offset| *offset < content.len()) else {
            return Some(Unclear::Malformed);
        };
        let mut lexer = Lexer::new(&content, offset);
        let kind = unclear(&mut lexer);
        if kind.is_some() {
            return kind;
        }
        let Some(rest) = remaining.checked_sub(lexer.at.min(content.len()) - offset) else {
            return Some(Unclear::Malformed);
        };
        remaining = rest;
    }
    None
}

/// A dictionary or array that is not closed yet.
struct Open {
    names: BTreeSet<Vec<u8>>,
    is_dictionary: bool,
    has_value: bool,
}

/// Why readers may not agree on an object, if they may not. A lexer is before it.
fn unclear(lexer: &mut Lexer<'_>) -> Option<Unclear> {
    let mut open: Vec<Open> = Vec::new();
    loop {
        let Some(token) = lexer.next() else { return Some(Unclear::Malformed) };
        let text = lexer.text(&token);
        match token.kind {
            TokenKind::Word if matches!(text, b"endobj" | b"stream" | b"obj") => {
                return Some(Unclear::Malformed);
            }
            TokenKind::Name => {
                let inner = open.last_mut().filter(|open| open.is_dictionary);
                if let Some(inner) = inner
                    && inner.has_value
                {
                    inner.has_value = false;
                    if !inner.names.insert(decoded_name(text)) {
                        return Some(Unclear::Duplicate);
                    }
                    continue;
                }
            }
            TokenKind::DictionaryStart | TokenKind::ArrayStart => {
                let is_dictionary = token.kind == TokenKind::DictionaryStart;
                // `has_value` starts as true because the first name of a dictionary is a key.
                open.push(Open { names: BTreeSet::new(), is_dictionary, has_value: true });
                continue;
            }
            TokenKind::DictionaryEnd | TokenKind::ArrayEnd => {
                let is_dictionary = token.kind == TokenKind::DictionaryEnd;
                if open.pop().is_none_or(|inner| inner.is_dictionary != is_dictionary) {
                    return Some(Unclear::Malformed);
                }
            }
            _ => {}
        }
        match open.last_mut() {
            Some(inner) => inner.has_value = true,
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Unclear, unclear};
    use crate::file::lexer::Lexer;

    #[test]
    fn duplicate_entries_are_found_at_any_depth() {
        let duplicate =
            ["<</A 1/A 2>>", "<</A/B/A/C>>", "[<</A<</B 1/#42 2>>>>]", "<</A 1 0 R/C[]/A(x)>>"];
        let unique =
            ["<</A/A/B/A>>", "<</A 1>><</A 1>>", "[/A/A]", "<</A[/B/B]/B<</A 1>>>>", "7 0 R"];
        let malformed =
            ["<</A{/B 1/B 2>>", "<</A<4G>/A 2>>", "[<<]>>", "<</A endobj/A 1>>", ">>", ""];
        for text in duplicate {
            assert_eq!(
                unclear(&mut Lexer::new(text.as_bytes(), 0)),
                Some(Unclear::Duplicate),
                "{text}"
            );
        }
        for text in unique {
            assert_eq!(unclear(&mut Lexer::new(text.as_bytes(), 0)), None, "{text}");
        }
        for text in malformed {
            let found = unclear(&mut Lexer::new(text.as_bytes(), 0));
            assert_eq!(found, Some(Unclear::Malformed), "{text}");
        }
    }
}
