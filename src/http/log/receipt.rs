//! `GET /v1/filings/{id}/receipt`: the proof that a file of a filing is in the log.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::archive::filings::records::FilingRecord;
use crate::archive::log::receipts::ReceiptState;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::NoReceipt;
use crate::http::filings::disposition::attachment;
use crate::http::filings::read::find_named;
use crate::http::problem::Problem;
use crate::http::request::extract::FilingId;

/// How soon the receipt may be there: the default interval between two checkpoints, in seconds.
const RETRY_AFTER: &str = "10";

/// Returns the receipt of a file.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing, or it has no such file or no
/// receipt, `Problem::Query` if the query is invalid, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/receipt",
    operation_id = "getReceipt",
    tag = "公文",
    summary = "公文的存证回执",
    description = "证明公文的文件已记入存证日志，可以离线核验（hongtou verify --receipt）。默认为签署件的回执，没有签署件的，为生成的PDF的回执。",
    params(
        FilingId,
        ("file" = Option<String>, Query, description = "pdf为生成的PDF，signed为签署件")
    ),
    responses(
        (
            status = 200,
            description = "回执（C2SP tlog-proof）",
            body = String,
            content_type = "text/plain"
        ),
        (status = 202, description = "已存入，存证日志尚未签署；请按Retry-After稍后再取"),
        NoReceipt
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let filing = find_named(&app, &caller, &id).await?;
    let sha256 = file(&filing, query.as_deref().unwrap_or_default())?;
    match app.archive.receipt(sha256).await? {
        ReceiptState::NotLogged => Err(Problem::NotFound),
        ReceiptState::Waiting => {
            let headers = [
                (header::RETRY_AFTER, RETRY_AFTER.to_owned()),
                (header::LOCATION, format!("/v1/filings/{id}/receipt")),
            ];
            Ok((StatusCode::ACCEPTED, headers).into_response())
        }
        ReceiptState::Ready(receipt) => {
            let FilingRecord { document_number, year, serial, .. } = &filing;
            let name = attachment(document_number, *year, *serial, ".tlog-proof");
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            Ok((headers, receipt.to_text()).into_response())
        }
    }
}

/// The SHA-256 of the file that the query selects.
fn file<'a>(filing: &'a FilingRecord, query: &str) -> Result<&'a str, Problem> {
    let signed = filing.signed.as_ref().map(|signed| signed.file.sha256.as_str());
    match query {
        "" => Ok(signed.unwrap_or(&filing.pdf.sha256)),
        "file=pdf" => Ok(&filing.pdf.sha256),
        "file=signed" => signed.ok_or(Problem::NotFound),
        _ => Err(Problem::Query("只能给出file，为pdf或signed。".to_owned())),
    }
}
