//! Keys that sign notes and verify them: Ed25519, SM2 and cosignatures with Ed25519.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use sm2::dsa::signature::{Signer as _, Verifier as _};

use crate::note::signed_note::{NoteSignature, is_key_name};

/// The type of Ed25519 signatures.
const TYPE_ED25519: u8 = 0x01;

/// The type of Ed25519 cosignatures (c2sp.org/tlog-cosignature).
const TYPE_COSIGNATURE: u8 = 0x04;

/// The type of our SM2 signatures: no assigned type, then a name that is ours.
const TYPE_SM2: &[u8] = b"\xffhongtou.cn/sm2-sm3";

/// The default identity of SM2 signers (GM/T 0009).
const SM2_IDENTITY: &str = "1234567812345678";

/// What a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519 over the text of the note.
    Ed25519,
    /// SM2 with SM3 over the text of the note, as `r` and `s` without DER.
    Sm2,
    /// Ed25519 over the text and the time of the cosignature.
    Cosignature,
}

impl Algorithm {
    fn type_bytes(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => &[TYPE_ED25519],
            Self::Sm2 => TYPE_SM2,
            Self::Cosignature => &[TYPE_COSIGNATURE],
        }
    }
}

/// The public key of a signer with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    /// The name; the origin of a log.
    pub name: String,
    /// The id.
    pub key_id: [u8; 4],
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The public key.
    pub public_key: Vec<u8>,
}

/// The text is not a key, or one of an algorithm that is not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key, or one of an unsupported algorithm")]
pub struct MalformedKey;

impl VerifierKey {
    fn new(name: &str, algorithm: Algorithm, public_key: &[u8]) -> Self {
        let material = [algorithm.type_bytes(), public_key].concat();
        Self {
            name: name.to_owned(),
            key_id: key_id(name, &material),
            algorithm,
            public_key: public_key.to_vec(),
        }
    }

    /// Parses a key of the form `name+id+base64` (vkey).
    ///
    /// # Errors
    /// Returns `MalformedKey` if the text has another form, the id is not that of the key, or the
    /// algorithm is not supported.
    pub fn parse(vkey: &str) -> Result<Self, MalformedKey> {
        let mut parts = vkey.splitn(3, '+');
        let (name, id, base64) = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(id), Some(base64)) if is_key_name(name) => (name, id, base64),
            _ => return Err(MalformedKey),
        };
        let material = STANDARD.decode(base64).map_err(|_| MalformedKey)?;
        let algorithms = [Algorithm::Ed25519, Algorithm::Sm2, Algorithm::Cosignature];
        let known = algorithms.into_iter().find_map(|algorithm| {
            Some((algorithm, material.strip_prefix(algorithm.type_bytes())?))
        });
        let (algorithm, public_key) = known.ok_or(MalformedKey)?;
        let key = Self::new(name, algorithm, public_key);
        let is_key = match algorithm {
            Algorithm::Ed25519 | Algorithm::Cosignature => public_key.len() == 32,
            Algorithm::Sm2 => {
                sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, public_key).is_ok()
            }
        };
        if is_key && hex::encode(key.key_id) == id { Ok(key) } else { Err(MalformedKey) }
    }

    /// The key as text (vkey).
    pub fn to_vkey(&self) -> String {
        let material = [self.algorithm.type_bytes(), &self.public_key].concat();
        format!("{}+{}+{}", self.name, hex::encode(self.key_id), STANDARD.encode(material))
    }

    /// Whether a signature names this key.
    pub fn is_of(&self, signature: &NoteSignature) -> bool {
        signature.name == self.name && signature.key_id == self.key_id
    }

    /// Whether this key made a signature over the text of a note.
    pub fn verifies(&self, text: &str, signature: &NoteSignature) -> bool {
        let bytes = signature.signature.as_slice();
        self.is_of(signature)
            && match self.algorithm {
                Algorithm::Ed25519 => self.verifies_ed25519(text.as_bytes(), bytes),
                Algorithm::Sm2 => self.verifies_sm2(text, bytes),
                Algorithm::Cosignature => {
                    bytes.split_first_chunk::<8>().is_some_and(|(seconds, bytes)| {
                        let message = cosigned_message(u64::from_be_bytes(*seconds), text);
                        self.verifies_ed25519(message.as_bytes(), bytes)
                    })
                }
            }
    }

    fn verifies_ed25519(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public_key).verify(message, signature).is_ok()
    }

    fn verifies_sm2(&self, text: &str, signature: &[u8]) -> bool {
        let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, &self.public_key);
        let signature = sm2::dsa::Signature::from_slice(signature);
        key.ok()
            .zip(signature.ok())
            .is_some_and(|(key, signature)| key.verify(text.as_bytes(), &signature).is_ok())
    }
}

