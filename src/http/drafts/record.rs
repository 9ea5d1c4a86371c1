//! The JSON records of drafts and of their versions.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::archive::access::caller::{Caller, Role};
use crate::archive::drafts::approval::{State, Step};
use crate::archive::drafts::record::DraftRecord;
use crate::archive::drafts::version::Version;
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;
use crate::http::access::policy::Access;
use crate::http::drafts::numbers::Taken;

/// The record of a draft.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Draft", description = "草稿的记录")]
pub struct DraftJson<'a> {
    #[schemars(description = "编号")]
    id: &'a str,
    #[schemars(description = "所属机关；起草者不限机关时为null")]
    agency: Option<&'a str>,
    #[schemars(
        description = "状态：drafting起草中、in_review待审核、returned已退回、in_approval待签发、approved已签发、filed已生成",
        extend("enum" = ["drafting", "in_review", "returned", "in_approval", "approved", "filed"])
    )]
    state: &'static str,
    #[schemars(description = "内容的版本，自1起，每次保存加1")]
    version: i64,
    #[schemars(description = "内容中的标题，未填时为空")]
    title: &'a str,
    #[schemars(description = "内容中的发文字号，未填完时为空")]
    document_number: &'a str,
    #[schemars(description = "内容中发文字号的年份，未填时为null")]
    year: Option<i64>,
    #[schemars(description = "内容的SHA-256，64位小写十六进制")]
    sha256: &'a str,
    #[schemars(description = "内容的字节数")]
    bytes: i64,
    #[schemars(description = "起草者的编号")]
    created_by: &'a str,
    #[schemars(description = "起草者的名称")]
    created_by_name: &'a str,
    #[schemars(with = "String", description = "起草时间（RFC 3339，UTC）")]
    created_at: Moment,
    #[schemars(description = "最近保存者的编号")]
    changed_by: &'a str,
    #[schemars(description = "最近保存者的名称")]
    changed_by_name: &'a str,
    #[schemars(with = "String", description = "最近保存的时间（RFC 3339，UTC）")]
    changed_at: Moment,
    #[schemars(description = "为此草稿取的发文字号，没有则为null")]
    number: Option<Taken>,
    #[schemars(description = "由此草稿生成的公文的编号，尚未生成时为null")]
    filing: Option<&'a str>,
    #[schemars(
        description = "调用方现在可以办理的：edit修改、delete删除、send送审、withdraw撤回、return退回、agree审核同意、approve签发、file生成公文"
    )]
    steps: Vec<&'static str>,
}

/// The record of a draft with its content.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "草稿的记录和内容")]
pub struct DraftWithContent<'a> {
    #[serde(flatten)]
    pub(crate) draft: DraftJson<'a>,
    #[schemars(with = "Map<String, Value>", description = "内容")]
    pub(crate) content: Box<RawValue>,
}

/// A page of drafts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "草稿列表的一页")]
pub struct DraftList<'a> {
    #[schemars(description = "草稿的记录，最近改动的在前")]
    pub(crate) drafts: Vec<DraftJson<'a>>,
    #[schemars(description = "下一页的地址，没有则为null")]
    pub(crate) next: Option<String>,
}

/// A version of a draft.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DraftVersion", description = "草稿的一个版本")]
pub struct VersionJson<'a> {
    #[schemars(description = "版本，自1起")]
    version: i64,
    #[schemars(description = "内容的SHA-256，64位小写十六进制")]
    sha256: &'a str,
    #[schemars(description = "内容的字节数")]
    bytes: i64,
    #[schemars(description = "保存者的编号")]
    saved_by: &'a str,
    #[schemars(description = "保存者的名称")]
    saved_by_name: &'a str,
    #[schemars(with = "String", description = "保存时间（RFC 3339，UTC）")]
    saved_at: Moment,
}

/// A version of a draft with its content.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DraftVersionWithContent", description = "草稿的一个版本及其内容")]
pub struct VersionWithContent<'a> {
    #[serde(flatten)]
    pub(crate) version: VersionJson<'a>,
    #[schemars(with = "Map<String, Value>", description = "内容")]
    pub(crate) content: Box<RawValue>,
}

/// The versions of a draft.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DraftVersions", description = "草稿的各版本")]
pub struct Versions<'a> {
    #[schemars(description = "版本，新的在前")]
    pub(crate) versions: Vec<VersionJson<'a>>,
}

impl<'a> DraftJson<'a> {
    /// The record of a draft for a caller.
    pub fn of(draft: &'a DraftRecord, caller: &Caller, access: &Access) -> Self {
        let Version { version, sha256, bytes, saved_by, saved_at } = &draft.current;
        Self {
            id: &draft.id,
            agency: draft.agency.as_deref(),
            state: draft.state.name(),
            version: *version,
            title: &draft.title,
            document_number: &draft.document_number,
            year: draft.year,
            sha256,
            bytes: *bytes,
            created_by: &draft.created_by.id,
            created_by_name: &draft.created_by.name,
            created_at: draft.created_at,
            changed_by: &saved_by.id,
            changed_by_name: &saved_by.name,
            changed_at: *saved_at,
            number: draft.number.as_ref().map(Taken::of),
            filing: draft.filing_id.as_deref(),
            steps: possible(draft, caller, access),
        }
    }
}

/// What a caller may do with a draft now.
fn possible(draft: &DraftRecord, caller: &Caller, access: &Access) -> Vec<&'static str> {
    let position = draft.position();
    let may_write = caller.roles.has(Role::Submit);
    let is_editable = draft.state.is_editable();
    let may_file = position.may_be_filed(access.requires_approval_of(caller));
    let step = |step| position.after(step, caller, access.requires_approval).is_ok();
    let steps = Step::ALL.into_iter().filter(|one| step(*one)).map(Step::name);
    let first = [
        (may_write && is_editable, "edit"),
        (may_write && (is_editable || draft.state == State::Filed), "delete"),
    ];
    let first = first.into_iter().filter(|(may, _)| *may).map(|(_, name)| name);
    first.chain(steps).chain((may_write && may_file).then_some("file")).collect()
}

impl<'a> VersionJson<'a> {
    /// The record of a version.
    pub fn of(version: &'a Version) -> Self {
        Self {
            version: version.version,
            sha256: &version.sha256,
            bytes: version.bytes,
            saved_by: &version.saved_by.id,
            saved_by_name: &version.saved_by.name,
            saved_at: version.saved_at,
        }
    }
}

/// A stored content as JSON.
///
/// # Errors
/// Returns `ArchiveError::InvalidRecord` if it is not JSON, that is, if the database is damaged.
pub(crate) fn content(text: String) -> Result<Box<RawValue>, ArchiveError> {
    RawValue::from_string(text).map_err(|_| ArchiveError::InvalidRecord("a draft's content"))
}
