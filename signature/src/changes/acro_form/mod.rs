//! Compares the interactive forms: signature fields may be added and signed, nothing else may change.

mod appearances;

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::changes::acro_form::appearances::{
    change_of_widget, check_covered_area, check_timestamp, is_blank,
};
use crate::changes::change::{Addition, ChangeKind};
use crate::changes::comparison::{Comparison, display_name, is_equal};
use crate::file::fields::{
    self, Field, SignatureLocation, dictionary, form, is_timestamp, items, signature_fields,
};

/// The flags `Print` and `Locked` of annotations (`/F`), and `ReadOnly` of fields (`/Ff`). Programs set
/// them when they sign a field.
const PRINT: i64 = 1 << 2;
const LOCKED: i64 = 1 << 7;
const READ_ONLY: i64 = 1;

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
    let signature_fields = signature_fields(new);
    comparison.signatures = signature_fields.iter().filter_map(|field| field.value).collect();
    mark_checked(comparison, old.catalog().ok(), b"AcroForm");
    mark_checked(comparison, Some(before), b"Fields");
    for key in Comparison::differing(before, after) {
        match key {
            // Fields and default resources are compared below.
            b"Fields" | b"SigFlags" | b"DR" => {}
            // @signpdf writes it. No reader looks at it.
            b"Type" if !before.has(key) && after.has_type(b"AcroForm") => {}
            // The default appearance, which only text fields use.
            b"DA" if !before.has(key) => {}
            b"XFA" => comparison.change(&ChangeKind::Action, None),
            key => comparison.change(&ChangeKind::Form(display_name(key)), None),
        }
    }
    default_resources(comparison, before, after);
    let signed = signed_from_the_top(&signature_fields);
    let old_roots = items(old, before, b"Fields");
    let old_fields = fields_below(old, old_roots);
    for id in &old_fields {
        compare_field(comparison, *id, signed.get(id).copied());
    }
    let new_roots = items(new, after, b"Fields");
    let kept: BTreeSet<ObjectId> = references(new_roots).collect();
    let is_no_reference = |root: &&Object| root.as_reference().is_err();
    if references(old_roots).any(|root| !kept.contains(&root))
        || !old_roots.iter().filter(is_no_reference).eq(new_roots.iter().filter(is_no_reference))
    {
        comparison.change(&ChangeKind::FieldRemoved, None);
    }
    for id in fields_below(new, new_roots).difference(&old_fields) {
        check_added_field(comparison, *id, signed.get(id).copied());
    }
    allow_widgets(comparison, signature_fields);
}

/// Whether each signature field and each of its widgets is signed, as readers find it from the top of the
/// form.
fn signed_from_the_top(signature_fields: &[Field]) -> BTreeMap<ObjectId, bool> {
    let parts = |field: &Field| {
        let ids = field.widgets.iter().copied().chain([field.id]);
        let is_signed = field.value.is_some();
        ids.map(move |id| (id, is_signed)).collect::<Vec<_>>()
    };
    signature_fields.iter().flat_map(parts).collect()
}

