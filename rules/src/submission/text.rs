//! Texts that can be posted in two ways: a paragraph or a block, a line or a list of lines.

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
    /// The text of a paragraph, posted as a string or as a block.
    pub fn paragraph(&self) -> Option<&str> {
        match self {
            Self::Paragraph(text) => Some(text),
            Self::Block(block) => block.paragraph.as_deref(),
        }
    }

    /// Whether the score table is generated here.
    pub fn has_score_table(&self) -> bool {
        matches!(self, Self::Block(block) if block.has_score_table())
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

/// Lines of text, posted as one string or as a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Lines {
    /// One line.
    One(String),
    /// Any number of lines.
    Several(Vec<String>),
}

impl Lines {
    /// The lines.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(line) => std::slice::from_ref(line),
            Self::Several(lines) => lines,
        }
    }

    /// The schema of an optional value.
    pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": ["string", "array", "null"],
            "items": { "type": "string" },
        })
    }
}
