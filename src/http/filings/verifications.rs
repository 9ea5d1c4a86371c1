//! `POST /v1/verifications`: verifies any PDF without storing it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::filings::records::FilingRecord;
use crate::archive::log::receipts::ReceiptState;
use crate::generate::remake::{Remake, agency_of, remake_by_builds, remake_with_any};
use crate::generate::renderer::kept_builds::ExtractError;
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
    /// The remade filing; `None` if the original is archived.
    #[schemars(description = "由文件所附数据重新生成的结果；查到公文的，与所存原件比较，为null")]
    remake: Option<Remake>,
    /// What the log says about the file; `None` if no filing was found.
    #[schemars(description = "存证日志中有无此文件；没有查到公文的为null")]
    receipt: Option<LoggedFile>,
    #[serde(flatten)]
    report: Report,
}

/// What the log says about a file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "存证日志中有无此文件")]
pub struct LoggedFile {
    #[schemars(description = "状态")]
    state: LoggedState,
    #[schemars(description = "所查文件的SHA-256：此文件；日志中没有此文件的，为其所依据的PDF")]
    sha256: String,
}

/// Whether a file is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    description = "ready（已签入，可取回执）、waiting（已存入，日志尚未签署）、not_logged（日志中没有）"
)]
pub enum LoggedState {
    /// There is a receipt.
    #[serde(rename = "ready")]
    Ready,
    /// The log has not signed it yet.
    #[serde(rename = "waiting")]
    Waiting,
    /// The log does not name it.
    #[serde(rename = "not_logged")]
    NotLogged,
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
/// Fails as `receive_pdf`, `remake` and `verify_pdf`. Returns `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/v1/verifications",
    operation_id = "verify",
    tag = "公文",
    summary = "核验PDF",
    description = "核验任意一份PDF：与本系统公文的关系、每个签名是否有效。不保存任何内容。按文件及其各次修订的SHA-256查找公文，只查调用者可以查看的；查不到的，由文件所附的数据重新生成公文，逐字节比较；本版本不能生成的，由所存的其他版本的程序生成。经其他软件重新保存的和扫描件查不到，也不能重新生成，请归档到相应的公文。",
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
    let (remake, original) = match &filing {
        Some(filing) if filing.disposal.is_some() => (None, None),
        Some(filing) => (None, Some(app.archive.objects.get(&filing.pdf.sha256).await?)),
        None => remade(&app, &caller, file.clone()).await?,
    };
    let report = verify_pdf(&app, &caller, file, original).await?;
    let receipt = match &filing {
        Some(filing) => Some(logged(&app, &report.sha256, &filing.pdf.sha256).await?),
        None => None,
    };
    let filing =
        filing.map(|FilingRecord { id, document_number, .. }| Source { id, document_number });
    Ok(Json(Verification { filing, remake, receipt, report }))
}

/// What the log says about a file, or if nothing, about the PDF that it derives from.
async fn logged(app: &App, file: &str, original: &str) -> Result<LoggedFile, Problem> {
    let state = logged_state(app, file).await?;
    let (state, sha256) = match state {
        LoggedState::NotLogged => (logged_state(app, original).await?, original),
        _ => (state, file),
    };
    Ok(LoggedFile { state, sha256: sha256.to_owned() })
}

async fn logged_state(app: &App, sha256: &str) -> Result<LoggedState, Problem> {
    Ok(match app.archive.receipt(sha256).await? {
        ReceiptState::Ready(_) => LoggedState::Ready,
        ReceiptState::Waiting => LoggedState::Waiting,
        ReceiptState::NotLogged => LoggedState::NotLogged,
    })
}

/// Remakes the filing of a PDF, and returns it if the file is or begins with it. Takes a permit for
/// verifications, so that no post of a filing waits for it.
pub(crate) async fn remade(
    app: &App,
    caller: &Caller,
    file: Bytes,
) -> Result<(Option<Remake>, Option<Bytes>), Problem> {
    let copy = file.clone();
    let agency = app.verdicts.run(&caller.id, move || agency_of(&copy)).await??;
    let typesetters = app.generator.typesetters();
    let own = typesetters.of_agency(&app.archive, agency.as_deref()).await?;
    let mut tried = vec![own.typesetter().clone()];
    // The filing may be from before the agency had fonts.
    if own.is_of_agency() {
        tried.push(typesetters.of_server().clone());
    }
    let copy = file.clone();
    let (remake, original) =
        app.verdicts.run(&caller.id, move || remake_with_any(&copy, &tried)).await??;
    if original.is_some() {
        return Ok((Some(remake), original));
    }
    let archive = own.archive(&app.archive);
    match remade_by_builds(app, caller, &archive, agency.as_deref(), file).await? {
        Some((remake, original)) => Ok((Some(remake), original)),
        None => Ok((Some(remake), original)),
    }
}

/// Remakes the filing of a PDF with the kept builds of other versions, and of this one with earlier
/// fonts. Returns `None` if there are none, or they cannot be run.
async fn remade_by_builds(
    app: &App,
    caller: &Caller,
    archive: &Archive,
    agency: Option<&str>,
    file: Bytes,
) -> Result<Option<(Remake, Option<Bytes>)>, Problem> {
    let builds = match app.builds.for_file(archive, agency, &file).await {
        Ok(builds) => builds,
        Err(ExtractError::Archive(error)) if error.is_outage() => return Err(error.into()),
        Err(error) => {
            tracing::error!(?error, "kept builds cannot be run");
            return Ok(None);
        }
    };
    let Some(confinement) = app.builds.confinement().filter(|_| !builds.is_empty()) else {
        return Ok(None);
    };
    let confinement = confinement.clone();
    let work = move || remake_by_builds(&file, &builds, &confinement);
    Ok(Some(app.verdicts.run(&caller.id, work).await??))
}

/// Finds the filing whose PDF the file equals or starts with, among those the caller may see.
async fn find_origin(
    app: &App,
    caller: &Caller,
    file: Bytes,
) -> Result<Option<FilingRecord>, Problem> {
    let earlier = app.verdicts.run(&caller.id, move || revision_sha256s(&file)).await??;
    Ok(app.archive.filing_of_pdf(caller, &earlier).await?)
}