/// Collects the widgets that may be added to pages, and checks the signatures of new fields.
fn allow_widgets(comparison: &mut Comparison<'_>, signature_fields: Vec<Field>) {
    let old = comparison.old;
    let values_before: BTreeMap<ObjectId, bool> =
        fields::signature_fields(old).iter().map(|it| (it.id, it.value.is_some())).collect();
    for field in signature_fields {
        let is_signed = field.value.is_some() && values_before.get(&field.id) == Some(&false);
        let is_new = !values_before.contains_key(&field.id);
        if is_signed || is_new {
            check_timestamp(comparison, &field);
            // It may be the value of a field above.
            let is_old =
                matches!(field.value, Some(SignatureLocation::Object(id)) if old.has_object(id));
            if is_old {
                comparison.change(&ChangeKind::FieldValue, Some(field.id));
            }
        }
        let may_be_shown = |id: &ObjectId| is_signed || !old.has_object(*id);
        comparison.widgets.extend(field.widgets.into_iter().filter(may_be_shown));
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

/// The levels of default resources: categories such as `/Font`, and the resources in each.
const DR_LEVELS: usize = 2;

/// Compares the default resources (`/DR`), which only text fields use. They may get further entries.
fn default_resources(comparison: &mut Comparison<'_>, before: &Dictionary, after: &Dictionary) {
    let (old, new) = (comparison.old, comparison.new);
    let Ok(resources) = before.get(b"DR") else { return };
    let is_used = fields_below(old, items(old, before, b"Fields"))
        .iter()
        .any(|id| !old.get_dictionary(*id).is_ok_and(|field| is_signature_field(old, field)));
    if is_used && !extends(old, new, Some(resources), after.get(b"DR").ok(), DR_LEVELS) {
        comparison.change(&ChangeKind::Form("DR".to_owned()), None);
        return;
    }
    let categories = dictionary(old, resources).into_iter().flatten().map(|(_, value)| value);
    let objects = std::iter::once(resources).chain(categories);
    // A page may use the same object. There, a new entry could replace an inherited resource.
    let ids: Vec<ObjectId> = objects.filter_map(|object| object.as_reference().ok()).collect();
    ids.into_iter().for_each(|id| comparison.check(id));
}

/// Whether resources have all entries from before. New ones have names that no field used.
fn extends(
    old: &Document,
    new: &Document,
    before: Option<&Object>,
    after: Option<&Object>,
    levels: usize,
) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    if is_equal(before, after) {
        return true;
    }
    let (Some(before), Some(after)) = (dictionary(old, before), dictionary(new, after)) else {
        return false;
    };
    levels > 0
        && before
            .iter()
            .all(|(key, value)| extends(old, new, Some(value), after.get(key).ok(), levels - 1))
}

/// Marks the object of an entry as checked, because it is compared as the value of the entry.
fn mark_checked(comparison: &mut Comparison<'_>, dictionary: Option<&Dictionary>, key: &[u8]) {
    let id =
        dictionary.and_then(|dictionary| dictionary.get(key).and_then(Object::as_reference).ok());
    id.into_iter().for_each(|id| comparison.check(id));
}

fn fields_below(document: &Document, roots: &[Object]) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&Object> = roots.iter().collect();
    while let Some(id) = pending.pop().map(Object::as_reference) {
        let Ok(id) = id else { continue };
        if found.insert(id)
            && let Ok(field) = document.get_dictionary(id)
        {
            pending.extend(items(document, field, b"Kids"));
        }
    }
    found
}

/// Compares an existing field. An empty signature field may be signed.
fn compare_field(comparison: &mut Comparison<'_>, id: ObjectId, is_signed: Option<bool>) {
    let (old, new) = (comparison.old, comparison.new);
    comparison.checked.insert(id);
    let Ok(before) = old.get_dictionary(id) else { return };
    let Ok(after) = new.get_dictionary(id) else {
        comparison.change(&ChangeKind::FieldRemoved, Some(id));
        return;
    };
    let page = before.get(b"P").and_then(Object::as_reference).ok();
    let page = page.and_then(|page| comparison.pages.get(&page).copied());
    let may_be_signed = is_signature_field(old, before) && !has_value(old, before);
    // Its `/Parent` may have a value although it is not above it.
    let gets_signed = may_be_signed && has_value(new, after) && is_signed != Some(false);
    if gets_signed {
        check_covered_area(comparison, id, after);
    }
    for key in Comparison::differing(before, after) {
        match key {
            b"V" if may_be_signed => check_added_signature(comparison, id, after),
            b"V" if is_signature_field(old, before) => {
                comparison.change_on_page(&ChangeKind::SignatureChanged, Some(id), page);
            }
            b"V" => comparison.change_on_page(&ChangeKind::FieldValue, Some(id), page),
            // The lock is part of what is signed.
            b"AP" | b"MK" | b"M" | b"AS" | b"Lock" if gets_signed => {}
            b"F" if gets_signed && adds_only(before, after, key, PRINT | LOCKED) => {}
            b"Ff" if gets_signed && adds_only(before, after, key, READ_ONLY) => {}
            b"Kids" if only_appends_kids(old, new, before, after, gets_signed) => {}
            b"A" | b"AA" => comparison.change_on_page(&ChangeKind::Action, Some(id), page),
            key => comparison.change_on_page(&ChangeKind::Field(display_name(key)), Some(id), page),
        }
    }
}

