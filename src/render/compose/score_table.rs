//! 绩效评价自评表: the score sheet as a table, with reasons and evidence.

use crate::document::table::ColumnAlign::{Center, Left};
use crate::document::table::{Cell, Table};
use crate::render::compose::tables::cell;
use crate::render::compose::text::score_text::with_component_points;
use crate::scoring::not_applicable::NOT_APPLICABLE;
use crate::scoring::sheet::{Entry, EntryScore, ScoreSheet, Section, SectionKind, SelfScore};
use crate::scoring::wording::Wording;

/// The heads of the columns of levels, and the relative widths of these columns by the depth of the
/// sheet.
const LEVEL_HEADS: [&str; 4] = ["一级指标", "二级指标", "三级指标", "四级指标"];
const LEVEL_SHARES: [&[u32]; 4] = [&[52], &[22, 30], &[13, 15, 24], &[10, 12, 13, 17]];

/// The points of an entry that has none.
const NO_POINTS: &str = "—";

/// The relative widths of the other columns: 分值, 自评得分, 扣分原因, 佐证材料.
const OTHER_SHARES: [u32; 4] = [6, 9, 17, 16];

/// The sheet as a table with one row per entry without parts. Without evidence there is no column for it.
pub(crate) fn table_of(sheet: &ScoreSheet) -> Table {
    let levels = sheet.depth();
    let has_evidence = sheet.sections.iter().any(|section| has_evidence(&section.entry));
    let mut builder = Builder { levels, wording: sheet.wording, has_evidence, rows: Vec::new() };
    for section in &sheet.sections {
        builder.push(&section.entry, 0, &section_label(section, sheet.wording));
    }
    builder.push_total(sheet);
    let others = OTHER_SHARES.len() - usize::from(!has_evidence);
    let shares = LEVEL_SHARES[levels - 1].iter().chain(&OTHER_SHARES[..others]).copied().collect();
    let points_head = sheet.wording.max_points_head();
    let heads = LEVEL_HEADS[..levels].iter().copied();
    let other_heads = [points_head.as_str(), sheet.wording.column_head(), "扣分原因", "佐证材料"];
    let heads = heads.chain(other_heads.into_iter().take(others));
    let head = heads.enumerate().map(|(column, name)| cell(name, column, Center)).collect();
    Table { caption: None, unit: None, shares, head: vec![head], rows: builder.rows }
}

/// The rows of a table so far.
struct Builder {
    levels: usize,
    wording: Wording,
    has_evidence: bool,
    rows: Vec<Vec<Cell>>,
}

fn has_evidence(entry: &Entry) -> bool {
    !entry.evidence.is_empty() || entry.parts.iter().any(has_evidence)
}

impl Builder {
    /// Adds an entry in its column: its label beside the rows of its parts, or a row of its own.
    fn push(&mut self, entry: &Entry, column: usize, label: &str) {
        let first = self.rows.len();
        if entry.parts.is_empty() {
            let title = Cell { column_span: self.levels - column, ..cell(label, column, Left) };
            let row = std::iter::once(title).chain(self.results(entry)).collect();
            self.rows.push(row);
            return;
        }
        for part in &entry.parts {
            let label = match part.parts.is_empty() {
                true => with_component_points(part, self.wording),
                false => {
                    let title = part.title.as_deref().unwrap_or_default();
                    let points = part.score.map(|score| self.wording.with_unit(score.max_points));
                    format!("{title}{}", points.map(bracketed).unwrap_or_default())
                }
            };
            self.push(part, column + 1, &starred(part, &label));
        }
        let row_span = self.rows.len() - first;
        let label = Cell { row_span, ..cell(label, column, Center) };
        self.rows[first].insert(0, label);
    }

    fn results(&self, entry: &Entry) -> Vec<Cell> {
        let (max, own) = match entry.score {
            None => (NO_POINTS.to_owned(), NO_POINTS.to_owned()),
            Some(EntryScore { max_points, self_score: SelfScore::Points(points) }) => {
                (max_points.to_string(), points.to_string())
            }
            Some(EntryScore { max_points, self_score: SelfScore::NotApplicable }) => {
                (max_points.to_string(), NOT_APPLICABLE.to_owned())
            }
        };
        let reason = entry.reason.as_deref().unwrap_or_default();
        self.last_cells(&max, &own, reason, &entry.evidence.join("；"))
    }

    fn last_cells(&self, max: &str, own: &str, reason: &str, evidence: &str) -> Vec<Cell> {
        let mut cells = vec![
            cell(max, self.levels, Center),
            cell(own, self.levels + 1, Center),
            cell(reason, self.levels + 2, Left),
        ];
        if self.has_evidence {
            cells.push(cell(evidence, self.levels + 3, Left));
        }
        cells
    }

    fn push_total(&mut self, sheet: &ScoreSheet) {
        let mut sections = sheet.sections.iter();
        let has_deduction = sections.any(|section| section.kind == SectionKind::Deduction);
        // A deduction scores 0 at best, so it adds nothing to the 分值 of the total.
        let label = if has_deduction { "合计（扣分项不计入分值）" } else { "合计" };
        let label = Cell { column_span: self.levels, ..cell(label, 0, Center) };
        let grade = sheet.grade.as_ref().map(|grade| format!("等次：{grade}")).unwrap_or_default();
        let total = sheet.total;
        let (max, own) = (total.max_points.to_string(), total.self_score.to_string());
        let row = std::iter::once(label).chain(self.last_cells(&max, &own, &grade, ""));
        self.rows.push(row.collect());
    }
}

/// `年度重点工作完成情况（27分）`; bonus and deduction sections are labelled.
fn section_label(section: &Section, wording: Wording) -> String {
    let Section { kind, entry } = section;
    let kind = match kind {
        SectionKind::Base => None,
        SectionKind::Bonus => Some("加分项".to_owned()),
        SectionKind::Deduction => Some("扣分项".to_owned()),
    };
    let points = entry.score.map(|score| wording.with_unit(score.max_points));
    let words: Vec<String> = kind.into_iter().chain(points).collect();
    let words = if words.is_empty() { String::new() } else { bracketed(words.join("，")) };
    starred(entry, &format!("{}{words}", entry.title.as_deref().unwrap_or_default()))
}

fn bracketed(text: String) -> String {
    format!("（{text}）")
}

fn starred(entry: &Entry, label: &str) -> String {
    let star = if entry.is_starred { "★" } else { "" };
    format!("{star}{label}")
}
