//! 项目支出绩效自评表 as posted: funds, goals and indicators of one project.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::submission::posted_points::PostedPoints;

/// The self-evaluation table of a project's spending.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedProjectTable {
    /// 项目名称.
    pub project_name: String,
    /// 主管部门.
    pub department: String,
    /// 实施单位.
    pub implementing_unit: String,
    /// 项目资金, 年度资金总额 first.
    pub funds: Vec<PostedFund>,
    /// 预算执行率 as an indicator of its own, as a rule 10 points.
    pub execution: PostedExecution,
    /// 年度总体目标.
    pub goal: PostedGoal,
    /// 产出指标, 效益指标, 满意度指标.
    pub indicators: Vec<PostedProjectIndicator>,
    /// 总分: compared with the sums, never believed.
    pub total: PostedProjectScore,
}

/// A line of 项目资金, in 万元 with at most two decimals.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedFund {
    /// 年度资金总额, 其中：当年财政拨款, 上年结转资金, 其他资金.
    pub name: String,
    /// 年初预算数.
    pub initial_budget: PostedPoints,
    /// 全年预算数 (A).
    pub budget: PostedPoints,
    /// 全年执行数 (B).
    pub executed: PostedPoints,
}

/// Points for 执行率 (B/A); the rate itself is derived.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedExecution {
    /// 分值.
    pub max_points: PostedPoints,
    /// 得分.
    pub self_score: PostedPoints,
}

/// 年初目标 and 完成情况.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedGoal {
    /// 预期目标.
    pub expected: String,
    /// 实际完成情况.
    pub actual: String,
}

/// One line of 绩效指标.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedProjectIndicator {
    /// 一级指标; equal neighbours share a cell.
    pub first_level: String,
    /// 二级指标; equal neighbours share a cell.
    pub second_level: String,
    /// 三级指标.
    pub title: String,
    /// 年度指标值.
    pub target: String,
    /// 实际完成值.
    pub actual: String,
    /// 分值.
    pub max_points: PostedPoints,
    /// 得分.
    pub self_score: PostedPoints,
    /// 偏差原因分析及改进措施.
    #[serde(default)]
    pub reason: Option<String>,
}

/// 总分.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostedProjectScore {
    /// 分值.
    pub max_points: PostedPoints,
    /// 得分.
    pub self_score: PostedPoints,
}
