//! Full marks of a project table although the target was missed or much of the budget was not spent.

use rust_decimal::Decimal;

use crate::scoring::amount::{Amount, AmountUnit};
use crate::submission::project::{PostedProjectIndicator, PostedProjectTable};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::scores::sums::Stated;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::bare;

/// The execution rate in percent below which no known rule gives full marks.
const FULL_MARKS_FROM: i64 = 80;

/// The most characters of a target that is parsed.
const LONGEST: usize = 40;

/// How the actual value may lie to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    AtLeast,
    Above,
    AtMost,
    Below,
    Equal,
}

/// The words and signs of the operators. If one is the beginning of another, the longer comes first.
const OPERATORS: [(&str, Operator); 23] = [
    ("大于等于", Operator::AtLeast),
    ("大于或等于", Operator::AtLeast),
    ("不少于", Operator::AtLeast),
    ("不低于", Operator::AtLeast),
    ("不小于", Operator::AtLeast),
    (">=", Operator::AtLeast),
    ("≥", Operator::AtLeast),
    ("≧", Operator::AtLeast),
    ("小于等于", Operator::AtMost),
    ("小于或等于", Operator::AtMost),
    ("不超过", Operator::AtMost),
    ("不高于", Operator::AtMost),
    ("不多于", Operator::AtMost),
    ("不大于", Operator::AtMost),
    ("<=", Operator::AtMost),
    ("≤", Operator::AtMost),
    ("≦", Operator::AtMost),
    (">", Operator::Above),
    ("＞", Operator::Above),
    ("<", Operator::Below),
    ("＜", Operator::Below),
    ("=", Operator::Equal),
    ("＝", Operator::Equal),
];

/// A number and its unit, which is not empty.
#[derive(Debug, PartialEq, Eq)]
struct Measured<'t> {
    value: Decimal,
    unit: &'t str,
}

/// Reports indicators and the execution rate that have full marks for less than was planned.
pub fn check(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedProjectTable) {
    execution(check, place, posted);
    let place = place.key("indicators");
    for (index, posted) in posted.indicators.iter().enumerate() {
        if has_full_marks(&Stated::from(posted)) && misses(posted) {
            let detail = format!(
                "“{}”的年度指标值是“{}”，实际完成值是“{}”，没有达到，却得满分；如有不扣分的理由，请写明原因。",
                quoted(bare(&posted.title)),
                quoted(bare(&posted.target)),
                quoted(bare(&posted.actual))
            );
            check.warning(&place.item(index).key("self_score"), Code::TargetMissed, detail);
        }
    }
}

fn execution(check: &mut Checker<'_>, place: &Place<'_>, posted: &PostedProjectTable) {
    let unit = posted.unit.unwrap_or(AmountUnit::TenThousandYuan);
    let points = &posted.execution;
    let entry = Stated::titled("预算执行率", &points.max_points, &points.self_score);
    let Some(total) = posted.funds.first().filter(|_| has_full_marks(&entry)) else { return };
    let [budget, executed] =
        [&total.budget, &total.executed].map(|posted| Amount::parse(&posted.0.text, unit).ok());
    let (Some(budget), Some(executed)) = (budget, executed) else { return };
    let least = budget.in_yuan(unit) * Decimal::new(FULL_MARKS_FROM, 2);
    if executed.in_yuan(unit) >= least {
        return;
    }
    let Some(rate) = executed.percent_of(budget) else { return };
    let detail = format!("预算执行率只有{rate}，却得满分；如评分办法另有规定，可以不改。");
    check.warning(&place.key("execution").key("self_score"), Code::TargetMissed, detail);
}

fn has_full_marks(entry: &Stated<'_>) -> bool {
    entry.both().is_some_and(|(max_points, self_score)| {
        max_points == self_score && max_points != crate::scoring::points::Points::ZERO
    })
}

