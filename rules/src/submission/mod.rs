//! The JSON as posted, and its JSON Schema.

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

/// A filing as posted; only its shape has been checked.
///
/// Keys not listed are refused. An optional key may be absent or null. In running text `**…**` is
/// strong, `{total.self_score}` and `{total.max_points}` insert what the score sheet says, and
/// nothing else is markup.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "一份公文的内容。未列出的键一律不接受；可省略的键也可写null。正文中“**……**”为加粗，“{total.self_score}”“{total.max_points}”代入评分表的总分，此外没有其他标记。"
)]
pub struct Submission {
    /// 版头, 主体 and 版记 without the text.
    #[schemars(description = "公文要素：版头、主体、版记（不含正文）")]
    pub document: PostedDocument,
    /// 正文 before the scores, paragraph by paragraph.
    #[serde(default)]
    #[schemars(description = "评分之前的正文，一项一段")]
    pub opening: Option<Vec<String>>,
    /// 绩效评价自评: needed for a report of scores.
    #[serde(default)]
    #[schemars(description = "绩效评价自评得分；自评报告必填")]
    pub scores: Option<PostedScores>,
    /// 正文 of a document without scores: headings, paragraphs and tables.
    #[serde(default)]
    #[schemars(description = "没有评分的公文的正文：标题、段落、表格")]
    pub body: Option<Vec<PostedBlock>>,
    /// 正文 after the scores, paragraph by paragraph.
    #[serde(default)]
    #[schemars(description = "评分之后的正文，一项一段")]
    pub closing: Option<Vec<String>>,
}

/// 公文要素 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "公文要素")]
pub struct PostedDocument {
    /// 格式.
    #[schemars(description = "格式")]
    pub form: Form,
    /// 文种; must be the word the title ends with.
    #[serde(default)]
    #[schemars(description = "文种；须与标题末尾的文种一致")]
    pub document_kind: Option<DocumentKind>,
    /// 行文方向.
    #[schemars(description = "行文方向")]
    pub direction: Direction,
    /// 发文机关, the lead agency first.
    #[schemars(description = "发文机关，主办机关在前")]
    pub issuers: Vec<String>,
    /// 发文机关标志, where it is not the names of all 发文机关 with what the form puts behind them:
    /// 文件, 令 or 纪要, and nothing in a letter, which shows the lead agency's name alone.
    #[serde(default)]
    #[schemars(
        description = "发文机关标志；不写则为全部发文机关名称加“文件”“令”或“纪要”，信函仅为主办机关名称"
    )]
    pub issuer_mark: Option<PostedMark>,
    /// 发文字号; a command 令 prints its serial number alone.
    #[schemars(description = "发文字号；命令（令）只印顺序号")]
    pub document_number: PostedNumber,
    /// 签发人, one for each 发文机关 where the direction is upward.
    #[serde(default)]
    #[schemars(description = "签发人；上行文每个发文机关一名")]
    pub signatories: Option<Vec<String>>,
    /// 份号, 1 to 999999.
    #[serde(default)]
    #[schemars(description = "份号，1至999999")]
    pub copy_number: Option<i64>,
    /// 密级和保密期限.
    #[serde(default)]
    #[schemars(description = "密级和保密期限")]
    pub classification: Option<PostedClassification>,
    /// 紧急程度.
    #[serde(default)]
    #[schemars(description = "紧急程度")]
    pub urgency: Option<Urgency>,
    /// 标题, unbroken. A command 令 does not print it: it is the file's title.
    #[schemars(description = "标题，不分行；命令（令）不印标题")]
    pub title: String,
    /// 主送机关.
    #[serde(default)]
    #[schemars(description = "主送机关")]
    pub primary_recipients: Option<Vec<String>>,
    /// 附件.
    #[serde(default)]
    #[schemars(description = "附件")]
    pub attachments: Option<Vec<PostedAttachment>>,
    /// 发文机关署名.
    #[schemars(description = "发文机关署名")]
    pub sign_off: Vec<String>,
    /// How the document is signed; where nothing is said a command bears a signature stamp, minutes
    /// bear no seal, and every other form is sealed.
    #[serde(default)]
    #[schemars(description = "用印方式；不写则命令为签名章，纪要不用印，其余加盖印章")]
    pub seal: Option<Seal>,
    /// 职务 before each 签名章, one for each 署名 (B-16).
    #[serde(default)]
    #[schemars(description = "签名章前的职务，每个署名一项")]
    pub sign_off_positions: Option<Vec<String>>,
    /// 成文日期, `YYYY-MM-DD`.
    #[schemars(description = "成文日期，YYYY-MM-DD")]
    pub document_date: String,
    /// 附注, without its brackets.
    #[serde(default)]
    #[schemars(description = "附注，不带括号")]
    pub annotation: Option<String>,
    /// 出席, 请假 and 列席 of minutes.
    #[serde(default)]
    #[schemars(description = "纪要的出席、请假、列席")]
    pub attendance: Option<PostedAttendance>,
    /// 抄送机关.
    #[serde(default)]
    #[schemars(description = "抄送机关")]
    pub copy_recipients: Option<Vec<String>>,
    /// 发文机关's own subordinates, to whom nothing upward may be copied (条例 15).
    #[serde(default)]
    #[schemars(description = "发文机关的下级机关；上行文不得抄送下级机关（条例第十五条）")]
    pub subordinates: Option<Vec<String>>,
    /// The binding edge of the sheets (PG-15).
    #[serde(default)]
    #[schemars(description = "装订方式")]
    pub binding: Option<Binding>,
    /// 印发机关. A letter does not print it (GB/T 9704, 10.1): it stays in the filing's source.
    #[schemars(description = "印发机关；信函不印")]
    pub printing_office: String,
    /// 印发日期, `YYYY-MM-DD`. A letter does not print it either.
    #[schemars(description = "印发日期，YYYY-MM-DD；信函不印")]
    pub printing_date: String,
}

