//! 项目支出绩效自评表, in the layout that finance departments use.

use crate::document::table::ColumnAlign::{Center, Left};
use crate::document::table::{Cell, Table};
use crate::render::compose::tables::cell;
use crate::render::table_cells::cell_text::LINE_END;
use crate::scoring::amount::Amount;
use crate::scoring::points::Points;
use crate::scoring::project::{Fund, ProjectIndicator, ProjectTable};

/// Columns of the upper part: label, name of a fund, 年初预算数 or none, and these.
const FUND_HEADS: [&str; 5] =
    ["全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分"];
const INITIAL_BUDGET: &str = "年初预算数";

const LEVEL_HEADS: [&str; 3] = ["一级指标", "二级指标", "三级指标"];
const VALUE_HEADS: [&str; 2] = ["年度指标值", "实际完成值"];
const REASON: &str = "偏差原因分析及改进措施";

/// Shares of the columns before they are fitted to the texts: three levels, two values, 分值, 得分,
/// and the reasons.
const SHARES: [u32; 8] = [12, 12, 14, 12, 12, 8, 11, 19];

/// In the head block, the column of the second of two labels in a row.
const SECOND_LABEL: usize = 4;

/// The columns that both parts of the table are on.
struct Columns {
    /// All of them.
    count: usize,
    /// Those that the name of a fund takes.
    fund_name: usize,
    /// Those that a third level takes.
    title: usize,
}

impl Columns {
    fn of(project: &ProjectTable) -> Self {
        let upper = 2 + usize::from(has_initial_budgets(project)) + FUND_HEADS.len();
        let lower = LEVEL_HEADS.len() + VALUE_HEADS.len() + 2 + usize::from(project.has_reasons);
        let count = upper.max(lower);
        Self { count, fund_name: 1 + count - upper, title: 1 + count - lower }
    }
}

/// The table in two parts without a gap: first names, funds and goals, then indicators, total and
/// notes. Two parts, because each page of indicators repeats the head of the indicators.
pub(crate) fn tables_of(project: &ProjectTable) -> [Table; 2] {
    let columns = Columns::of(project);
    let shares = SHARES[..columns.count].to_vec();
    let head = vec![row([("项目名称", 1), (project.project_name.as_str(), columns.count - 1)])];
    let mut rows = name_rows(project, &columns);
    rows.extend(fund_rows(project, &columns));
    rows.extend(goal_rows(project, &columns));
    let upper = Table { caption: None, unit: None, shares: shares.clone(), head, rows };
    let head = vec![row([("绩效指标", columns.count)]), indicator_heads(project, &columns)];
    let mut rows = indicator_rows(project, &columns);
    rows.push(total_row(project, &columns));
    rows.extend(note_row(project, &columns));
    [upper, Table { caption: None, unit: None, shares, head, rows }]
}

/// Cells from left to right, each with the columns it spans.
fn row<T: AsRef<str>>(cells: impl IntoIterator<Item = (T, usize)>) -> Vec<Cell> {
    row_from(0, cells)
}

fn row_from<T: AsRef<str>>(
    column: usize,
    cells: impl IntoIterator<Item = (T, usize)>,
) -> Vec<Cell> {
    let mut next = column;
    let cells = cells.into_iter().map(|(text, column_span)| {
        let cell = Cell { column_span, ..cell(text.as_ref(), next, Center) };
        next += column_span;
        cell
    });
    cells.collect()
}

/// Marks the cells at these places as headers of their row.
fn with_headers(mut row: Vec<Cell>, places: &[usize]) -> Vec<Cell> {
    for place in places {
        row[*place].heads_rows = true;
    }
    row
}

/// 主管部门 and 实施单位, and two of the further entries in each row below.
fn name_rows(project: &ProjectTable, columns: &Columns) -> Vec<Vec<Cell>> {
    let pair = |first: (&str, &str), second: (&str, &str)| {
        let spans = [1, SECOND_LABEL - 1, 1, columns.count - SECOND_LABEL - 1];
        let texts = [first.0, first.1, second.0, second.1];
        with_headers(row(texts.into_iter().zip(spans)), &[0, 2])
    };
    let names = [project.department.as_str(), project.implementing_unit.as_str()];
    let mut rows = vec![pair(("主管部门", names[0]), ("实施单位", names[1]))];
    for details in project.details.chunks(2) {
        rows.push(match details {
            [first, second] => pair((&first.0, &first.1), (&second.0, &second.1)),
            [(label, text), ..] => with_headers(row([(label, 1), (text, columns.count - 1)]), &[0]),
            [] => continue,
        });
    }
    rows
}

fn has_initial_budgets(project: &ProjectTable) -> bool {
    project.funds.iter().any(|fund| fund.initial_budget.is_some())
}

fn fund_rows(project: &ProjectTable, columns: &Columns) -> Vec<Vec<Cell>> {
    let has_initial = has_initial_budgets(project);
    let heads = has_initial.then_some(INITIAL_BUDGET).into_iter().chain(FUND_HEADS);
    let label = format!("项目资金（{}）", project.unit.name());
    let mut first = row(std::iter::once((label.as_str(), 1))
        .chain([("", columns.fund_name)])
        .chain(heads.map(|head| (head, 1))));
    first[0].row_span = project.funds.len() + 1;
    let mut rows = vec![with_headers(first, &[0])];
    for (index, fund) in project.funds.iter().enumerate() {
        // The points for the execution rate are those of the first line, the total.
        let (max_points, self_score) = match index {
            0 => (Some(project.execution.max_points), Some(project.execution.self_score)),
            _ => (fund.max_points, fund.self_score),
        };
        let points = |points: Option<Points>| points.map_or_else(dash, |points| points.to_string());
        let amount = |amount: Amount| match project.decimals {
            Some(decimals) => amount.with_decimals(decimals),
            None => amount.to_string(),
        };
        let name = (fund.name.clone(), columns.fund_name);
        let others = [
            amount(fund.budget),
            amount(fund.executed),
            points(max_points),
            rate(fund),
            points(self_score),
        ];
        let others = fund.initial_budget.map(amount).into_iter().chain(others);
        let cells = std::iter::once(name).chain(others.map(|text| (text, 1)));
        rows.push(with_headers(row_from(1, cells), &[0]));
    }
    rows
}

