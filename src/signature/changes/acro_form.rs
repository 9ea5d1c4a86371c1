//! The form of a document: signature fields may come, and be signed; nothing else may change.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::signature::changes::comparison::{Comparison, shown};
use crate::signature::changes::what::{Addition, What};
use crate::signature::file::fields::{dictionary, form, items, signature_fields};

/// The most fields that are looked at.
const MOST: usize = 10_000;

/// The entries that a signature field and its place on the page may have. None of them does
/// anything by itself: `/A` and `/AA` are not among them.
const FIELD: [&[u8]; 27] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"Ff",
    b"V",
    b"F",
    b"Rect",
    b"P",
    b"AP",
    b"AS",
    b"MK",
    b"DA",
    b"Q",
    b"H",
    b"Lock",
    b"SV",
    b"Parent",
    b"Kids",
    b"Border",
    b"BS",
    b"M",
    b"NM",
    b"StructParent",
    b"DR",
];

/// Compares the forms.
pub(crate) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let empty = Dictionary::new();
    let (before, after) = (form(old), form(new));
    let Some(after) = after else {
        if before.is_some() {
            comparison.change(&What::FieldRemoved, None);
        }
        return;
    };
    let before = before.unwrap_or(&empty);
    explain(comparison, old.catalog().ok(), b"AcroForm");
    explain(comparison, Some(before), b"Fields");
    for key in Comparison::differing(before, after) {
        match key {
            b"Fields" | b"SigFlags" => {}
            // What new fields may look like; only fields of text look there.
            b"DR" | b"DA" if !before.has(key) => {}
            b"XFA" => comparison.change(&What::Action, None),
            key => comparison.change(&What::Form(shown(key)), None),
        }
    }
    let old_roots = items(old, before, b"Fields");
    let old_fields = fields_below(old, old_roots);
    for id in &old_fields {
        existing(comparison, *id);
    }
    let new_roots = items(new, after, b"Fields");
    let kept: BTreeSet<ObjectId> = references(new_roots).collect();
    if references(old_roots).any(|root| !kept.contains(&root)) {
        comparison.change(&What::FieldRemoved, None);
    }
    for id in fields_below(new, new_roots).difference(&old_fields) {
        added(comparison, *id);
    }
    for field in signature_fields(new) {
        comparison.widgets.extend(field.widgets);
    }
}

fn references(items: &[Object]) -> impl Iterator<Item = ObjectId> {
    items.iter().filter_map(|item| item.as_reference().ok())
}

/// Whether a permission came to the catalog that rests on a signature, and nothing else.
pub(crate) fn is_permission_added(old: &Document, new: &Document) -> bool {
    let permissions = |document| {
        let catalog = Document::catalog(document).ok()?;
        dictionary(document, catalog.get(b"Perms").ok()?)
    };
    permissions(old).is_none()
        && permissions(new).is_some_and(|permissions| {
            permissions.iter().all(|(key, value)| {
                key == b"DocMDP" && value.as_reference().is_ok_and(|id| !old.has_object(id))
            })
        })
}

/// Whether the author's certifying signature allows nothing more (`/DocMDP` with `/P 1`). Time
/// stamps and validation data may come even then (ETSI EN 319 142-1).
pub(crate) fn allows_no_more(document: &Document) -> bool {
    let permission = || {
        let catalog = document.catalog().ok()?;
        let permissions = dictionary(document, catalog.get(b"Perms").ok()?)?;
        let signature = dictionary(document, permissions.get(b"DocMDP").ok()?)?;
        let reference = dictionary(document, items(document, signature, b"Reference").first()?)?;
        let parameters = dictionary(document, reference.get(b"TransformParams").ok()?)?;
        parameters.get_deref(b"P", document).and_then(Object::as_i64).ok()
    };
    permission() == Some(1)
}

/// An object that is an entry's value is looked at with the entry.
fn explain(comparison: &mut Comparison<'_>, within: Option<&Dictionary>, key: &[u8]) {
    let id = within.and_then(|within| within.get(key).and_then(Object::as_reference).ok());
    comparison.explained.extend(id);
}

fn fields_below(document: &Document, roots: &[Object]) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Object> = roots.iter().collect();
    while let Some(id) = waiting.pop().map(Object::as_reference) {
        let Ok(id) = id else { continue };
        if found.len() < MOST
            && found.insert(id)
            && let Ok(field) = document.get_dictionary(id)
        {
            waiting.extend(items(document, field, b"Kids"));
        }
    }
    found
}

