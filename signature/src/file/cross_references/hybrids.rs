//! Hybrid cross-references: a table, and beside it a stream (`/XRefStm`) that some readers ignore.

use std::collections::BTreeSet;

use lopdf::xref::{Xref, XrefEntry};
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::file::PdfFile;
use crate::file::cross_references::locations::is_same;
use crate::file::revisions::Revision;
use crate::file::unreadable_pdf::UnreadablePdf;

impl PdfFile<'_> {
    /// Checks that all readers find the same pages and fields at a revision (its index), whether they
    /// prefer the table or the stream beside it, and whether they use every stream.
    ///
    /// # Errors
    /// Fails if a table and its stream disagree, or if one of the pages or fields depends on a stream
    /// that readers may ignore.
    pub fn check_hybrids(&self, revision: usize, document: &Document) -> Result<(), UnreadablePdf> {
        let has_ignored = |revision: &Revision| revision.hybrids.iter().any(|it| it.may_be_ignored);
        let hybrids = &self.revisions[revision].hybrids;
        let is_newest = revision + 1 == self.revisions.len();
        let may_differ = is_newest && self.revisions.iter().any(has_ignored);
        if hybrids.is_empty() && !may_differ {
            return Ok(());
        }
        let visible = visible(document);
        let numbers: BTreeSet<u32> = visible.iter().map(|id| id.0).collect();
        for hybrid in hybrids.iter().filter(|hybrid| !hybrid.is_repeated) {
            let (table, stream) =
                (self.entries_of(&hybrid.table)?, self.entries_of(&hybrid.stream)?);
            for (number, entry) in &table.entries {
                let matters = entry.is_normal() || numbers.contains(number);
                if matters && stream.get(*number).is_some_and(|other| !is_same(entry, other)) {
                    return Err(UnreadablePdf::CrossReferences);
                }
            }
        }
        if !may_differ && !has_ignored(&self.revisions[revision]) {
            return Ok(());
        }
        let without = self.document_without_ignored(revision)?.reference_table;
        let in_use = |xref: &Xref, id: &ObjectId| {
            xref.get(id.0).filter(|entry| entry.is_normal() || entry.is_compressed()).cloned()
        };
        let differs =
            |id: &ObjectId| match (in_use(&without, id), in_use(&document.reference_table, id)) {
                (Some(without), Some(with)) => !is_same(&without, &with),
                (without, with) => without.is_some() || with.is_some(),
            };
        if visible.iter().any(differs) { Err(UnreadablePdf::CrossReferences) } else { Ok(()) }
    }

    /// The objects of a revision, by its index, that only streams beside tables list.
    pub(crate) fn hidden_objects(&self, revision: usize) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        let entries = |section| self.entries_of(section).unwrap_or_else(|_| empty());
        for hybrid in &self.revisions[revision].hybrids {
            let (table, stream) = (entries(&hybrid.table), entries(&hybrid.stream));
            let is_listed = |number: &u32| table.get(*number).is_some_and(XrefEntry::is_normal);
            found.extend(stream.entries.into_keys().filter(|number| !is_listed(number)));
        }
        found
    }
}

fn empty() -> Xref {
    Document::new().reference_table
}

/// The entries of the catalog that show nothing on pages and trigger nothing. Word hides the objects of
/// the logical structure from old readers.
const INVISIBLE: [&[u8]; 6] =
    [b"StructTreeRoot", b"Metadata", b"PieceInfo", b"Outlines", b"PageLabels", b"Dests"];

/// The catalog, and what the pages, the form, layers, scripts and attachments refer to, directly or
/// indirectly.
fn visible(document: &Document) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    found.extend(document.trailer.get(b"Root").and_then(Object::as_reference));
    let Ok(catalog) = document.catalog() else { return found };
    let shown = catalog.iter().filter(|(key, _)| !INVISIBLE.contains(&key.as_slice()));
    let mut pending: Vec<&Object> = shown.map(|(_, value)| value).collect();
    while let Some(object) = pending.pop() {
        match object {
            Object::Reference(id) if found.insert(*id) => {
                pending.extend(document.objects.get(id));
            }
            Object::Array(items) => pending.extend(items),
            Object::Dictionary(entries) => pending.extend(values(entries)),
            Object::Stream(stream) => pending.extend(values(&stream.dict)),
            _ => {}
        }
    }
    found
}

/// The values of a dictionary, except what programs note about a page for themselves.
fn values(entries: &Dictionary) -> impl Iterator<Item = &Object> {
    entries.iter().filter(|(key, _)| key.as_slice() != b"PieceInfo").map(|(_, value)| value)
}
