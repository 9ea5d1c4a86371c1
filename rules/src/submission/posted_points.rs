//! Points as posted: a JSON number or a string, kept as the digits that were written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// The digits of a JSON number or the text of a string; `Points::parse` reads either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedPoints {
    /// What the client wrote, without quotes.
    pub text: String,
}

impl<'de> Deserialize<'de> for PostedPoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The raw text distinguishes a number from the object that serde_json's `arbitrary_precision`
        // uses for numbers, which a client could post too.
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match raw.get().bytes().next() {
            Some(b'"') => {
                serde_json::from_str(raw.get()).map(|text| Self { text }).map_err(de::Error::custom)
            }
            Some(b'-' | b'0'..=b'9') => Ok(Self { text: raw.get().to_owned() }),
            _ => Err(de::Error::custom("points are a number or a string")),
        }
    }
}

/// An amount of money as posted; `Amount::parse` reads it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PostedAmount(pub PostedPoints);

impl JsonSchema for PostedAmount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "金额，至多精确到分（万元为单位时六位小数），写作数字或字符串",
            "type": ["number", "string"],
        })
    }
}

impl JsonSchema for PostedPoints {
    fn schema_name() -> Cow<'static, str> {
        "Points".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "至多两位小数的数，写作数字或字符串",
            "type": ["number", "string"],
        })
    }
}
