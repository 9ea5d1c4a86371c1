//! Compares the interactive forms: signature fields may be added and signed, nothing else may change.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::signature::changes::change::{Addition, ChangeKind};
use crate::signature::changes::comparison::{Comparison, display_name};
use crate::signature::file::fields::{dictionary, form, items, signature_fields};

/// Further fields are ignored.
const MAX_FIELDS: usize = 10_000;

/// The entries that a new signature field and its widget may have. None of them triggers an action, as
/// `/A` and `/AA` do.
const ALLOWED_ENTRIES: [&[u8]; 27] = [
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
            comparison.change(&ChangeKind::FieldRemoved, None);
        }
        return;
    };
    let before = before.unwrap_or(&empty);
    mark_checked(comparison, old.catalog().ok(), b"AcroForm");
    mark_checked(comparison, Some(before), b"Fields");
    for key in Comparison::differing(before, after) {
        match key {
            b"Fields" | b"SigFlags" => {}
            // Default resources and appearance, which only text fields use.
            b"DR" | b"DA" if !before.has(key) => {}
            b"XFA" => comparison.change(&ChangeKind::Action, None),
            key => comparison.change(&ChangeKind::Form(display_name(key)), None),
        }
    }
    let old_roots = items(old, before, b"Fields");
    let old_fields = fields_below(old, old_roots);
    for id in &old_fields {
        compare_field(comparison, *id);
    }
    let new_roots = items(new, after, b"Fields");
    let kept: BTreeSet<ObjectId> = references(new_roots).collect();
    if references(old_roots).any(|root| !kept.contains(&root)) {
        comparison.change(&ChangeKind::FieldRemoved, None);
    }
    for id in fields_below(new, new_roots).difference(&old_fields) {
        check_added_field(comparison, *id);
    }
    for field in signature_fields(new) {
        comparison.widgets.extend(field.widgets);
    }
}

fn references(items: &[Object]) -> impl Iterator<Item = ObjectId> {
    items.iter().filter_map(|item| item.as_reference().ok())
}

/// Whether the only new permission in the catalog is `/DocMDP` of a new signature.
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

/// Whether a certification signature forbids all changes (`/DocMDP` with `/P 1`). Time stamps and
/// validation data are still allowed (ETSI EN 319 142-1).
pub(crate) fn forbids_changes(document: &Document) -> bool {
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

/// Marks the object of an entry as checked, because it is compared as the value of the entry.
fn mark_checked(comparison: &mut Comparison<'_>, dictionary: Option<&Dictionary>, key: &[u8]) {
    let id =
        dictionary.and_then(|dictionary| dictionary.get(key).and_then(Object::as_reference).ok());
    comparison.checked.extend(id);
}

fn fields_below(document: &Document, roots: &[Object]) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&Object> = roots.iter().collect();
    while let Some(id) = pending.pop().map(Object::as_reference) {
        let Ok(id) = id else { continue };
        if found.len() < MAX_FIELDS
            && found.insert(id)
            && let Ok(field) = document.get_dictionary(id)
        {
            pending.extend(items(document, field, b"Kids"));
        }
    }
    found
}

/// Compares an existing field. An empty signature field may be signed.
fn compare_field(comparison: &mut Comparison<'_>, id: ObjectId) {
    let (old, new) = (comparison.old, comparison.new);
    comparison.checked.insert(id);
    let Ok(before) = old.get_dictionary(id) else { return };
    let Ok(after) = new.get_dictionary(id) else {
        comparison.change(&ChangeKind::FieldRemoved, Some(id));
        return;
    };
    let page = before.get(b"P").and_then(Object::as_reference).ok();
    let page = page.and_then(|page| comparison.pages.get(&page).copied());
    let may_be_signed = is_signature_field(old, before) && !before.has(b"V");
    for key in Comparison::differing(before, after) {
        match key {
            b"V" if may_be_signed => check_added_signature(comparison, id, after),
            b"V" if is_signature_field(old, before) => {
                comparison.change_on_page(&ChangeKind::SignatureChanged, Some(id), page);
            }
            b"V" => comparison.change_on_page(&ChangeKind::FieldValue, Some(id), page),
            b"AP" | b"MK" | b"M" | b"AS" if may_be_signed => {}
            b"Kids" if only_appends_kids(old, new, before, after) => {}
            b"A" | b"AA" => comparison.change_on_page(&ChangeKind::Action, Some(id), page),
            key => comparison.change_on_page(&ChangeKind::Field(display_name(key)), Some(id), page),
        }
    }
}

