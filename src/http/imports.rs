//! `POST /v1/imports`: reads a Word file, a workbook or a text into a submission, and the template of the
//! workbook.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use tokio::time::timeout;

use crate::http::access::caller::{CurrentCaller, caller_id};
use crate::http::app::App;
use crate::http::filings::disposition::named;
use crate::http::problem::Problem;
use crate::http::problem::import::ImportProblem;
use crate::http::request::bodies::{BodyError, HeldBody};
use crate::http::request::extract::{announced_length, is_encoded, media_type};
use crate::import::report::{Import, Problem as Fault};
use crate::import::source::kind::FileKind;
use crate::import::workbook::template;

/// The longest file, in bytes. Word files and workbooks are compressed.
const FILE_LIMIT: usize = 16 << 20;

/// How long a file may take to arrive.
const DEADLINE: Duration = Duration::from_secs(60);

/// The media types of files that are read. The content decides what a file is.
const MEDIA_TYPES: [&str; 5] = [
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "text/plain",
];

/// The media type of workbooks.
pub(crate) const WORKBOOK: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file as a submission.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "由文件读出的公文内容，和没有读懂的部分")]
pub struct Imported {
    #[schemars(description = "文件的种类")]
    kind: ImportedKind,
    /// Not checked; elements that the file lacks are missing or empty.
    #[schemars(description = "公文内容的草稿，未经检查；文件中没有的要素缺省或为空")]
    submission: Value,
    #[schemars(description = "没有读懂的部分，按文件的先后")]
    unread: Vec<ImportedPart>,
    #[schemars(description = "应核对或更正之处，按文件的先后")]
    problems: Vec<ImportedFault>,
}

/// The kind of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(description = "文件的种类")]
enum ImportedKind {
    #[schemars(description = "文本")]
    Text,
    #[schemars(description = "Word文件")]
    Word,
    #[schemars(description = "Excel工作簿")]
    Workbook,
}

/// A part that was not understood.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "没有读懂的一处")]
struct ImportedPart {
    #[schemars(description = "所在之处，如第12行")]
    place: String,
    #[schemars(description = "原文，至多200字")]
    text: String,
}

/// A fault or a guess.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "应核对或更正的一处")]
pub(crate) struct ImportedFault {
    #[schemars(description = "所在之处，如评分表!E14；指整个文件的为空")]
    place: String,
    #[schemars(description = "给经办人看的说明")]
    message: String,
}

impl From<Fault> for ImportedFault {
    fn from(fault: Fault) -> Self {
        Self { place: fault.place, message: fault.message }
    }
}

impl From<Import> for Imported {
    fn from(import: Import) -> Self {
        let kind = match import.kind {
            FileKind::Text => ImportedKind::Text,
            FileKind::Word => ImportedKind::Word,
            FileKind::Workbook => ImportedKind::Workbook,
        };
        let unread = import.unread.into_iter();
        let problems = import.problems.into_iter();
        Self {
            kind,
            submission: import.submission,
            unread: unread
                .map(|part| ImportedPart { place: part.place, text: part.text })
                .collect(),
            problems: problems.map(ImportedFault::from).collect(),
        }
    }
}

/// Reads a file into a submission.
///
/// # Errors
/// Returns `ImportProblem::MediaType` for other types, `ImportProblem::Unreadable` if the file cannot be
/// read, `Problem::Body` if it does not arrive, and `Problem::Busy` if no permit is available in time.
#[utoipa::path(
    post,
    path = "/v1/imports",
    operation_id = "importFile",
    tag = "公文",
    summary = "导入文件",
    description = "把写好的公文读成提交的内容：Word文件（.docx）、文本（UTF-8），或按模板填写的Excel工作簿（.xlsx、.xls）。文件的种类由内容判定。读出的是草稿，请检查后再提交。不保存任何内容。",
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "文件，不超过16 MiB，解开后不超过64 MiB"
    ),
    responses(
        (
            status = 200,
            description = "读出的内容",
            body = ref("#/components/schemas/Imported"),
            content_type = "application/json"
        ),
        (
            status = 422,
            description = "文件不是以上几种，已损坏，有密码，或过大",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    let file = receive(&app, request).await?;
    let work = move || crate::import::import(&file);
    let import = app.previews.run(&caller.id, work).await?;
    Ok(Json(import.map_err(ImportProblem::Unreadable)?.into()))
}

/// Receives a file.
pub(crate) async fn receive(app: &App, request: Request) -> Result<HeldBody, Problem> {
    let headers = request.headers();
    if !is_readable(headers) {
        return Err(ImportProblem::MediaType.into());
    }
    if announced_length(headers).is_some_and(|length| length > FILE_LIMIT) {
        return Err(BodyError::TooLong { limit: FILE_LIMIT }.into());
    }
    let caller = caller_id(request.extensions()).to_owned();
    let body = app.bodies.receive(&caller, request.into_body(), FILE_LIMIT);
    Ok(timeout(DEADLINE, body).await.unwrap_or(Err(BodyError::Deadline))?)
}

fn is_readable(headers: &HeaderMap) -> bool {
    let is_known = |media_type: String| MEDIA_TYPES.contains(&media_type.as_str());
    media_type(headers).is_some_and(is_known) && !is_encoded(headers)
}

/// The empty template of the workbook.
///
/// # Errors
/// Returns `ImportProblem::Template` if it cannot be written, which is a bug, and `Problem::Busy` if no
/// permit is available in time.
#[utoipa::path(
    get,
    path = "/v1/imports/template",
    operation_id = "importTemplate",
    tag = "公文",
    summary = "下载模板",
    description = "供填写的Excel工作簿，有“公文要素”“评分表”“说明”三个工作表；填好后用POST /v1/imports导入。",
    responses((
        status = 200,
        description = "Excel工作簿",
        body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
) -> Result<Response, Problem> {
    let template = app.previews.run(&caller.id, template::empty).await?;
    let template = template.map_err(ImportProblem::Template)?;
    Ok(workbook("template.xlsx", "公文模板.xlsx", template))
}

/// A workbook to download.
pub(crate) fn workbook(ascii: &str, chinese: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, WORKBOOK.to_owned()),
        (header::CONTENT_DISPOSITION, named(ascii, chinese)),
    ];
    (headers, bytes).into_response()
}
