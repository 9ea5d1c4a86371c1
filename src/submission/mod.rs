//! The JSON as posted: read whole or refused, and published as a JSON Schema.

pub mod posted_points;
pub mod read;
pub mod shape;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::document::masthead::{Direction, Form, SecrecyLevel, Urgency};
use crate::scoring::sheet::SectionKind;
use crate::submission::posted_points::PostedPoints;

/// A filing as a client posts it: nothing in it is checked beyond its shape.
///
/// Keys not listed are refused. An optional key may be absent or null. In running text `**…**` is
/// strong, `{total.self_score}` and `{total.max_points}` insert what the score sheet says, and
/// nothing else is markup.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// 版头, 主体 and 版记 without the text.
    pub document: PostedDocument,
    /// 正文 before the scores, paragraph by paragraph.
    #[serde(default)]
    pub opening: Option<Vec<String>>,
    /// 绩效评价自评: needed for a report of scores.
    #[serde(default)]
    pub scores: Option<PostedScores>,
    /// 正文 after the scores, paragraph by paragraph.
    #[serde(default)]
    pub closing: Option<Vec<String>>,
}

/// 公文要素 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedDocument {
    /// 格式.
    pub form: Form,
    /// 行文方向.
    pub direction: Direction,
    /// 发文机关, the lead agency first.
    pub issuers: Vec<String>,
    /// 发文字号.
    pub document_number: PostedNumber,
    /// 签发人, one for each 发文机关 where the direction is upward.
    #[serde(default)]
    pub signatories: Option<Vec<String>>,
    /// 份号, 1 to 999999.
    #[serde(default)]
    pub copy_number: Option<i64>,
    /// 密级和保密期限.
    #[serde(default)]
    pub classification: Option<PostedClassification>,
    /// 紧急程度.
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// 标题, unbroken.
    pub title: String,
    /// 主送机关.
    #[serde(default)]
    pub primary_recipients: Option<Vec<String>>,
    /// 附件.
    #[serde(default)]
    pub attachments: Option<Vec<PostedAttachment>>,
    /// 发文机关署名.
    pub sign_off: Vec<String>,
    /// 成文日期, `YYYY-MM-DD`.
    pub document_date: String,
    /// 附注, without its brackets.
    #[serde(default)]
    pub annotation: Option<String>,
    /// 抄送机关.
    #[serde(default)]
    pub copy_recipients: Option<Vec<String>>,
    /// 印发机关.
    pub printing_office: String,
    /// 印发日期, `YYYY-MM-DD`.
    pub printing_date: String,
}

/// 发文字号 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedNumber {
    /// 机关代字.
    pub agency_code: String,
    /// 年份, four digits.
    pub year: i64,
    /// 发文顺序号.
    pub serial: i64,
}

/// 密级和保密期限 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedClassification {
    /// 密级.
    pub level: SecrecyLevel,
    /// 保密期限 in years, 1 to 30.
    #[serde(default)]
    pub years: Option<i64>,
}

/// An attachment as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedAttachment {
    /// 附件名称.
    pub title: String,
}

/// A score sheet as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedScores {
    /// 一级.
    pub sections: Vec<PostedSection>,
    /// 总分: compared with the sums, never believed.
    pub total: PostedScore,
}

/// 分值 and 自评得分 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedScore {
    /// 分值.
    pub max_points: PostedPoints,
    /// 自评得分.
    pub self_score: PostedPoints,
}

/// A section as posted: it holds `groups` or `indicators`, not both.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedSection {
    /// The heading without its number and points.
    pub title: String,
    /// base 基本分, bonus 加分项, deduction 扣分项.
    pub kind: SectionKind,
    /// 分值.
    pub max_points: PostedPoints,
    /// 自评得分.
    pub self_score: PostedPoints,
    /// （一）, （二） …
    #[serde(default)]
    pub groups: Option<Vec<PostedGroup>>,
    /// Indicators without groups between.
    #[serde(default)]
    pub indicators: Option<Vec<PostedIndicator>>,
}

/// A group as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedGroup {
    /// The heading without its number and points.
    pub title: String,
    /// 分值.
    pub max_points: PostedPoints,
    /// 自评得分.
    pub self_score: PostedPoints,
    /// 三级指标.
    pub indicators: Vec<PostedIndicator>,
}

/// An indicator as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedIndicator {
    /// The heading without its number and points.
    pub title: String,
    /// 分值.
    pub max_points: PostedPoints,
    /// 自评得分.
    pub self_score: PostedPoints,
    /// Parts whose points show inside the title.
    #[serde(default)]
    pub components: Option<Vec<PostedComponent>>,
    /// The account of the work, paragraph by paragraph.
    #[serde(default)]
    pub narrative: Option<Vec<String>>,
    /// 扣分原因.
    #[serde(default)]
    pub reason: Option<String>,
    /// 佐证材料.
    #[serde(default)]
    pub evidence: Option<Vec<String>>,
}

/// A component as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedComponent {
    /// The words of the indicator's title that the points stand behind.
    pub name: String,
    /// 分值.
    pub max_points: PostedPoints,
    /// 自评得分.
    pub self_score: PostedPoints,
}
