//! Decrypts the objects of a file that opens without a password. Its key follows from the file, so
//! anybody can read it. What readers could decrypt differently is rejected.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lopdf::encryption::crypt_filters::CryptFilter;
use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, EncryptionState, Object, ObjectId, ObjectStream, Stream};

use crate::file::cross_references::entries::MAX_DECOMPRESSED_BYTES;
use crate::file::limits::{MAX_MEMORY, count_memory};
use crate::file::unreadable_pdf::UnreadablePdf;

/// The type of an encrypted object stream while the file is read, so that the PDF reader does not
/// unpack it.
const STILL_ENCRYPTED: &[u8] = b"ObjStm.encrypted";

/// Marks an object stream as encrypted. The result only says that the object is kept.
#[expect(clippy::unnecessary_wraps, reason = "a filter of the PDF reader returns an option")]
pub(crate) fn mark_object_stream(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && stream.dict.has_type(b"ObjStm")
    {
        stream.dict.set("Type", Object::Name(STILL_ENCRYPTED.to_vec()));
    }
    Some((id, Object::Null))
}

/// Decrypts the objects of a document with the empty user password, given the value of `/Encrypt`.
///
/// # Errors
/// Fails with `Encrypted` if the file has a password, and with `UnclearEncryption` if readers may not
/// agree on how it is encrypted.
pub(crate) fn decrypt(document: &mut Document, encrypt: &Object) -> Result<(), UnreadablePdf> {
    let (own_id, entries) = match encrypt {
        Object::Reference(id) => (Some(*id), document.get_dictionary(*id).ok()),
        Object::Dictionary(entries) => (None, Some(entries)),
        _ => (None, None),
    };
    let entries = entries.filter(|entries| is_unambiguous(entries));
    let entries = entries.ok_or(UnreadablePdf::UnclearEncryption)?;
    let decryption = Decryption::of(entries, &document.trailer)?;
    let lengths = referenced_lengths(document);
    let filters = filters_of_their_own(document);
    for (id, object) in &mut document.objects {
        if Some(*id) == own_id {
            continue;
        }
        let has_its_length = match (lengths.get(id), object.as_stream()) {
            (Some(length), Ok(stream)) => *length == Some(stream.content.len()),
            _ => true,
        };
        // `None` within if readers may not agree on it.
        let filter = filters.get(id).copied().unwrap_or(Some(false));
        let decrypted = filter.and_then(|own| decryption.object(*id, object, own));
        if !has_its_length || decrypted.is_none() {
            return Err(UnreadablePdf::UnclearEncryption);
        }
    }
    unpack_object_streams(document)?;
    if uses_unencrypted_streams(document, decryption.encrypts_metadata) {
        return Err(UnreadablePdf::UnclearEncryption);
    }
    Ok(())
}

/// Whether pages or others use a stream that is not encrypted because of its type: readers may decrypt it
/// there.
fn uses_unencrypted_streams(document: &Document, encrypts_metadata: bool) -> bool {
    let has_type = |id: &ObjectId, name: &[u8]| {
        document
            .objects
            .get(id)
            .is_some_and(|object| object.as_stream().is_ok_and(|stream| stream.dict.has_type(name)))
    };
    let is_unclear = |key: &[u8], id: &ObjectId| {
        has_type(id, b"XRef")
            || (!encrypts_metadata && key != b"Metadata" && has_type(id, b"Metadata"))
    };
    let mut pending: Vec<(&[u8], &Object)> =
        document.objects.values().map(|object| (b"".as_slice(), object)).collect();
    while let Some((key, object)) = pending.pop() {
        match object {
            Object::Reference(id) if is_unclear(key, id) => return true,
            Object::Array(items) => pending.extend(items.iter().map(|item| (key, item))),
            Object::Dictionary(entries) => {
                pending.extend(entries.iter().map(|(key, value)| (key.as_slice(), value)));
            }
            Object::Stream(stream) => {
                pending.extend(stream.dict.iter().map(|(key, value)| (key.as_slice(), value)));
            }
            _ => {}
        }
    }
    false
}

/// The streams that name an encryption filter of their own, and whether it is `/Identity`.
fn filters_of_their_own(document: &Document) -> BTreeMap<ObjectId, Option<bool>> {
    let streams = document.objects.iter();
    streams
        .filter_map(|(id, object)| {
            let own = is_left_unencrypted(document, &object.as_stream().ok()?.dict);
            (own != Some(false)).then_some((*id, own))
        })
        .collect()
}

