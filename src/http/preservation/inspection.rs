//! `GET /v1/filings/{id}/inspection`: 四性检测 of a filing, and whether it can be remade.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::package::inspection::filing::is_readable;
use crate::archive::package::inspection::items::{Item, ItemResult};
use crate::generate::remake::Remake;
use crate::http::access::caller::CurrentCaller;
use crate::http::app::App;
use crate::http::contract::responses::{Destroyed, NoFiling};
use crate::http::filings::read::{check_exists, find_filing};
use crate::http::filings::verifications::remade;
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;
use crate::http::request::extract::FilingId;

/// The results of an inspection.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "一件公文的四性检测（DA/T 70-2018）")]
pub struct Inspection {
    #[schemars(description = "各检测项及其结果")]
    items: Vec<Item>,
    #[schemars(description = "通过的项数")]
    passed: usize,
    #[schemars(description = "不通过的项数")]
    failed: usize,
    #[schemars(description = "未检测的项数；未检测的不等于通过")]
    not_checked: usize,
    /// `None` if the PDF is missing, damaged or unreadable.
    #[schemars(
        description = "由所存的数据重新生成公文，与所存的PDF逐字节比较的结果；PDF缺失、被改动或不能读取的为null"
    )]
    remake: Option<Remake>,
}

/// Inspects a filing.
///
/// # Errors
/// Returns `Problem::NotFound` if the caller may see no such filing, `RetentionProblem::Destroyed` if
/// its files are destroyed, `Problem::Busy` if no permit is available in time, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/filings/{id}/inspection",
    operation_id = "getInspection",
    tag = "保管",
    summary = "公文的四性检测",
    description = "按DA/T 70-2018逐项检测一件公文：通过、不通过或未检测，没有看过的一律为未检测；并由所存的数据重新生成公文，与所存的PDF比较。不保存任何内容。",
    params(FilingId),
    responses(
        (
            status = 200,
            description = "检测结果",
            body = ref("#/components/schemas/Inspection"),
            content_type = "application/json"
        ),
        NoFiling,
        Destroyed
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    FilingId(id): FilingId,
) -> Result<Json<Inspection>, Problem> {
    let filing = find_filing(&app, &caller, &id).await?;
    check_exists(&filing)?;
    let inspected = app.archive.inspect_filing(&filing).await?;
    let is_readable = match inspected.file.clone() {
        Some(file) => Some(app.verdicts.run(&caller.id, move || is_readable(&file)).await?),
        None => None,
    };
    let remake = match inspected.original.clone() {
        Some(pdf) => match remade(&app, &caller, pdf).await {
            Ok((remake, _)) => remake,
            Err(Problem::Filing(FilingProblem::UnreadablePdf(_))) => None,
            Err(problem) => return Err(problem),
        },
        None => None,
    };
    let items = inspected.items(is_readable);
    let count = |result| items.iter().filter(|item| item.result == result).count();
    let (passed, failed) = (count(ItemResult::Passed), count(ItemResult::Failed));
    let not_checked = count(ItemResult::NotChecked);
    Ok(Json(Inspection { items, passed, failed, not_checked, remake }))
}
