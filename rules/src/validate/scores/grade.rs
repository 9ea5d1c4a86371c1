//! The grade (等次) of a score sheet, from the thresholds in the input.

use std::collections::BTreeMap;

use crate::scoring::points::Points;
use crate::submission::scores::{PostedGrade, PostedScores};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::sums;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::TextRule;

/// The name of the grade for the total of a sheet.
pub fn of(posted: &PostedScores) -> Option<&str> {
    let total = Points::parse(&posted.total.self_score.text).ok()?;
    reached(posted.grades.as_deref().unwrap_or_default(), total)
}

fn reached(grades: &[PostedGrade], total: Points) -> Option<&str> {
    let bounds = grades.iter().take(limits::LIST).filter_map(|grade| {
        Points::parse(&grade.at_least.text).ok().map(|at_least| (at_least, grade.name.as_str()))
    });
    bounds
        .filter(|(at_least, _)| *at_least <= total)
        .max_by_key(|bound| bound.0)
        .map(|bound| bound.1)
}

/// Checks the grades. Returns `None` after an error in them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedGrade],
    total: Option<Points>,
) -> Option<Option<String>> {
    if posted.is_empty() {
        return Some(None);
    }
    if !check.list_fits(place, posted.len(), limits::LIST) {
        return None;
    }
    let mut is_valid = true;
    let mut names: BTreeMap<Points, &str> = BTreeMap::new();
    for (index, grade) in posted.iter().enumerate() {
        let place = place.item(index);
        is_valid &= check.text(&place.key("name"), &grade.name, &TextRule::NAME).is_some();
        let subject = || format!("等次“{}”的起点分", quoted(&grade.name));
        let Some(at_least) =
            sums::points(check, &place.key("at_least"), subject, &grade.at_least.text)
        else {
            is_valid = false;
            continue;
        };
        if let Some(other) = names.insert(at_least, &grade.name) {
            let detail = format!(
                "等次“{}”和“{}”的起点分都是{at_least}，请核对。",
                quoted(other),
                quoted(&grade.name)
            );
            check.error(&place.key("at_least"), Code::GradeBounds, detail);
            is_valid = false;
        }
    }
    let (true, Some(total)) = (is_valid, total) else { return None };
    let Some(name) = reached(posted, total) else {
        let detail = format!(
            "总分{total}分低于各等次的起点分，无从定等次，请补上最低的等次（起点分可写0）。"
        );
        check.error(place, Code::GradeBounds, detail);
        return None;
    };
    Some(Some(name.to_owned()))
}
