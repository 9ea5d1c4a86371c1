//! Ids from requests.

use std::fmt;

use uuid::Uuid;

/// The id of a record, which need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    // Invariant: a UUID in the form that `new_id` returns.
    text: String,
}

impl Id {
    /// Parses an id. Returns `None` for text that is not a UUID in canonical form.
    pub fn parse(text: &str) -> Option<Self> {
        // Other forms of a UUID would give one filing several addresses.
        let id = Uuid::try_parse(text).ok()?.to_string();
        (id == text).then_some(Self { text: id })
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
