//! The JSON as posted: read whole or refused, and published as a JSON Schema.

pub mod posted_points;
pub mod cell;
pub mod block;
pub mod project;
mod canonical;
pub mod read;
pub mod shape;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::document::attachment::{AttachmentBinding, Orientation};
use crate::document::kind::DocumentKind;
use crate::document::masthead::{
    Binding, Direction, Form, MarkIssuers, MarkSuffix, SecrecyLevel, Urgency,
};
use crate::document::sign_off::Seal;
use crate::scoring::sheet::SectionKind;
use crate::submission::block::PostedBlock;
use crate::submission::posted_points::PostedPoints;
use crate::submission::project::PostedProjectTable;

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
    /// 正文 of a document without scores: headings, paragraphs and tables.
    #[serde(default)]
    pub body: Option<Vec<PostedBlock>>,
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
    /// 文种; must be the word the title ends with.
    #[serde(default)]
    pub document_kind: Option<DocumentKind>,
    /// 行文方向.
    pub direction: Direction,
    /// 发文机关, the lead agency first.
    pub issuers: Vec<String>,
    /// 发文机关标志, where it is not the names of all 发文机关 with what the form puts behind them:
    /// 文件, 令 or 纪要, and nothing in a letter, which shows the lead agency's name alone.
    #[serde(default)]
    pub issuer_mark: Option<PostedMark>,
    /// 发文字号; a command 令 prints its serial number alone.
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
    /// 标题, unbroken. A command 令 does not print it: it is the file's title.
    pub title: String,
    /// 主送机关.
    #[serde(default)]
    pub primary_recipients: Option<Vec<String>>,
    /// 附件.
    #[serde(default)]
    pub attachments: Option<Vec<PostedAttachment>>,
    /// 发文机关署名.
    pub sign_off: Vec<String>,
    /// How the document is signed; where nothing is said a command bears a signature stamp, minutes
    /// bear no seal, and every other form is sealed.
    #[serde(default)]
    pub seal: Option<Seal>,
    /// 职务 before each 签名章, one for each 署名 (B-16).
    #[serde(default)]
    pub sign_off_positions: Option<Vec<String>>,
    /// 成文日期, `YYYY-MM-DD`.
    pub document_date: String,
    /// 附注, without its brackets.
    #[serde(default)]
    pub annotation: Option<String>,
    /// 出席, 请假 and 列席 of minutes.
    #[serde(default)]
    pub attendance: Option<PostedAttendance>,
    /// 抄送机关.
    #[serde(default)]
    pub copy_recipients: Option<Vec<String>>,
    /// 发文机关's own subordinates, to whom nothing upward may be copied (条例 15).
    #[serde(default)]
    pub subordinates: Option<Vec<String>>,
    /// On which side the sheets are bound (PG-15).
    #[serde(default)]
    pub binding: Option<Binding>,
    /// 印发机关. A letter does not print it (GB/T 9704, 10.1): it stays in the filing's source.
    pub printing_office: String,
    /// 印发日期, `YYYY-MM-DD`. A letter does not print it either.
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
    /// Which way the attachment's sides are turned; upright where nothing is said.
    #[serde(default)]
    pub orientation: Option<Orientation>,
    /// How the attachment is bound; with the text where nothing is said.
    #[serde(default)]
    pub binding: Option<AttachmentBinding>,
    /// The attachment's own headings, paragraphs and tables.
    #[serde(default)]
    pub body: Option<Vec<PostedBlock>>,
    /// True makes the attachment 绩效评价自评表 from the score sheet itself.
    #[serde(default)]
    pub score_table: Option<bool>,
    /// 项目支出绩效自评表.
    #[serde(default)]
    pub project_table: Option<PostedProjectTable>,
}

/// 发文机关标志 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedMark {
    /// Whose names it shows; all 发文机关 where nothing is said.
    #[serde(default)]
    pub issuers: Option<MarkIssuers>,
    /// A text of its own in place of the names, as a 纪要 has it.
    #[serde(default)]
    pub text: Option<String>,
    /// What stands behind the names; as the form has it where nothing is said.
    #[serde(default)]
    pub suffix: Option<MarkSuffix>,
}

/// 出席, 请假 and 列席 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedAttendance {
    /// 出席.
    pub present: Vec<String>,
    /// 请假.
    #[serde(default)]
    pub absent: Option<Vec<String>>,
    /// 列席.
    #[serde(default)]
    pub observers: Option<Vec<String>>,
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
