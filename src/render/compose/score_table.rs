//! 绩效评价自评表: the score sheet as a table, with reasons and evidence.

use crate::document::table::ColumnAlign::{Center, Left};
use crate::document::table::{Cell, Table};
use crate::render::compose::score_text::with_component_points;
use crate::render::compose::tables::cell;
use crate::scoring::sheet::{Indicator, Score, ScoreSheet, Section, SectionKind, SectionParts};

/// The heads of the columns and their relative widths.
const COLUMNS: [(&str, u32); 7] = [
    ("一级指标", 13),
    ("二级指标", 15),
    ("三级指标", 24),
    ("分值", 6),
    ("自评得分", 9),
    ("扣分原因", 17),
    ("佐证材料", 16),
];

/// The sheet as a table with one row per indicator.
pub(crate) fn table_of(sheet: &ScoreSheet) -> Table {
    let head = COLUMNS.iter().enumerate();
    let mut rows = Vec::new();
    for section in &sheet.sections {
        push_section(section, &mut rows);
    }
    rows.push(total_row(sheet));
    Table {
        caption: None,
        shares: COLUMNS.iter().map(|(_, share)| *share).collect(),
        head: vec![head.map(|(column, (name, _))| cell(name, column, Center)).collect()],
        rows,
    }
}

fn push_section(section: &Section, rows: &mut Vec<Vec<Cell>>) {
    let first = rows.len();
    match &section.parts {
        SectionParts::Groups(groups) => {
            for group in groups {
                let label = format!("{}（{}分）", group.title, group.score.max_points);
                let count = group.indicators.len();
                for (index, indicator) in group.indicators.iter().enumerate() {
                    let label = cell(&label, 1, Center);
                    let label = (index == 0).then_some(Cell { row_span: count, ..label });
                    let title = cell(&with_component_points(indicator), 2, Left);
                    rows.push(label.into_iter().chain([title]).chain(results(indicator)).collect());
                }
            }
        }
        SectionParts::Indicators(indicators) => {
            for indicator in indicators {
                let title = cell(&with_component_points(indicator), 1, Left);
                let title = Cell { column_span: 2, ..title };
                rows.push(std::iter::once(title).chain(results(indicator)).collect());
            }
        }
    }
    let count = rows.len() - first;
    let label = cell(&section_label(section), 0, Center);
    rows[first].insert(0, Cell { row_span: count, ..label });
}

/// `年度重点工作完成情况（27分）`; bonus and deduction sections are labelled.
fn section_label(section: &Section) -> String {
    let points = section.score.max_points;
    match section.kind {
        SectionKind::Base => format!("{}（{points}分）", section.title),
        SectionKind::Bonus => format!("{}（加分项，{points}分）", section.title),
        SectionKind::Deduction => format!("{}（扣分项，{points}分）", section.title),
    }
}

fn results(indicator: &Indicator) -> Vec<Cell> {
    let mut cells = points(indicator.score);
    cells.push(cell(indicator.reason.as_deref().unwrap_or_default(), 5, Left));
    cells.push(cell(&indicator.evidence.join("；"), 6, Left));
    cells
}

fn points(score: Score) -> Vec<Cell> {
    vec![
        cell(&score.max_points.to_string(), 3, Center),
        cell(&score.self_score.to_string(), 4, Center),
    ]
}

fn total_row(sheet: &ScoreSheet) -> Vec<Cell> {
    let has_deduction = sheet.sections.iter().any(|section| section.kind == SectionKind::Deduction);
    // A deduction scores 0 at best, so it adds nothing to the 分值 of the total.
    let label = if has_deduction { "合计（扣分项不计入分值）" } else { "合计" };
    let mut cells = vec![Cell { column_span: 3, ..cell(label, 0, Center) }];
    cells.extend(points(sheet.total));
    cells.push(cell("", 5, Left));
    cells.push(cell("", 6, Left));
    cells
}
