//! `/v1/fonts`: lists, adds and removes the fonts of agencies.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive::access::caller::Grant;
use crate::archive::renderers::agency_fonts::{AgencyFont, NewFont};
use crate::document::moment::Moment;
use crate::http::access::caller::{CurrentCaller, RequestOrigin};
use crate::http::administration::font_upload::{check_usable, receive};
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::render::fonts::font_set::{ChosenFamily, FontOrigin};
use crate::validate::text::typeface::Typeface;

/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 200;

/// The query of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParameters {
    agency: Option<String>,
}

/// The query of a file to add.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddParameters {
    agency: String,
    file_name: String,
}

/// The fonts of one agency or of all.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "机关的字体，和各处实际所用的字体")]
pub struct FontList {
    #[schemars(description = "所查的机关；没有给出的为null")]
    agency: Option<String>,
    #[schemars(description = "所查机关的字体文件；没有给出机关的，为各机关的")]
    fonts: Vec<FontRecord>,
    #[schemars(
        description = "所查机关的公文各处所用的字体；没有给出机关的，为没有自己字体的机关所用的"
    )]
    faces: Vec<FaceRecord>,
}

/// A font file of an agency.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgencyFont", description = "机关的一个字体文件")]
pub struct FontRecord {
    #[schemars(description = "编号")]
    id: String,
    #[schemars(description = "机关的全称")]
    agency: String,
    #[schemars(description = "上传时的文件名")]
    file_name: String,
    #[schemars(description = "文件中公文可用的字体，写字体自身的名称")]
    families: Vec<String>,
    #[schemars(description = "文件的SHA-256，64位小写十六进制")]
    sha256: String,
    #[schemars(description = "文件的字节数")]
    bytes: u64,
    #[schemars(description = "添加者的编号")]
    added_by: String,
    #[schemars(with = "String", description = "添加时间（RFC 3339，UTC）")]
    added_at: Moment,
}

/// What a typeface of the page is set in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UsedFont", description = "公文一处所用的字体")]
struct FaceRecord {
    #[schemars(description = "公文的字体：小标宋、仿宋、楷体、黑体、宋体")]
    face: &'static str,
    #[schemars(description = "用在何处")]
    place: &'static str,
    #[schemars(description = "实际所用字体自身的名称")]
    family: String,
    #[schemars(description = "字体文件的名称")]
    file_name: String,
    #[schemars(description = "字体的来源")]
    origin: Origin,
}

/// Where a font comes from.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[schemars(description = "built_in（内置）、server（服务器的字体目录）、agency（机关自己的）")]
enum Origin {
    #[serde(rename = "built_in")]
    BuiltIn,
    #[serde(rename = "server")]
    Server,
    #[serde(rename = "agency")]
    Agency,
}

/// Lists the fonts of an agency or of all.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, and `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    get,
    path = "/v1/fonts",
    operation_id = "listFonts",
    tag = "管理",
    summary = "列出字体",
    description = "机关自己的字体文件，和其公文的标题、正文等各处实际所用的字体。公文用主办机关的字体；没有的，用服务器的字体目录中的，再没有的，用内置的。",
    params((
        "agency" = Option<String>, Query,
        description = "机关的全称；不给则列出各机关的字体文件"
    )),
    responses((
        status = 200,
        description = "字体",
        body = ref("#/components/schemas/FontList"),
        content_type = "application/json"
    ))
)]
pub async fn list(State(app): State<Arc<App>>, uri: Uri) -> Result<Json<FontList>, Problem> {
    let Query(ListParameters { agency }) = Query::<ListParameters>::try_from_uri(&uri)
        .map_err(|_| Problem::Query("查询条件只有agency，给一次。".to_owned()))?;
    let fonts = match &agency {
        Some(agency) => {
            check_agency(agency)?;
            app.archive.fonts_of_agency(agency).await?
        }
        None => app.archive.fonts_of_agencies().await?,
    };
    let chosen = app.generator.typesetters().of_agency(&app.archive, agency.as_deref()).await?;
    let faces = chosen.typesetter().fonts().chosen_families();
    // In the order of a page.
    let order = |face: &ChosenFamily| face.face != Typeface::Biaosong;
    let (mut first, rest): (Vec<_>, Vec<_>) = faces.into_iter().partition(|face| !order(face));
    first.extend(rest);
    let faces = first.into_iter().map(|face| used(face, &fonts)).collect();
    Ok(Json(FontList { agency, fonts: fonts.into_iter().map(record).collect(), faces }))
}

