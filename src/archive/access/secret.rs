//! Secrets that nobody guesses: made at random, shown once, kept as their SHA-256 alone.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::archive::objects::sha256;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 43 letters and digits, each one of 62: a little more than 256 bits.
const LENGTH: usize = 43;

/// A secret. It is random throughout, so one SHA-256 keeps it: a slow hash makes guessing dear,
/// and of 2²⁵⁶ there is no guessing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn random() -> Self {
        Self(random_text(LENGTH))
    }

    /// The secret that a client sent; `None` where it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_one.then(|| Self(text.to_owned()))
    }

    /// The words of it, for the one who shall keep it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn sha256(&self) -> String {
        sha256(self.0.as_bytes())
    }

    /// Whether this is the secret that a SHA-256 was kept of. How long it takes does not tell how
    /// far the two agree.
    pub fn matches_sha256(&self, kept: &str) -> bool {
        self.sha256().as_bytes().ct_eq(kept.as_bytes()).into()
    }
}

/// No log shows a secret.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Letters and digits at random.
pub fn random_text(length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut bytes = [0; 64];
        getrandom::fill(&mut bytes).expect("the system has random bytes as long as it runs");
        // The bytes beyond the last whole 62 would make the first letters likelier than the others.
        let even = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < 4 * 62);
        let letters = even.map(|byte| char::from(ALPHABET[byte % ALPHABET.len()]));
        text.extend(letters.take(length - text.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn is_kept_as_its_own_hash_alone() {
        let (secret, other) = (Secret::random(), Secret::random());
        assert_eq!(Secret::parse(secret.reveal()).as_ref(), Some(&secret));
        assert!(secret.matches_sha256(&secret.sha256()));
        assert!(!secret.matches_sha256(&other.sha256()));
        assert!(!secret.matches_sha256(&secret.sha256()[1..]));
        assert!(!secret.matches_sha256(""));
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    #[test]
    fn other_text_is_none() {
        let one = "a".repeat(43);
        for text in ["", &one[1..], &format!("{one}a"), &format!("{}_", &one[1..])] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
    }
}
