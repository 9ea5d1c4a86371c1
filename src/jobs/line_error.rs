//! Why a line did not become a filing, as JSON. It has the same texts as the problem that posting
//! the line alone would have caused.

use serde::Serialize;

use crate::archive::quota::QuotaUsed;
use crate::generate::{BODY_LIMIT, GenerateError, UnreadableJson};
use crate::submission::read::SyntaxCause;
use crate::validate::findings::violation::Findings;

/// Why a line did not become a filing.
#[derive(Debug)]
pub enum LineError {
    /// The line is not JSON.
    Unreadable(UnreadableJson),
    /// It breaks a rule.
    Refused(Findings),
    /// The caller may not post filings of its lead agency.
    NotYourAgency,
    /// A signed copy of other content is archived under its 发文字号.
    NumberSigned,
    /// Its 发文字号 is reserved for a draft.
    NumberReserved,
    /// The agency or the caller has stored as much as it may.
    QuotaUsed(QuotaUsed),
    /// The files of a filing with its 发文字号 are destroyed.
    NumberDestroyed,
    /// The line is longer than `BODY_LIMIT`.
    TooLong,
    /// It could not be generated, because of a bug.
    Failed,
    /// Why is not known any more.
    Cleared,
}

/// The members of a problem (RFC 9457), without those about the request.
#[derive(Serialize)]
struct Members<'a> {
    r#type: &'static str,
    title: &'static str,
    detail: String,
    #[serde(flatten)]
    findings: Option<&'a Findings>,
}

impl From<GenerateError> for LineError {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Unreadable(unreadable) => Self::Unreadable(unreadable),
            GenerateError::Refused(findings) => Self::Refused(findings),
            GenerateError::Render(_) => Self::Failed,
        }
    }
}

impl LineError {
    /// The state of a line with this error: `failed` if only maintainers can correct it, otherwise
    /// `refused`.
    pub fn state(&self) -> &'static str {
        if matches!(self, Self::Failed) { "failed" } else { "refused" }
    }

    /// Whether the body can be read, so that it can be mended.
    pub(crate) fn can_be_mended(&self) -> bool {
        !matches!(self, Self::Unreadable(_) | Self::TooLong | Self::Cleared)
    }

    /// The problem as JSON.
    pub fn json(&self) -> String {
        let (r#type, title) = match self {
            Self::Unreadable(UnreadableJson { cause: SyntaxCause::TooComplex(_), .. }) => {
                ("/problems/too-complex", "提交内容过于复杂")
            }
            Self::Unreadable(_) => ("/problems/unreadable-json", "提交内容不是有效的JSON"),
            Self::Refused(_) => ("/problems/refused", "提交内容不符合规定"),
            Self::NotYourAgency => ("/problems/not-your-agency", "无权以该机关名义办理"),
            Self::NumberSigned => ("/problems/number-signed", "发文字号已有签署件"),
            Self::NumberReserved => ("/problems/number-reserved", "发文字号已由草稿取用"),
            Self::QuotaUsed(_) => ("/problems/quota-used", "保存的公文已达上限"),
            Self::NumberDestroyed => ("/problems/number-destroyed", "该发文字号的公文已经销毁"),
            Self::TooLong => ("/problems/body-too-long", "提交内容过大"),
            Self::Failed => ("/problems/internal", "服务器内部错误"),
            Self::Cleared => ("/problems/cleared", "原因已清除"),
        };
        let detail = match self {
            Self::Unreadable(at) => at.to_string(),
            Self::Refused(_) => "提交内容有不符合规定之处，请逐项更正后重新提交。".to_owned(),
            Self::NotYourAgency => "发文字号属于主办机关，只能由主办机关办理。".to_owned(),
            Self::NumberSigned => {
                "该发文字号的签署件已经归档，不能再以此字号提交其他内容。".to_owned()
            }
            Self::NumberReserved => {
                "该发文字号已由一份草稿取用，请换用其他字号，或先释放该草稿的字号。".to_owned()
            }
            Self::QuotaUsed(quota) => quota.to_string(),
            Self::NumberDestroyed => {
                "该发文字号的公文已按规定销毁，不能再以此字号提交。".to_owned()
            }
            Self::TooLong => format!("一行不得超过{} MiB。", BODY_LIMIT >> 20),
            Self::Failed => "公文未能生成，问题已记入日志，请告知管理员。".to_owned(),
            Self::Cleared => "未生成的原因引用了提交的文字，已按要求清除。".to_owned(),
        };
        let findings = match self {
            Self::Refused(findings) => Some(findings),
            _ => None,
        };
        // Strings and numbers always serialize.
        serde_json::to_string(&Members { r#type, title, detail, findings }).unwrap_or_default()
    }
}