/// 发文字号 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "发文字号")]
pub struct PostedNumber {
    /// 机关代字.
    #[schemars(description = "机关代字")]
    pub agency_code: String,
    /// 年份, four digits.
    #[schemars(description = "年份，四位数字")]
    pub year: i64,
    /// 发文顺序号.
    #[schemars(description = "发文顺序号")]
    pub serial: i64,
}

/// 密级和保密期限 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "密级和保密期限")]
pub struct PostedClassification {
    /// 密级.
    #[schemars(description = "密级")]
    pub level: SecrecyLevel,
    /// 保密期限 in years, 1 to 30.
    #[serde(default)]
    #[schemars(description = "保密期限，1至30年")]
    pub years: Option<i64>,
}

/// An attachment as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "附件")]
pub struct PostedAttachment {
    /// 附件名称.
    #[schemars(description = "附件名称")]
    pub title: String,
    /// Which way the attachment's sides are turned; upright where nothing is said.
    #[serde(default)]
    #[schemars(description = "纸张方向；不写则为竖向")]
    pub orientation: Option<Orientation>,
    /// How the attachment is bound; with the text where nothing is said.
    #[serde(default)]
    #[schemars(description = "装订；不写则与正文一起装订")]
    pub binding: Option<AttachmentBinding>,
    /// The attachment's own headings, paragraphs and tables.
    #[serde(default)]
    #[schemars(description = "附件的标题、段落、表格")]
    pub body: Option<Vec<PostedBlock>>,
    /// True makes the attachment 绩效评价自评表 from the score sheet itself.
    #[serde(default)]
    #[schemars(description = "true表示由评分表生成绩效评价自评表")]
    pub score_table: Option<bool>,
    /// 项目支出绩效自评表.
    #[serde(default)]
    #[schemars(description = "项目支出绩效自评表")]
    pub project_table: Option<PostedProjectTable>,
}

