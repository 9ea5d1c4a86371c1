//! 项目支出绩效自评表 as posted: funds, goals and indicators of one project.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::submission::posted_points::PostedPoints;

/// The self-evaluation table of a project's spending.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "项目支出绩效自评表")]
pub struct PostedProjectTable {
    /// 项目名称.
    #[schemars(description = "项目名称")]
    pub project_name: String,
    /// 主管部门.
    #[schemars(description = "主管部门")]
    pub department: String,
    /// 实施单位.
    #[schemars(description = "实施单位")]
    pub implementing_unit: String,
    /// 项目资金, 年度资金总额 first.
    #[schemars(description = "项目资金，年度资金总额在前")]
    pub funds: Vec<PostedFund>,
    /// 预算执行率 as an indicator of its own, as a rule 10 points.
    #[schemars(description = "预算执行率的分值和得分，一般为10分")]
    pub execution: PostedExecution,
    /// 年度总体目标.
    #[schemars(description = "年度总体目标")]
    pub goal: PostedGoal,
    /// 产出指标, 效益指标, 满意度指标.
    #[schemars(description = "产出指标、效益指标、满意度指标")]
    pub indicators: Vec<PostedProjectIndicator>,
    /// 总分: compared with the sums, never believed.
    #[schemars(description = "总分；与合计核对，不一致即不接受")]
    pub total: PostedProjectScore,
}

/// A line of 项目资金, in 万元 with at most two decimals.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "一项资金，单位为万元，至多两位小数")]
pub struct PostedFund {
    /// 年度资金总额, 其中：当年财政拨款, 上年结转资金, 其他资金.
    #[schemars(description = "年度资金总额，其中：当年财政拨款、上年结转资金、其他资金")]
    pub name: String,
    /// 年初预算数.
    #[schemars(description = "年初预算数")]
    pub initial_budget: PostedPoints,
    /// 全年预算数 (A).
    #[schemars(description = "全年预算数（A）")]
    pub budget: PostedPoints,
    /// 全年执行数 (B).
    #[schemars(description = "全年执行数（B）")]
    pub executed: PostedPoints,
}

/// Points for 执行率 (B/A); the rate itself is derived.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "执行率（B/A）的分值和得分；执行率自动算出")]
pub struct PostedExecution {
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 得分.
    #[schemars(description = "得分")]
    pub self_score: PostedPoints,
}

/// 年初目标 and 完成情况.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "年初目标和完成情况")]
pub struct PostedGoal {
    /// 预期目标.
    #[schemars(description = "预期目标")]
    pub expected: String,
    /// 实际完成情况.
    #[schemars(description = "实际完成情况")]
    pub actual: String,
}

/// One line of 绩效指标.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "一项绩效指标")]
pub struct PostedProjectIndicator {
    /// 一级指标; equal neighbours share a cell.
    #[schemars(description = "一级指标；相邻相同者合并")]
    pub first_level: String,
    /// 二级指标; equal neighbours share a cell.
    #[schemars(description = "二级指标；相邻相同者合并")]
    pub second_level: String,
    /// 三级指标.
    #[schemars(description = "三级指标")]
    pub title: String,
    /// 年度指标值.
    #[schemars(description = "年度指标值")]
    pub target: String,
    /// 实际完成值.
    #[schemars(description = "实际完成值")]
    pub actual: String,
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 得分.
    #[schemars(description = "得分")]
    pub self_score: PostedPoints,
    /// 偏差原因分析及改进措施.
    #[serde(default)]
    #[schemars(description = "偏差原因分析及改进措施")]
    pub reason: Option<String>,
}

/// 总分.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "总分")]
pub struct PostedProjectScore {
    /// 分值.
    #[schemars(description = "分值")]
    pub max_points: PostedPoints,
    /// 得分.
    #[schemars(description = "得分")]
    pub self_score: PostedPoints,
}
