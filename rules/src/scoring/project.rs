//! 项目支出绩效自评表: a project's funds, goals and indicators.

use crate::scoring::amount::{Amount, AmountUnit};
use crate::scoring::points::Points;
use crate::scoring::sheet::Score;

/// The self-evaluation of a project's spending, whose sums are right. Only `validate()` creates one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectTable {
    /// 项目名称.
    pub project_name: String,
    /// 主管部门.
    pub department: String,
    /// 实施单位.
    pub implementing_unit: String,
    /// Further labels of the head with their texts.
    pub details: Vec<(String, String)>,
    /// The unit of all amounts.
    pub unit: AmountUnit,
    /// The decimals with which amounts are printed; not fewer than any of them has.
    pub decimals: Option<u32>,
    /// 项目资金; never empty. Either all have 年初预算数 or none has.
    pub funds: Vec<Fund>,
    /// Points for 预算执行率.
    pub execution: Score,
    /// 预期目标.
    pub expected: String,
    /// 实际完成情况.
    pub actual: String,
    /// Whether 分值 comes before 年度指标值.
    pub points_before_target: bool,
    /// Whether there is a column 偏差原因分析及改进措施; without it no indicator has a reason.
    pub has_reasons: bool,
    /// 绩效指标; never empty.
    pub indicators: Vec<ProjectIndicator>,
    /// 总分.
    pub total: Score,
    /// 注.
    pub notes: Vec<String>,
}

/// A line of 项目资金.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    /// 年度资金总额 or a part of it.
    pub name: String,
    /// 年初预算数.
    pub initial_budget: Option<Amount>,
    /// 全年预算数 (A).
    pub budget: Amount,
    /// 全年执行数 (B).
    pub executed: Amount,
    /// 分值, if a part has its own.
    pub max_points: Option<Points>,
    /// 得分, if a part has its own.
    pub self_score: Option<Points>,
}

/// A line of 绩效指标.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectIndicator {
    /// 一级指标.
    pub first_level: String,
    /// 二级指标.
    pub second_level: String,
    /// 三级指标.
    pub title: String,
    /// 年度指标值.
    pub target: String,
    /// 实际完成值.
    pub actual: String,
    /// 分值 and 得分.
    pub score: Score,
    /// 偏差原因分析及改进措施.
    pub reason: Option<String>,
}
