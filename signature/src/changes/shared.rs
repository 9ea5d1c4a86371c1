//! Finds objects with a second purpose. What may change as metadata, validation data or part of the form
//! may not change if a page, a script or an attachment uses it, too.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::file::fields::items;

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Catalog,
    Form,
    Other,
}

/// The objects that a document uses for more than document information, metadata, validation data,
/// default resources, and lists of fields and annotations.
pub(crate) fn used_elsewhere(document: &Document) -> BTreeSet<ObjectId> {
    let catalog_id = document.trailer.get(b"Root").and_then(Object::as_reference).ok();
    let form_id = document.catalog().and_then(|it| it.get(b"AcroForm")?.as_reference()).ok();
    let mut found: BTreeSet<ObjectId> = BTreeSet::new();
    let trailer = document.trailer.iter().filter(|(key, _)| key.as_slice() != b"Info");
    let mut pending: Vec<(Role, &Object)> =
        trailer.map(|(_, value)| (Role::Other, value)).collect();
    while let Some((role, object)) = pending.pop() {
        match object {
            Object::Reference(id) if found.insert(*id) => {
                // Signatures refer to the catalog, too (`/Data`).
                let role = match Some(*id) {
                    id if id == catalog_id => Role::Catalog,
                    id if id == form_id => Role::Form,
                    _ => role,
                };
                pending.extend(document.objects.get(id).map(|object| (role, object)));
            }
            Object::Array(items) => pending.extend(items.iter().map(|item| (Role::Other, item))),
            Object::Dictionary(entries) => parts(document, role, entries, &mut pending),
            Object::Stream(stream) => parts(document, Role::Other, &stream.dict, &mut pending),
            _ => {}
        }
    }
    // The form is checked entry by entry.
    found.retain(|id| Some(*id) != form_id);
    found
}

fn parts<'d>(
    document: &'d Document,
    role: Role,
    entries: &'d Dictionary,
    pending: &mut Vec<(Role, &'d Object)>,
) {
    for (key, value) in entries {
        match (role, key.as_slice()) {
            (Role::Catalog, b"DSS" | b"Metadata") | (Role::Form, b"DR") => {}
            (Role::Catalog, b"AcroForm") => pending.push((Role::Form, value)),
            (Role::Form, b"Fields") | (Role::Other, b"Annots") => {
                let list = items(document, entries, key).iter();
                pending.extend(list.map(|item| (Role::Other, item)));
            }
            _ => pending.push((Role::Other, value)),
        }
    }
}
