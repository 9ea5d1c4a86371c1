//! Problems of drafts, of their numbers and of their approval.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::drafts::error::Quota;
use crate::archive::drafts::version::Version;
use crate::document::moment::Moment;
use crate::http::problem::row::Row;

/// Why a request about a draft fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftProblem {
    /// No draft with this id is visible to the caller.
    Unknown,
    /// The body is JSON, but not an object.
    NotAnObject,
    /// The body has not the members that the request needs; the sentence explains why.
    Members(&'static str),
    /// `If-Match` is missing.
    NoCondition,
    /// Another content was saved in the meantime.
    Changed(Box<CurrentVersion>),
    /// It is under approval.
    Locked,
    /// It has become a filing.
    Filed,
    /// A limit is reached.
    Full(Quota),
    /// Nobody approves an own draft.
    OwnDraft,
    /// Only who sent or created a draft withdraws it.
    NotSender,
    /// The step is not possible in this state.
    StepImpossible,
    /// Approval is not switched on.
    ApprovalOff,
    /// Filings need an approved draft.
    ApprovalRequired,
    /// The draft is not approved.
    NotApproved,
    /// The posted content is not the approved one.
    OtherContent,
    /// The number cannot be determined.
    NumberUnclear,
    /// The number is in use or reserved.
    NumberTaken,
    /// The year has no number left.
    NumbersExhausted,
    /// The number of the posted filing is reserved for a draft.
    NumberReserved,
}

/// The current version of a draft, for a client that does not know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "草稿现在的版本")]
pub struct CurrentVersion {
    #[schemars(description = "版本，自1起")]
    version: i64,
    #[schemars(description = "保存者的编号")]
    saved_by: String,
    #[schemars(description = "保存者的名称")]
    saved_by_name: String,
    #[schemars(with = "String", description = "保存时间（RFC 3339，UTC）")]
    saved_at: Moment,
    #[schemars(description = "内容的SHA-256，64位小写十六进制")]
    sha256: String,
    #[schemars(description = "内容的字节数")]
    bytes: i64,
}

impl From<Version> for CurrentVersion {
    fn from(version: Version) -> Self {
        let Version { version, sha256, bytes, saved_by, saved_at } = version;
        let (saved_by, saved_by_name) = (saved_by.id, saved_by.name);
        Self { version, saved_by, saved_by_name, saved_at, sha256, bytes }
    }
}

impl CurrentVersion {
    /// An example, for the contract.
    fn example() -> Self {
        Self {
            version: 1,
            saved_by: String::new(),
            saved_by_name: String::new(),
            saved_at: Moment(0),
            sha256: String::new(),
            bytes: 0,
        }
    }
}

impl DraftProblem {
    /// One of each kind, for the contract.
    pub(crate) fn one_of_each() -> Vec<Self> {
        vec![
            Self::Unknown,
            Self::NotAnObject,
            Self::Members(""),
            Self::NoCondition,
            Self::Changed(Box::new(CurrentVersion::example())),
            Self::Locked,
            Self::Filed,
            Self::Full(Quota::OfCaller(1)),
            Self::OwnDraft,
            Self::NotSender,
            Self::StepImpossible,
            Self::ApprovalOff,
            Self::ApprovalRequired,
            Self::NotApproved,
            Self::OtherContent,
            Self::NumberUnclear,
            Self::NumberTaken,
            Self::NumbersExhausted,
            Self::NumberReserved,
        ]
    }

    /// The current version, if the client does not know it.
    pub(crate) fn current(&self) -> Option<&CurrentVersion> {
        match self {
            Self::Changed(current) => Some(current),
            _ => None,
        }
    }

