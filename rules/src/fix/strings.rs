//! Finds the strings of a JSON text, each with its path and its range of bytes.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::submission::names::path::Step;

/// The most nested levels that are visited, over twice the depth of the format. Each level is parsed
/// again for the next one, so this limits the work.
const DEEPEST: usize = 32;

/// A string of a JSON text.
pub struct Found<'f> {
    /// Its path.
    pub path: &'f [Step<'f>],
    /// Its range in the text, including the quotes.
    pub at: Range<usize>,
    /// Its value.
    pub string: &'f str,
    owner: &'f Entries<'f>,
}

impl Found<'_> {
    /// Whether the innermost object around the string has a value for a key.
    pub fn owner_has(&self, key: &str) -> bool {
        let Entries(entries) = self.owner;
        entries.iter().any(|(of, value)| of == key && value.get() != "null")
    }
}

/// Called with each string.
pub type Visit<'v> = &'v mut dyn FnMut(&Found<'_>);

/// Visits every string of a JSON text, in the order of the text. Keys are not visited.
pub fn each_string(text: &str, visit: Visit<'_>) {
    if let Ok(raw) = serde_json::from_str(text) {
        below(text, raw, &Entries::default(), &mut Vec::new(), visit);
    }
}

fn below<'t>(
    text: &str,
    raw: &'t RawValue,
    owner: &Entries<'_>,
    path: &mut Vec<Step<'t>>,
    visit: Visit<'_>,
) {
    if path.len() > DEEPEST {
        return;
    }
    let json = raw.get();
    match json.as_bytes().first() {
        Some(b'"') => {
            if let Ok(string) = serde_json::from_str::<String>(json) {
                let start = json.as_ptr() as usize - text.as_ptr() as usize;
                visit(&Found { path, at: start..start + json.len(), string: &string, owner });
            }
        }
        Some(b'[') => {
            let entries: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
            for (index, entry) in entries.into_iter().enumerate() {
                path.push(Step::Item(index));
                below(text, entry, owner, path, visit);
                path.pop();
            }
        }
        Some(b'{') => {
            let object: Entries<'t> = serde_json::from_str(json).unwrap_or_default();
            for (key, value) in &object.0 {
                path.push(Step::Key(key.clone()));
                below(text, value, &object, path, visit);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The members of an object in the order of the text, including duplicate keys.
#[derive(Default)]
struct Entries<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, _>()? {
                    entries.push((Cow::Owned(key), value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::each_string;
    use crate::submission::names::path::pointer;

    #[test]
    fn strings_are_found_with_their_ranges() {
        let text = r#" {"b" : ["甲", {"a\u0041": "\n乙"}, 1.50, null], "b":"丙"} "#;
        let mut found = Vec::new();
        each_string(text, &mut |one| {
            assert_eq!(serde_json::from_str::<String>(&text[one.at.clone()]).unwrap(), one.string);
            assert!(!one.owner_has("c"));
            assert_eq!(one.owner_has("b"), one.path.len() < 3);
            found.push((pointer(one.path), one.string.to_owned()));
        });
        let expected = [("/b/0", "甲"), ("/b/1/aA", "\n乙"), ("/b", "丙")];
        assert_eq!(found, expected.map(|(at, text)| (at.to_owned(), text.to_owned())));
    }
}
