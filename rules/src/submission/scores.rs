//! The score sheet as posted: sections, groups, indicators and their items, with the points of each.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scoring::not_applicable::NotApplicableRule;
use crate::scoring::sheet::{PointsPlace, SectionKind, SheetPlace};
use crate::scoring::wording::{MaxPointsWord, PointsUnit, ScoreWord};
use crate::submission::posted_points::PostedPoints;

/// The score sheet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "评分表")]
pub struct PostedScores {
    /// The sections.
    #[schemars(description = "各部分")]
    pub sections: Vec<PostedSection>,
    /// The total (总分); refused if it differs from the sums.
    #[schemars(description = "总分；与合计核对，不一致即不接受")]
    pub total: PostedScore,
    /// Where the scores are printed; `text` by default.
    #[serde(default)]
    #[schemars(description = "得分印在何处；不写则印在正文")]
    pub placement: Option<SheetPlace>,
    /// How the text words the points. By default groups print 分值 before their maximum points.
    #[serde(default)]
    #[schemars(description = "得分的措辞；不写则只在类的分值之前印“分值”")]
    pub wording: Option<PostedWording>,
    /// `true` prints the first paragraph of `narrative` on the line of its heading, in one paragraph.
    #[serde(default)]
    #[schemars(description = "true表示工作情况的第一段接在标题之后，同为一段")]
    pub run_in: Option<bool>,
    /// Where the points of an entry without parts are printed; after its heading by default.
    #[serde(default)]
    #[schemars(description = "下面没有分项的，得分写在何处；不写则接在标题之后")]
    pub points_place: Option<PointsPlace>,
    /// How the sums treat entries that do not apply (不涉及). Required if there are any.
    #[serde(default)]
    #[schemars(description = "“不涉及”的项目如何计入合计；有“不涉及”时必填")]
    pub not_applicable: Option<NotApplicableRule>,
    /// The grades (等次) and the total that each begins at.
    #[serde(default)]
    #[schemars(description = "等次和各等次的起点分")]
    pub grades: Option<Vec<PostedGrade>>,
}

/// Maximum points and self score.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "分值和自评得分")]
pub struct PostedScore {
    /// The maximum points (分值).
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// The self score (自评得分).
    #[schemars(description = "自评得分")]
    pub self_score: PostedPoints,
}

/// How the text words the points, the same for every level. The self score is always printed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "得分的措辞，各层一致；满分时也印自评得分")]
pub struct PostedWording {
    /// The word before the maximum points; `none` by default.
    #[serde(default)]
    #[schemars(description = "分值之前的字样；不写则不印")]
    pub max_points: Option<MaxPointsWord>,
    /// The word before the self score. By default the one of 自评得分 and 自查得分 that the text uses first,
    /// otherwise 自评得分.
    #[serde(default)]
    #[schemars(
        description = "自评得分之前的字样；不写则用正文中先出现的“自评得分”或“自查得分”，都没有的为“自评得分”"
    )]
    pub self_score: Option<ScoreWord>,
    /// The unit of the points; `分` by default.
    #[serde(default)]
    #[schemars(description = "单位；不写则为“分”")]
    pub unit: Option<PointsUnit>,
}

/// A grade (等次).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "等次")]
pub struct PostedGrade {
    /// The name of the grade, such as 优.
    #[schemars(description = "等次名称，如“优”")]
    pub name: String,
    /// The lowest total of the grade.
    #[schemars(description = "该等次的最低总分")]
    pub at_least: PostedPoints,
}