/// Adds a font to those of an agency.
///
/// # Errors
/// Returns `Problem::Query` if the query is invalid, a `FontProblem` if the file cannot be used or
/// added, `Problem::Body` if it does not arrive, `Problem::Busy` if no permit is available in time, and
/// `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/v1/fonts",
    operation_id = "addFont",
    tag = "管理",
    summary = "添加字体",
    description = "给一个机关添加其有授权的字体，此后由其主办的公文即用此字体，其他机关的不受影响。文件须是公文所用的字体，允许嵌入，并经试排；授权是否许可，由使用单位核对。文件只保存在本系统，不导出。",
    params(
        ("agency" = String, Query, description = "机关的全称"),
        ("file_name" = String, Query, description = "文件名，供人辨认，至多200字")
    ),
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "字体文件（.ttf、.otf、.ttc），不超过32 MiB；每个机关至多10个，合计不超过64 MiB"
    ),
    responses(
        (
            status = 201,
            description = "已添加",
            body = ref("#/components/schemas/AgencyFont"),
            content_type = "application/json"
        ),
        (
            status = 409,
            description = "该机关已有此字体，或字体已经过多",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "文件不是字体，不许嵌入，或不是公文所用的字体",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn post(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    origin: RequestOrigin,
    request: Request,
) -> Result<Response, Problem> {
    let Query(AddParameters { agency, file_name }) =
        Query::<AddParameters>::try_from_uri(request.uri()).map_err(|_| {
            let sentence = "请以agency给出机关的全称，以file_name给出文件名，各一次。";
            Problem::Query(sentence.to_owned())
        })?;
    check_agency(&agency)?;
    let is_long = file_name.chars().count() > LONGEST_NAME;
    if file_name.trim().is_empty() || is_long || file_name.chars().any(char::is_control) {
        return Err(Problem::Query("文件名不能为空、含控制字符或超过200字。".to_owned()));
    }
    let bytes = receive(&app, request).await?.into_bytes();
    let font = check_usable(&app, &caller, bytes.clone()).await?;
    let families: Vec<&str> = font.families.iter().map(|(family, _)| *family).collect();
    let (families, suffix) = (&*families, font.suffix);
    let new = NewFont { agency: &agency, file_name: &file_name, families, suffix, bytes: &bytes };
    let added = app.archive.add_font(new, origin.actor(&caller.id)).await?;
    Ok((StatusCode::CREATED, Json(record(added))).into_response())
}

/// Removes a font from those of its agency.
///
/// # Errors
/// Returns `Problem::NotFound` if there is no such font, and `FilingProblem::Archive` if the archive
/// fails.
#[utoipa::path(
    delete,
    path = "/v1/fonts/{id}",
    operation_id = "removeFont",
    tag = "管理",
    summary = "移除字体",
    description = "移除机关的一个字体文件，此后的公文不再用它。已经生成的公文不受影响，仍可核验：用过的字体文件随其排版程序保存。",
    params(("id" = String, Path, description = "字体的编号")),
    responses(
        (status = 204, description = "已移除"),
        (
            status = 404,
            description = "没有这个字体，或已经移除",
            body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json"
        )
    )
)]
pub async fn remove(
    State(app): State<Arc<App>>,
    CurrentCaller(caller): CurrentCaller,
    Path(id): Path<String>,
    origin: RequestOrigin,
) -> Result<StatusCode, Problem> {
    match app.archive.remove_font(&id, origin.actor(&caller.id)).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::NotFound),
    }
}

fn check_agency(agency: &str) -> Result<(), Problem> {
    match Grant::is_agency_name(agency) {
        true => Ok(()),
        false => {
            let sentence = "机关名称为空、首尾有空格、含控制字符或超过100字。";
            Err(Problem::Query(sentence.to_owned()))
        }
    }
}

fn record(font: AgencyFont) -> FontRecord {
    let AgencyFont { id, agency, file_name, families, file, added_by, added_at, .. } = font;
    let (sha256, bytes) = (file.sha256, file.bytes);
    FontRecord { id, agency, file_name, families, sha256, bytes, added_by, added_at }
}

fn used(chosen: ChosenFamily, fonts: &[AgencyFont]) -> FaceRecord {
    let ChosenFamily { face, family, file, origin } = chosen;
    // An operator's folders concern no one else.
    let base_name = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let uploaded = fonts.iter().find(|font| font.stored_name() == file);
    let (origin, file_name) = match origin {
        FontOrigin::BuiltIn => (Origin::BuiltIn, base_name),
        FontOrigin::Server => (Origin::Server, base_name),
        FontOrigin::Agency => {
            (Origin::Agency, uploaded.map_or(base_name, |font| font.file_name.clone()))
        }
    };
    FaceRecord { face: face.chinese_name(), place: place(face), family, file_name, origin }
}

/// Where a typeface is used.
fn place(face: Typeface) -> &'static str {
    match face {
        Typeface::Biaosong => "发文机关标志、标题",
        Typeface::Fangsong => "正文",
        Typeface::Kaiti => "二级标题、签发人姓名",
        Typeface::Heiti => "一级标题、密级、紧急程度",
        Typeface::Songti => "页码",
    }
}
