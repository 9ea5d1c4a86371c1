//! The checks of 项目支出绩效自评表: its texts, its money, and points that sum up.

use crate::scoring::amount::Amount;
use crate::scoring::points::PointsError;
use crate::scoring::project::{Fund, ProjectIndicator, ProjectTable};
use crate::scoring::sheet::SectionKind;
use crate::submission::posted_points::PostedPoints;
use crate::submission::project::{PostedFund, PostedProjectIndicator, PostedProjectTable};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::funds;
use crate::validate::scores::reasons;
use crate::validate::scores::sums::{self, Stated};
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::{TextRule, every};

/// What a sentence calls the points for 预算执行率.
const EXECUTION: &str = "预算执行率";

/// Checks the whole table; `None` after an error anywhere in it.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedProjectTable,
) -> Option<ProjectTable> {
    let project_name =
        check.text(&place.key("project_name"), &posted.project_name, &TextRule::LINE);
    let department = check.text(&place.key("department"), &posted.department, &TextRule::NAME);
    let unit =
        check.text(&place.key("implementing_unit"), &posted.implementing_unit, &TextRule::NAME);
    let funds = funds(check, &place.key("funds"), &posted.funds);
    let execution_entry =
        Stated::titled(EXECUTION, &posted.execution.max_points, &posted.execution.self_score);
    let execution =
        sums::score(check, &place.key("execution"), SectionKind::Base, &execution_entry);
    let goal = place.key("goal");
    let expected = check.text(&goal.key("expected"), &posted.goal.expected, &TextRule::CELL);
    let actual = check.text(&goal.key("actual"), &posted.goal.actual, &TextRule::CELL);
    let indicators_place = place.key("indicators");
    let indicators = indicators(check, &indicators_place, &posted.indicators);
    reasons::report(check, &indicators_place);
    let total_entry = Stated::titled("总分", &posted.total.max_points, &posted.total.self_score);
    let total_place = place.key("total");
    let total = sums::score(check, &total_place, SectionKind::Base, &total_entry);
    let parts = std::iter::once(execution_entry).chain(posted.indicators.iter().map(Stated::from));
    sums::parts(check, &total_place, &total_entry, parts);
    Some(ProjectTable {
        project_name: project_name?,
        department: department?,
        implementing_unit: unit?,
        funds: funds?,
        execution: execution?,
        expected: expected?,
        actual: actual?,
        indicators: indicators?,
        total: total?,
    })
}

impl<'e> From<&'e PostedProjectIndicator> for Stated<'e> {
    fn from(posted: &'e PostedProjectIndicator) -> Self {
        Self::titled(&posted.title, &posted.max_points, &posted.self_score)
    }
}

fn funds(check: &mut Checker<'_>, place: &Place<'_>, posted: &[PostedFund]) -> Option<Vec<Fund>> {
    if posted.is_empty() {
        check.error(place, Code::ListEmpty, "项目资金至少要有一行，请填写。".to_owned());
        return None;
    }
    if !check.list_fits(place, posted.len(), limits::LIST) {
        return None;
    }
    if !check.cells_fit(place, posted.len() * limits::PROJECT_COLUMNS) {
        return None;
    }
    let funds = every(
        posted.iter().enumerate().map(|(index, posted)| fund(check, &place.item(index), posted)),
    )?;
    funds::check(check, place, &funds)?;
    Some(funds)
}

fn fund(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedFund) -> Option<Fund> {
    let name = check.text(&place.key("name"), &posted.name, &TextRule::NAME);
    let initial_budget = amount(check, &place.key("initial_budget"), &posted.initial_budget);
    let budget = amount(check, &place.key("budget"), &posted.budget);
    let executed = amount(check, &place.key("executed"), &posted.executed);
    Some(Fund {
        name: name?,
        initial_budget: initial_budget?,
        budget: budget?,
        executed: executed?,
    })
}

fn amount(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedPoints) -> Option<Amount> {
    match Amount::parse(&posted.text) {
        Ok(amount) => Some(amount),
        Err(error) => {
            let what = match error {
                PointsError::Malformed => "不是数字，请写成1250.5的样子（万元，半角数字）",
                PointsError::Precision => "的小数超过六位，最多保留六位小数",
                PointsError::Magnitude => "超出范围，应在0至999999999.999999万元之间",
            };
            let detail = format!("{}“{}”{what}。", place.label(), quoted(&posted.text));
            check.error(place, Code::AmountMalformed, detail);
            None
        }
    }
}

fn indicators(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedProjectIndicator],
) -> Option<Vec<ProjectIndicator>> {
    if posted.is_empty() {
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
    every(numbered.map(|(index, posted)| indicator(check, &place.item(index), posted)))
}

fn indicator(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedProjectIndicator,
) -> Option<ProjectIndicator> {
    let entry = Stated::from(posted);
    let first_level = check.text(&place.key("first_level"), &posted.first_level, &TextRule::LINE);
    let second_level =
        check.text(&place.key("second_level"), &posted.second_level, &TextRule::LINE);
    let title = check.text(&place.key("title"), &posted.title, &TextRule::LINE);
    let target = check.text(&place.key("target"), &posted.target, &TextRule::CELL);
    let actual = check.text(&place.key("actual"), &posted.actual, &TextRule::CELL);
    let score = sums::score(check, place, SectionKind::Base, &entry);
    if posted.reason.is_none() {
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
