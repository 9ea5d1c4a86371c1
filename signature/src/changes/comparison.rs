//! A comparison of two revisions, and the difference found so far.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::changes::change::{Addition, Change, ChangeKind};
use crate::file::fields::SignatureLocation;

/// Further changes of a revision are not listed.
pub(crate) const MAX_CHANGES: usize = 200;

/// The difference of a revision to the previous one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Additions that signing permits.
    pub additions: BTreeSet<Addition>,
    /// Changes that signing does not permit.
    pub changes: Vec<Change>,
}

impl Difference {
    /// Whether the revision adds a signature or a time stamp.
    pub(crate) fn is_signed(&self) -> bool {
        let signing = [Addition::Signature, Addition::Timestamp];
        signing.iter().any(|addition| self.additions.contains(addition))
    }
}

/// A comparison of a revision with the previous one.
pub(crate) struct Comparison<'a> {
    pub(crate) old: &'a Document,
    pub(crate) new: &'a Document,
    /// The pages of the old document, numbered from 1.
    pub(crate) pages: BTreeMap<ObjectId, usize>,
    /// Objects of the old document whose changes have been checked.
    pub(crate) checked: BTreeSet<ObjectId>,
    /// Objects of the old document that it uses for more than what may change.
    pub(crate) used_elsewhere: BTreeSet<ObjectId>,
    /// The annotations of the new document, each with a page that lists it.
    pub(crate) listed: BTreeSet<(ObjectId, ObjectId)>,
    /// Widget annotations of signature fields that may be added to pages: they are new, or their field
    /// is signed now.
    pub(crate) widgets: BTreeSet<ObjectId>,
    /// How much of each page, in square points, the widgets of new signatures cover.
    pub(crate) covered: BTreeMap<ObjectId, i64>,
    /// The signatures of the fields of the new document.
    pub(crate) signatures: BTreeSet<SignatureLocation>,
    pub(crate) difference: Difference,
    /// The index of the new revision.
    pub(crate) revision: usize,
}

/// The name of an entry or a type, for sentences.
pub(crate) fn display_name(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Whether two objects are equal, apart from their position in the file and the spelling of numbers
/// in arrays: programs rewrite the rectangle `[0 0 595.0 842.0]` as `[0 0 595 842]`.
pub(crate) fn is_equal(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Stream(old), Object::Stream(new)) => {
            is_equal_dictionary(&old.dict, &new.dict) && old.content == new.content
        }
        (Object::Dictionary(old), Object::Dictionary(new)) => is_equal_dictionary(old, new),
        (Object::Array(old), Object::Array(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new)
                    .all(|(old, new)| is_equal_number(old, new) || is_equal(old, new))
        }
        // Written in parentheses or in hexadecimal.
        (Object::String(old, _), Object::String(new, _)) => old == new,
        (old, new) => old == new,
    }
}

fn is_equal_dictionary(old: &Dictionary, new: &Dictionary) -> bool {
    old.len() == new.len()
        && old.iter().all(|(key, value)| new.get(key).is_ok_and(|other| is_equal(value, other)))
}

/// Whether one of these is an integer and the other the same number written as a real.
fn is_equal_number(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Integer(integer), Object::Real(_))
        | (Object::Real(_), Object::Integer(integer)) => {
            // Larger integers are not exact as reals.
            integer.unsigned_abs() < 1 << 24 && old.as_float().ok() == new.as_float().ok()
        }
        _ => false,
    }
}

impl Comparison<'_> {
    /// Records a change. If it is that of a page object, it is on that page.
    pub(crate) fn change(&mut self, kind: &ChangeKind, object: Option<ObjectId>) {
        let page = object.and_then(|id| self.pages.get(&id).copied());
        self.change_on_page(kind, object, page);
    }

    /// Records a change on a page.
    pub(crate) fn change_on_page(
        &mut self,
        kind: &ChangeKind,
        object: Option<ObjectId>,
        page: Option<usize>,
    ) {
        if self.difference.changes.len() < MAX_CHANGES {
            let change = kind.at(self.revision, object, page);
            if !self.difference.changes.contains(&change) {
                self.difference.changes.push(change);
            }
        }
    }

    /// Marks an object as checked, unless it has another purpose besides that for which it was checked.
    pub(crate) fn check(&mut self, id: ObjectId) {
        if !self.used_elsewhere.contains(&id) {
            self.checked.insert(id);
        }
    }

    /// The pages of the new document that list an annotation.
    pub(crate) fn pages_listing(&self, annotation: ObjectId) -> Vec<ObjectId> {
        let pages = self.listed.range((annotation, (0, 0))..=(annotation, (u32::MAX, u16::MAX)));
        pages.map(|(_, page)| *page).collect()
    }

    /// Records an addition.
    pub(crate) fn add(&mut self, addition: Addition) {
        self.difference.additions.insert(addition);
    }

    /// The keys whose values differ between two dictionaries.
    pub(crate) fn differing<'d>(old: &'d Dictionary, new: &'d Dictionary) -> BTreeSet<&'d [u8]> {
        let keys = old.iter().chain(new.iter()).map(|(key, _)| key.as_slice());
        keys.filter(|key| match (old.get(key), new.get(key)) {
            (Ok(old), Ok(new)) => !is_equal(old, new),
            _ => true,
        })
        .collect()
    }
}
