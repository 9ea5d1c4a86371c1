//! The bodies of requests on retention, holds and disposals.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::archive::access::caller::Caller;
use crate::archive::retention::class::RetentionClass;
use crate::http::problem::Problem;
use crate::http::problem::filing::FilingProblem;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 500;

/// The most filings of a hold or a disposal.
const MOST_FILINGS: usize = 1000;

/// The retention of a filing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "公文的保管期限")]
pub struct NewRetention {
    /// The class.
    #[schemars(description = "保管期限")]
    pub class: RetentionClass,
    /// The rule that says so.
    #[schemars(description = "依据，如保管期限表的条目")]
    pub basis: String,
}

/// A hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "暂停销毁")]
pub struct NewHold {
    /// The matter.
    #[schemars(description = "事由，如诉讼、审计")]
    pub matter: String,
    /// The order that it rests on.
    #[schemars(description = "依据，如来文的文号")]
    pub basis: String,
    /// The ids of the filings.
    #[schemars(description = "公文的编号，1至1000件")]
    pub filings: Vec<String>,
}

/// A disposal.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "销毁的提请")]
pub struct NewDisposal {
    /// 鉴定意见.
    #[schemars(description = "鉴定意见")]
    pub appraisal: String,
    /// The filings.
    #[schemars(description = "逐件的处置，1至1000件")]
    pub filings: Vec<NewDisposalItem>,
}

/// What happens to a filing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "一件公文的处置")]
pub struct NewDisposalItem {
    /// The id of the filing.
    #[schemars(description = "公文的编号")]
    pub filing: String,
    /// What happens to it.
    #[schemars(description = "处置")]
    pub decision: NewDecision,
    /// The last year in which it is kept.
    #[serde(default)]
    #[schemars(description = "续存到哪一年，只用于续存；不给出或为null是永久")]
    pub last_year: Option<i64>,
}

/// What happens to a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "处置：destroy销毁、keep续存")]
pub enum NewDecision {
    /// 销毁.
    #[serde(rename = "destroy")]
    Destroy,
    /// 续存.
    #[serde(rename = "keep")]
    Keep,
}

/// A decision on a disposal.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "审批")]
pub struct NewApproval {
    /// Whether it is approved.
    #[schemars(description = "true为批准，false为不批准")]
    pub approved: bool,
}

/// Refuses a text that is empty, too long or has control characters.
pub(crate) fn check_text(name: &str, text: &str) -> Result<(), Problem> {
    let is_text = !text.trim().is_empty()
        && text.chars().count() <= LONGEST_TEXT
        && !text.chars().any(char::is_control);
    if is_text {
        return Ok(());
    }
    let sentence = format!("{name}应为1至{LONGEST_TEXT}字，且没有控制字符。");
    Err(Problem::InvalidBody(sentence))
}

/// Refuses too few or too many filings.
pub(crate) fn check_count(count: usize) -> Result<(), Problem> {
    if (1..=MOST_FILINGS).contains(&count) {
        return Ok(());
    }
    Err(Problem::InvalidBody(format!("公文应为1至{MOST_FILINGS}件。")))
}

/// Refuses a caller who belongs to one agency, because holds and disposals may cover all.
pub(crate) fn check_unbound(caller: &Caller) -> Result<(), Problem> {
    match caller.agency {
        None => Ok(()),
        Some(_) => Err(FilingProblem::NotYours.into()),
    }
}
