//! Compares the document security stores: new validation data may be added.

use std::collections::BTreeSet;

use lopdf::{Document, Object, ObjectId};

use crate::changes::change::{Addition, ChangeKind};
use crate::changes::comparison::{Comparison, is_equal};

/// The maximum number of objects that are followed.
const MAX_OBJECTS: usize = 20_000;

/// The entries of a store and its parts.
const KEYS: [&[u8]; 10] =
    [b"Type", b"Certs", b"CRLs", b"OCSPs", b"VRI", b"Cert", b"CRL", b"OCSP", b"TU", b"TS"];

/// Compares the stores. Objects that are added to a store must be new: a later revision may change
/// the objects of a store, so an existing object must not become one.
pub(crate) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let (before, after) = (store(old), store(new));
    if before.is_none() && after.is_none() {
        return;
    }
    let (old_parts, _) = parts(old, before);
    let (new_parts, is_well_formed) = parts(new, after);
    let mut foreign = new_parts.iter().filter(|id| !old_parts.contains(id));
    let foreign = foreign.find(|id| old.objects.contains_key(id)).copied();
    let is_lost = before.is_some() && after.is_none();
    if foreign.is_some() || !is_well_formed || is_lost {
        comparison.change(&ChangeKind::ValidationDataMalformed, foreign);
        return;
    }
    let is_same = old_parts == new_parts
        && before == after
        && old_parts.iter().all(|id| match (old.objects.get(id), new.objects.get(id)) {
            (Some(old), Some(new)) => is_equal(old, new),
            _ => false,
        });
    if !is_same {
        comparison.add(Addition::ValidationData);
        old_parts.into_iter().for_each(|id| comparison.check(id));
    }
}

fn store(document: &Document) -> Option<&Object> {
    document.catalog().ok()?.get(b"DSS").ok()
}

/// The objects of a store, and whether it has only entries of a store.
fn parts(document: &Document, store: Option<&Object>) -> (BTreeSet<ObjectId>, bool) {
    let mut found = BTreeSet::new();
    let mut pending: Vec<(&Object, bool)> = store.map(|store| (store, false)).into_iter().collect();
    let mut is_well_formed = true;
    let mut n_followed = 0;
    while let Some((object, is_vri)) = pending.pop() {
        n_followed += 1;
        if n_followed > MAX_OBJECTS {
            return (found, false);
        }
        match object {
            Object::Reference(id) => {
                if found.insert(*id) {
                    pending.extend(document.get_object(*id).ok().map(|object| (object, is_vri)));
                }
            }
            Object::Array(items) => pending.extend(items.iter().map(|item| (item, false))),
            Object::Dictionary(dictionary) => {
                for (key, value) in dictionary {
                    // The keys of VRI are digests of signatures.
                    is_well_formed &= is_vri || KEYS.contains(&key.as_slice());
                    pending.push((value, !is_vri && key == b"VRI"));
                }
            }
            Object::Stream(_) | Object::Name(_) | Object::String(..) | Object::Null => {}
            _ => is_well_formed = false,
        }
    }
    (found, is_well_formed)
}
