//! What the office trusts: certificates of authorities and revocation lists, read from files.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::signature::crypto::der::Value;
use crate::signature::x509::certificate::{Certificate, hexadecimal};
use crate::signature::x509::crl::Crl;

/// The most items that may be trusted; a national list of authorities has some hundreds.
const MOST_ITEMS: usize = 4096;

/// The authorities and revocation lists that verdicts rest on.
///
/// Invariant: every item can be read as what it is.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    certificates: BTreeSet<Vec<u8>>,
    crls: BTreeSet<Vec<u8>>,
    policy: Policy,
}

/// What is asked of a signature beyond what the standards ask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Policy {
    /// Whether something must tell that no certificate of the chain was revoked.
    pub revocation: Revocation,
}

/// Whether something must tell that a certificate was not revoked.
///
/// A key that was lost signs as well as before; only its issuer's word tells the two apart. So the
/// default asks for that word. A network without a way out, whose authority hands out no lists,
/// can ask for less and should know that it does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Revocation {
    /// Without a list or a response that is current, the verdict stays open.
    #[default]
    Required,
    /// Lists and responses that are there count; where there are none, the certificate holds.
    IfPresent,
}

/// Why files cannot be taken as what is trusted.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file holds something else than certificates and revocation lists, or one of a kind that
    /// this program does not go by, such as a list of changes alone.
    #[error("{name} holds what is neither a certificate nor a revocation list of use")]
    Unreadable {
        /// The file.
        name: String,
    },
    /// There is more in the files than any list of authorities has.
    #[error("{name} brings the trusted items over {MOST_ITEMS}")]
    TooMany {
        /// The file.
        name: String,
    },
}

impl Trust {
    /// Reads files, each with certificates and revocation lists in PEM or DER, several if need be.
    ///
    /// # Errors
    ///
    /// A file that holds anything else, or nothing; more items than are taken.
    pub fn of<N: Into<String>>(
        files: impl IntoIterator<Item = (N, Vec<u8>)>,
    ) -> Result<Self, TrustError> {
        let mut trust = Self::default();
        for (name, bytes) in files {
            let name = name.into();
            if trust.take(&bytes).is_none() {
                return Err(TrustError::Unreadable { name });
            }
            if trust.certificates.len() + trust.crls.len() > MOST_ITEMS {
                return Err(TrustError::TooMany { name });
            }
        }
        Ok(trust)
    }

    /// The same items under another policy.
    #[must_use]
    pub fn with(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// What is asked of signatures.
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

    /// The SHA-256 of the items in hexadecimal: whichever files they came in, and in which order,
    /// the same items have the same.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for (kind, items) in [("certificate", &self.certificates), ("crl", &self.crls)] {
            for item in items {
                hash.update(kind);
                hash.update(Sha256::digest(item));
            }
        }
        hexadecimal(&hash.finalize())
    }

    /// Takes the items of a file; none where it holds anything else, or nothing.
    fn take(&mut self, bytes: &[u8]) -> Option<()> {
        let items = if bytes.first() == Some(&0x30) { values(bytes)? } else { armoured(bytes)? };
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

/// The DER values that follow one another in a file.
fn values(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut items = Vec::new();
    while !bytes.is_empty() {
        let (value, rest) = Value::first(bytes).ok()?;
        items.push(value.whole.to_vec());
        bytes = rest;
    }
    Some(items)
}

/// The contents of the PEM blocks of a file; text around them is passed over.
fn armoured(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
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
