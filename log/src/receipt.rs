//! Receipts: the proof that an entry is in the log, which can be verified offline
//! (c2sp.org/tlog-proof).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::checkpoint::parse_size;
use crate::note::policy::{Policy, Trusted, Untrusted};
use crate::note::signed_note::SignedNote;
use crate::tree::hash::Hash;
use crate::tree::proof::root_of_inclusion;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most hashes of a proof: one for each level of a tree of 2^63 leaves.
const HASHES: usize = 63;

/// A receipt. It is not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The bytes of the entry. They are what the leaf is the hash of, so the proof authenticates them.
    pub entry: Vec<u8>,
    /// The position of the entry.
    pub index: u64,
    /// The inclusion proof.
    pub proof: Vec<Hash>,
    /// The checkpoint with its signatures.
    pub checkpoint: SignedNote,
}

/// The text is not a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a receipt")]
pub struct MalformedReceipt;

/// Why a receipt proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The checkpoint is not trusted.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// The proof does not lead from the entry to the root of the checkpoint.
    #[error("the entry is not in the log of the checkpoint")]
    NotIncluded,
}

impl Receipt {
    /// The receipt as text.
    pub fn to_text(&self) -> String {
        let hashes: String =
            self.proof.iter().map(|hash| format!("{}\n", hash.to_base64())).collect();
        let (extra, index) = (STANDARD.encode(&self.entry), self.index);
        format!("{HEADER}\nextra {extra}\nindex {index}\n{hashes}\n{}", self.checkpoint.to_text())
    }

    /// Parses a receipt, which must contain its entry.
    ///
    /// # Errors
    /// Returns `MalformedReceipt` if the text has another form.
    pub fn parse(text: &str) -> Result<Self, MalformedReceipt> {
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(MalformedReceipt)?;
        let checkpoint = SignedNote::parse(checkpoint).map_err(|_| MalformedReceipt)?;
        let mut lines = proof.split('\n');
        let mut value = |name: &str| lines.next()?.strip_prefix(name);
        let (Some(""), Some(entry), Some(index)) =
            (value(HEADER), value("extra "), value("index "))
        else {
            return Err(MalformedReceipt);
        };
        let entry = STANDARD.decode(entry).map_err(|_| MalformedReceipt)?;
        let index = parse_size(index).ok_or(MalformedReceipt)?;
        let proof: Option<Vec<Hash>> = lines.map(Hash::from_base64).collect();
        let proof = proof.filter(|proof| proof.len() <= HASHES).ok_or(MalformedReceipt)?;
        Ok(Self { entry, index, proof, checkpoint })
    }

    /// Verifies that the entry is in the log of a trusted checkpoint.
    ///
    /// # Errors
    /// Returns a `ReceiptError` that says why the receipt proves nothing.
    pub fn verify(&self, policy: &Policy) -> Result<Trusted, ReceiptError> {
        let trusted = policy.verify(&self.checkpoint)?;
        let leaf = Hash::leaf(&self.entry);
        let root = root_of_inclusion(self.index, trusted.checkpoint.size, leaf, &self.proof);
        if root == Some(trusted.checkpoint.root) {
            Ok(trusted)
        } else {
            Err(ReceiptError::NotIncluded)
        }
    }
}