/// A section of the score sheet. It has `groups`, `indicators` or neither.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "评分表的一个部分；groups与indicators至多写一种")]
pub struct PostedSection {
    /// The heading without its number and points.
    #[schemars(description = "标题，不带序号和分值")]
    pub title: String,
    /// `base` (基本分), `bonus` (加分项) or `deduction` (扣分项).
    #[schemars(description = "base为基本分，bonus为加分项，deduction为扣分项")]
    pub kind: SectionKind,
    /// The maximum points (分值), negative for a deduction. An entry has both numbers or neither; without them it is a heading, and
    /// the entries below it count towards the entry above.
    #[serde(default)]
    #[schemars(description = "分值；与自评得分都写或都不写，不写则只是标题，下面各项计入上一层")]
    pub max_points: Option<PostedPoints>,
    /// The self score (自评得分), or `不涉及` if the entry does not apply.
    #[serde(default)]
    #[schemars(description = "自评得分；不适用的写“不涉及”")]
    pub self_score: Option<PostedPoints>,
    /// `true` prints ★ before the heading.
    #[serde(default)]
    #[schemars(description = "true表示标题前加★")]
    pub starred: Option<bool>,
    /// A description of the work, one entry per paragraph.
    #[serde(default)]
    #[schemars(description = "工作情况，一项一段")]
    pub narrative: Option<Vec<String>>,
    /// The reason for lost points (扣分原因); printed in the attached score table only. Only an entry
    /// without parts has one.
    #[serde(default)]
    #[schemars(description = "扣分原因；只印在附件的自评表里，下面没有分项的才写")]
    pub reason: Option<String>,
    /// The supporting documents (佐证材料); printed in the attached score table only. Only an entry
    /// without parts has them.
    #[serde(default)]
    #[schemars(description = "佐证材料；只印在附件的自评表里，下面没有分项的才写")]
    pub evidence: Option<Vec<String>>,
    /// The groups, numbered （一）, （二） and so on.
    #[serde(default)]
    #[schemars(description = "（一）（二）……各组")]
    pub groups: Option<Vec<PostedGroup>>,
    /// The indicators of a section without groups.
    #[serde(default)]
    #[schemars(description = "不分组的指标")]
    pub indicators: Option<Vec<PostedIndicator>>,
}

/// A group of indicators.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "一组指标")]
pub struct PostedGroup {
    /// The heading without its number and points.
    #[schemars(description = "标题，不带序号和分值")]
    pub title: String,
    /// The maximum points (分值). An entry has both numbers or neither; without them it is a heading, and
    /// the entries below it count towards the entry above.
    #[serde(default)]
    #[schemars(description = "分值；与自评得分都写或都不写，不写则只是标题，下面各项计入上一层")]
    pub max_points: Option<PostedPoints>,
    /// The self score (自评得分), or `不涉及` if the entry does not apply.
    #[serde(default)]
    #[schemars(description = "自评得分；不适用的写“不涉及”")]
    pub self_score: Option<PostedPoints>,
    /// `true` prints ★ before the heading.
    #[serde(default)]
    #[schemars(description = "true表示标题前加★")]
    pub starred: Option<bool>,
    /// A description of the work, one entry per paragraph.
    #[serde(default)]
    #[schemars(description = "工作情况，一项一段")]
    pub narrative: Option<Vec<String>>,
    /// The reason for lost points (扣分原因); printed in the attached score table only. Only an entry
    /// without parts has one.
    #[serde(default)]
    #[schemars(description = "扣分原因；只印在附件的自评表里，下面没有分项的才写")]
    pub reason: Option<String>,
    /// The supporting documents (佐证材料); printed in the attached score table only. Only an entry
    /// without parts has them.
    #[serde(default)]
    #[schemars(description = "佐证材料；只印在附件的自评表里，下面没有分项的才写")]
    pub evidence: Option<Vec<String>>,
    /// The indicators.
    #[serde(default)]
    #[schemars(description = "指标")]
    pub indicators: Option<Vec<PostedIndicator>>,
}

