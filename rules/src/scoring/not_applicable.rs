//! How sums treat entries that do not apply (不涉及).

use crate::scoring::points::Points;
use crate::scoring::sheet::{EntryScore, SelfScore};

/// The self score of an entry that does not apply, as posted and as printed.
pub const NOT_APPLICABLE: &str = "不涉及";

/// How sums treat entries that do not apply.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "“不涉及”的项目如何计入合计")]
pub enum NotApplicableRule {
    /// The entry counts with full marks.
    #[schemars(description = "按满分计")]
    #[serde(rename = "full")]
    Full,
    /// The entry counts neither for the maximum points nor for the self score.
    #[schemars(description = "分值和得分都不计入")]
    #[serde(rename = "excluded")]
    Excluded,
    /// The self scores of the other entries are scaled up to the full maximum points, rounded to
    /// two decimals.
    #[schemars(description = "其余各项的得分按比例折算到全部分值，保留两位小数")]
    #[serde(rename = "proportional")]
    Proportional,
}

/// The sums of an entry's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartSums {
    /// The sum of 分值.
    pub max_points: Points,
    /// The sum of 自评得分.
    pub self_score: SelfScore,
}

/// Sums up parts. If none of the parts applies, the sum does not apply either.
pub fn sum(parts: &[EntryScore], rule: NotApplicableRule) -> PartSums {
    let applicable = parts.iter().filter_map(|part| match part.self_score {
        SelfScore::Points(points) => Some((part.max_points, points)),
        SelfScore::NotApplicable => None,
    });
    let all: Points = parts.iter().map(|part| part.max_points).sum();
    if applicable.clone().next().is_none() && !parts.is_empty() {
        return PartSums { max_points: all, self_score: SelfScore::NotApplicable };
    }
    let max_points: Points = applicable.clone().map(|(max_points, _)| max_points).sum();
    let own: Points = applicable.map(|(_, points)| points).sum();
    let (max_points, own) = match rule {
        NotApplicableRule::Full => {
            let missing = parts.iter().filter(|part| part.self_score == SelfScore::NotApplicable);
            (all, missing.map(best).chain([own]).sum())
        }
        NotApplicableRule::Excluded => (max_points, own),
        NotApplicableRule::Proportional => (all, own.scaled(all, max_points)),
    };
    PartSums { max_points, self_score: SelfScore::Points(own) }
}

/// The best score of an entry: 0 for a deduction.
fn best(part: &EntryScore) -> Points {
    if part.max_points.is_negative() { Points::ZERO } else { part.max_points }
}

#[cfg(test)]
mod tests {
    use super::{NotApplicableRule, sum};
    use crate::scoring::points::Points;
    use crate::scoring::sheet::{EntryScore, SelfScore};

    fn part(max_points: &str, self_score: Option<&str>) -> EntryScore {
        let points = |text: &str| Points::parse(text).expect("points");
        let self_score =
            self_score.map_or(SelfScore::NotApplicable, |text| SelfScore::Points(points(text)));
        EntryScore { max_points: points(max_points), self_score }
    }

    fn sums(rule: NotApplicableRule) -> (String, String) {
        let parts = [part("10", Some("9")), part("20", None), part("20", Some("15"))];
        let sums = sum(&parts, rule);
        let own = match sums.self_score {
            SelfScore::Points(points) => points.to_string(),
            SelfScore::NotApplicable => String::new(),
        };
        (sums.max_points.to_string(), own)
    }

    #[test]
    fn each_rule_has_its_own_sums() {
        let pair = |max: &str, own: &str| (max.to_owned(), own.to_owned());
        assert_eq!(sums(NotApplicableRule::Full), pair("50", "44"));
        assert_eq!(sums(NotApplicableRule::Excluded), pair("30", "24"));
        assert_eq!(sums(NotApplicableRule::Proportional), pair("50", "40"));
    }

    #[test]
    fn the_sum_does_not_apply_if_no_part_applies() {
        let parts = [part("10", None), part("20", None)];
        let sums = sum(&parts, NotApplicableRule::Excluded);
        assert_eq!(sums.self_score, SelfScore::NotApplicable);
    }
}
