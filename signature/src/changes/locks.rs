//! What earlier signatures forbid: certifications (`/DocMDP`) and locks of fields (`/FieldMDP` and
//! `/Lock`, ISO 32000-2, 12.8.2 and 12.7.5.5).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::changes::change::ChangeKind;
use crate::changes::comparison::Comparison;
use crate::file::fields::{Field, dictionary, has_area, is_timestamp, items, signature_fields};

/// The permission that forbids all changes except time stamps and validation data.
const NO_CHANGES: i64 = 1;

/// The permission of `/DocMDP` without `/P`.
const DEFAULT_PERMISSION: i64 = 2;

/// What a signature forbids in later revisions.
enum Lock {
    /// A certification signature, with its permission.
    Certification(i64),
    /// A permission in the `/Lock` of the signature's field.
    Permission(i64),
    Fields(LockedFields),
}

/// The fields that a signature locks, by their fully qualified names.
enum LockedFields {
    All,
    Only(Vec<String>),
    AllExcept(Vec<String>),
}

impl LockedFields {
    /// Whether a field is locked. The name of a field stands for all fields below it.
    fn contains(&self, name: &str) -> bool {
        let is_at_or_below = |listed: &String| {
            name.strip_prefix(listed.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(is_at_or_below),
            Self::AllExcept(names) => !names.iter().any(is_at_or_below),
        }
    }
}

/// A signature field that a revision adds or signs.
struct SignedOrAdded<'n> {
    name: &'n str,
    id: ObjectId,
    is_new: bool,
    /// Whether it got a signature. An invisible document time stamp is not one: no lock forbids it
    /// (ETSI EN 319 142-1).
    is_signed: bool,
    is_visible: bool,
}

/// Finds fields that were added or signed although an earlier signature forbids it.
pub(crate) fn compare(comparison: &mut Comparison<'_>) {
    let locks = locks(comparison.old);
    if locks.is_empty() {
        return;
    }
    let fields = signature_fields(comparison.new);
    for field in signed_or_added(comparison, &fields) {
        for lock in &locks {
            let kind = match lock {
                Lock::Certification(permission) if field.is_forbidden(*permission) => {
                    ChangeKind::CertificationViolated
                }
                Lock::Permission(permission) if field.is_forbidden(*permission) => {
                    ChangeKind::LockViolated
                }
                Lock::Fields(locked) if field.changes() && locked.contains(field.name) => {
                    ChangeKind::LockViolated
                }
                Lock::Certification(_) | Lock::Permission(_) | Lock::Fields(_) => continue,
            };
            comparison.change(&kind, Some(field.id));
        }
    }
}

impl SignedOrAdded<'_> {
    /// Whether a permission forbids this. With all permissions but the strictest, existing fields may
    /// be signed; a new visible field would put another appearance on the certified page.
    fn is_forbidden(&self, permission: i64) -> bool {
        let is_addition = self.is_new && self.is_visible;
        if permission <= NO_CHANGES { self.is_signed || self.is_new } else { is_addition }
    }

    /// Whether this is a change of the field. An invisible empty field is none.
    fn changes(&self) -> bool {
        self.is_signed || (self.is_new && self.is_visible)
    }
}

fn signed_or_added<'f>(comparison: &Comparison<'_>, fields: &'f [Field]) -> Vec<SignedOrAdded<'f>> {
    let (old, new) = (comparison.old, comparison.new);
    let before: BTreeMap<ObjectId, bool> =
        signature_fields(old).iter().map(|field| (field.id, field.value.is_some())).collect();
    let describe = |field: &'f Field| {
        let is_new = !before.contains_key(&field.id);
        let is_visible = field.widgets.iter().any(|id| has_area(new, *id));
        let got_signature = field.value.is_some() && before.get(&field.id) != Some(&true);
        let is_timestamp =
            !is_visible && field.signature(new).is_some_and(|it| is_timestamp(new, it));
        let is_new = is_new && !(got_signature && is_timestamp);
        let is_signed = got_signature && !is_timestamp;
        SignedOrAdded { name: &field.name, id: field.id, is_new, is_signed, is_visible }
    };
    fields.iter().map(describe).filter(|field| field.is_new || field.is_signed).collect()
}

/// The locks of all signatures of a document.
fn locks(document: &Document) -> Vec<Lock> {
    let mut found = Vec::new();
    for field in signature_fields(document) {
        let Some(signature) = field.signature(document) else { continue };
        found.extend(transforms(document, signature));
        let entries = document.get_dictionary(field.id).ok();
        let lock = entries.and_then(|entries| dictionary(document, entries.get(b"Lock").ok()?));
        if let Some(lock) = lock {
            found.push(Lock::Fields(locked_fields(document, lock)));
            found.extend(permission(document, lock).map(Lock::Permission));
        }
    }
    // The certification of a signature that no field refers to.
    let catalog = document.catalog().ok();
    let permissions = catalog.and_then(|it| dictionary(document, it.get(b"Perms").ok()?));
    let certification = permissions.and_then(|it| dictionary(document, it.get(b"DocMDP").ok()?));
    found.extend(certification.into_iter().flat_map(|it| transforms(document, it)));
    found
}

/// The locks in the signature references (`/Reference`) of a signature.
fn transforms(document: &Document, signature: &Dictionary) -> Vec<Lock> {
    let references = items(document, signature, b"Reference").iter();
    let read = |reference: &Object| {
        let reference = dictionary(document, reference)?;
        let empty = Dictionary::new();
        let parameters = reference.get(b"TransformParams").ok();
        let parameters = parameters.and_then(|it| dictionary(document, it)).unwrap_or(&empty);
        match reference.get_deref(b"TransformMethod", document).and_then(Object::as_name) {
            Ok(b"DocMDP") => Some(Lock::Certification(
                permission(document, parameters).unwrap_or(DEFAULT_PERMISSION),
            )),
            Ok(b"FieldMDP") => Some(Lock::Fields(locked_fields(document, parameters))),
            _ => None,
        }
    };
    references.filter_map(read).collect()
}

fn permission(document: &Document, parameters: &Dictionary) -> Option<i64> {
    parameters.get_deref(b"P", document).and_then(Object::as_i64).ok()
}

/// The locked fields. An unknown action locks all fields.
fn locked_fields(document: &Document, parameters: &Dictionary) -> LockedFields {
    let names = || {
        let names = items(document, parameters, b"Fields").iter();
        let names = names.filter_map(|name| document.dereference(name).ok());
        names.filter_map(|(_, name)| lopdf::decode_text_string(name).ok()).collect()
    };
    match parameters.get_deref(b"Action", document).and_then(Object::as_name) {
        Ok(b"Include") => LockedFields::Only(names()),
        Ok(b"Exclude") => LockedFields::AllExcept(names()),
        _ => LockedFields::All,
    }
}