/// An indicator.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "指标")]
pub struct PostedIndicator {
    /// The heading without its number and points. Without it the first paragraph of `narrative` has the
    /// number, and the points follow the last one.
    #[serde(default)]
    #[schemars(
        description = "标题，不带序号和分值；不写则序号印在工作情况第一段之前，得分印在末段之后"
    )]
    pub title: Option<String>,
    /// The maximum points (分值). An entry has both numbers or neither; without them it is a heading, and
    /// the entries below it count towards the entry above.
    #[serde(default)]
    #[schemars(description = "分值；与自评得分都写或都不写，不写则只是标题，下面各项计入上一层")]
    pub max_points: Option<PostedPoints>,
    /// The self score (自评得分), or `不涉及` if the entry does not apply.
    #[serde(default)]
    #[schemars(description = "自评得分；不适用的写“不涉及”")]
    pub self_score: Option<PostedPoints>,
    /// The components, whose points are printed inside the title.
    #[serde(default)]
    #[schemars(description = "指标的组成；其得分印在标题之中")]
    pub components: Option<Vec<PostedComponent>>,
    /// `true` prints ★ before the heading.
    #[serde(default)]
    #[schemars(description = "true表示标题前加★")]
    pub starred: Option<bool>,
    /// A description of the work, one entry per paragraph.
    #[serde(default)]
    #[schemars(description = "工作情况，一项一段")]
    pub narrative: Option<Vec<String>>,
    /// The reason for lost points (扣分原因); printed in the attached score table only. Only an entry
    /// without parts has one.
    #[serde(default)]
    #[schemars(description = "扣分原因；只印在附件的自评表里，下面没有分项的才写")]
    pub reason: Option<String>,
    /// The supporting documents (佐证材料); printed in the attached score table only. Only an entry
    /// without parts has them.
    #[serde(default)]
    #[schemars(description = "佐证材料；只印在附件的自评表里，下面没有分项的才写")]
    pub evidence: Option<Vec<String>>,
    /// The items of the indicator, numbered （1）, （2） and so on.
    #[serde(default)]
    #[schemars(description = "（1）（2）……各分项")]
    pub items: Option<Vec<PostedItem>>,
}

/// An item of an indicator, the fourth level of the sheet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "指标的分项，评分表的第四层")]
pub struct PostedItem {
    /// The heading without its number and points. Without it the first paragraph of `narrative` has the
    /// number, and the points follow the last one.
    #[serde(default)]
    #[schemars(
        description = "标题，不带序号和分值；不写则序号印在工作情况第一段之前，得分印在末段之后"
    )]
    pub title: Option<String>,
    /// The maximum points (分值). An entry has both numbers or neither; without them it is a heading, and
    /// the entries below it count towards the entry above.
    #[serde(default)]
    #[schemars(description = "分值；与自评得分都写或都不写，不写则只是标题，下面各项计入上一层")]
    pub max_points: Option<PostedPoints>,
    /// The self score (自评得分), or `不涉及` if the entry does not apply.
    #[serde(default)]
    #[schemars(description = "自评得分；不适用的写“不涉及”")]
    pub self_score: Option<PostedPoints>,
    /// `true` prints ★ before the heading.
    #[serde(default)]
    #[schemars(description = "true表示标题前加★")]
    pub starred: Option<bool>,
    /// A description of the work, one entry per paragraph.
    #[serde(default)]
    #[schemars(description = "工作情况，一项一段")]
    pub narrative: Option<Vec<String>>,
    /// The reason for lost points (扣分原因); printed in the attached score table only. Only an entry
    /// without parts has one.
    #[serde(default)]
    #[schemars(description = "扣分原因；只印在附件的自评表里，下面没有分项的才写")]
    pub reason: Option<String>,
    /// The supporting documents (佐证材料); printed in the attached score table only. Only an entry
    /// without parts has them.
    #[serde(default)]
    #[schemars(description = "佐证材料；只印在附件的自评表里，下面没有分项的才写")]
    pub evidence: Option<Vec<String>>,
}

/// A component of an indicator.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "指标的组成")]
pub struct PostedComponent {
    /// The words in the title of the indicator after which the points are printed.
    #[schemars(description = "标题中的字样，得分印在其后")]
    pub name: String,
    /// The maximum points (分值).
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// The self score (自评得分).
    #[schemars(description = "自评得分")]
    pub self_score: PostedPoints,
}
