//! Points as posted: a JSON number or a string, kept as the digits that were written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// The digits of a JSON number or the text of a string; `Points::parse` reads either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedPoints {
    /// What the client wrote, without quotes.
    pub text: String,
}

impl<'de> Deserialize<'de> for PostedPoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `Value` keeps a number as its digits (serde_json's `arbitrary_precision`).
        match Value::deserialize(deserializer)? {
            Value::Number(number) => Ok(Self { text: number.as_str().to_owned() }),
            Value::String(text) => Ok(Self { text }),
            _ => Err(de::Error::custom("points are a number or a string")),
        }
    }
}

impl JsonSchema for PostedPoints {
    fn schema_name() -> Cow<'static, str> {
        "Points".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A decimal number with at most two decimals, as a number or a string.",
            "type": ["number", "string"],
        })
    }
}
