//! An entry of running text as posted: a paragraph as a string, or a block.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use crate::submission::block::PostedBlock;

/// A paragraph, or a block: a heading, a paragraph, an article or a table.
#[derive(Debug, Clone)]
pub enum PostedText {
    /// A paragraph.
    Paragraph(String),
    /// A block.
    Block(Box<PostedBlock>),
}

impl PostedText {
    /// The text of a paragraph, however it was posted.
    pub fn paragraph(&self) -> Option<&str> {
        match self {
            Self::Paragraph(text) => Some(text),
            Self::Block(block) => block.paragraph.as_deref(),
        }
    }
}

impl<'de> Deserialize<'de> for PostedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('"') {
            serde_json::from_str(raw.get()).map(Self::Paragraph).map_err(de::Error::custom)
        } else {
            serde_json::from_str(raw.get())
                .map(|block| Self::Block(Box::new(block)))
                .map_err(de::Error::custom)
        }
    }
}

impl JsonSchema for PostedText {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PostedBlock::json_schema(generator);
        schema.insert("type".to_owned(), serde_json::json!(["string", "object"]));
        let description = "一段文字，或正文的一块";
        schema.insert("description".to_owned(), description.into());
        schema
    }
}