/// Whether all readers decrypt a file with this dictionary alike: the standard security handler, and
/// one method for all strings and one for all streams.
fn is_unambiguous(entries: &Dictionary) -> bool {
    let name = |key: &[u8]| entries.get(key).and_then(Object::as_name).ok();
    let number = |key: &[u8]| entries.get(key).and_then(Object::as_i64).ok();
    if name(b"Filter") != Some(b"Standard") || entries.has(b"SubFilter") {
        return false;
    }
    let methods: &[&[u8]] = match (number(b"V"), number(b"R")) {
        (Some(1), Some(2 | 3)) | (Some(2), Some(3)) => return !entries.has(b"CF"),
        (Some(4), Some(4)) => &[b"V2", b"AESV2"],
        (Some(5), Some(5 | 6)) => &[b"AESV3"],
        _ => return false,
    };
    let filters = entries.get(b"CF").and_then(Object::as_dict);
    let is_known = |key: &[u8]| {
        let filter = name(key).unwrap_or(b"Identity");
        let method = || {
            let filter = filters.as_ref().ok()?.get(filter).and_then(Object::as_dict).ok()?;
            filter.get(b"CFM").and_then(Object::as_name).ok()
        };
        filter == b"Identity" || method().is_some_and(|method| methods.contains(&method))
    };
    // Attached files may have a method of their own.
    let attached = name(b"EFF").is_none_or(|attached| Some(attached) == name(b"StmF"));
    is_known(b"StmF") && is_known(b"StrF") && attached
}

/// The lengths of streams that name them by reference; `None` if the length is no plain object.
fn referenced_lengths(document: &Document) -> BTreeMap<ObjectId, Option<usize>> {
    let length = |stream: &Stream| {
        let id = stream.dict.get(b"Length").and_then(Object::as_reference).ok()?;
        let length = document.get_object(id).and_then(Object::as_i64).ok();
        Some(length.and_then(|length| usize::try_from(length).ok()))
    };
    let streams = document.objects.iter();
    streams.filter_map(|(id, object)| Some((*id, length(object.as_stream().ok()?)?))).collect()
}

/// How a file is decrypted.
struct Decryption {
    strings: Arc<dyn CryptFilter>,
    streams: Arc<dyn CryptFilter>,
    key: Vec<u8>,
    encrypts_metadata: bool,
}

impl Decryption {
    fn of(entries: &Dictionary, trailer: &Dictionary) -> Result<Self, UnreadablePdf> {
        // The key depends on nothing else of the file.
        let mut file = Document::new();
        if let Ok(identifier) = trailer.get(b"ID") {
            file.trailer.set("ID", identifier.clone());
        }
        file.objects.insert((1, 0), Object::Dictionary(entries.clone()));
        file.trailer.set("Encrypt", Object::Reference((1, 0)));
        file.authenticate_user_password("").map_err(|error| match error {
            lopdf::Error::InvalidPassword
            | lopdf::Error::Decryption(lopdf::encryption::DecryptionError::IncorrectPassword) => {
                UnreadablePdf::Encrypted
            }
            _ => UnreadablePdf::UnclearEncryption,
        })?;
        let state = EncryptionState::decode(&file, b"");
        let state = state.map_err(|_| UnreadablePdf::UnclearEncryption)?;
        Ok(Self {
            strings: state.get_string_filter(),
            streams: state.get_stream_filter(),
            key: state.file_encryption_key().to_vec(),
            encrypts_metadata: state.version() < 4 || state.encrypt_metadata(),
        })
    }

    /// Decrypts an object; `None` if a part cannot be decrypted. Readers show such a part as it is, or
    /// not at all. `is_left` says whether a stream is not encrypted.
    fn object(&self, id: ObjectId, object: &mut Object, is_left: bool) -> Option<()> {
        match object {
            Object::String(text, _) => *text = self.apply(&*self.strings, id, text)?,
            Object::Array(items) => {
                for item in items {
                    self.object(id, item, is_left)?;
                }
            }
            Object::Dictionary(entries) => self.dictionary(id, entries)?,
            Object::Stream(stream) => self.stream(id, stream, is_left)?,
            _ => {}
        }
        Some(())
    }

