//! Compares a revision with the previous one, object by object. Everything that is not known to be
//! harmless is a change.

use std::collections::BTreeSet;

use lopdf::xref::XrefEntry;
use lopdf::{Document, Object, ObjectId};

use crate::signature::changes::comparison::{Comparison, Difference, MOST, same, shown};
use crate::signature::changes::what::{Addition, What};
use crate::signature::changes::{acro_form, metadata, pages, store};
use crate::signature::file::File;
use crate::signature::file::fields::pages_of_annotations;

/// What a revision, counted from 0, does to the one before it.
pub fn compare(file: &File<'_>, revision: usize, old: &Document, new: &Document) -> Difference {
    let pages = old.page_iter().enumerate().map(|(index, id)| (id, index + 1)).collect();
    let mut comparison = Comparison {
        old,
        new,
        pages,
        explained: BTreeSet::new(),
        pages_of_annotations: pages_of_annotations(new),
        widgets: BTreeSet::new(),
        found: Difference::default(),
        revision,
    };
    if file.revisions[revision].is_hybrid {
        comparison.change(&What::Hybrid, None);
    }
    for id in file.with_entries_twice(revision, new) {
        comparison.change(&What::EntryTwice, Some(id));
    }
    comparison.trailer();
    comparison.catalog();
    pages::compare(&mut comparison);
    comparison.objects();
    let signs = [Addition::Signature, Addition::SignatureField];
    let signs = signs.iter().any(|addition| comparison.found.additions.contains(addition));
    if signs && acro_form::allows_no_more(old) {
        comparison.change(&What::Certified, None);
    }
    comparison.found
}

impl Comparison<'_> {
    fn trailer(&mut self) {
        let (old, new) = (self.old, self.new);
        for key in Self::differing(&old.trailer, &new.trailer) {
            match key {
                // How the cross-references are written, and what is looked at elsewhere.
                b"Size" | b"Prev" | b"XRefStm" | b"Type" | b"W" | b"Index" | b"Length"
                | b"Filter" | b"DecodeParms" | b"Info" => {}
                b"ID" if first_id(old).is_some() && first_id(old) == first_id(new) => {}
                key => self.change(&What::Trailer(shown(key)), None),
            }
        }
    }

    fn catalog(&mut self) {
        let (old, new) = (self.old, self.new);
        let id = old.trailer.get(b"Root").and_then(Object::as_reference).ok();
        let (Ok(before), Ok(after)) = (old.catalog(), new.catalog()) else { return };
        self.explained.extend(id);
        for key in Self::differing(before, after) {
            match key {
                b"AcroForm" | b"DSS" | b"Metadata" => {}
                b"Extensions" | b"Version" if after.has(key) => {}
                b"Perms" if acro_form::is_permission_added(old, new) => {}
                b"OpenAction" | b"AA" => self.change(&What::Action, id),
                key => self.change(&What::Catalog(shown(key)), id),
            }
        }
        // What these lead to may have changed where they have not.
        acro_form::compare(self);
        store::compare(self);
        metadata::compare(self);
    }

    /// Whatever has not been looked at by its place.
    fn objects(&mut self) {
        let (old, new) = (self.old, self.new);
        let drawn = pages::drawn(old);
        for (id, before) in &old.objects {
            if self.explained.contains(id) || self.found.changes.len() >= MOST {
                continue;
            }
            match new.objects.get(id) {
                None => self.change(&What::ObjectRemoved, Some(*id)),
                Some(after) if same(before, after) => {}
                // These hold other objects, and those are compared.
                Some(after) if is_container(before) && is_container(after) => {}
                Some(_) => {
                    let page = self.pages.get(id).or_else(|| drawn.get(id)).copied();
                    let what = kind(before, drawn.contains_key(id));
                    self.change_on(&what, Some(*id), page);
                }
            }
        }
        let added = new.objects.keys().filter(|id| !old.objects.contains_key(id));
        let added: BTreeSet<ObjectId> = added.copied().collect();
        for id in references_of(old).intersection(&added) {
            self.change(&What::ObjectFilledIn, Some(*id));
        }
        for (number, entry) in &new.reference_table.entries {
            let id = match entry {
                XrefEntry::Normal { generation, .. } => (*number, *generation),
                XrefEntry::Compressed { .. } => (*number, 0),
                XrefEntry::Free | XrefEntry::UnusableFree => continue,
            };
            if !new.objects.contains_key(&id) {
                self.change(&What::ObjectUnreadable, Some(id));
            }
        }
    }
}

fn first_id(document: &Document) -> Option<&[u8]> {
    let id = document.trailer.get(b"ID").and_then(Object::as_array).ok()?.first()?;
    id.as_str().ok()
}

fn is_container(object: &Object) -> bool {
    let kind = object.as_stream().and_then(|stream| stream.dict.get_type());
    kind.is_ok_and(|kind| [b"XRef".as_slice(), b"ObjStm"].contains(&kind))
}

fn kind(object: &Object, is_drawn: bool) -> What {
    let dictionary = match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    };
    let name = |key: &[u8]| dictionary?.get(key).and_then(Object::as_name).ok();
    match name(b"Type") {
        Some(b"Pages") => What::PageTree,
        Some(b"Annot") => What::AnnotationChanged,
        Some(b"Sig" | b"DocTimeStamp") => What::SignatureChanged,
        _ if is_drawn => What::PageContent,
        _ if name(b"S") == Some(b"JavaScript") => What::Action,
        Some(kind) => What::Object(shown(kind)),
        None => What::Object(String::new()),
    }
}

/// Every object that a document refers to.
fn references_of(document: &Document) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Object> = document.objects.values().collect();
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) => {
                found.insert(*id);
            }
            Object::Array(items) => waiting.extend(items),
            Object::Dictionary(dictionary) => {
                waiting.extend(dictionary.iter().map(|(_, value)| value));
            }
            Object::Stream(stream) => waiting.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    found
}
