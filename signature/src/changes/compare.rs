//! Compares a revision with the previous one, object by object. Every difference that no rule permits
//! is a change.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::changes::change::{Addition, ChangeKind};
use crate::changes::comparison::{Comparison, Difference, MAX_CHANGES, display_name, is_equal};
use crate::changes::shared::used_elsewhere;
use crate::changes::{acro_form, locks, metadata, pages, security_store};
use crate::file::PdfFile;
use crate::file::duplicates::Unclear;
use crate::file::fields::{dictionary, items};

/// The difference of a revision (its index) to the previous one.
pub fn compare(file: &PdfFile<'_>, revision: usize, old: &Document, new: &Document) -> Difference {
    let pages = old.page_iter().enumerate().map(|(index, id)| (id, index + 1)).collect();
    let mut comparison = Comparison {
        old,
        new,
        pages,
        checked: BTreeSet::new(),
        used_elsewhere: used_elsewhere(old),
        listed: pages::listed(new),
        widgets: BTreeSet::new(),
        covered: BTreeMap::new(),
        signatures: BTreeSet::new(),
        difference: Difference::default(),
        revision,
    };
    for (id, kind) in file.objects_with_duplicate_entries(revision, new) {
        let kind = match kind {
            Unclear::Duplicate => ChangeKind::DuplicateEntry,
            Unclear::Malformed => ChangeKind::ObjectUnreadable,
        };
        comparison.change(&kind, Some(id));
    }
    for id in file.objects_with_unclear_locations(revision, old, new) {
        comparison.change(&ChangeKind::ObjectUnreadable, Some(id));
    }
    comparison.trailer();
    comparison.catalog();
    pages::compare(&mut comparison);
    comparison.objects();
    locks::compare(&mut comparison);
    comparison.difference
}

impl Comparison<'_> {
    fn trailer(&mut self) {
        let (old, new) = (self.old, self.new);
        for key in Self::differing(&old.trailer, &new.trailer) {
            match key {
                // The encoding of the cross-references; `/Info`, which is compared as metadata; and an
                // entry that is compared below.
                b"Size" | b"Prev" | b"XRefStm" | b"Type" | b"W" | b"Index" | b"Length"
                | b"Filter" | b"DecodeParms" | b"Info" | b"AdditionalStreams" => {}
                // Programs write another identifier or none. Only encryption depends on it.
                b"ID" if is_identifier(new) => {}
                // The catalogs are compared, whichever their numbers are.
                b"Root" if has_new_catalog(old, new) => {}
                // The authentication code of an encrypted revision (ISO/TS 32004).
                b"AuthCode" if has_authentication_code(new) => {}
                // LibreOffice's entry about its own file, which other programs drop.
                b"DocChecksum" if !new.trailer.has(key) => {}
                key => self.change(&ChangeKind::Trailer(display_name(key)), None),
            }
        }
        // LibreOffice opens the document in it instead of the pages. The entry may lead to another stream
        // even if it has not changed.
        let streams = b"AdditionalStreams";
        if new.trailer.has(streams) && !has_copied_streams(old, new) {
            self.change(&ChangeKind::Trailer(display_name(streams)), None);
        }
    }

    fn catalog(&mut self) {
        let (old, new) = (self.old, self.new);
        let id = old.trailer.get(b"Root").and_then(Object::as_reference).ok();
        let (Ok(before), Ok(after)) = (old.catalog(), new.catalog()) else { return };
        self.checked.extend(id);
        for key in Self::differing(before, after) {
            match key {
                b"AcroForm" | b"DSS" | b"Metadata" => {}
                b"Extensions" if after.get(key).is_ok_and(|it| dictionary(new, it).is_some()) => {}
                b"Version" if is_version_raised(before, after) => {}
                b"Perms" if acro_form::is_permission_added(old, new) => {}
                b"OpenAction" | b"AA" => self.change(&ChangeKind::Action, id),
                key => self.change(&ChangeKind::Catalog(display_name(key)), id),
            }
        }
        // Their objects may have changed even if the catalog has not.
        acro_form::compare(self);
        security_store::compare(self);
        metadata::compare(self);
    }

    /// Compares all objects that have not been checked yet.
    fn objects(&mut self) {
        let (old, new) = (self.old, self.new);
        let drawn = pages::drawn(old);
        let shown = pages::shown_by_annotations(old);
        let named = references_of(old.objects.values());
        let in_trailer = references_of(old.trailer.iter().map(|(_, value)| value));
        for (id, before) in &old.objects {
            // An object of the metadata or the form may be content at the same time.
            let is_content = drawn.contains_key(id) || shown.contains_key(id);
            if self.checked.contains(id) && !is_content {
                continue;
            }
            if self.difference.changes.len() >= MAX_CHANGES {
                break;
            }
            match new.objects.get(id) {
                None => self.change(&ChangeKind::ObjectRemoved, Some(*id)),
                Some(after) if is_equal(before, after) => {}
                // Object streams: the objects in them are compared. Only cross-references lead there.
                Some(after)
                    if is_container(before)
                        && is_container(after)
                        && !named.contains(id)
                        && !in_trailer.contains(id) => {}
                Some(_) => {
                    let page = self.pages.get(id).or_else(|| drawn.get(id));
                    let page = page.or_else(|| shown.get(id)).copied();
                    let kind = kind_of_change(before, drawn.contains_key(id));
                    self.change_on_page(&kind, Some(*id), page);
                }
            }
        }
        let added = new.objects.keys().filter(|id| !old.objects.contains_key(id));
        let added: BTreeSet<ObjectId> = added.copied().collect();
        for id in named.intersection(&added) {
            self.change(&ChangeKind::ObjectFilledIn, Some(*id));
        }
        let used = used(new);
        if added
            .iter()
            .any(|id| !used.contains(id) && !new.objects.get(id).is_some_and(is_container))
        {
            self.add(Addition::UnusedObject);
        }
        for (number, entry) in &new.reference_table.entries {
            let id = match entry {
                XrefEntry::Normal { generation, .. } => (*number, *generation),
                XrefEntry::Compressed { .. } => (*number, 0),
                XrefEntry::Free | XrefEntry::UnusableFree => continue,
            };
            if !new.objects.contains_key(&id) {
                self.change(&ChangeKind::ObjectUnreadable, Some(id));
            }
        }
    }
}

