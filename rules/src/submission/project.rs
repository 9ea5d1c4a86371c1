//! 项目支出绩效自评表 as posted: funds, goals and indicators of one project.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scoring::amount::AmountUnit;
use crate::submission::posted_points::{PostedAmount, PostedPoints};

/// The self-evaluation table of a project (项目支出绩效自评表).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "项目支出绩效自评表")]
pub struct PostedProjectTable {
    /// The name of the project (项目名称).
    #[schemars(description = "项目名称")]
    pub project_name: String,
    /// The department in charge (主管部门).
    #[schemars(description = "主管部门")]
    pub department: String,
    /// The implementing unit (实施单位).
    #[schemars(description = "实施单位")]
    pub implementing_unit: String,
    /// Further entries of the head, such as 项目编码, 项目负责人 and 联系电话: pairs of a label and a
    /// text, two pairs a row.
    #[serde(default)]
    #[schemars(
        description = "表头的其他事项，如项目编码、项目负责人、联系电话；每项写成[名目，内容]，两项一行"
    )]
    pub details: Option<Vec<Vec<String>>>,
    /// The unit of all amounts; 万元 by default.
    #[serde(default)]
    #[schemars(description = "金额的单位；不写则为万元")]
    pub unit: Option<AmountUnit>,
    /// The number of decimals with which amounts are printed. By default they are printed as they
    /// are, without zeros at the end.
    #[serde(default)]
    #[schemars(description = "金额印出的小数位数；不写则照原数印，末尾的0不印")]
    pub decimals: Option<i64>,
    /// The funds (项目资金), the annual total first.
    #[schemars(description = "项目资金，年度资金总额在前")]
    pub funds: Vec<PostedFund>,
    /// The points for the execution rate of the budget (预算执行率), usually 10.
    #[schemars(description = "预算执行率的分值和得分，一般为10分")]
    pub execution: PostedExecution,
    /// The goal of the year (年度总体目标).
    #[schemars(description = "年度总体目标")]
    pub goal: PostedGoal,
    /// Whether 分值 is printed before 年度指标值; after 实际完成值 by default.
    #[serde(default)]
    #[schemars(description = "分值一列是否在年度指标值之前；不写则在实际完成值之后")]
    pub points_before_target: Option<bool>,
    /// Whether the table has a column 偏差原因分析及改进措施; it has one by default.
    #[serde(default)]
    #[schemars(description = "是否有偏差原因分析及改进措施一列；不写则有")]
    pub reason_column: Option<bool>,
    /// The indicators of output, benefit and satisfaction (产出指标, 效益指标, 满意度指标).
    #[schemars(description = "产出指标、效益指标、满意度指标")]
    pub indicators: Vec<PostedProjectIndicator>,
    /// The total (总分); refused if it differs from the sums.
    #[schemars(description = "总分；与合计核对，不一致即不接受")]
    pub total: PostedProjectScore,
    /// Notes (注), printed below the table.
    #[serde(default)]
    #[schemars(description = "注，印在表格之下，一项一条")]
    pub notes: Option<Vec<String>>,
}

/// A line of the funds (项目资金). The first is the total, the others are parts of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "一项资金；第一项是总额，其余是其中各项")]
pub struct PostedFund {
    /// The name, such as 年度资金总额, 其中：当年财政拨款, 上年结转资金 or 其他资金.
    #[schemars(description = "名称，如年度资金总额，其中：当年财政拨款、上年结转资金、其他资金")]
    pub name: String,
    /// 1 for a part of the total, 2 for a part of the nearest line of level 1 above it. Not for the
    /// first line; 1 by default.
    #[serde(default)]
    #[schemars(description = "1是总额的其中项，2是上面1级项的其中项；首项不写，不写则为1")]
    pub level: Option<i64>,
    /// The budget at the start of the year (年初预算数). Set it for all lines or for none; without it
    /// the table has no such column.
    #[serde(default)]
    #[schemars(description = "年初预算数；各项都写或都不写，不写则没有这一列")]
    pub initial_budget: Option<PostedAmount>,
    /// The budget of the whole year (全年预算数, A).
    #[schemars(description = "全年预算数（A）")]
    pub budget: PostedAmount,
    /// The amount spent in the year (全年执行数, B).
    #[schemars(description = "全年执行数（B）")]
    pub executed: PostedAmount,
    /// The maximum points (分值) of a part; those of the total are in `execution`.
    #[serde(default)]
    #[schemars(description = "其中项的分值；总额的写在execution中")]
    pub max_points: Option<PostedPoints>,
    /// The score (得分) of a part; that of the total is in `execution`.
    #[serde(default)]
    #[schemars(description = "其中项的得分；总额的写在execution中")]
    pub self_score: Option<PostedPoints>,
}

/// The points for the execution rate (B/A); the rate is calculated.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "执行率（B/A）的分值和得分；执行率自动算出")]
pub struct PostedExecution {
    /// The maximum points (分值).
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// The score (得分).
    #[schemars(description = "得分")]
    pub self_score: PostedPoints,
}

/// The expected goal and the actual result.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "年初目标和完成情况")]
pub struct PostedGoal {
    /// The expected goal (预期目标).
    #[schemars(description = "预期目标")]
    pub expected: String,
    /// The actual result (实际完成情况).
    #[schemars(description = "实际完成情况")]
    pub actual: String,
}

/// An indicator of a project (绩效指标). A row of the form that stays empty has an empty `title`, `target` and
/// `actual`, and `""` or 0 as points; its points are not printed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "一项绩效指标；表上空着的行，三级指标、指标值、完成值写空文字，分值和得分写空文字或0，不印分数"
)]
pub struct PostedProjectIndicator {
    /// The first level (一级指标); adjacent equal values are merged into one cell.
    #[schemars(description = "一级指标；相邻相同者合并")]
    pub first_level: String,
    /// The second level (二级指标); adjacent equal values are merged into one cell.
    #[schemars(description = "二级指标；相邻相同者合并")]
    pub second_level: String,
    /// The indicator (三级指标).
    #[schemars(description = "三级指标")]
    pub title: String,
    /// The target of the year (年度指标值).
    #[schemars(description = "年度指标值")]
    pub target: String,
    /// The actual value (实际完成值).
    #[schemars(description = "实际完成值")]
    pub actual: String,
    /// The maximum points (分值).
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// The score (得分).
    #[schemars(description = "得分")]
    pub self_score: PostedPoints,
    /// The reason for a deviation and the improvements (偏差原因分析及改进措施).
    #[serde(default)]
    #[schemars(description = "偏差原因分析及改进措施")]
    pub reason: Option<String>,
}

/// The total (总分).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "总分")]
pub struct PostedProjectScore {
    /// The maximum points (分值).
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// The score (得分).
    #[schemars(description = "得分")]
    pub self_score: PostedPoints,
}