    /// The content of the response.
    pub(crate) fn row(&self) -> Row {
        let (status, name, title) = self.kind();
        let detail = match self {
            Self::Unknown => "没有这份草稿，或无权查看；也可能已被删除。",
            Self::NotAnObject => "草稿的内容应为一个JSON对象。",
            Self::Members(sentence) => sentence,
            Self::NoCondition => "保存草稿须以If-Match给出所修改的版本，以免覆盖他人的修改。",
            Self::Changed(current) => return Row::new(status, name, title, changed(current)),
            Self::Locked => "草稿正在审签，不能修改或删除。需要修改的，请先撤回，或请审核人退回。",
            Self::Filed => "这份草稿已经生成公文，不能再改。需要修订的，请以该公文另起草稿。",
            Self::Full(quota) => return Row::new(status, name, title, full(*quota)),
            Self::OwnDraft => "自己起草或送审的稿件，须由他人审核、签发。",
            Self::NotSender => "只有起草人或送审人可以撤回。",
            Self::StepImpossible => "草稿现在的状态不能办理这一步，请刷新后再看。",
            Self::ApprovalOff => "本系统未启用审签，草稿可以直接生成公文。",
            Self::ApprovalRequired => {
                "公文须经审签：请将草稿送审，经审核、签发后，再由该草稿生成公文。"
            }
            Self::NotApproved => "草稿尚未签发，不能生成公文。",
            Self::OtherContent => {
                "要生成的内容与签发的内容不一致。请按签发的内容生成；确需修改的，请撤回后重新送审。"
            }
            Self::NumberUnclear => "请先填写主办机关、机关代字和年份，再取号。",
            Self::NumberTaken => "这个顺序号已经使用，或已由其他草稿取用，请另取一个。",
            Self::NumbersExhausted => "该年度没有可用的顺序号，请管理员检查起始号。",
            Self::NumberReserved => {
                "该发文字号已由一份草稿取用，请换用其他字号，或先释放该草稿的字号。"
            }
        };
        Row::new(status, name, title, detail)
    }

    fn kind(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Unknown => (StatusCode::NOT_FOUND, "draft-not-found", "没有这份草稿"),
            Self::NotAnObject => {
                (StatusCode::UNPROCESSABLE_ENTITY, "draft-not-an-object", "草稿内容不正确")
            }
            Self::Members(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid-members", "提交内容不正确")
            }
            Self::NoCondition => {
                (StatusCode::PRECONDITION_REQUIRED, "precondition-required", "须说明所修改的版本")
            }
            Self::Changed(_) => (StatusCode::PRECONDITION_FAILED, "draft-changed", "草稿已被修改"),
            Self::Locked => (StatusCode::CONFLICT, "draft-locked", "草稿正在审签"),
            Self::Filed => (StatusCode::CONFLICT, "draft-filed", "草稿已生成公文"),
            Self::Full(_) => (StatusCode::CONFLICT, "too-many-drafts", "草稿过多"),
            Self::OwnDraft => (StatusCode::FORBIDDEN, "own-draft", "不能审签自己的稿件"),
            Self::NotSender => (StatusCode::FORBIDDEN, "not-sender", "不能撤回他人的稿件"),
            Self::StepImpossible => (StatusCode::CONFLICT, "draft-step", "现在不能办理这一步"),
            Self::ApprovalOff => (StatusCode::CONFLICT, "approval-off", "未启用审签"),
            Self::ApprovalRequired => (StatusCode::FORBIDDEN, "approval-required", "公文须经审签"),
            Self::NotApproved => (StatusCode::CONFLICT, "draft-not-approved", "草稿尚未签发"),
            Self::OtherContent => {
                (StatusCode::CONFLICT, "content-not-approved", "内容与签发的不一致")
            }
            Self::NumberUnclear => (StatusCode::UNPROCESSABLE_ENTITY, "number-unclear", "无法取号"),
            Self::NumberTaken => (StatusCode::CONFLICT, "number-taken", "顺序号已经使用"),
            Self::NumbersExhausted => {
                (StatusCode::CONFLICT, "numbers-exhausted", "没有可用的顺序号")
            }
            Self::NumberReserved => {
                (StatusCode::CONFLICT, "number-reserved", "发文字号已由草稿取用")
            }
        }
    }
}

fn changed(current: &CurrentVersion) -> String {
    let CurrentVersion { version, saved_by_name, .. } = current;
    format!(
        "{saved_by_name}已保存第{version}版，与您所见的不同。请先查看其修改，再决定保留哪些内容。"
    )
}

fn full(quota: Quota) -> String {
    match quota {
        Quota::OfCaller(most) => format!("您的草稿已有{most}份，请先删除不用的草稿。"),
        Quota::OfAgency(most) => format!("本机关的草稿已有{most}份，请先删除不用的草稿。"),
        Quota::Bytes(most) => {
            format!("本机关的草稿已占用{} GiB，请先删除不用的草稿。", most >> 30)
        }
    }
}