/// Whether the flags of an entry have, besides those from before, only these.
fn adds_only(before: &Dictionary, after: &Dictionary, key: &[u8], allowed: i64) -> bool {
    let flags = |dictionary: &Dictionary| dictionary.get(key).and_then(Object::as_i64);
    let is_absent = !before.has(key);
    match (flags(before), flags(after)) {
        (Ok(old), Ok(new)) => new & !(old | allowed) == 0,
        (Err(_), Ok(new)) if is_absent => new & !allowed == 0,
        _ => false,
    }
}

/// Whether the only change of `/Kids` is that kids were appended. Only signing adds widgets, which would
/// show the field in another place; other kids are fields with names of their own.
fn only_appends_kids(
    old: &Document,
    new: &Document,
    before: &Dictionary,
    after: &Dictionary,
    gets_signed: bool,
) -> bool {
    let (kids, kept) = (items(new, after, b"Kids"), items(old, before, b"Kids"));
    let is_field = |kid: &Object| dictionary(new, kid).is_some_and(|kid| kid.has(b"T"));
    let may_have_fields =
        !before.has(b"V") && kids[kept.len().min(kids.len())..].iter().all(is_field);
    kids.starts_with(kept) && (gets_signed || may_have_fields)
}

/// Checks a new field. If it is a signature field or its widget, `is_signed` says whether it is signed. Its
/// `/Parent` may say otherwise.
fn check_added_field(comparison: &mut Comparison<'_>, id: ObjectId, is_signed: Option<bool>) {
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
    let mut kids = references(items(new, field, b"Kids"));
    if kids.any(|kid| comparison.old.has_object(kid)) {
        // An existing field would get another name.
        comparison.change(&ChangeKind::FieldAdded, Some(id));
    }
    if is_signed.is_none() && !is_signature_field(new, field) {
        if !field.has(b"Kids") || field.has(b"V") {
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
    check_covered_area(comparison, id, field);
    if field.has(b"V") {
        check_added_signature(comparison, id, field);
        return;
    }
    if field.has(b"T") {
        comparison.add(Addition::SignatureField);
    }
    // A widget may show the signature of the field above it.
    if is_signed != Some(true) && !is_blank(new, field) {
        change_of_widget(comparison, id);
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
    let addition = match signature.is_some_and(|it| is_timestamp(new, it)) {
        true => Addition::Timestamp,
        false => Addition::Signature,
    };
    let location = is_old.map_or(SignatureLocation::Inline(id), SignatureLocation::Object);
    if signature.is_some() && comparison.signatures.contains(&location) {
        comparison.add(addition);
    } else {
        comparison.change(&ChangeKind::FieldValue, Some(id));
    }
}

/// Whether a field is a signature field, by its own type or the inherited one.
fn is_signature_field(document: &Document, field: &Dictionary) -> bool {
    inherited(document, field, b"FT")
        .is_some_and(|kind| kind.as_name().is_ok_and(|it| it == b"Sig"))
}

/// Whether a field has a value of its own or an inherited one.
fn has_value(document: &Document, field: &Dictionary) -> bool {
    inherited(document, field, b"V").is_some()
}

/// An entry of a field, or that of the next field above it.
fn inherited<'d>(document: &'d Document, field: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let mut field = field;
    for _ in 0..16 {
        if let Ok(value) = field.get_deref(key, document) {
            return Some(value);
        }
        field = dictionary(document, field.get(b"Parent").ok()?)?;
    }
    None
}
