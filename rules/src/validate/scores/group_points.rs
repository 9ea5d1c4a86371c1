//! The points that staff typed after the name of a group of indicators: 产出指标（50分）.

use std::collections::BTreeMap;

use crate::scoring::points::Points;
use crate::submission::project::PostedProjectIndicator;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::bare;

/// Compares the points in the name of each group with those of its indicators.
pub fn check(check: &mut Checker<'_>, place: &Place<'_>, posted: &[PostedProjectIndicator]) {
    let first: fn(&PostedProjectIndicator) -> &str = |indicator| &indicator.first_level;
    let second: fn(&PostedProjectIndicator) -> &str = |indicator| &indicator.second_level;
    let mut start = 0;
    let groups = sums(posted, first);
    for group in posted.chunk_by(|one, next| first(one) == first(next)) {
        let item = place.item(start);
        let whole = groups.get(first(&group[0])).copied();
        let of_first = item.key("first_level");
        of_group(check, &of_first, first(&group[0]), group, whole);
        let mut inner = start;
        let parts = sums(group, second);
        for part in group.chunk_by(|one, next| second(one) == second(next)) {
            let item = place.item(inner);
            let whole = parts.get(second(&part[0])).copied();
            let place = item.key("second_level");
            of_group(check, &place, second(&part[0]), part, whole);
            inner += part.len();
        }
        start += group.len();
    }
}

fn of_group(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    name: &str,
    group: &[PostedProjectIndicator],
    whole: Option<Points>,
) {
    let Some(stated) = stated(name) else { return };
    let Some(sum) = sum(group) else { return };
    // A group may continue below another one.
    if sum == stated || whole == Some(stated) {
        return;
    }
    let detail = format!(
        "“{}”下面各项指标的分值合计{sum}分，与写的{stated}分不一致，请核对。",
        quoted(name)
    );
    check.warning(place, Code::SumMismatch, detail);
}

/// The points of all indicators below each name.
fn sums(
    all: &[PostedProjectIndicator],
    name_of: fn(&PostedProjectIndicator) -> &str,
) -> BTreeMap<&str, Points> {
    let mut sums = BTreeMap::new();
    for indicator in all {
        let points = points(indicator).unwrap_or(Points::ZERO);
        let sum = sums.entry(name_of(indicator)).or_insert(Points::ZERO);
        *sum = [*sum, points].into_iter().sum();
    }
    sums
}

fn sum(indicators: &[PostedProjectIndicator]) -> Option<Points> {
    indicators.iter().map(points).sum()
}

fn points(indicator: &PostedProjectIndicator) -> Option<Points> {
    if indicator.max_points.text.is_empty() {
        return Some(Points::ZERO);
    }
    Points::parse(&indicator.max_points.text).ok()
}

/// The points in brackets at the end of a name.
fn stated(name: &str) -> Option<Points> {
    let inside = bare(name).strip_suffix(['）', ')'])?;
    let (before, inside) = inside.rsplit_once(['（', '('])?;
    let number = bare(inside).strip_suffix('分')?;
    Points::parse(bare(number)).ok().filter(|_| !bare(before).is_empty())
}