/// Whether the only change of `/Kids` is that kids were appended.
fn only_appends_kids(
    old: &Document,
    new: &Document,
    before: &Dictionary,
    after: &Dictionary,
) -> bool {
    items(new, after, b"Kids").starts_with(items(old, before, b"Kids"))
}

fn check_added_field(comparison: &mut Comparison<'_>, id: ObjectId) {
    let new = comparison.new;
    let Ok(field) = new.get_dictionary(id) else { return };
    if comparison.old.has_object(id) {
        // An existing object of another kind would become a field.
        comparison.change(&ChangeKind::FieldAdded, Some(id));
        return;
    }
    if field.has(b"A") || field.has(b"AA") {
        comparison.change(&ChangeKind::Action, Some(id));
    }
    if !is_signature_field(new, field) {
        if !field.has(b"Kids") {
            comparison.change(&ChangeKind::FieldAdded, Some(id));
        }
        return;
    }
    for (key, _) in field.iter().filter(|(key, _)| !matches!(key.as_slice(), b"A" | b"AA")) {
        if !ALLOWED_ENTRIES.contains(&key.as_slice()) {
            comparison.change(&ChangeKind::Field(display_name(key)), Some(id));
        }
    }
    if field.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind != b"Widget") {
        comparison.change(&ChangeKind::Field("Subtype".to_owned()), Some(id));
    }
    let named = field.get(b"P").and_then(Object::as_reference).ok();
    let page = named.or_else(|| comparison.pages_of_annotations.get(&id).copied());
    if covers_page(new, field, page) {
        let page = page.and_then(|page| comparison.pages.get(&page).copied());
        comparison.change_on_page(&ChangeKind::SignatureCoversPage, Some(id), page);
    }
    if field.has(b"V") {
        check_added_signature(comparison, id, field);
    } else if field.has(b"T") {
        comparison.add(Addition::SignatureField);
    }
}

/// Checks that the signature that was added to a field is a new object.
fn check_added_signature(comparison: &mut Comparison<'_>, id: ObjectId, field: &Dictionary) {
    let new = comparison.new;
    let value = field.get(b"V").ok();
    let is_old = value.and_then(|value| value.as_reference().ok());
    if is_old.is_some_and(|id| comparison.old.has_object(id)) {
        comparison.change(&ChangeKind::FieldValue, Some(id));
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
        comparison.change(&ChangeKind::FieldValue, Some(id));
    }
}

/// Whether a field is a signature field, by its own type or the inherited one.
fn is_signature_field(document: &Document, field: &Dictionary) -> bool {
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

/// Whether the appearance of a signature covers more than a quarter of its page, as it could hide
/// content.
fn covers_page(document: &Document, field: &Dictionary, page: Option<ObjectId>) -> bool {
    let Some(visible_area) = area(document, field, b"Rect") else { return false };
    let mut node = page.and_then(|page| document.get_dictionary(page).ok());
    for _ in 0..16 {
        let Some(page) = node else { break };
        if let Some(area) = area(document, page, b"MediaBox") {
            return visible_area > area / 4;
        }
        node = page.get(b"Parent").ok().and_then(|parent| dictionary(document, parent));
    }
    // The page is unknown, so any visible area is too large.
    visible_area > 0
}

/// The area of a rectangle, in square points.
fn area(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<i64> {
    let sides = items(document, dictionary, key).iter().map(|side| {
        let side = document.dereference(side).ok()?.1.as_float().ok()?;
        // Clamps absurd lengths; pages are a few thousand points long.
        Some((side.round() as i64).clamp(-1_000_000, 1_000_000))
    });
    let sides: Option<Vec<i64>> = sides.collect();
    match sides?.as_slice() {
        [left, bottom, right, top] => Some((right - left).abs() * (top - bottom).abs()),
        _ => None,
    }
}
