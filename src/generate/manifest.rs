//! The format of `manifest.ndjson`, which `hongtou batch` and the ZIP of a batch share.

use serde::Serialize;
use serde_json::value::RawValue;

/// An entry of the manifest: one JSON object per non-blank line, in the order of the input.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    /// The line, counted from 1.
    pub line: usize,
    /// `filed`, `refused`, `failed` or `cancelled`.
    pub state: &'a str,
    /// The file, only for `filed`.
    #[serde(flatten)]
    pub file: Option<ListedFile<'a>>,
    /// The character at which the line stops being JSON, counted from 1. Only for `hongtou batch`; the
    /// detail of the problem contains it in either case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The problem (RFC 9457) that posting the line alone would cause, without the members about the
    /// request. Only for `refused` and `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'a RawValue>,
}

/// A file in the manifest.
#[derive(Debug, Serialize)]
pub struct ListedFile<'a> {
    /// The name of the file.
    pub file: &'a str,
    /// The id of the filing in the archive; absent for `hongtou batch`, which archives nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filing: Option<&'a str>,
    /// 发文字号 as printed.
    pub document_number: &'a str,
    /// The number of pages.
    pub pages: usize,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: &'a str,
    /// Warnings, which do not prevent the filing.
    pub warnings: &'a RawValue,
    /// The first line with the same 发文字号, if it is another line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_number_as_line: Option<usize>,
}

impl Entry<'_> {
    /// The entry as a line of the manifest, with its line break.
    pub fn to_line(&self) -> Vec<u8> {
        // Strings and numbers always serialize.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}
