//! Ids as they come from outside.

use std::fmt;

use uuid::Uuid;

/// An id that may be one of the archive's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    // Invariant: a UUID as `new_id` writes it.
    text: String,
}

impl Id {
    /// Reads an id; what is no UUID names nothing.
    pub fn parse(text: &str) -> Option<Self> {
        // The other ways to write one would give one filing several addresses.
        let id = Uuid::try_parse(text).ok()?.to_string();
        (id == text).then_some(Self { text: id })
    }

    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
