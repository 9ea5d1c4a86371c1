//! `POST /v1/verifications`: verifies any PDF without storing it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::access::caller::Caller;
use crate::archive::filings::records::FilingRecord;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::filings::signed_copy::receive_pdf;
use crate::http::filings::verdict::verify_pdf;
use crate::http::problem::Problem;
use crate::signature::verdict::report::Report;
use crate::signature::verify::revision_sha256s;

/// The verdict on a PDF, and the filing it derives from.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "对一份PDF的核验结论，及所查到的公文")]
pub struct Verification {
    /// The filing; `None` if the caller may see no filing that the file derives from.
    #[schemars(description = "文件所依据的公文；没有查到，或无权查看的，为null")]
    filing: Option<Source>,
    #[serde(flatten)]
    report: Report,
}

/// The filing a PDF derives from.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerifiedFiling", description = "文件所依据的公文")]
pub struct Source {
    #[schemars(description = "编号")]
    id: String,
    #[schemars(description = "发文字号")]
    document_number: String,
}

/// Verifies a PDF.
///
/// # Errors
/// Fails as `receive_pdf` and `verify_pdf`. Returns `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/v1/verifications",
    operation_id = "verify",
    tag = "公文",
    summary = "核验PDF",
    description = "核验任意一份PDF：与本系统公文的关系、每个签名是否有效。不保存任何内容。按文件及其各次修订的SHA-256查找公文，只查调用者可以查看的；经其他软件重新保存的和扫描件查不到，请归档到相应的公文。",
    request_body(content = Vec<u8>, content_type = "application/pdf", description = "PDF，不超过64 MiB"),
    responses(
        (
            status = 200,
            description = "核验结论",
            body = ref("#/components/schemas/Verification"),
            content_type = "application/json"
        ),
        (
            status = 422,
            description = "文件不是PDF，或无法读取",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    request: Request,
) -> Result<Json<Verification>, Problem> {
    let file = receive_pdf(&app, request).await?.into_bytes();
    let filing = find_origin(&app, &caller, file.clone()).await?;
    let original = match &filing {
        Some(filing) => Some(app.archive.objects.get(&filing.pdf.sha256).await?),
        None => None,
    };
    let report = verify_pdf(&app, file, original).await?;
    let filing =
        filing.map(|FilingRecord { id, document_number, .. }| Source { id, document_number });
    Ok(Json(Verification { filing, report }))
}

/// Finds the filing whose PDF the file equals or starts with, among those the caller may see.
async fn find_origin(
    app: &App,
    caller: &Caller,
    file: Bytes,
) -> Result<Option<FilingRecord>, Problem> {
    let earlier = app.verdicts.run(move || revision_sha256s(&file)).await??;
    Ok(app.archive.filing_of_pdf(caller, &earlier).await?)
}