/// Whether the version in the catalog is the first one there or higher than before.
fn is_version_raised(before: &Dictionary, after: &Dictionary) -> bool {
    let version = |catalog: &Dictionary| {
        catalog.get(b"Version").and_then(Object::as_name).map(<[u8]>::to_vec).ok()
    };
    version(after).is_some_and(|after| version(before).is_none_or(|before| before < after))
}

/// Whether a file identifier is absent or consists of two strings.
fn is_identifier(document: &Document) -> bool {
    document.trailer.get(b"ID").map_or(true, |id| {
        id.as_array()
            .is_ok_and(|parts| parts.len() == 2 && parts.iter().all(|it| it.as_str().is_ok()))
    })
}

fn has_authentication_code(document: &Document) -> bool {
    let code = document.trailer.get(b"AuthCode").ok();
    document.trailer.has(b"Encrypt") && code.and_then(|it| dictionary(document, it)).is_some()
}

/// Whether `/AdditionalStreams` has the same streams, perhaps as other objects. Some signing tools lead an
/// entry to a number without an object or to a dictionary, so that there is nothing to open.
fn has_copied_streams(old: &Document, new: &Document) -> bool {
    let key = b"AdditionalStreams";
    let (before, after) = (items(old, &old.trailer, key), items(new, &new.trailer, key));
    let is_same = |(before, after): (&Object, &Object)| match new.dereference(after) {
        Ok((_, Object::Dictionary(_))) => true,
        Ok((_, after)) => old.dereference(before).is_ok_and(|(_, it)| is_equal(it, after)),
        Err(_) => after.as_reference().is_ok_and(|id| !new.has_object(id)),
    };
    before.len() == after.len() && before.iter().zip(after).all(is_same)
}

/// Whether the catalog of a revision is a new object instead of one that was there for another purpose.
fn has_new_catalog(old: &Document, new: &Document) -> bool {
    let root = new.trailer.get(b"Root").and_then(Object::as_reference);
    root.is_ok_and(|id| !old.has_object(id))
}

/// The objects that a document refers to, directly or indirectly, from its trailer.
fn used(document: &Document) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&Object> = document.trailer.iter().map(|(_, value)| value).collect();
    while let Some(object) = pending.pop() {
        match object {
            Object::Reference(id) if found.insert(*id) => {
                pending.extend(document.objects.get(id));
            }
            Object::Array(items) => pending.extend(items),
            Object::Dictionary(dictionary) => {
                pending.extend(dictionary.iter().map(|(_, value)| value));
            }
            Object::Stream(stream) => pending.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    found
}

fn is_container(object: &Object) -> bool {
    let kind = object.as_stream().and_then(|stream| stream.dict.get_type());
    kind.is_ok_and(|kind| [b"XRef".as_slice(), b"ObjStm"].contains(&kind))
}

fn kind_of_change(object: &Object, is_drawn: bool) -> ChangeKind {
    let dictionary = match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    };
    let name = |key: &[u8]| dictionary?.get(key).and_then(Object::as_name).ok();
    match name(b"Type") {
        Some(b"Pages") => ChangeKind::PageTree,
        Some(b"Annot") => ChangeKind::AnnotationChanged,
        Some(b"Sig" | b"DocTimeStamp") => ChangeKind::SignatureChanged,
        _ if is_drawn => ChangeKind::PageContent,
        _ if name(b"S") == Some(b"JavaScript") => ChangeKind::Action,
        Some(kind) => ChangeKind::Object(display_name(kind)),
        None => ChangeKind::Object(String::new()),
    }
}

/// All objects that these refer to directly.
fn references_of<'o>(objects: impl Iterator<Item = &'o Object>) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&Object> = objects.collect();
    while let Some(object) = pending.pop() {
        match object {
            Object::Reference(id) => {
                found.insert(*id);
            }
            Object::Array(items) => pending.extend(items),
            Object::Dictionary(dictionary) => {
                pending.extend(dictionary.iter().map(|(_, value)| value));
            }
            Object::Stream(stream) => pending.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    found
}
