//! The small JSON bodies of requests about drafts.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::generate::GenerateError;
use crate::http::problem::Problem;
use crate::http::problem::draft::DraftProblem;
use crate::http::request::bodies::HeldBody;
use crate::submission::read::json_text;

/// The longest remark, in characters.
pub(crate) const LONGEST_REMARK: usize = 500;

/// The number that is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NumberWanted", description = "要取的发文字号；各项均可省略")]
pub struct NumberMembers {
    #[schemars(description = "机关代字；省略时用草稿所填的")]
    pub(crate) agency_code: Option<String>,
    #[schemars(description = "年份；省略时用草稿所填的")]
    pub(crate) year: Option<i64>,
    #[schemars(description = "发文顺序号，如补用空号；省略时取下一个可用的")]
    pub(crate) serial: Option<i64>,
}

/// A step of 审签.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "StepWanted", description = "审签的一步")]
pub struct StepMembers {
    #[schemars(
        description = "send送审、withdraw撤回、return退回、agree审核同意、approve签发",
        extend("enum" = ["send", "withdraw", "return", "agree", "approve"])
    )]
    pub(crate) step: String,
    #[schemars(description = "所看到的版本；不是现在的版本时回复412")]
    pub(crate) version: i64,
    #[serde(default)]
    #[schemars(description = "意见，不超过500字")]
    pub(crate) remark: String,
}

/// From where the numbers of a 机关代字 are given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SequenceSetting", description = "某机关代字在某年度的编号办法")]
pub struct SequenceMembers {
    #[schemars(description = "主办机关的全称")]
    pub(crate) agency: String,
    #[schemars(description = "机关代字")]
    pub(crate) agency_code: String,
    #[schemars(description = "年份")]
    pub(crate) year: i64,
    #[schemars(description = "自此号起取号，已用的跳过")]
    pub(crate) start: i64,
    #[serde(default = "one")]
    #[schemars(description = "此号之前的不算空号，默认1")]
    pub(crate) first: i64,
}

fn one() -> i64 {
    1
}

/// Reads a body.
///
/// # Errors
/// Returns `Problem::Unreadable` if it is not JSON, and `DraftProblem::Members` with the sentence if it
/// has other members.
pub(crate) fn members<T: DeserializeOwned>(
    body: &HeldBody,
    sentence: &'static str,
) -> Result<T, Problem> {
    let text = json_text(body).map_err(GenerateError::from)?;
    serde_json::from_str(text).map_err(|_| DraftProblem::Members(sentence).into())
}