    /// Decrypts the entries of a dictionary, except the container of a signature, which is never
    /// encrypted (ISO 32000-2, 7.6.2).
    fn dictionary(&self, id: ObjectId, entries: &mut Dictionary) -> Option<()> {
        let is_signature = entries.has_type(b"Sig")
            || entries.has_type(b"DocTimeStamp")
            || (entries.has(b"ByteRange") && entries.has(b"Contents"));
        for (key, value) in entries.iter_mut() {
            if !(is_signature && key == b"Contents") {
                self.object(id, value, false)?;
            }
        }
        Some(())
    }

    fn stream(&self, id: ObjectId, stream: &mut Stream, is_left: bool) -> Option<()> {
        // Cross-references are not encrypted.
        if stream.dict.has_type(b"XRef") {
            return Some(());
        }
        self.dictionary(id, &mut stream.dict)?;
        let is_plain_metadata = stream.dict.has_type(b"Metadata") && !self.encrypts_metadata;
        if stream.dict.has_type(STILL_ENCRYPTED) {
            stream.dict.set("Type", Object::Name(b"ObjStm".to_vec()));
        }
        if !is_plain_metadata && !is_left {
            stream.content = self.apply(&*self.streams, id, &stream.content)?;
        }
        Some(())
    }

    fn apply(&self, filter: &dyn CryptFilter, id: ObjectId, bytes: &[u8]) -> Option<Vec<u8>> {
        filter.decrypt(&filter.compute_key(&self.key, id).ok()?, bytes).ok()
    }
}

/// Whether a stream names the filter `/Identity` of its own. `None` if it names another one, or if its
/// filters cannot be read.
fn is_left_unencrypted(document: &Document, entries: &Dictionary) -> Option<bool> {
    let value = |object: &Object| document.dereference(object).ok().map(|(_, it)| it.clone());
    let list = |key: &[u8]| match entries.get(key).ok() {
        None => Some(Vec::new()),
        Some(object) => match value(object)? {
            Object::Array(items) => items.iter().map(value).collect::<Option<Vec<_>>>(),
            object => Some(vec![object]),
        },
    };
    let filters = list(b"Filter")?;
    let is_crypt = |filter: &Object| filter.as_name().is_ok_and(|name| name == b"Crypt");
    match filters.iter().filter(|filter| is_crypt(filter)).count() {
        0 => Some(false),
        1 if is_crypt(&filters[0]) => {
            let parameters = list(b"DecodeParms")?.into_iter().next();
            let parameters = match &parameters {
                None | Some(Object::Null) => return Some(true),
                Some(parameters) => parameters.as_dict().ok()?,
            };
            let name = parameters.get(b"Name").ok().map(value);
            match name {
                None => Some(true),
                Some(name) => (name?.as_name().ok()? == b"Identity").then_some(true),
            }
        }
        _ => None,
    }
}

/// Adds the objects of the object streams, each from the stream that the cross-references name.
fn unpack_object_streams(document: &mut Document) -> Result<(), UnreadablePdf> {
    let entries = document.reference_table.entries.iter();
    let packed: BTreeSet<(u32, u32)> = entries
        .filter_map(|(number, entry)| match entry {
            XrefEntry::Compressed { container, .. } => Some((*container, *number)),
            XrefEntry::Normal { .. } | XrefEntry::Free | XrefEntry::UnusableFree => None,
        })
        .collect();
    let containers: BTreeSet<u32> = packed.iter().map(|(container, _)| *container).collect();
    let (mut remaining, mut memory) = (MAX_DECOMPRESSED_BYTES, MAX_MEMORY);
    for container in containers {
        let stream = document.get_object((container, 0)).and_then(Object::as_stream);
        let Ok(stream) = stream else { continue };
        let content = stream.decompressed_content_with_limit(remaining);
        let content = content.map_err(|_| UnreadablePdf::TooComplex)?;
        remaining = remaining.checked_sub(content.len()).ok_or(UnreadablePdf::TooComplex)?;
        count_memory(&content, &mut memory).ok_or(UnreadablePdf::TooComplex)?;
        let unpacked = ObjectStream::new_with_limit(stream, Some(MAX_DECOMPRESSED_BYTES));
        let mut objects = unpacked.map_err(|_| UnreadablePdf::Broken)?.objects;
        for (_, number) in packed.range((container, 0)..=(container, u32::MAX)) {
            if let Some(object) = objects.remove(&(*number, 0)) {
                document.objects.entry((*number, 0)).or_insert(object);
            }
        }
    }
    Ok(())
}
