//! The signature fields of a document, and signatures that no field refers to.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

/// Fields nested deeper are ignored.
const MAX_DEPTH: usize = 16;

/// Further fields are ignored.
const MAX_FIELDS: usize = 10_000;

/// A signature field.
#[derive(Debug, Clone)]
pub struct Field {
    /// The fully qualified name.
    pub name: String,
    /// Its object.
    pub id: ObjectId,
    /// The location of its signature; `None` if it is not signed.
    pub value: Option<SignatureLocation>,
    /// Its widget annotations.
    pub widgets: Vec<ObjectId>,
}

impl Field {
    /// The dictionary of its signature.
    pub(crate) fn signature<'d>(&self, document: &'d Document) -> Option<&'d Dictionary> {
        match self.value? {
            SignatureLocation::Object(id) => document.get_dictionary(id).ok(),
            SignatureLocation::Inline(id) => {
                document.get_dictionary(id).ok()?.get(b"V").ok()?.as_dict().ok()
            }
        }
    }
}

/// Whether a signature is a document time stamp for every reader: by its type and its format.
pub(crate) fn is_timestamp(document: &Document, signature: &Dictionary) -> bool {
    timestamp_marks(document, signature) == [true, true]
}

/// Whether a signature is a document time stamp for some reader: by its type or its format.
pub(crate) fn may_be_timestamp(document: &Document, signature: &Dictionary) -> bool {
    timestamp_marks(document, signature) != [false, false]
}

fn timestamp_marks(document: &Document, signature: &Dictionary) -> [bool; 2] {
    let marks = [(b"Type".as_slice(), b"DocTimeStamp".as_slice()), (b"SubFilter", b"ETSI.RFC3161")];
    marks.map(|(key, name)| {
        signature.get_deref(key, document).and_then(Object::as_name).is_ok_and(|it| it == name)
    })
}

/// A field whose kids have not been read yet, with what it inherits.
struct Pending {
    id: ObjectId,
    parent_name: String,
    is_signature: bool,
    value: Option<SignatureLocation>,
    depth: usize,
}

/// The location of a signature dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureLocation {
    /// An indirect object.
    Object(ObjectId),
    /// A direct object in this field.
    Inline(ObjectId),
}

/// A dictionary, direct or by reference.
pub(crate) fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

/// The items of an array, direct or by reference; empty if there is no array.
pub(crate) fn items<'a>(
    document: &'a Document,
    parent: &'a Dictionary,
    key: &[u8],
) -> &'a [Object] {
    let array = parent.get_deref(key, document).and_then(Object::as_array);
    array.map(Vec::as_slice).unwrap_or_default()
}

/// Whether the rectangle of a widget has an area, so that an appearance would be visible.
pub(crate) fn has_area(document: &Document, widget: ObjectId) -> bool {
    document.get_dictionary(widget).is_ok_and(|widget| {
        let sides = items(document, widget, b"Rect").iter();
        let side = |side| document.dereference(side).ok()?.1.as_float().ok();
        let sides: Vec<_> = sides.filter_map(side).collect();
        matches!(sides[..], [left, bottom, right, top] if left != right && bottom != top)
    })
}

/// The page of each annotation of a document.
pub(crate) fn pages_of_annotations(document: &Document) -> BTreeMap<ObjectId, ObjectId> {
    let mut found = BTreeMap::new();
    for page in document.page_iter() {
        let Ok(entries) = document.get_dictionary(page) else { continue };
        let annotations = items(document, entries, b"Annots").iter();
        for id in annotations.filter_map(|annotation| annotation.as_reference().ok()) {
            found.entry(id).or_insert(page);
        }
    }
    found
}

/// The interactive form (`/AcroForm`) of a document.
pub(crate) fn form(document: &Document) -> Option<&Dictionary> {
    dictionary(document, document.catalog().ok()?.get(b"AcroForm").ok()?)
}

/// The signature fields of the interactive form, in its order.
pub fn signature_fields(document: &Document) -> Vec<Field> {
    let Some(form) = form(document) else { return Vec::new() };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let roots = items(document, form, b"Fields").iter().rev();
    let mut pending: Vec<Pending> = roots
        .filter_map(|root| root.as_reference().ok())
        .map(|id| Pending {
            id,
            parent_name: String::new(),
            is_signature: false,
            value: None,
            depth: 0,
        })
        .collect();
    while let Some(Pending { id, parent_name, is_signature, value, depth }) = pending.pop() {
        if depth > MAX_DEPTH || seen.len() > MAX_FIELDS || !seen.insert(id) {
            continue;
        }
        let Ok(field) = document.get_dictionary(id) else { continue };
        let is_signature = match field.get_deref(b"FT", document).and_then(Object::as_name) {
            Ok(kind) => kind == b"Sig",
            Err(_) => is_signature,
        };
        let name = qualified_name(document, field, &parent_name);
        let kids = items(document, field, b"Kids");
        let kids: Vec<ObjectId> = kids.iter().filter_map(|kid| kid.as_reference().ok()).collect();
        let is_widget = |id: &ObjectId| {
            document.get_dictionary(*id).is_ok_and(|kid| !kid.has(b"T") && !kid.has(b"Kids"))
        };
        let is_terminal = kids.iter().all(is_widget);
        let value = match field.get(b"V") {
            Ok(Object::Reference(id)) => Some(SignatureLocation::Object(*id)),
            Ok(Object::Dictionary(_)) => Some(SignatureLocation::Inline(id)),
            Ok(_) => None,
            Err(_) => value,
        };
        if is_signature && is_terminal {
            let widgets = if kids.is_empty() { vec![id] } else { kids };
            found.push(Field { name, id, value, widgets });
        } else {
            let kids = kids.into_iter().rev();
            pending.extend(kids.map(|id| Pending {
                id,
                parent_name: name.clone(),
                is_signature,
                value,
                depth: depth + 1,
            }));
        }
    }
    found
}

/// Signature dictionaries that none of these fields refers to.
pub fn unreachable_signatures(document: &Document, fields: &[Field]) -> Vec<ObjectId> {
    let referenced: BTreeSet<SignatureLocation> =
        fields.iter().filter_map(|field| field.value).collect();
    let is_signature = |object: &Object| {
        object.as_dict().is_ok_and(|dictionary| {
            let kind = dictionary.get(b"Type").and_then(Object::as_name).unwrap_or_default();
            let has_type = [b"Sig".as_slice(), b"DocTimeStamp"].contains(&kind);
            dictionary.has(b"Contents") && (has_type || dictionary.has(b"ByteRange"))
        })
    };
    let signatures = document.objects.iter().filter(|(_, object)| is_signature(object));
    let ids = signatures.map(|(id, _)| *id);
    ids.filter(|id| !referenced.contains(&SignatureLocation::Object(*id)))
        .take(MAX_FIELDS)
        .collect()
}

fn qualified_name(document: &Document, field: &Dictionary, parent_name: &str) -> String {
    let own = field.get_deref(b"T", document).ok().and_then(|name| decode_text_string(name).ok());
    match own {
        Some(own) if parent_name.is_empty() => own,
        Some(own) => format!("{parent_name}.{own}"),
        None => parent_name.to_owned(),
    }
}
