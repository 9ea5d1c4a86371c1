//! Finds dictionaries of a revision that have an entry twice: of two readers, each may take another.

use std::collections::BTreeSet;

use lopdf::xref::XrefEntry;
use lopdf::{Document, Object, ObjectId};

use crate::signature::file::File;
use crate::signature::file::lexer::{Kind, Lexer, decoded_name};

/// What one stream of objects may unpack to, in bytes; all of them were measured before.
const LONGEST_UNPACKED: usize = 16 << 20;

impl File<'_> {
    /// The objects that a revision, counted from 0, wrote with an entry that stands twice.
    pub fn with_entries_twice(&self, revision: usize, document: &Document) -> Vec<ObjectId> {
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
            if is_read && has_entry_twice(&mut lexer) {
                found.push(id);
            }
            let packed = document.get_object(id).and_then(Object::as_stream);
            if let Ok(stream) = packed.as_ref()
                && stream.dict.has_type(b"ObjStm")
                && let Ok(unpacked) = stream.decompressed_content_with_limit(LONGEST_UNPACKED)
                && has_entry_twice(&mut Lexer::new(&unpacked, 0))
            {
                found.push(id);
            }
        }
        found
    }
}

/// A dictionary or an array that is open.
struct Open {
    names: BTreeSet<Vec<u8>>,
    is_dictionary: bool,
    has_value: bool,
}

/// Whether a dictionary has an entry twice, up to the end of the object or of the bytes.
fn has_entry_twice(lexer: &mut Lexer<'_>) -> bool {
    let mut open: Vec<Open> = Vec::new();
    while let Some(token) = lexer.next() {
        let text = lexer.text(&token);
        match token.kind {
            Kind::Word if matches!(text, b"endobj" | b"stream") => return false,
            Kind::Name => {
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
            Kind::DictionaryBegins | Kind::ArrayBegins => {
                let is_dictionary = token.kind == Kind::DictionaryBegins;
                // The first name of a dictionary is the name of an entry too.
                open.push(Open { names: BTreeSet::new(), is_dictionary, has_value: true });
                continue;
            }
            Kind::DictionaryEnds | Kind::ArrayEnds => {
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
    use super::has_entry_twice;
    use crate::signature::file::lexer::Lexer;

    #[test]
    fn an_entry_that_stands_twice_is_found_at_any_depth() {
        let twice =
            ["<</A 1/A 2>>", "<</A/B/A/C>>", "[<</A<</B 1/#42 2>>>>]", "<</A 1 0 R/C[]/A(x)>>"];
        let once = [
            "<</A/A/B/A>>",
            "<</A 1>><</A 1>>",
            "[/A/A]",
            "<</A[/B/B]/B<</A 1>>>>",
            "endobj<</A 1/A 1>>",
        ];
        for text in twice {
            assert!(has_entry_twice(&mut Lexer::new(text.as_bytes(), 0)), "{text}");
        }
        for text in once {
            assert!(!has_entry_twice(&mut Lexer::new(text.as_bytes(), 0)), "{text}");
        }
    }
}
