//! Random secrets, of which only the SHA-256 is stored.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::archive::objects::sha256;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 43 characters out of 62: a little more than 256 bits.
const LENGTH: usize = 43;

/// A secret of 256 random bits. A plain SHA-256 protects it: slow hashes protect what can be
/// guessed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new random secret.
    pub fn random() -> Self {
        Self(random_text(LENGTH))
    }

    /// Parses the secret that a client sent. Returns `None` if it does not have the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_valid =
            text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_valid.then(|| Self(text.to_owned()))
    }

    /// The secret as text, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its SHA-256, which is stored.
    pub fn sha256(&self) -> String {
        sha256(self.0.as_bytes())
    }

    /// Whether this secret has the stored SHA-256. The comparison takes constant time.
    pub fn matches_sha256(&self, stored: &str) -> bool {
        self.sha256().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

/// Hides the secret from logs.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A random text of letters and digits.
pub fn random_text(length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut bytes = [0; 64];
        getrandom::fill(&mut bytes).expect("a running system has random bytes");
        // Bytes from 248 on are rejected, so that all characters are equally likely.
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
    fn a_secret_matches_only_its_own_sha256() {
        let (secret, other) = (Secret::random(), Secret::random());
        assert_eq!(Secret::parse(secret.reveal()).as_ref(), Some(&secret));
        assert!(secret.matches_sha256(&secret.sha256()));
        assert!(!secret.matches_sha256(&other.sha256()));
        assert!(!secret.matches_sha256(&secret.sha256()[1..]));
        assert!(!secret.matches_sha256(""));
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    #[test]
    fn text_of_another_form_is_not_a_secret() {
        let valid = "a".repeat(43);
        for text in ["", &valid[1..], &format!("{valid}a"), &format!("{}_", &valid[1..])] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
    }
}
