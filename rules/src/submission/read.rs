//! Reads a request body into a `Posted`.

use std::fmt;

use serde_json::Value;

use crate::submission::Submission;
use crate::submission::canonical::canonical;
use crate::submission::shape::{self, ShapeFault};

/// A submission and the JSON that it was read from.
#[derive(Debug, Clone)]
pub struct Posted {
    /// What the client wrote.
    pub submission: Submission,
    json: Value,
}

/// Why a body is not a submission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The body is not JSON, or has a duplicate key.
    #[error("第{line}行第{column}列：{cause}")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The character in the line, counted from 1.
        column: usize,
        /// What is wrong there.
        cause: SyntaxCause,
    },
    /// The JSON does not have the shape of a submission.
    #[error("内容的结构不符合要求，共{}处", .0.len())]
    Shape(Vec<ShapeFault>),
}

/// What makes a body unreadable; displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxCause {
    /// The bytes are not UTF-8, for example because the file was saved in GBK.
    NotUtf8,
    /// A `\u` escape is half of a surrogate pair.
    LoneSurrogate,
    /// Nested beyond serde_json's limit of 128 levels.
    TooDeep,
    /// The JSON is followed by other text.
    TrailingData,
    /// The body is empty or white space.
    Empty,
    /// The JSON is incomplete.
    CutOff,
    /// A key occurs twice in one object.
    DuplicateKey(String),
    /// Any other syntax error.
    NotJson,
}

impl Posted {
    /// Reads a request body. A byte order mark before it is ignored, as RFC 8259 allows.
    ///
    /// # Errors
    /// Returns the first syntax error, or every departure from the shape.
    #[tracing::instrument(level = "debug", skip_all)]
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        let text = text(body)?;
        let json: Value = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
        let faults = shape::faults(&json);
        if !faults.is_empty() {
            return Err(ReadError::Shape(faults));
        }
        // A `Value` drops all but the last of equal keys, so duplicates are found by reading the text again.
        let submission = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
        Ok(Self { submission, json })
    }

    /// The posted JSON.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The posted JSON in canonical form (RFC 8785), as it is embedded in the PDF.
    ///
    /// The canonical form writes numbers as doubles. The numbers of an accepted filing have at most 15
    /// significant digits, so they do not change.
    ///
    /// # Errors
    /// Fails if a number exceeds the range of a double, which no number of an accepted filing does.
    pub fn source(&self) -> Result<Vec<u8>, serde_json::Error> {
        canonical(&self.json)
    }
}

/// The text of a body that is JSON of any shape, without its byte order mark.
///
/// # Errors
/// Fails with `ReadError::Syntax` if the body is not JSON in UTF-8.
pub fn json_text(body: &[u8]) -> Result<&str, ReadError> {
    let text = text(body)?;
    serde_json::from_str::<Value>(text).map_err(|error| syntax(text, &error))?;
    Ok(text)
}

fn text(body: &[u8]) -> Result<&str, ReadError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    std::str::from_utf8(body).map_err(|error| not_utf8(body, &error))
}

fn not_utf8(body: &[u8], error: &std::str::Utf8Error) -> ReadError {
    let valid = String::from_utf8_lossy(&body[..error.valid_up_to()]);
    let line = valid.matches('\n').count() + 1;
    let column = valid.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    ReadError::Syntax { line, column, cause: SyntaxCause::NotUtf8 }
}

fn syntax(text: &str, error: &serde_json::Error) -> ReadError {
    // serde_json counts a line's bytes; staff count its characters.
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let column = line.char_indices().take_while(|(start, _)| *start < error.column()).count();
    let cause = if text.trim().is_empty() { SyntaxCause::Empty } else { cause(error) };
    ReadError::Syntax { line: error.line().max(1), column: column.max(1), cause }
}

/// serde_json distinguishes its errors only by their messages, which the tests check.
fn cause(error: &serde_json::Error) -> SyntaxCause {
    let wording = error.to_string();
    if let Some(rest) = wording.strip_prefix("duplicate field `") {
        let key = rest.split('`').next().unwrap_or_default();
        return SyntaxCause::DuplicateKey(key.to_owned());
    }
    if wording.starts_with("recursion limit exceeded") {
        return SyntaxCause::TooDeep;
    }
    if wording.starts_with("trailing characters") {
        return SyntaxCause::TrailingData;
    }
    if wording.starts_with("lone leading surrogate")
        || wording.starts_with("unexpected end of hex escape")
    {
        return SyntaxCause::LoneSurrogate;
    }
    if error.is_eof() { SyntaxCause::CutOff } else { SyntaxCause::NotJson }
}

impl fmt::Display for SyntaxCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("文字编码不是UTF-8，请另存为UTF-8编码后再提交。"),
            Self::LoneSurrogate => {
                f.write_str("“\\u”转义只有半个字符（代理码位不成对），请改写成完整的字符。")
            }
            Self::TooDeep => f.write_str("嵌套超过128层，无法读取。"),
            Self::TrailingData => f.write_str("内容结束之后还有多余的文字，请删去。"),
            Self::Empty => f.write_str("没有收到任何内容。"),
            Self::CutOff => f.write_str("内容不完整，在这里中断了。"),
            Self::DuplicateKey(key) => write!(f, "同一处“{key}”出现了两次，请只保留一个。"),
            Self::NotJson => {
                f.write_str("这里不是合法的JSON，请检查引号、逗号、括号和数字的写法。")
            }
        }
    }
}
