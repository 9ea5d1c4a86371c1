//! Reads the content of a draft: any JSON object, of which only what lists show is looked at.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::archive::objects::sha256;
use crate::document::masthead::number::DocumentNumber;
use crate::submission::read::{ReadError, json_text};

/// The longest title or name that is copied from a content, in characters.
const LONGEST_TEXT: usize = 400;

/// The content of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The JSON as posted.
    pub text: String,
    /// The SHA-256 of the JSON.
    pub sha256: String,
    /// What lists show of it.
    pub excerpt: Excerpt,
}

/// The parts of a content that are known outside of it. Missing and invalid parts are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// 标题.
    pub title: String,
    /// 主办机关.
    pub lead_issuer: String,
    /// 机关代字.
    pub agency_code: String,
    /// 年份.
    pub year: Option<i64>,
    /// 发文字号 as printed, if all of it is there.
    pub document_number: String,
}

/// Why a body is not the content of a draft.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// It is not JSON, or exceeds a bound.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// It is JSON, but not an object.
    #[error("the content is not a JSON object")]
    NotAnObject,
}

impl Content {
    /// Reads a content. A draft is unfinished, so an object with any members is accepted.
    ///
    /// # Errors
    /// Returns `ContentError::Unreadable` if the body is not JSON or exceeds a bound, and
    /// `ContentError::NotAnObject` if it is another value.
    pub fn read(body: &[u8]) -> Result<Self, ContentError> {
        let text = json_text(body)?.trim();
        let members: BTreeMap<String, &RawValue> =
            serde_json::from_str(text).map_err(|_| ContentError::NotAnObject)?;
        let document = members.get("document").map(|document| document.get()).unwrap_or_default();
        Ok(Self {
            sha256: sha256(text.as_bytes()),
            excerpt: Excerpt::of(&serde_json::from_str(document).unwrap_or_default()),
            text: text.to_owned(),
        })
    }

    /// Its length.
    pub fn bytes(&self) -> i64 {
        i64::try_from(self.text.len()).unwrap_or(i64::MAX)
    }
}

impl Excerpt {
    fn of(document: &Value) -> Self {
        let number = &document["document_number"];
        let agency_code = text(&number["agency_code"]);
        let year = number["year"].as_i64().filter(|year| (1949..=2099).contains(year));
        let serial = number["serial"].as_i64();
        let complete = year
            .zip(serial)
            .and_then(|(year, serial)| DocumentNumber::new(&agency_code, year, serial).ok());
        Self {
            title: text(&document["title"]),
            lead_issuer: text(&document["issuers"][0]),
            document_number: complete.map(|number| number.to_string()).unwrap_or_default(),
            agency_code,
            year,
        }
    }
}

/// A text without control characters, of which PostgreSQL cannot store U+0000.
fn text(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::{Content, ContentError, Excerpt};

    fn excerpt(body: &str) -> Excerpt {
        Content::read(body.as_bytes()).unwrap().excerpt
    }

    #[test]
    fn an_excerpt_has_what_is_there() {
        let full = excerpt(
            r#"{"document": {"title": "关于\u0000报告", "issuers": ["巴中市民政局", "巴中市财政局"],
                "document_number": {"agency_code": "巴市民政", "year": 2021, "serial": 38}}}"#,
        );
        let expected = Excerpt {
            title: "关于报告".to_owned(),
            lead_issuer: "巴中市民政局".to_owned(),
            agency_code: "巴市民政".to_owned(),
            year: Some(2021),
            document_number: "巴市民政〔2021〕38号".to_owned(),
        };
        assert_eq!(full, expected);
        let half = excerpt(r#"{"document": {"document_number": {"agency_code": "巴市民政"}}}"#);
        assert_eq!(half, Excerpt { agency_code: "巴市民政".to_owned(), ..Excerpt::default() });
        let odd = [
            "{}",
            r#"{"document": null}"#,
            r#"{"document": {"title": 1, "issuers": "x", "document_number": [2021]}}"#,
            r#"{"document": {"document_number": {"year": 21, "serial": "x", "agency_code": 3}}}"#,
        ];
        for body in odd {
            assert_eq!(excerpt(body), Excerpt::default(), "{body}");
        }
        assert_eq!(
            excerpt(&format!(r#"{{"document":{{"title":"{}"}}}}"#, "题".repeat(500)))
                .title
                .chars()
                .count(),
            400
        );
    }

    #[test]
    fn only_an_object_is_a_content() {
        for body in ["[]", "1", "null", "\"x\""] {
            let refused = Content::read(body.as_bytes());
            assert!(matches!(refused, Err(ContentError::NotAnObject)), "{body}");
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
        for body in ["", "{", "{\"a\":1}{", &deep] {
            let refused = Content::read(body.as_bytes());
            assert!(matches!(refused, Err(ContentError::Unreadable(_))), "{body}");
        }
        let marked = Content::read(b"\xEF\xBB\xBF {\"a\": 1}\n").unwrap();
        assert_eq!(marked.text, "{\"a\": 1}");
    }
}