/// Whether the actual value certainly misses the target: both have the same unit, and no reason is given.
fn misses(posted: &PostedProjectIndicator) -> bool {
    let reason = posted.reason.as_deref().map(bare).unwrap_or_default();
    if !matches!(reason, "" | "无" | "/" | "—") {
        return false;
    }
    let [target, actual] = [bare(&posted.target), bare(&posted.actual)];
    let found = OPERATORS
        .iter()
        .find_map(|(word, operator)| Some((*operator, bare(target.strip_prefix(word)?))));
    let Some((operator, target)) = found else { return false };
    let (Some(target), Some(actual)) = (measured(target), measured(actual)) else { return false };
    if target.unit != actual.unit {
        return false;
    }
    match operator {
        Operator::AtLeast => actual.value < target.value,
        Operator::Above => actual.value <= target.value,
        Operator::AtMost => actual.value > target.value,
        Operator::Below => actual.value >= target.value,
        // Less than an exact target may be a saving, except of a rate that should be complete.
        Operator::Equal => {
            let is_cost = posted.second_level.contains("成本") || posted.title.contains("成本");
            target.unit == "%"
                && target.value == Decimal::ONE_HUNDRED
                && actual.value < target.value
                && !is_cost
        }
    }
}

/// Reads a text that is only a number with a unit: 1.2万人, 95%, 6.5万元/公里.
fn measured(text: &str) -> Option<Measured<'_>> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))?;
    let number = text[..end].replace(',', "");
    let value: Decimal = number.parse().ok()?;
    let rest = bare(&text[end..]);
    let scales = [("亿", 100_000_000_i64), ("万", 10_000)];
    let scaled = scales.iter().find_map(|(word, scale)| Some((scale, rest.strip_prefix(word)?)));
    let (scale, unit) = scaled.map_or((1, rest), |(scale, rest)| (*scale, rest));
    let unit = if unit == "％" { "%" } else { unit };
    let is_inexact =
        ["余", "多", "以上", "以下", "左右", "以内"].iter().any(|word| unit.contains(word));
    let is_unit = !unit.is_empty() && !unit.contains(|c: char| c.is_numeric()) && !is_inexact;
    let value = value.checked_mul(Decimal::from(scale)).filter(|_| is_unit)?;
    Some(Measured { value, unit })
}

#[cfg(test)]
mod tests {
    use super::misses;
    use crate::submission::project::PostedProjectIndicator;

    fn missed(target: &str, actual: &str, reason: &str) -> bool {
        let json = serde_json::json!({
            "first_level": "产出指标", "second_level": "数量指标", "title": "新建泵站",
            "target": target, "actual": actual, "max_points": 8, "self_score": 8, "reason": reason,
        });
        misses(&serde_json::from_str::<PostedProjectIndicator>(&json.to_string()).unwrap())
    }

    #[test]
    fn only_a_value_of_the_same_unit_misses_its_target() {
        let cases = [
            ("≥50个", "30个"),
            ("≥95%", "80％"),
            ("不低于95%", "94.9%"),
            ("≤90万元", "120万元"),
            ("≤9000元", "1.2万元"),
            ("＞3次", "3次"),
            ("=100%", "98.6%"),
            ("≥219,330人次", "21.9万人次"),
        ];
        for (target, actual) in cases {
            assert!(missed(target, actual, ""), "{target} {actual}");
            assert!(!missed(target, actual, "线路优化，长度减少"), "{target} {actual}");
        }
        let others = [
            ("≥50个", "50个"),
            ("≥50个", "30"),
            ("≥50", "30"),
            ("≥50个", "约30个"),
            ("≥50个", "30余个"),
            ("≥50个", "≥30个"),
            ("≥50个", "30项"),
            ("50个", "30个"),
            ("=20万元", "18万元"),
            ("=5天", "3天"),
            ("≥6.5万人", "65300人"),
            ("12月31日前", "11月28日"),
            ("≥10年", "2年3个月"),
        ];
        for (target, actual) in others {
            assert!(!missed(target, actual, ""), "{target} {actual}");
        }
    }
}
