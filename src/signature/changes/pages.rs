//! Pages of two revisions: which there are, what stands on them, what is drawn.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::signature::changes::comparison::{Comparison, shown};
use crate::signature::changes::what::What;
use crate::signature::file::fields::items;

/// The most objects that are followed from one page.
const MOST: usize = 20_000;

/// Compares the pages, after the form: it says which annotations are of signatures.
pub(crate) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let before: Vec<ObjectId> = old.page_iter().collect();
    let after: Vec<ObjectId> = new.page_iter().collect();
    let (known, kept): (BTreeSet<&ObjectId>, BTreeSet<&ObjectId>) =
        (before.iter().collect(), after.iter().collect());
    for id in before.iter().filter(|id| !kept.contains(id)) {
        comparison.change(&What::PageRemoved, Some(*id));
    }
    for (index, id) in after.iter().enumerate().filter(|(_, id)| !known.contains(id)) {
        comparison.change_on(&What::PageAdded, Some(*id), Some(index + 1));
    }
    if before.len() == after.len() && before != after {
        comparison.change(&What::PageTree, None);
    }
    for id in before {
        let (Ok(page), Ok(changed)) = (old.get_dictionary(id), new.get_dictionary(id)) else {
            continue;
        };
        comparison.explained.insert(id);
        for key in Comparison::differing(page, changed) {
            match key {
                b"Annots" => {}
                b"Contents" | b"Resources" => comparison.change(&What::PageContent, Some(id)),
                b"AA" => comparison.change(&What::Action, Some(id)),
                key => comparison.change(&What::Page(shown(key)), Some(id)),
            }
        }
        annotations(comparison, id, page, changed);
    }
}

/// What was on the page stays, in its order; what comes is a signature's.
fn annotations(
    comparison: &mut Comparison<'_>,
    page_id: ObjectId,
    page: &Dictionary,
    changed: &Dictionary,
) {
    let before = items(comparison.old, page, b"Annots");
    let after = items(comparison.new, changed, b"Annots");
    // The list may be an object of its own.
    comparison.explained.extend(page.get(b"Annots").and_then(Object::as_reference).ok());
    let number = comparison.pages.get(&page_id).copied();
    let mut left = before.iter().peekable();
    for item in after {
        if left.next_if(|next| *next == item).is_some() {
            continue;
        }
        let id = item.as_reference().ok();
        if id.is_some_and(|id| comparison.widgets.contains(&id)) {
            continue;
        }
        let annotation = comparison.new.dereference(item).ok();
        let annotation = annotation.and_then(|(_, annotation)| annotation.as_dict().ok());
        let kind = annotation.and_then(|it| it.get(b"Subtype").and_then(Object::as_name).ok());
        let kind = shown(kind.unwrap_or_default());
        comparison.change_on(&What::AnnotationAdded(kind), id, number);
    }
    if left.next().is_some() {
        comparison.change_on(&What::AnnotationRemoved, None, number);
    }
}

/// The objects that pages are drawn with, and the first page side that each is on.
pub(crate) fn drawn(document: &Document) -> BTreeMap<ObjectId, usize> {
    let mut found = BTreeMap::new();
    for (index, id) in document.page_iter().enumerate() {
        let Ok(page) = document.get_dictionary(id) else { continue };
        let keys = [b"Contents".as_slice(), b"Resources"];
        let mut waiting: Vec<&Object> = keys.iter().filter_map(|key| page.get(key).ok()).collect();
        let mut n_followed = 0;
        while let Some(object) = waiting.pop() {
            n_followed += 1;
            if n_followed > MOST {
                break;
            }
            match object {
                Object::Reference(id) if !found.contains_key(id) => {
                    found.insert(*id, index + 1);
                    waiting.extend(document.get_object(*id).ok());
                }
                Object::Array(items) => waiting.extend(items),
                Object::Dictionary(dictionary) => waiting.extend(values(dictionary)),
                Object::Stream(stream) => waiting.extend(values(&stream.dict)),
                _ => {}
            }
        }
    }
    found
}

/// What a dictionary leads to, but not what it is a part of.
fn values(dictionary: &Dictionary) -> impl Iterator<Item = &Object> {
    let parts = dictionary.iter().filter(|(key, _)| !matches!(key.as_slice(), b"Parent" | b"P"));
    parts.map(|(_, value)| value)
}