/// 发文机关标志 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "发文机关标志")]
pub struct PostedMark {
    /// Whose names it shows; all 发文机关 where nothing is said.
    #[serde(default)]
    #[schemars(description = "所用的机关名称；不写则为全部发文机关")]
    pub issuers: Option<MarkIssuers>,
    /// A text of its own in place of the names, as a 纪要 has it.
    #[serde(default)]
    #[schemars(description = "以此文字代替机关名称，如纪要名称")]
    pub text: Option<String>,
    /// What stands behind the names; as the form has it where nothing is said.
    #[serde(default)]
    #[schemars(description = "机关名称之后的字样；不写则依格式而定")]
    pub suffix: Option<MarkSuffix>,
}

/// 出席, 请假 and 列席 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "出席、请假、列席")]
pub struct PostedAttendance {
    /// 出席.
    #[schemars(description = "出席")]
    pub present: Vec<String>,
    /// 请假.
    #[serde(default)]
    #[schemars(description = "请假")]
    pub absent: Option<Vec<String>>,
    /// 列席.
    #[serde(default)]
    #[schemars(description = "列席")]
    pub observers: Option<Vec<String>>,
}

/// A score sheet as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "评分表")]
pub struct PostedScores {
    /// 一级.
    #[schemars(description = "各部分")]
    pub sections: Vec<PostedSection>,
    /// 总分: compared with the sums, never believed.
    #[schemars(description = "总分；与合计核对，不一致即不接受")]
    pub total: PostedScore,
}

/// 分值 and 自评得分 as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "分值和自评得分")]
pub struct PostedScore {
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 自评得分.
    #[schemars(description = "自评得分")]
    pub self_score: PostedPoints,
}

/// A section as posted: it holds `groups` or `indicators`, not both.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "评分表的一个部分；groups与indicators二者居一")]
pub struct PostedSection {
    /// The heading without its number and points.
    #[schemars(description = "标题，不带序号和分值")]
    pub title: String,
    /// base 基本分, bonus 加分项, deduction 扣分项.
    #[schemars(description = "base为基本分，bonus为加分项，deduction为扣分项")]
    pub kind: SectionKind,
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 自评得分.
    #[schemars(description = "自评得分")]
    pub self_score: PostedPoints,
    /// （一）, （二） …
    #[serde(default)]
    #[schemars(description = "（一）（二）……各组")]
    pub groups: Option<Vec<PostedGroup>>,
    /// Indicators without groups between.
    #[serde(default)]
    #[schemars(description = "不分组的指标")]
    pub indicators: Option<Vec<PostedIndicator>>,
}

/// A group as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "一组指标")]
pub struct PostedGroup {
    /// The heading without its number and points.
    #[schemars(description = "标题，不带序号和分值")]
    pub title: String,
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 自评得分.
    #[schemars(description = "自评得分")]
    pub self_score: PostedPoints,
    /// 三级指标.
    #[schemars(description = "指标")]
    pub indicators: Vec<PostedIndicator>,
}

/// An indicator as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "指标")]
pub struct PostedIndicator {
    /// The heading without its number and points.
    #[schemars(description = "标题，不带序号和分值")]
    pub title: String,
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 自评得分.
    #[schemars(description = "自评得分")]
    pub self_score: PostedPoints,
    /// Parts whose points show inside the title.
    #[serde(default)]
    #[schemars(description = "指标的组成；其得分印在标题之中")]
    pub components: Option<Vec<PostedComponent>>,
    /// The account of the work, paragraph by paragraph.
    #[serde(default)]
    #[schemars(description = "工作情况，一项一段")]
    pub narrative: Option<Vec<String>>,
    /// 扣分原因.
    #[serde(default)]
    #[schemars(description = "扣分原因")]
    pub reason: Option<String>,
    /// 佐证材料.
    #[serde(default)]
    #[schemars(description = "佐证材料")]
    pub evidence: Option<Vec<String>>,
}

/// A component as posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "指标的组成")]
pub struct PostedComponent {
    /// The words of the indicator's title after which the points are printed.
    #[schemars(description = "标题中的字样，得分印在其后")]
    pub name: String,
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 自评得分.
    #[schemars(description = "自评得分")]
    pub self_score: PostedPoints,
}
