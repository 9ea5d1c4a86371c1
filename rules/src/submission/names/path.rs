//! A place in the posted JSON as a list of steps, read from and written as a JSON Pointer.

use std::borrow::Cow;

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'s> {
    /// The value of a key.
    Key(Cow<'s, str>),
    /// An entry of a list, counted from 0.
    Item(usize),
}

impl Step<'_> {
    /// The key, if this is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Item(_) => None,
        }
    }
}

/// The JSON Pointer (RFC 6901) of a path.
pub fn pointer(path: &[Step<'_>]) -> String {
    let mut pointer = String::new();
    for step in path {
        pointer.push('/');
        match step {
            Step::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Step::Item(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

/// Parses a JSON Pointer. A step of digits is an index, because no key of the format is a number.
pub fn parse(pointer: &str) -> Vec<Step<'static>> {
    let step = |step: &str| match step.parse() {
        Ok(index) => Step::Item(index),
        Err(_) => Step::Key(step.replace("~1", "/").replace("~0", "~").into()),
    };
    pointer.split('/').skip(1).map(step).collect()
}

/// The last key of a path; empty for the whole JSON.
pub fn last_key<'p>(path: &'p [Step<'_>]) -> &'p str {
    path.iter().rev().find_map(Step::key).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{last_key, parse, pointer};

    #[test]
    fn a_parsed_pointer_is_written_back_unchanged() {
        for text in ["", "/document/issuers/0", "/scores/weight~0a~1b", "/body/12/table/rows/0/3"] {
            assert_eq!(pointer(&parse(text)), text);
        }
        assert_eq!(last_key(&parse("/document/issuers/0")), "issuers");
        assert_eq!(last_key(&parse("/a/b~1c")), "b/c");
        assert_eq!(last_key(&[]), "");
    }
}
