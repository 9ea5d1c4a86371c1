//! The trust settings: trust anchors and revocation lists, read from files.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::signature::crypto::der::Value;
use crate::signature::x509::certificate::{Certificate, hex};
use crate::signature::x509::crl::Crl;

/// The maximum number of trusted items; a national trust list has a few hundred.
const MAX_ITEMS: usize = 4096;

/// Trust anchors, revocation lists and the validation policy.
///
/// Invariant: every item parses.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    certificates: BTreeSet<Vec<u8>>,
    crls: BTreeSet<Vec<u8>>,
    policy: Policy,
}

/// The validation policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Policy {
    /// Whether revocation information is required for each certificate of the chain.
    pub revocation: RevocationChecking,
}

/// Whether revocation information is required.
///
/// A stolen key still makes valid signatures; only revocation information reveals the theft, so it is
/// required by default. `IfPresent` is for isolated networks whose CA publishes no lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RevocationChecking {
    /// Without a fresh list or response, the signature is indeterminate.
    #[default]
    Required,
    /// Available lists and responses are checked; without any, the certificate counts as good.
    IfPresent,
}

/// Why the trust settings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file holds something other than certificates and revocation lists, or an unsupported kind
    /// such as a delta CRL.
    #[error("{name} contains something other than certificates and revocation lists")]
    Unreadable {
        /// The file.
        name: String,
    },
    /// The files have too many items.
    #[error("more than {MAX_ITEMS} trusted items with {name}")]
    TooMany {
        /// The file.
        name: String,
    },
}

impl Trust {
    /// Reads certificates and revocation lists from PEM or DER files, one or more in each.
    ///
    /// # Errors
    /// Fails if a file is empty or holds anything else, or if there are too many items.
    pub fn from_files<N: Into<String>>(
        files: impl IntoIterator<Item = (N, Vec<u8>)>,
    ) -> Result<Self, TrustError> {
        let mut trust = Self::default();
        for (name, bytes) in files {
            let name = name.into();
            if trust.take(&bytes).is_none() {
                return Err(TrustError::Unreadable { name });
            }
            if trust.certificates.len() + trust.crls.len() > MAX_ITEMS {
                return Err(TrustError::TooMany { name });
            }
        }
        Ok(trust)
    }

    /// Replaces the policy.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// The validation policy.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The certificates, in DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(Vec::as_slice)
    }

    /// The revocation lists, in DER.
    pub fn crls(&self) -> impl Iterator<Item = &[u8]> {
        self.crls.iter().map(Vec::as_slice)
    }

    /// The SHA-256 of the items in hexadecimal, independent of file names and order.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for (kind, items) in [("certificate", &self.certificates), ("crl", &self.crls)] {
            for item in items {
                hash.update(kind);
                hash.update(Sha256::digest(item));
            }
        }
        hex(&hash.finalize())
    }

    /// Adds the items of a file; `None` if it is empty or holds anything else.
    fn take(&mut self, bytes: &[u8]) -> Option<()> {
        let items =
            if bytes.first() == Some(&0x30) { der_items(bytes)? } else { pem_items(bytes)? };
        if items.is_empty() {
            return None;
        }
        for item in items {
            if Certificate::read(&item).is_ok() {
                self.certificates.insert(item);
            } else if Crl::read(&item).is_ok() {
                self.crls.insert(item);
            } else {
                return None;
            }
        }
        Some(())
    }
}

/// The concatenated DER values of a file.
fn der_items(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut items = Vec::new();
    while !bytes.is_empty() {
        let (value, rest) = Value::first(bytes).ok()?;
        items.push(value.der.to_vec());
        bytes = rest;
    }
    Some(items)
}

/// The contents of the PEM blocks of a file; text around them is ignored.
fn pem_items(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut items = Vec::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = block.split_once("-----")?;
        let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
        let known = ["CERTIFICATE", "X509 CERTIFICATE", "X509 CRL", "CRL"].contains(&label);
        if !known {
            return None;
        }
        let lines: String = body.split_ascii_whitespace().collect();
        let whole = format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n");
        let mut item = Vec::new();
        let mut decoder = der::pem::Decoder::new_detect_wrap(whole.as_bytes()).ok()?;
        decoder.decode_to_end(&mut item).ok()?;
        items.push(item);
    }
    Some(items)
}