fn rate(fund: &Fund) -> String {
    fund.executed.percent_of(fund.budget).unwrap_or_else(dash)
}

/// The text of a cell without a value.
fn dash() -> String {
    "—".to_owned()
}

fn goal_rows(project: &ProjectTable, columns: &Columns) -> Vec<Vec<Cell>> {
    let spans = [SECOND_LABEL - 1, columns.count - SECOND_LABEL];
    let mut heads = row([("年度总体目标", 1), ("预期目标", spans[0]), ("实际完成情况", spans[1])]);
    heads[0].row_span = 2;
    let texts = [project.expected.as_str(), project.actual.as_str()];
    let texts = row_from(1, texts.into_iter().zip(spans));
    let texts = texts.into_iter().map(|cell| Cell { align: Left, ..cell });
    vec![with_headers(heads, &[0]), texts.collect()]
}

/// The cells of 三级指标 to 得分, in the order of the columns.
fn in_order<T>(project: &ProjectTable, title: T, values: [T; 2], points: [T; 2]) -> Vec<T> {
    let ([target, actual], [max_points, self_score]) = (values, points);
    if project.points_before_target {
        vec![title, max_points, target, actual, self_score]
    } else {
        vec![title, target, actual, max_points, self_score]
    }
}

fn indicator_heads(project: &ProjectTable, columns: &Columns) -> Vec<Cell> {
    let [first, second, title] = LEVEL_HEADS;
    let values = VALUE_HEADS.map(|head| (head, 1));
    let points = [("分值", 1), ("得分", 1)];
    let heads = in_order(project, (title, columns.title), values, points);
    let reason = project.has_reasons.then_some((REASON, 1));
    row([(first, 1), (second, 1)].into_iter().chain(heads).chain(reason))
}

fn indicator_rows(project: &ProjectTable, columns: &Columns) -> Vec<Vec<Cell>> {
    let indicators = &project.indicators;
    let mut rows = Vec::with_capacity(indicators.len() + 2);
    for (index, indicator) in indicators.iter().enumerate() {
        let rest = &indicators[index..];
        let previous = index.checked_sub(1).map(|previous| &indicators[previous]);
        let same_first = |other: &ProjectIndicator| other.first_level == indicator.first_level;
        let same_second = |other: &ProjectIndicator| {
            same_first(other) && other.second_level == indicator.second_level
        };
        let label = |text: &str, column, row_span| Cell {
            row_span,
            heads_rows: true,
            ..cell(text, column, Center)
        };
        let mut row = Vec::new();
        if !previous.is_some_and(same_first) {
            let row_span = rest.iter().take_while(|other| same_first(other)).count();
            row.push(label(&indicator.first_level, 0, row_span));
        }
        if !previous.is_some_and(same_second) {
            let row_span = rest.iter().take_while(|other| same_second(other)).count();
            row.push(label(&indicator.second_level, 1, row_span));
        }
        row.extend(value_cells(project, indicator, columns));
        rows.push(row);
    }
    rows
}

fn value_cells(
    project: &ProjectTable,
    indicator: &ProjectIndicator,
    columns: &Columns,
) -> Vec<Cell> {
    // An empty row of the form has no points.
    let is_empty = indicator.title.is_empty();
    let points = [indicator.score.max_points, indicator.score.self_score];
    let cells = in_order(
        project,
        (indicator.title.clone(), columns.title),
        [(indicator.target.clone(), 1), (indicator.actual.clone(), 1)],
        points.map(|points| (if is_empty { String::new() } else { points.to_string() }, 1)),
    );
    let reason = indicator.reason.clone().unwrap_or_default();
    let reason = project.has_reasons.then_some((reason, 1));
    let mut row = with_headers(row_from(2, cells.into_iter().chain(reason)), &[0]);
    row[0].align = Left;
    if project.has_reasons
        && let Some(reason) = row.last_mut()
    {
        reason.align = Left;
    }
    row
}

fn total_row(project: &ProjectTable, columns: &Columns) -> Vec<Cell> {
    let [max_points, self_score] =
        [project.total.max_points, project.total.self_score].map(|points| points.to_string());
    let label = 2 + columns.title;
    let reason = project.has_reasons.then_some((String::new(), 1));
    let cells = if project.points_before_target {
        vec![("总分".to_owned(), label), (max_points, 1), (String::new(), 2), (self_score, 1)]
    } else {
        vec![("总分".to_owned(), label + 2), (max_points, 1), (self_score, 1)]
    };
    with_headers(row(cells.into_iter().chain(reason)), &[0])
}

/// 注, numbered if there are several, in one cell without rules.
fn note_row(project: &ProjectTable, columns: &Columns) -> Option<Vec<Cell>> {
    let text = match project.notes.as_slice() {
        [] => return None,
        [note] => format!("注：{note}"),
        notes => {
            let numbered = notes.iter().zip(1..).map(|(note, number)| format!("{number}.{note}"));
            // The numbers are below each other.
            let between = format!("{LINE_END}\u{3000}\u{3000}");
            format!("注：{}", numbered.collect::<Vec<_>>().join(&between))
        }
    };
    let cells = row([(text, columns.count)]);
    Some(cells.into_iter().map(|cell| Cell { align: Left, is_note: true, ..cell }).collect())
}
