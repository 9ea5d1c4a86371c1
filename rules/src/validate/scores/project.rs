//! The checks of 项目支出绩效自评表: its texts, its columns, and points that sum up.

use crate::scoring::points::Points;
use crate::scoring::project::{ProjectIndicator, ProjectTable};
use crate::scoring::sheet::{Score, SectionKind};
use crate::submission::project::{PostedProjectIndicator, PostedProjectTable};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::funds;
use crate::validate::scores::group_points;
use crate::validate::scores::reasons;
use crate::validate::scores::sums::{self, Stated};
use crate::validate::scores::targets;
use crate::validate::text::rule::{TextRule, bare, every};

/// What a sentence calls the points for 预算执行率.
const EXECUTION: &str = "预算执行率";

/// Checks the whole table; `None` after an error anywhere in it.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedProjectTable,
) -> Option<ProjectTable> {
    let fits = check.cells_fit(place, limits::PROJECT_CELLS);
    let project_name =
        check.text(&place.key("project_name"), &posted.project_name, &TextRule::LINE);
    let department = check.text(&place.key("department"), &posted.department, &TextRule::NAME);
    let unit =
        check.text(&place.key("implementing_unit"), &posted.implementing_unit, &TextRule::NAME);
    let details =
        details(check, &place.key("details"), posted.details.as_deref().unwrap_or_default());
    let form = funds::form(check, place, posted);
    let funds = form.and_then(|form| funds::read(check, &place.key("funds"), posted, form));
    let execution_entry =
        Stated::titled(EXECUTION, &posted.execution.max_points, &posted.execution.self_score);
    let execution =
        sums::score(check, &place.key("execution"), SectionKind::Base, &execution_entry);
    let goal = place.key("goal");
    let expected = check.text(&goal.key("expected"), &posted.goal.expected, &TextRule::CELL);
    let actual = check.text(&goal.key("actual"), &posted.goal.actual, &TextRule::CELL);
    let has_reasons = posted.reason_column.unwrap_or(true);
    let indicators_place = place.key("indicators");
    let indicators = indicators(check, &indicators_place, &posted.indicators, has_reasons);
    reasons::report(check, &indicators_place);
    if indicators.is_some() {
        targets::check(check, place, posted);
        group_points::check(check, &indicators_place, &posted.indicators);
    }
    let total_entry = Stated::titled("总分", &posted.total.max_points, &posted.total.self_score);
    let total_place = place.key("total");
    let total = sums::score(check, &total_place, SectionKind::Base, &total_entry);
    let filled = posted.indicators.iter().filter(|indicator| !is_placeholder(indicator));
    let parts = std::iter::once(execution_entry).chain(filled.map(Stated::from));
    sums::parts(check, &total_place, &total_entry, parts);
    let notes = notes(check, &place.key("notes"), posted.notes.as_deref().unwrap_or_default());
    let form = form.filter(|_| fits)?;
    Some(ProjectTable {
        project_name: project_name?,
        department: department?,
        implementing_unit: unit?,
        details: details?,
        unit: form.unit,
        decimals: form.decimals,
        funds: funds?,
        execution: execution?,
        expected: expected?,
        actual: actual?,
        points_before_target: posted.points_before_target.unwrap_or(false),
        has_reasons,
        indicators: indicators?,
        total: total?,
        notes: notes?,
    })
}

impl<'e> From<&'e PostedProjectIndicator> for Stated<'e> {
    fn from(posted: &'e PostedProjectIndicator) -> Self {
        Self::titled(&posted.title, &posted.max_points, &posted.self_score)
    }
}