/// A field that was there: one that waited for a signature may have got it.
fn existing(comparison: &mut Comparison<'_>, id: ObjectId) {
    let (old, new) = (comparison.old, comparison.new);
    comparison.explained.insert(id);
    let Ok(before) = old.get_dictionary(id) else { return };
    let Ok(after) = new.get_dictionary(id) else {
        comparison.change(&What::FieldRemoved, Some(id));
        return;
    };
    let page = before.get(b"P").and_then(Object::as_reference).ok();
    let page = page.and_then(|page| comparison.pages.get(&page).copied());
    let may_be_signed = is_signature(old, before) && !before.has(b"V");
    for key in Comparison::differing(before, after) {
        match key {
            b"V" if may_be_signed => signed(comparison, id, after),
            b"V" if is_signature(old, before) => {
                comparison.change_on(&What::SignatureChanged, Some(id), page);
            }
            b"V" => comparison.change_on(&What::FieldValue, Some(id), page),
            b"AP" | b"MK" | b"M" | b"AS" if may_be_signed => {}
            b"Kids" if appends(old, new, before, after) => {}
            b"A" | b"AA" => comparison.change_on(&What::Action, Some(id), page),
            key => comparison.change_on(&What::Field(shown(key)), Some(id), page),
        }
    }
}

/// Whether the fields below stayed and others came behind.
fn appends(old: &Document, new: &Document, before: &Dictionary, after: &Dictionary) -> bool {
    items(new, after, b"Kids").starts_with(items(old, before, b"Kids"))
}

fn added(comparison: &mut Comparison<'_>, id: ObjectId) {
    let new = comparison.new;
    let Ok(field) = new.get_dictionary(id) else { return };
    if comparison.old.has_object(id) {
        // Whatever it was, it would look like a field now.
        comparison.change(&What::FieldAdded, Some(id));
        return;
    }
    if field.has(b"A") || field.has(b"AA") {
        comparison.change(&What::Action, Some(id));
    }
    if !is_signature(new, field) {
        if !field.has(b"Kids") {
            comparison.change(&What::FieldAdded, Some(id));
        }
        return;
    }
    for (key, _) in field.iter().filter(|(key, _)| !matches!(key.as_slice(), b"A" | b"AA")) {
        if !FIELD.contains(&key.as_slice()) {
            comparison.change(&What::Field(shown(key)), Some(id));
        }
    }
    if field.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind != b"Widget") {
        comparison.change(&What::Field("Subtype".to_owned()), Some(id));
    }
    let named = field.get(b"P").and_then(Object::as_reference).ok();
    let page = named.or_else(|| comparison.pages_of_annotations.get(&id).copied());
    if covers(new, field, page) {
        let page = page.and_then(|page| comparison.pages.get(&page).copied());
        comparison.change_on(&What::Covering, Some(id), page);
    }
    if field.has(b"V") {
        signed(comparison, id, field);
    } else if field.has(b"T") {
        comparison.add(Addition::SignatureField);
    }
}

/// The signature that a field got; it is new, as the field's value.
fn signed(comparison: &mut Comparison<'_>, id: ObjectId, field: &Dictionary) {
    let new = comparison.new;
    let value = field.get(b"V").ok();
    let is_old = value.and_then(|value| value.as_reference().ok());
    if is_old.is_some_and(|id| comparison.old.has_object(id)) {
        comparison.change(&What::FieldValue, Some(id));
        return;
    }
    let signature = value.and_then(|value| dictionary(new, value));
    let kind = signature.and_then(|it| it.get(b"Type").and_then(Object::as_name).ok());
    let addition = match kind {
        Some(b"DocTimeStamp") => Addition::Timestamp,
        _ => Addition::Signature,
    };
    if signature.is_some() {
        comparison.add(addition);
    } else {
        comparison.change(&What::FieldValue, Some(id));
    }
}

/// Whether a field is for signatures, by itself or by those that it is below.
fn is_signature(document: &Document, field: &Dictionary) -> bool {
    let mut field = field;
    for _ in 0..16 {
        if let Ok(kind) = field.get_deref(b"FT", document).and_then(Object::as_name) {
            return kind == b"Sig";
        }
        let Some(parent) = field.get(b"Parent").ok().and_then(|it| dictionary(document, it)) else {
            return false;
        };
        field = parent;
    }
    false
}

/// Whether a signature shows itself over more than a quarter of its page: what it hides is hidden.
fn covers(document: &Document, field: &Dictionary, page: Option<ObjectId>) -> bool {
    let Some(shown) = area(document, field, b"Rect") else { return false };
    let mut node = page.and_then(|page| document.get_dictionary(page).ok());
    for _ in 0..16 {
        let Some(page) = node else { break };
        if let Some(area) = area(document, page, b"MediaBox") {
            return shown > area / 4;
        }
        node = page.get(b"Parent").ok().and_then(|parent| dictionary(document, parent));
    }
    // On no page that is known, whatever shows is too much.
    shown > 0
}

/// The area of a rectangle, in square points.
fn area(document: &Document, within: &Dictionary, key: &[u8]) -> Option<i64> {
    let sides = items(document, within, key).iter().map(|side| {
        let side = document.dereference(side).ok()?.1.as_float().ok()?;
        // A length that is none is as long as can be; pages are a few thousand points long.
        Some((side.round() as i64).clamp(-1_000_000, 1_000_000))
    });
    let sides: Option<Vec<i64>> = sides.collect();
    match sides?.as_slice() {
        [left, bottom, right, top] => Some((right - left).abs() * (top - bottom).abs()),
        _ => None,
    }
}
