//! A word of a title, and what it is.

/// The space between the names of two agencies.
pub(crate) const SPACE: &str = "\u{3000}";

/// What a word is, as far as a line break depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A leading agency of the title.
    Issuer,
    /// The space between two agencies.
    Space,
    /// Another agency.
    Agency,
    /// The name of a body that is no agency, of a zone or of a work.
    Name,
    /// The name of a place.
    Place,
    /// A number, or a number with its unit.
    Number,
    /// A time.
    Time,
    /// A verb, an adverb, an adjective or a preposition.
    Verb,
    /// A punctuation mark or text that is not Chinese.
    Mark,
    /// Any other word.
    Noun,
}

/// A word of the title.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub text: String,
    pub class: Class,
}

impl Word {
    pub(crate) fn new(text: &str, class: Class) -> Self {
        Self { text: text.to_owned(), class }
    }

    /// Number of characters.
    pub(crate) fn length(&self) -> usize {
        self.text.chars().count()
    }
}
