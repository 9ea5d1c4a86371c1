//! A table cell as posted: a string, or an object with a text and spans.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// A cell: a string, or an object with the number of columns and rows it spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedCell {
    /// The text; may be empty. In a head it has at most 200 characters. Full-width blanks before the
    /// text of a left-aligned cell indent it, as for the parts of a total.
    pub text: String,
    /// The number of columns it spans; 1 by default.
    pub column_span: i64,
    /// The number of rows it spans; 1 by default.
    pub row_span: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelled {
    text: String,
    #[serde(default)]
    column_span: Option<i64>,
    #[serde(default)]
    row_span: Option<i64>,
}

impl<'de> Deserialize<'de> for PostedCell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('"') {
            let text = serde_json::from_str(raw.get()).map_err(de::Error::custom)?;
            return Ok(Self { text, column_span: 1, row_span: 1 });
        }
        let cell: Spelled = serde_json::from_str(raw.get()).map_err(de::Error::custom)?;
        Ok(Self {
            text: cell.text,
            column_span: cell.column_span.unwrap_or(1),
            row_span: cell.row_span.unwrap_or(1),
        })
    }
}

impl JsonSchema for PostedCell {
    fn schema_name() -> Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "单元格：文字，或写明跨几列几行的对象",
            "type": ["string", "object"],
            "properties": {
                "text": { "type": "string" },
                "column_span": { "type": ["integer", "null"], "format": "int64" },
                "row_span": { "type": ["integer", "null"], "format": "int64" },
            },
            "required": ["text"],
            "additionalProperties": false,
        })
    }
}