/// The time of a cosignature, in seconds since 1970; `None` if it is too short.
pub fn cosigned_at(signature: &NoteSignature) -> Option<u64> {
    signature.signature.first_chunk::<8>().map(|seconds| u64::from_be_bytes(*seconds))
}

fn key_id(name: &str, material: &[u8]) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n']).chain_update(material);
    let hash: [u8; 32] = hash.finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn cosigned_message(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

/// A key that signs notes under a name. Its signatures depend only on the note.
pub struct SigningKey {
    name: String,
    ed25519: Ed25519KeyPair,
    sm2: sm2::dsa::SigningKey,
}

/// The first line of a file with a key.
const KEY_FILE: &str = "hongtou-log-key-v1";

impl SigningKey {
    /// Makes a key from random bytes. Returns `None` for one of the few values that are no SM2 key.
    pub fn from_seeds(name: &str, ed25519: &[u8; 32], sm2: &[u8; 32]) -> Option<Self> {
        Some(Self {
            name: name.to_owned(),
            ed25519: Ed25519KeyPair::from_seed_unchecked(ed25519).ok()?,
            sm2: sm2::dsa::SigningKey::from_slice(SM2_IDENTITY, sm2).ok()?,
        })
    }

    /// The content of a file with a key.
    pub fn file(ed25519: &[u8; 32], sm2: &[u8; 32]) -> String {
        let (ed25519, sm2) = (STANDARD.encode(ed25519), STANDARD.encode(sm2));
        format!("{KEY_FILE}\ned25519 {ed25519}\nsm2 {sm2}\n")
    }

    /// Reads the content of a file with a key, which signs under this name.
    ///
    /// # Errors
    /// Returns `MalformedKey` if the content is not what `file` returns.
    pub fn parse_file(name: &str, content: &str) -> Result<Self, MalformedKey> {
        let mut lines = content.lines();
        let header = lines.next() == Some(KEY_FILE);
        let mut seed = |kind: &str| -> Option<[u8; 32]> {
            let base64 = lines.next()?.strip_prefix(kind)?.strip_prefix(' ')?;
            STANDARD.decode(base64).ok()?.try_into().ok()
        };
        let seeds = seed("ed25519").zip(seed("sm2")).filter(|_| header);
        seeds.and_then(|(ed25519, sm2)| Self::from_seeds(name, &ed25519, &sm2)).ok_or(MalformedKey)
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public key with this algorithm.
    pub fn verifier(&self, algorithm: Algorithm) -> VerifierKey {
        match algorithm {
            Algorithm::Ed25519 | Algorithm::Cosignature => {
                VerifierKey::new(&self.name, algorithm, self.ed25519.public_key().as_ref())
            }
            Algorithm::Sm2 => {
                let public_key = self.sm2.verifying_key().to_sec1_bytes();
                VerifierKey::new(&self.name, algorithm, &public_key)
            }
        }
    }

    /// Signs the text of a note with Ed25519 and SM2.
    pub fn sign(&self, text: &str) -> Vec<NoteSignature> {
        let ed25519 = self.ed25519.sign(text.as_bytes()).as_ref().to_vec();
        let sm2: sm2::dsa::Signature = self.sm2.sign(text.as_bytes());
        let signatures = [(Algorithm::Ed25519, ed25519), (Algorithm::Sm2, sm2.to_vec())];
        signatures.map(|(algorithm, signature)| self.signature(algorithm, signature)).into()
    }

    /// Cosigns the text of a checkpoint at a time, in seconds since 1970.
    pub fn cosign(&self, text: &str, seconds: u64) -> NoteSignature {
        let message = cosigned_message(seconds, text);
        let signature = self.ed25519.sign(message.as_bytes());
        let bytes = [&seconds.to_be_bytes()[..], signature.as_ref()].concat();
        self.signature(Algorithm::Cosignature, bytes)
    }

    fn signature(&self, algorithm: Algorithm, signature: Vec<u8>) -> NoteSignature {
        let VerifierKey { name, key_id, .. } = self.verifier(algorithm);
        NoteSignature { name, key_id, signature }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}
