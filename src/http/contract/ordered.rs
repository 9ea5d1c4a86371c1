//! Writes JSON with the media type that `*/*` selects first. Generated clients ask for the first one.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// The media type that is sent unless the client prefers another.
const DEFAULT_TYPE: &str = "application/pdf";

/// A document whose maps begin with `DEFAULT_TYPE`, if they have it.
pub struct Ordered<'a>(pub &'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                let (first, rest): (Vec<_>, Vec<_>) =
                    members.iter().partition(|(name, _)| *name == DEFAULT_TYPE);
                for (name, value) in first.into_iter().chain(rest) {
                    map.serialize_entry(name, &Ordered(value))?;
                }
                map.end()
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Ordered)),
            plain => plain.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Ordered;

    #[test]
    fn the_default_type_comes_first() {
        let document = json!({ "content": { "application/json": [1.5], "application/pdf": {} } });
        let text = serde_json::to_string(&Ordered(&document)).unwrap();
        assert_eq!(text, r#"{"content":{"application/pdf":{},"application/json":[1.5]}}"#);
    }
}
