//! Finds objects with a second purpose. What may change as metadata, validation data or part of the form
//! may not change if a page, a script or an attachment uses it, too.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::file::fields::items;

/// The role in which an object is reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Catalog,
    Form,
    Other,
}

/// The objects that a document uses for more than document information, metadata, validation data,
/// default resources, and lists of fields and annotations.
pub(crate) fn used_elsewhere(document: &Document) -> BTreeSet<ObjectId> {
    let mut reached: BTreeSet<(Role, ObjectId)> = BTreeSet::new();
    let mut pending: Vec<(Role, &Object)> = Vec::new();
    for (key, value) in &document.trailer {
        match key.as_slice() {
            b"Info" => {}
            b"Root" => pending.push((Role::Catalog, value)),
            _ => pending.push((Role::Other, value)),
        }
    }
    while let Some((role, object)) = pending.pop() {
        match object {
            Object::Reference(id) if reached.insert((role, *id)) => {
                pending.extend(document.objects.get(id).map(|object| (role, object)));
            }
            Object::Array(items) => pending.extend(items.iter().map(|item| (Role::Other, item))),
            Object::Dictionary(entries) => parts(document, role, entries, &mut pending),
            Object::Stream(stream) => parts(document, Role::Other, &stream.dict, &mut pending),
            _ => {}
        }
    }
    reached.into_iter().filter(|(role, _)| *role == Role::Other).map(|(_, id)| id).collect()
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
