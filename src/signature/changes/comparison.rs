//! A comparison of two revisions, and the difference found so far.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::signature::changes::change::{Addition, Change, ChangeKind};

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

/// A comparison of a revision with the previous one.
pub(crate) struct Comparison<'a> {
    pub(crate) old: &'a Document,
    pub(crate) new: &'a Document,
    /// The pages of the old document, numbered from 1.
    pub(crate) pages: BTreeMap<ObjectId, usize>,
    /// Objects of the old document whose changes have been checked.
    pub(crate) checked: BTreeSet<ObjectId>,
    /// The page of each annotation of the new document.
    pub(crate) pages_of_annotations: BTreeMap<ObjectId, ObjectId>,
    /// Widget annotations of signature fields, which may be added to pages.
    pub(crate) widgets: BTreeSet<ObjectId>,
    pub(crate) difference: Difference,
    /// The index of the new revision.
    pub(crate) revision: usize,
}

/// The name of an entry or a type, for sentences.
pub(crate) fn display_name(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Whether two objects are equal, apart from their position in the file.
pub(crate) fn is_equal(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Stream(old), Object::Stream(new)) => {
            old.dict == new.dict && old.content == new.content
        }
        (old, new) => old == new,
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
