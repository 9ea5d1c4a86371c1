//! Entries: what the archive enters into its log about one act, as canonical JSON (RFC 8785). An entry
//! has digests of files, and no names or titles.

use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::{Digest, Sm3};

/// The version of the format.
const VERSION: u32 = 1;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The act.
    pub act: String,
    /// The time of the act (RFC 3339).
    pub at: String,
    /// The id of the act in the audit trail.
    pub id: String,
    /// The objects that the act stored.
    pub objects: Vec<EntryObject>,
    /// The SHA-256 of the canonical JSON of the row of the audit trail. Shows later that the row, which
    /// has names, was not changed.
    pub record: Option<String>,
    /// The SHA-256 of the manifest of the renderer, if a filing was rendered.
    pub renderer: Option<String>,
    /// The version of the format.
    v: u32,
}

/// An object in an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryObject {
    /// The number of its bytes.
    pub bytes: u64,
    /// What it is for the act.
    pub role: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its SM3 in hexadecimal; `None` for acts from before the log.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sm3: Option<String>,
}

impl EntryObject {
    /// Describes an object whose SHA-256 is known.
    pub fn hashed(role: &str, sha256: &str, bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.len() as u64,
            role: role.to_owned(),
            sha256: sha256.to_owned(),
            sm3: Some(hex::encode(Sm3::digest(bytes))),
        }
    }

    /// Describes an object.
    pub fn of(role: &str, bytes: &[u8]) -> Self {
        Self::hashed(role, &hex::encode(Sha256::digest(bytes)), bytes)
    }

    /// Whether this file is the object: all its digests are equal.
    pub fn is(&self, file: &[u8]) -> bool {
        let of_file = Self::of(&self.role, file);
        self.sha256 == of_file.sha256
            && self.bytes == of_file.bytes
            && (self.sm3.is_none() || self.sm3 == of_file.sm3)
    }
}

impl Entry {
    /// An entry without objects.
    pub fn new(act: &str, at: String, id: &str) -> Self {
        Self {
            act: act.to_owned(),
            at,
            id: id.to_owned(),
            objects: Vec::new(),
            record: None,
            renderer: None,
            v: VERSION,
        }
    }

    /// The canonical JSON.
    pub fn to_json(&self) -> String {
        // Strings and numbers below 2^53 always serialize.
        serde_json_canonicalizer::to_string(self).unwrap_or_default()
    }

    /// Parses the JSON of an entry. Returns `None` for another version or other JSON.
    pub fn parse(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok().filter(|entry: &Self| entry.v == VERSION)
    }

    /// The object that a file is.
    pub fn object(&self, file: &[u8]) -> Option<&EntryObject> {
        self.objects.iter().find(|object| object.is(file))
    }
}
