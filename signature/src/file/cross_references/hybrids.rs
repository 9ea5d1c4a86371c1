//! Hybrid cross-references: a table, and beside it a stream (`/XRefStm`) that some readers ignore.

use std::collections::BTreeSet;

use lopdf::xref::{Xref, XrefEntry};
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::file::PdfFile;
use crate::file::cross_references::locations::is_same;
use crate::file::unreadable_pdf::UnreadablePdf;

impl PdfFile<'_> {
    /// Checks that readers with and without support for streams beside tables find the same pages and
    /// fields at a revision (its index). Word hides the structure tree from old readers, for example.
    ///
    /// # Errors
    /// Fails if a table and its stream disagree, or if one of the pages or fields is found only through
    /// a stream.
    pub fn check_hybrids(&self, revision: usize, document: &Document) -> Result<(), UnreadablePdf> {
        for hybrid in self.revisions[revision].hybrids.iter().filter(|it| !it.is_repeated) {
            let table = self.entries_of(&hybrid.table)?;
            let stream = self.entries_of(&hybrid.stream)?;
            let in_use = table.entries.iter().filter(|(_, entry)| entry.is_normal());
            let mut both = in_use.filter_map(|(number, entry)| Some((entry, stream.get(*number)?)));
            if both.any(|(table, stream)| !is_same(table, stream)) {
                return Err(UnreadablePdf::CrossReferences);
            }
        }
        let is_hybrid = self.revisions[..=revision].iter().any(|it| it.is_hybrid());
        let is_newest = revision + 1 == self.revisions.len();
        if !is_hybrid || !(is_newest || self.revisions[revision].is_hybrid()) {
            return Ok(());
        }
        let tables = self.document_of_tables(revision)?.reference_table;
        let in_use = |xref: &Xref, id: &ObjectId| {
            xref.get(id.0).filter(|entry| entry.is_normal() || entry.is_compressed()).cloned()
        };
        let differs =
            |id: &ObjectId| match (in_use(&tables, id), in_use(&document.reference_table, id)) {
                (Some(table), Some(both)) => !is_same(&table, &both),
                (table, both) => table.is_some() || both.is_some(),
            };
        if visible(document).iter().any(differs) {
            return Err(UnreadablePdf::CrossReferences);
        }
        Ok(())
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

/// The catalog, and what the page tree and the interactive form refer to, directly or indirectly.
fn visible(document: &Document) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    found.extend(document.trailer.get(b"Root").and_then(Object::as_reference));
    let Ok(catalog) = document.catalog() else { return found };
    let roots = [b"Pages".as_slice(), b"AcroForm", b"Perms"];
    let mut pending: Vec<&Object> = roots.iter().filter_map(|key| catalog.get(key).ok()).collect();
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
