//! `POST /v1/imports/units`: reads a workbook of many units into submissions, and its template.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::imports::{self, ImportedFault, WORKBOOK, receive};
use crate::http::problem::Problem;
use crate::http::problem::import::ImportProblem;
use crate::import::workbook::read_units::{Unit, Units, read};
use crate::import::workbook::write_units;

/// The documents of a workbook.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "由工作簿读出的各单位的公文内容")]
pub struct ImportedUnits {
    #[schemars(description = "各单位，按工作表的先后")]
    units: Vec<ImportedUnit>,
    #[schemars(description = "不属于所列单位的错处")]
    problems: Vec<ImportedFault>,
    #[schemars(
        description = "各单位共有的内容的错处，以及不知属于哪一单位的评分；有这些错处的，各份都不应提交"
    )]
    common: Vec<ImportedFault>,
}

/// The document of a unit.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "一个单位的公文内容")]
struct ImportedUnit {
    #[schemars(description = "“单位”一列的名称")]
    unit: String,
    #[schemars(description = "公文内容的草稿，未经检查")]
    submission: Value,
    #[schemars(description = "这个单位有错处的单元格；有错处的不应提交")]
    problems: Vec<ImportedFault>,
}

impl From<Units> for ImportedUnits {
    fn from(read: Units) -> Self {
        let faults = |faults: Vec<_>| faults.into_iter().map(ImportedFault::from).collect();
        Self {
            units: read.units.into_iter().map(ImportedUnit::from).collect(),
            problems: faults(read.problems),
            common: faults(read.common),
        }
    }
}

impl From<Unit> for ImportedUnit {
    fn from(unit: Unit) -> Self {
        let problems = unit.problems.into_iter().map(ImportedFault::from).collect();
        Self { unit: unit.name, submission: unit.submission, problems }
    }
}

/// Reads a workbook of many units.
///
/// # Errors
/// Returns `ImportProblem::MediaType` for other types, `ImportProblem::Unreadable` if the file cannot be
/// read, `Problem::Body` if it does not arrive, and `Problem::Busy` if no permit is available in time.
#[utoipa::path(
    post,
    path = "/v1/imports/units",
    operation_id = "importUnits",
    tag = "批次",
    summary = "导入多个单位的工作簿",
    description = "把按批量模板填写的Excel工作簿（.xlsx、.xls）读成各单位的公文内容，一个单位一份。没有错处的，一行一份（NDJSON）提交到POST /v1/batches。不保存任何内容。",
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "文件，不超过16 MiB，解开后不超过64 MiB；至多1000个单位"
    ),
    responses(
        (
            status = 200,
            description = "读出的内容",
            body = ref("#/components/schemas/ImportedUnits"),
            content_type = "application/json"
        ),
        (
            status = 422,
            description = "文件不是按批量模板填写的工作簿，已损坏，有密码，或过大",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    request: Request,
) -> Result<Response, Problem> {
    let file = receive(&app, request).await?;
    // The answer may be long, so it is written by the same thread.
    let work = move || -> Result<Vec<u8>, Problem> {
        let read = read(&file).map_err(ImportProblem::Unreadable)?;
        Ok(serde_json::to_vec(&ImportedUnits::from(read)).unwrap_or_default())
    };
    let answer = app.previews.run(&caller.id, work).await??;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

/// The empty template.
///
/// # Errors
/// Returns `ImportProblem::Template` if it cannot be written, which is a bug, and `Problem::Busy` if no
/// permit is available in time.
#[utoipa::path(
    get,
    path = "/v1/imports/units/template",
    operation_id = "importUnitsTemplate",
    tag = "批次",
    summary = "下载批量模板",
    description = "供填写多个单位的Excel工作簿：“各单位”一行一个单位，“公文要素”是各单位都一样的内容，“评分表”有“单位”一列。",
    responses((status = 200, description = "Excel工作簿", body = Vec<u8>, content_type = WORKBOOK))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
) -> Result<Response, Problem> {
    let template = app.previews.run(&caller.id, write_units::empty).await?;
    let template = template.map_err(ImportProblem::Template)?;
    Ok(imports::workbook("units.xlsx", "批量模板.xlsx", template))
}
