//! Two revisions under comparison, and the differences found so far.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::signature::changes::what::{Addition, Change, What};

/// The most changes that are listed of one revision: who changed that much changed anything.
pub(crate) const MOST: usize = 200;

/// What a revision does to the file before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What it adds, as signing does.
    pub additions: BTreeSet<Addition>,
    /// What it changes otherwise.
    pub changes: Vec<Change>,
}

/// Two documents under comparison.
pub(crate) struct Comparison<'a> {
    pub(crate) old: &'a Document,
    pub(crate) new: &'a Document,
    /// The page sides of the old one, counted from 1.
    pub(crate) pages: BTreeMap<ObjectId, usize>,
    /// Objects of the old one whose changes were looked at.
    pub(crate) explained: BTreeSet<ObjectId>,
    /// The page of each annotation of the new one.
    pub(crate) pages_of_annotations: BTreeMap<ObjectId, ObjectId>,
    /// Annotations of signature fields, which may come onto pages.
    pub(crate) widgets: BTreeSet<ObjectId>,
    pub(crate) found: Difference,
    pub(crate) revision: usize,
}

/// The name of an entry or a type, for people.
pub(crate) fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Whether two objects say the same, wherever they stand.
pub(crate) fn same(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Stream(old), Object::Stream(new)) => {
            old.dict == new.dict && old.content == new.content
        }
        (old, new) => old == new,
    }
}

impl Comparison<'_> {
    pub(crate) fn change(&mut self, what: &What, object: Option<ObjectId>) {
        let page = object.and_then(|id| self.pages.get(&id).copied());
        self.change_on(what, object, page);
    }

    pub(crate) fn change_on(&mut self, what: &What, object: Option<ObjectId>, page: Option<usize>) {
        if self.found.changes.len() < MOST {
            let change = what.at(self.revision, object, page);
            if !self.found.changes.contains(&change) {
                self.found.changes.push(change);
            }
        }
    }

    pub(crate) fn add(&mut self, addition: Addition) {
        self.found.additions.insert(addition);
    }

    /// The entries that differ between two dictionaries.
    pub(crate) fn differing<'d>(old: &'d Dictionary, new: &'d Dictionary) -> BTreeSet<&'d [u8]> {
        let keys = old.iter().chain(new.iter()).map(|(key, _)| key.as_slice());
        keys.filter(|key| match (old.get(key), new.get(key)) {
            (Ok(old), Ok(new)) => !same(old, new),
            _ => true,
        })
        .collect()
    }
}
