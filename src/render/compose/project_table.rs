//! 项目支出绩效自评表, in the layout that finance departments use.

use crate::document::table::ColumnAlign::{Center, Left};
use crate::document::table::{Cell, Table};
use crate::render::compose::tables::cell;
use crate::scoring::project::{Fund, ProjectIndicator, ProjectTable};

/// Relative widths of the nine columns, the same in both parts of the table.
const SHARES: [u32; 9] = [4, 8, 12, 14, 12, 12, 8, 11, 19];

const FUND_HEADS: [&str; 6] =
    ["年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分"];

const INDICATOR_HEADS: [&str; 8] = [
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
];

/// The table in two parts without a gap: first names, funds and goals, then indicators and total. Two
/// parts, because each page of indicators repeats the head of the indicators.
pub(crate) fn tables_of(project: &ProjectTable) -> [Table; 2] {
    [upper(project), lower(project)]
}

fn upper(project: &ProjectTable) -> Table {
    let mut rows = vec![vec![
        wide("主管部门", 0, 2),
        wide(&project.department, 2, 3),
        cell("实施单位", 5, Center),
        wide(&project.implementing_unit, 6, 3),
    ]];
    rows.extend(fund_rows(project));
    rows.extend(goal_rows(project));
    let head = vec![vec![wide("项目名称", 0, 2), wide(&project.project_name, 2, 7)]];
    Table { caption: None, shares: SHARES.to_vec(), head, rows }
}

fn lower(project: &ProjectTable) -> Table {
    let [first, rest @ ..] = INDICATOR_HEADS;
    let heads = rest.iter().enumerate().map(|(index, head)| cell(head, index + 2, Center));
    let heads = std::iter::once(wide(first, 0, 2)).chain(heads);
    let head = vec![vec![wide("绩效指标", 0, 9)], heads.collect()];
    let mut rows = indicator_rows(&project.indicators);
    rows.push(vec![
        wide("总分", 0, 6),
        cell(&project.total.max_points.to_string(), 6, Center),
        cell(&project.total.self_score.to_string(), 7, Center),
        cell("", 8, Center),
    ]);
    Table { caption: None, shares: SHARES.to_vec(), head, rows }
}

fn wide(text: &str, column: usize, column_span: usize) -> Cell {
    Cell { column_span, ..cell(text, column, Center) }
}

fn fund_rows(project: &ProjectTable) -> Vec<Vec<Cell>> {
    let label = wide("项目资金（万元）", 0, 2);
    let mut first = vec![Cell { row_span: project.funds.len() + 1, ..label }, cell("", 2, Center)];
    let heads = FUND_HEADS.iter().enumerate();
    first.extend(heads.map(|(index, head)| cell(head, index + 3, Center)));
    let mut rows = vec![first];
    for (index, fund) in project.funds.iter().enumerate() {
        // Only the first fund, 年度资金总额, has points.
        let points = (index == 0).then_some(project.execution);
        let max_points = points.map(|score| score.max_points.to_string());
        let self_score = points.map(|score| score.self_score.to_string());
        let mut row = fund_cells(fund);
        row.insert(4, cell(&max_points.unwrap_or_else(dash), 6, Center));
        row.push(cell(&self_score.unwrap_or_else(dash), 8, Center));
        rows.push(row);
    }
    rows
}

fn fund_cells(fund: &Fund) -> Vec<Cell> {
    let rate = fund.executed.percent_of(fund.budget).unwrap_or_else(dash);
    vec![
        cell(&fund.name, 2, Center),
        cell(&fund.initial_budget.to_string(), 3, Center),
        cell(&fund.budget.to_string(), 4, Center),
        cell(&fund.executed.to_string(), 5, Center),
        cell(&rate, 7, Center),
    ]
}

/// The text of a cell without a value.
fn dash() -> String {
    "—".to_owned()
}

fn goal_rows(project: &ProjectTable) -> Vec<Vec<Cell>> {
    let text =
        |text: &str, column, column_span| Cell { align: Left, ..wide(text, column, column_span) };
    vec![
        vec![
            Cell { row_span: 2, ..wide("年度总体目标", 0, 2) },
            wide("预期目标", 2, 3),
            wide("实际完成情况", 5, 4),
        ],
        vec![text(&project.expected, 2, 3), text(&project.actual, 5, 4)],
    ]
}

fn indicator_rows(indicators: &[ProjectIndicator]) -> Vec<Vec<Cell>> {
    let mut rows = Vec::with_capacity(indicators.len() + 1);
    for (index, indicator) in indicators.iter().enumerate() {
        let rest = &indicators[index..];
        let previous = index.checked_sub(1).map(|previous| &indicators[previous]);
        let same_first = |other: &ProjectIndicator| other.first_level == indicator.first_level;
        let same_second = |other: &ProjectIndicator| {
            same_first(other) && other.second_level == indicator.second_level
        };
        let mut row = Vec::new();
        if !previous.is_some_and(same_first) {
            let row_span = rest.iter().take_while(|other| same_first(other)).count();
            row.push(Cell { row_span, ..wide(&indicator.first_level, 0, 2) });
        }
        if !previous.is_some_and(same_second) {
            let row_span = rest.iter().take_while(|other| same_second(other)).count();
            row.push(Cell { row_span, ..cell(&indicator.second_level, 2, Center) });
        }
        row.extend([
            cell(&indicator.title, 3, Left),
            cell(&indicator.target, 4, Center),
            cell(&indicator.actual, 5, Center),
            cell(&indicator.score.max_points.to_string(), 6, Center),
            cell(&indicator.score.self_score.to_string(), 7, Center),
            cell(indicator.reason.as_deref().unwrap_or_default(), 8, Left),
        ]);
        rows.push(row);
    }
    rows
}
