//! `POST /v1/filings`: a filing's PDF, or the record about it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::document::number::DocumentNumber;
use crate::generate::Generated;
use crate::http::App;
use crate::http::accept::Wanted;
use crate::http::extract::JsonBody;
use crate::http::problem::Problem;
use crate::validate::violation::Violation;

const HONGTOU_WARNINGS: HeaderName = HeaderName::from_static("hongtou-warnings");

/// What is known about a generated filing, beside its file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "公文的记录")]
pub struct Record<'a> {
    /// 发文字号 as printed.
    #[schemars(description = "发文字号，如“巴市民政〔2021〕38号”")]
    document_number: String,
    /// 标题.
    #[schemars(description = "标题")]
    title: &'a str,
    /// The SHA-256 of the PDF, in hexadecimal.
    #[schemars(description = "PDF的SHA-256，64位小写十六进制")]
    sha256: &'a str,
    /// Number of page sides.
    #[schemars(description = "页数")]
    pages: usize,
    /// Length of the PDF.
    #[schemars(description = "PDF的字节数")]
    bytes: usize,
    /// Doubts that did not stop the filing.
    #[schemars(description = "疑点；不影响生成")]
    warnings: &'a [Violation],
}

/// Generates a filing.
///
/// # Errors
/// A body that does not become a filing, or a server too busy to print it.
#[utoipa::path(
    post,
    path = "/v1/filings",
    operation_id = "postFiling",
    tag = "公文",
    summary = "生成公文",
    description = "由提交的内容生成公文。按Accept回复PDF（默认）或其记录（application/json）。",
    request_body(content = ref("#/components/schemas/Submission"), content_type = "application/json"),
    responses(
        (
            status = 201,
            description = "公文的PDF，或其记录",
            content(
                (Vec<u8> = "application/pdf"),
                (ref("#/components/schemas/Record") = "application/json")
            )
        ),
        (
            status = 422,
            description = "内容不符合规定，逐项列出",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    wanted: Wanted,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    // What is kept need not wait behind what is rendered.
    let generated = match app.generator.kept(&body) {
        Some(generated) => generated,
        None => {
            let generator = app.generator.clone();
            app.renders.run(move || generator.generate(&body)).await??
        }
    };
    Ok(match wanted {
        Wanted::Pdf => pdf(&generated),
        Wanted::Record => record(&generated),
    })
}

fn pdf(generated: &Generated) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::ETAG, format!("\"{}\"", generated.sha256)),
        (header::CONTENT_DISPOSITION, content_disposition(&generated.document.document_number)),
        (header::VARY, "Accept".to_owned()),
        (HONGTOU_WARNINGS, generated.warnings.len().to_string()),
    ];
    (StatusCode::CREATED, headers, generated.pdf.clone()).into_response()
}

// No `ETag` here: it would name these bytes, and the SHA-256 names the PDF's.
fn record(generated: &Generated) -> Response {
    let headers = [
        (header::VARY, "Accept".to_owned()),
        (HONGTOU_WARNINGS, generated.warnings.len().to_string()),
    ];
    let record = Record {
        document_number: generated.document.document_number.to_string(),
        title: &generated.document.title,
        sha256: &generated.sha256,
        pages: generated.pages,
        bytes: generated.pdf.len(),
        warnings: &generated.warnings,
    };
    (StatusCode::CREATED, headers, Json(record)).into_response()
}

/// Names the file by its 发文字号 (RFC 6266), and in ASCII for clients that cannot read that.
fn content_disposition(number: &DocumentNumber) -> String {
    // 机关代字 has no ASCII form, so the fallback does without it.
    let ascii = format!("filing-{}-{}.pdf", number.year(), number.serial());
    let name = percent_encoded(&format!("{number}.pdf"));
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{name}")
}

/// Encodes all but letters, digits, `-`, `.` and `_`, which is stricter than RFC 8187 asks.
fn percent_encoded(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::content_disposition;
    use crate::document::number::DocumentNumber;

    #[test]
    fn names_the_file_in_chinese_and_in_ascii() {
        let number = DocumentNumber::new("巴市民政", 2021, 38).unwrap();
        assert_eq!(
            content_disposition(&number),
            "attachment; filename=\"filing-2021-38.pdf\"; filename*=UTF-8''\
             %E5%B7%B4%E5%B8%82%E6%B0%91%E6%94%BF%E3%80%942021%E3%80%9538%E5%8F%B7.pdf"
        );
    }
}
