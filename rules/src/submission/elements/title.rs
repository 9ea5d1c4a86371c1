//! A title as posted: one text, or its lines.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// A title: a string without line breaks, or a list with one string per printed line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum PostedTitle {
    /// The title; the program breaks it into lines.
    Text(String),
    /// The lines as they are printed.
    Lines(Vec<String>),
}

/// The issuing agencies that a title is searched for.
const MOST_ISSUERS: usize = 10;

impl PostedTitle {
    /// The whole title. A space separates two issuing agencies on different lines, as in a title
    /// posted as one string.
    pub fn text(&self, issuers: &[String]) -> Cow<'_, str> {
        let lines = match self {
            Self::Text(text) => return Cow::Borrowed(text),
            Self::Lines(lines) => lines,
        };
        // More agencies are refused, and a hostile list of them must not take long here.
        let issuers = &issuers[..issuers.len().min(MOST_ISSUERS)];
        let mut text = String::new();
        for line in lines.iter().map(|line| line.trim()) {
            let follows = issuers.iter().any(|name| text.ends_with(name.trim()));
            if follows && issuers.iter().any(|name| line.starts_with(name.trim())) {
                text.push(' ');
            }
            text.push_str(line);
        }
        Cow::Owned(text)
    }
}

impl JsonSchema for PostedTitle {
    fn schema_name() -> Cow<'static, str> {
        "Title".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "标题：一个文本，由程序分行；或各行文本的列表，照此分行",
            "type": ["string", "array"],
            "items": { "type": "string" },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PostedTitle;

    #[test]
    fn lines_are_joined() {
        let issuers = ["巴中市民政局", "巴中市财政局"].map(str::to_owned);
        let lines = ["巴中市民政局", "巴中市财政局关于下达", "救助资金的通知"].map(str::to_owned);
        let title = PostedTitle::Lines(lines.to_vec());
        assert_eq!(title.text(&issuers), "巴中市民政局 巴中市财政局关于下达救助资金的通知");
        assert_eq!(title.text(&[]), "巴中市民政局巴中市财政局关于下达救助资金的通知");
    }
}
