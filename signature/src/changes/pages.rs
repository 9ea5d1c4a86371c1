//! Compares the pages: which there are, their entries and their annotations.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::changes::change::ChangeKind;
use crate::changes::comparison::{Comparison, display_name};
use crate::file::fields::{dictionary, items};

/// How many nodes of the page tree are searched for inherited resources.
const MAX_DEPTH: usize = 64;

/// Compares the pages. The forms must be compared first, to know the widgets of signature fields.
pub(crate) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let before: Vec<ObjectId> = old.page_iter().collect();
    let after: Vec<ObjectId> = new.page_iter().collect();
    let (known, kept): (BTreeSet<&ObjectId>, BTreeSet<&ObjectId>) =
        (before.iter().collect(), after.iter().collect());
    for id in before.iter().filter(|id| !kept.contains(id)) {
        comparison.change(&ChangeKind::PageRemoved, Some(*id));
    }
    for (index, id) in after.iter().enumerate().filter(|(_, id)| !known.contains(id)) {
        comparison.change_on_page(&ChangeKind::PageAdded, Some(*id), Some(index + 1));
    }
    if before.len() == after.len() && before != after {
        comparison.change(&ChangeKind::PageTree, None);
    }
    page_tree(comparison);
    let listed_before = listed(old);
    for id in before {
        let (Ok(page), Ok(changed)) = (old.get_dictionary(id), new.get_dictionary(id)) else {
            continue;
        };
        comparison.checked.insert(id);
        for key in Comparison::differing(page, changed) {
            match key {
                b"Annots" => {}
                b"Contents" | b"Resources" => comparison.change(&ChangeKind::PageContent, Some(id)),
                b"AA" => comparison.change(&ChangeKind::Action, Some(id)),
                key => comparison.change(&ChangeKind::Page(display_name(key)), Some(id)),
            }
        }
        annotations(comparison, id, [page, changed], &listed_before);
    }
}

/// Compares the root of the page tree. iText and OpenPDF write their version there (`/ITXT`). The other
/// nodes are compared like any object.
fn page_tree(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let Some(id) = old.catalog().and_then(|it| it.get(b"Pages")?.as_reference()).ok() else {
        return;
    };
    let (Ok(before), Ok(after)) = (old.get_dictionary(id), new.get_dictionary(id)) else { return };
    comparison.checked.insert(id);
    let is_version =
        |key: &[u8]| key == b"ITXT" && after.get(key).is_ok_and(|it| it.as_str().is_ok());
    if Comparison::differing(before, after).into_iter().any(|key| !is_version(key)) {
        comparison.change(&ChangeKind::PageTree, Some(id));
    }
}

/// Compares annotations: existing ones stay in order, new ones are widgets of signature fields.
fn annotations(
    comparison: &mut Comparison<'_>,
    page_id: ObjectId,
    [page, changed]: [&Dictionary; 2],
    listed_before: &BTreeSet<(ObjectId, ObjectId)>,
) {
    let before = items(comparison.old, page, b"Annots");
    let after = items(comparison.new, changed, b"Annots");
    // The array may be an indirect object.
    let array = page.get(b"Annots").and_then(Object::as_reference);
    array.into_iter().for_each(|id| comparison.check(id));
    let number = comparison.pages.get(&page_id).copied();
    let mut remaining = before.iter().peekable();
    for item in after {
        if remaining.next_if(|next| *next == item).is_some() {
            continue;
        }
        let id = item.as_reference().ok();
        // A field that is signed stays on its page.
        let is_elsewhere = |id| {
            let mut pages = listed_before.range((id, (0, 0))..=(id, (u32::MAX, u16::MAX)));
            pages.any(|(_, page)| *page != page_id)
        };
        if id.is_some_and(|id| comparison.widgets.contains(&id) && !is_elsewhere(id)) {
            continue;
        }
        let annotation = comparison.new.dereference(item).ok();
        let annotation = annotation.and_then(|(_, annotation)| annotation.as_dict().ok());
        let kind = annotation.and_then(|it| it.get(b"Subtype").and_then(Object::as_name).ok());
        let kind = display_name(kind.unwrap_or_default());
        comparison.change_on_page(&ChangeKind::AnnotationAdded(kind), id, number);
    }
    if remaining.next().is_some() {
        comparison.change_on_page(&ChangeKind::AnnotationRemoved, None, number);
    }
}

/// The objects that the content of pages uses, with the first page that uses each.
pub(crate) fn drawn(document: &Document) -> BTreeMap<ObjectId, usize> {
    let mut found = BTreeMap::new();
    for (index, id) in document.page_iter().enumerate() {
        let Ok(page) = document.get_dictionary(id) else { continue };
        let mut parts: Vec<&Object> = page.get(b"Contents").into_iter().collect();
        // Resources may be inherited.
        let mut node = Some(page);
        for _ in 0..MAX_DEPTH {
            let Some(entries) = node else { break };
            parts.extend(entries.get(b"Resources"));
            node = entries.get(b"Parent").ok().and_then(|parent| dictionary(document, parent));
        }
        follow(document, parts, index + 1, &mut found);
    }
    found
}

/// The annotations of a document, each with a page that lists it.
pub(crate) fn listed(document: &Document) -> BTreeSet<(ObjectId, ObjectId)> {
    let mut found = BTreeSet::new();
    for page in document.page_iter() {
        let Ok(entries) = document.get_dictionary(page) else { continue };
        let annotations = items(document, entries, b"Annots").iter();
        found.extend(annotations.filter_map(|it| Some((it.as_reference().ok()?, page))));
    }
    found
}

/// The objects that the appearances of annotations use, with the page of each.
pub(crate) fn shown_by_annotations(document: &Document) -> BTreeMap<ObjectId, usize> {
    let mut found = BTreeMap::new();
    for (index, id) in document.page_iter().enumerate() {
        let Ok(page) = document.get_dictionary(id) else { continue };
        let annotations = items(document, page, b"Annots").iter();
        let annotations = annotations.filter_map(|item| dictionary(document, item));
        let parts = annotations.filter_map(|annotation| annotation.get(b"AP").ok()).collect();
        follow(document, parts, index + 1, &mut found);
    }
    found
}

/// Adds the objects that these refer to, directly or indirectly.
fn follow<'d>(
    document: &'d Document,
    mut pending: Vec<&'d Object>,
    page: usize,
    found: &mut BTreeMap<ObjectId, usize>,
) {
    // Each object is followed once.
    while let Some(object) = pending.pop() {
        match object {
            Object::Reference(id) if !found.contains_key(id) => {
                found.insert(*id, page);
                pending.extend(document.get_object(*id).ok());
            }
            Object::Array(items) => pending.extend(items),
            Object::Dictionary(dictionary) => pending.extend(values(dictionary)),
            Object::Stream(stream) => pending.extend(values(&stream.dict)),
            _ => {}
        }
    }
}

/// The values of a dictionary, except references to its parent and page.
fn values(dictionary: &Dictionary) -> impl Iterator<Item = &Object> {
    let parts = dictionary.iter().filter(|(key, _)| !matches!(key.as_slice(), b"Parent" | b"P"));
    parts.map(|(_, value)| value)
}