/// Pairs of a label and a text.
fn details(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[Vec<String>],
) -> Option<Vec<(String, String)>> {
    if !check.list_fits(place, posted.len(), limits::DETAILS)
        || !check.cells_fit(place, 2 * posted.len())
    {
        return None;
    }
    every(posted.iter().enumerate().map(|(index, posted)| {
        let place = place.item(index);
        let [label, text] = posted.as_slice() else {
            let detail =
                format!("{}应写成[名目，内容]两项，现有{}项。", place.label(), posted.len());
            check.error(&place, Code::ProjectColumns, detail);
            return None;
        };
        let label = check.text(&place.item(0), label, &TextRule::NAME);
        let text = check.text(&place.item(1), text, &TextRule::LINE);
        Some((label?, text?))
    }))
}

fn notes(check: &mut Checker<'_>, place: &Place<'_>, posted: &[String]) -> Option<Vec<String>> {
    if !check.list_fits(place, posted.len(), limits::NOTES) || !check.cells_fit(place, posted.len())
    {
        return None;
    }
    every(
        posted
            .iter()
            .enumerate()
            .map(|(index, note)| check.text(&place.item(index), note, &TextRule::CELL)),
    )
}

fn indicators(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedProjectIndicator],
    has_reasons: bool,
) -> Option<Vec<ProjectIndicator>> {
    if posted.iter().all(is_placeholder) {
        check.error(place, Code::ListEmpty, "绩效指标至少要有一行，请填写。".to_owned());
        return None;
    }
    if !check.list_fits(place, posted.len(), limits::INDICATORS) {
        return None;
    }
    if !check.cells_fit(place, posted.len() * limits::PROJECT_COLUMNS) {
        return None;
    }
    let numbered = posted.iter().enumerate();
    every(numbered.map(|(index, posted)| indicator(check, &place.item(index), posted, has_reasons)))
}

/// Whether a row is of a form and stays empty: it has no indicator, no values and no points.
pub fn is_placeholder(posted: &PostedProjectIndicator) -> bool {
    let PostedProjectIndicator { title, target, actual, max_points, self_score, .. } = posted;
    let reason = posted.reason.as_deref().unwrap_or_default();
    [title.as_str(), target, actual, reason].iter().all(|text| bare(text).is_empty())
        && [max_points, self_score].iter().all(|points| matches!(points.text.as_str(), "" | "0"))
}

fn indicator(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedProjectIndicator,
    has_reasons: bool,
) -> Option<ProjectIndicator> {
    let entry = Stated::from(posted);
    let first_level = check.text(&place.key("first_level"), &posted.first_level, &TextRule::LINE);
    let second_level =
        check.text(&place.key("second_level"), &posted.second_level, &TextRule::LINE);
    if is_placeholder(posted) {
        let score = Score { max_points: Points::ZERO, self_score: Points::ZERO };
        let [title, target, actual] = std::array::from_fn(|_| String::new());
        let (first_level, second_level) = (first_level?, second_level?);
        return Some(ProjectIndicator {
            first_level,
            second_level,
            title,
            target,
            actual,
            score,
            reason: None,
        });
    }
    let title = check.text(&place.key("title"), &posted.title, &TextRule::LINE);
    let target = check.text(&place.key("target"), &posted.target, &TextRule::CELL);
    let actual = check.text(&place.key("actual"), &posted.actual, &TextRule::CELL);
    let score = sums::score(check, place, SectionKind::Base, &entry);
    if !has_reasons && posted.reason.is_some() {
        let detail =
            "本表没有偏差原因分析及改进措施一列（reason_column），请删去原因，或保留该列。";
        check.error(&place.key("reason"), Code::ProjectColumns, detail.to_owned());
        return None;
    }
    if has_reasons && posted.reason.is_none() {
        reasons::wanted(check, &place.key("reason"), SectionKind::Base, &entry);
    }
    let reason =
        check.optional_text(&place.key("reason"), posted.reason.as_deref(), &TextRule::CELL);
    Some(ProjectIndicator {
        first_level: first_level?,
        second_level: second_level?,
        title: title?,
        target: target?,
        actual: actual?,
        score: score?,
        reason: reason?,
    })
}
