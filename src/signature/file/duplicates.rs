//! Finds dictionaries with duplicate entries, of which different readers may use different values.

use std::collections::BTreeSet;

use lopdf::xref::XrefEntry;
use lopdf::{Document, Object, ObjectId};

use crate::signature::file::PdfFile;
use crate::signature::file::lexer::{Lexer, TokenKind, decoded_name};

/// Larger object streams are skipped. The size limits of `limits.rs` have rejected them before.
const MAX_DECOMPRESSED_BYTES: usize = 16 << 20;

impl PdfFile<'_> {
    /// The objects with duplicate entries that a revision, by its index, writes.
    pub fn objects_with_duplicate_entries(
        &self,
        revision: usize,
        document: &Document,
    ) -> Vec<ObjectId> {
        let revision = &self.revisions[revision];
        let mut found = Vec::new();
        for (number, entry) in &document.reference_table.entries {
            let XrefEntry::Normal { offset, generation } = entry else { continue };
            let offset = usize::try_from(*offset).unwrap_or(usize::MAX);
            if !(revision.start..revision.end).contains(&offset) {
                continue;
            }
            let id = (*number, *generation);
            let mut lexer = Lexer::new(self.bytes, offset);
            let is_read = lexer.object_head().is_some();
            if is_read && has_duplicate_entry(&mut lexer) {
                found.push(id);
            }
            let packed = document.get_object(id).and_then(Object::as_stream);
            if let Ok(stream) = packed.as_ref()
                && stream.dict.has_type(b"ObjStm")
                && let Ok(unpacked) = stream.decompressed_content_with_limit(MAX_DECOMPRESSED_BYTES)
                && has_duplicate_entry(&mut Lexer::new(&unpacked, 0))
            {
                found.push(id);
            }
        }
        found
    }
}

/// A dictionary or array that is not closed yet.
struct Open {
    names: BTreeSet<Vec<u8>>,
    is_dictionary: bool,
    has_value: bool,
}

/// Whether any dictionary up to the end of the object has a duplicate entry.
fn has_duplicate_entry(lexer: &mut Lexer<'_>) -> bool {
    let mut open: Vec<Open> = Vec::new();
    while let Some(token) = lexer.next() {
        let text = lexer.text(&token);
        match token.kind {
            TokenKind::Word if matches!(text, b"endobj" | b"stream") => return false,
            TokenKind::Name => {
                let inner = open.last_mut().filter(|open| open.is_dictionary);
                if let Some(inner) = inner
                    && inner.has_value
                {
                    inner.has_value = false;
                    if !inner.names.insert(decoded_name(text)) {
                        return true;
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
                open.pop();
            }
            _ => {}
        }
        if let Some(inner) = open.last_mut() {
            inner.has_value = true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_duplicate_entry;
    use crate::signature::file::lexer::Lexer;

    #[test]
    fn duplicate_entries_are_found_at_any_depth() {
        let duplicate =
            ["<</A 1/A 2>>", "<</A/B/A/C>>", "[<</A<</B 1/#42 2>>>>]", "<</A 1 0 R/C[]/A(x)>>"];
        let unique = [
            "<</A/A/B/A>>",
            "<</A 1>><</A 1>>",
            "[/A/A]",
            "<</A[/B/B]/B<</A 1>>>>",
            "endobj<</A 1/A 1>>",
        ];
        for text in duplicate {
            assert!(has_duplicate_entry(&mut Lexer::new(text.as_bytes(), 0)), "{text}");
        }
        for text in unique {
            assert!(!has_duplicate_entry(&mut Lexer::new(text.as_bytes(), 0)), "{text}");
        }
    }
}
