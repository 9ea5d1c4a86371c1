//! Why a line became no filing: kept as JSON, in the words of the problem that the same filing
//! would have met if it had been posted by itself.

use serde::Serialize;

use crate::generate::{BODY_LIMIT, GenerateError, UnreadableJson};
use crate::validate::findings::violation::Findings;

/// Why a line became no filing.
#[derive(Debug)]
pub enum LineError {
    /// The line is not JSON.
    Unreadable(UnreadableJson),
    /// The rules refuse it.
    Refused(Findings),
    /// The caller may not file for its lead agency.
    NotYourAgency,
    /// A signed copy of other content is archived under its 发文字号.
    NumberSigned,
    /// The line is longer than a body may be.
    TooLong,
    /// The program failed to print it.
    Failed,
}

/// The members of a problem (RFC 9457), without those of a request.
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
    /// The state that a line of this error ends in: refused, or failed where it is not the
    /// client's to mend.
    pub fn state(&self) -> &'static str {
        if matches!(self, Self::Failed) { "failed" } else { "refused" }
    }

    /// The problem as JSON.
    pub fn json(&self) -> String {
        let (r#type, title) = match self {
            Self::Unreadable(_) => ("/problems/unreadable-json", "提交内容不是有效的JSON"),
            Self::Refused(_) => ("/problems/refused", "提交内容不符合规定"),
            Self::NotYourAgency => ("/problems/not-your-agency", "无权以该机关名义办理"),
            Self::NumberSigned => ("/problems/number-signed", "发文字号已有签署件"),
            Self::TooLong => ("/problems/body-too-long", "提交内容过大"),
            Self::Failed => ("/problems/internal", "服务器内部错误"),
        };
        let detail = match self {
            Self::Unreadable(at) => at.to_string(),
            Self::Refused(_) => "提交内容有不符合规定之处，请逐项更正后重新提交。".to_owned(),
            Self::NotYourAgency => "发文字号属于主办机关，只能由主办机关办理。".to_owned(),
            Self::NumberSigned => {
                "该发文字号的签署件已经归档，不能再以此字号提交其他内容。".to_owned()
            }
            Self::TooLong => format!("一行不得超过{} MiB。", BODY_LIMIT >> 20),
            Self::Failed => "公文未能生成，问题已记入日志，请告知管理员。".to_owned(),
        };
        let findings = match self {
            Self::Refused(findings) => Some(findings),
            _ => None,
        };
        // Strings and numbers alone always serialize.
        serde_json::to_string(&Members { r#type, title, detail, findings }).unwrap_or_default()
    }
}
