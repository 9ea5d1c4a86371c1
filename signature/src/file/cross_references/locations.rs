//! Finds cross-references of an update that lead different readers to different objects.

use std::collections::BTreeMap;

use lopdf::xref::XrefEntry;
use lopdf::{Document, Object, ObjectId};

use crate::file::PdfFile;
use crate::file::cross_references::entries::MAX_DECOMPRESSED_BYTES;
use crate::file::lexer::Lexer;
use crate::file::unreadable_pdf::UnreadablePdf;

/// How many bytes the head of an object may have, such as `12 0 obj`. A comment could be as long as the
/// file.
const MAX_HEAD_BYTES: usize = 64;

impl PdfFile<'_> {
    /// Checks that no entry leads to an object with another number that its own entry places elsewhere:
    /// readers that go by the number in the file would find another object.
    ///
    /// # Errors
    /// Fails if there is such an entry.
    pub(crate) fn check_numbers(&self, document: &Document) -> Result<(), UnreadablePdf> {
        let entries = &document.reference_table.entries;
        for (number, entry) in entries {
            let XrefEntry::Normal { offset, .. } = entry else { continue };
            let offset = usize::try_from(*offset).unwrap_or(usize::MAX);
            let Some((start, (found, _))) = self.head_at(offset) else { continue };
            let Ok(found) = u32::try_from(found) else { continue };
            let is_there = match entries.get(&found) {
                Some(XrefEntry::Normal { offset: own, .. }) => {
                    usize::try_from(*own).is_ok_and(|own| (offset..=start).contains(&own))
                }
                _ => false,
            };
            if found != *number && !is_there {
                return Err(UnreadablePdf::CrossReferences);
            }
        }
        Ok(())
    }

    /// Where the object at an offset starts, after white space, and its number and generation.
    fn head_at(&self, offset: usize) -> Option<(usize, (i64, i64))> {
        let end = self.bytes.len().min(offset.saturating_add(MAX_HEAD_BYTES));
        let mut lexer = Lexer::new(&self.bytes[..end], offset);
        let start = lexer.clone().next()?.position.start;
        Some((start, lexer.object_head()?))
    }

    /// The objects that a revision, by its index, places where readers may not agree: outside of the
    /// revision, under another number, or more than once in an object stream.
    pub fn objects_with_unclear_locations(
        &self,
        revision: usize,
        old: &Document,
        new: &Document,
    ) -> Vec<ObjectId> {
        let range = self.revisions[revision].start..self.revisions[revision].end;
        let mut streams: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        let mut found = Vec::new();
        // Streams beside tables lead back to objects that older tables hide.
        let hidden = self.hidden_objects(revision);
        let may_be_before =
            |number: &u32, id| hidden.contains(number) && !old.objects.contains_key(&id);
        let is_kept = |number: u32, entry: &XrefEntry| {
            old.reference_table.get(number).is_some_and(|before| is_same(before, entry))
        };
        for (number, entry) in &new.reference_table.entries {
            // An object may be kept although its object stream is another one.
            let container = match entry {
                XrefEntry::Compressed { container, .. } => new.reference_table.get(*container),
                XrefEntry::Normal { .. } | XrefEntry::Free | XrefEntry::UnusableFree => Some(entry),
            };
            let of = match entry {
                XrefEntry::Compressed { container, .. } => *container,
                _ => *number,
            };
            if is_kept(*number, entry) && container.is_some_and(|it| is_kept(of, it)) {
                continue;
            }
            match entry {
                XrefEntry::Normal { offset, generation } => {
                    let offset = usize::try_from(*offset).unwrap_or(usize::MAX);
                    let head = self.head_at(offset).map(|(_, head)| head);
                    let is_here = head == Some((i64::from(*number), i64::from(*generation)));
                    let id = (*number, *generation);
                    let is_in_range = range.contains(&offset)
                        || (offset < range.start && may_be_before(number, id));
                    if !is_here || !is_in_range {
                        found.push(id);
                    }
                }
                XrefEntry::Compressed { container, index } => {
                    let container = *container;
                    let numbers = streams
                        .entry(container)
                        .or_insert_with(|| packed_numbers(new, container).unwrap_or_default());
                    // Some readers look the object up by its index, others by its number.
                    let is_here = numbers.get(usize::from(*index)) == Some(&i64::from(*number));
                    let n_same = numbers.iter().filter(|it| **it == i64::from(*number)).count();
                    if !is_here || n_same != 1 {
                        found.push((*number, 0));
                    }
                }
                XrefEntry::Free | XrefEntry::UnusableFree => {}
            }
        }
        found
    }
}

/// Whether two entries lead to the same object.
pub(crate) fn is_same(old: &XrefEntry, new: &XrefEntry) -> bool {
    match (old, new) {
        (
            XrefEntry::Normal { offset, generation },
            XrefEntry::Normal { offset: new_offset, generation: new_generation },
        ) => offset == new_offset && generation == new_generation,
        (
            XrefEntry::Compressed { container, index },
            XrefEntry::Compressed { container: new_container, index: new_index },
        ) => container == new_container && index == new_index,
        (XrefEntry::Free | XrefEntry::UnusableFree, XrefEntry::Free | XrefEntry::UnusableFree) => {
            true
        }
        _ => false,
    }
}

/// The numbers of the objects in an object stream, in its order.
fn packed_numbers(document: &Document, stream: u32) -> Option<Vec<i64>> {
    let stream = document.get_object((stream, 0)).and_then(Object::as_stream).ok()?;
    let count = stream.dict.get(b"N").and_then(Object::as_i64).ok()?;
    let content = stream.decompressed_content_with_limit(MAX_DECOMPRESSED_BYTES).ok()?;
    let mut lexer = Lexer::new(&content, 0);
    let mut numbers = Vec::new();
    for _ in 0..count {
        numbers.push(lexer.integer()?);
        lexer.integer()?;
    }
    Some(numbers)
}
