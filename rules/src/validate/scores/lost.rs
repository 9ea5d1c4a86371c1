//! Compares what a text says was deducted with the points that its indicator lost: 扣2分, and 1 point lost.

use crate::scoring::points::Points;
use crate::scoring::sheet::SectionKind;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::entry::PostedEntry;
use crate::validate::scores::sums::Stated;

/// The only words before 扣 in its clause if the points were deducted.
const BEFORE: [&str; 18] = [
    "",
    "故",
    "因此",
    "自评",
    "自行",
    "本项",
    "该项",
    "此项",
    "本项自评",
    "共",
    "合计",
    "共计",
    "予以",
    "主动",
    "酌情",
    "自",
    "故自评",
    "因此自评",
];

/// The word before the points that were deducted.
const DEDUCTED: char = '扣';

/// Words of a sentence that states a rule, another year or another body's judgement.
const NOT_DONE: [&str; 24] = [
    "每",
    "凡",
    "如",
    "若",
    "则",
    "标准",
    "规定",
    "细则",
    "办法",
    "按照",
    "应",
    "不足",
    "上年",
    "去年",
    "上一年",
    "往年",
    "复核",
    "抽查",
    "第三方",
    "扣完",
    "最多",
    "最高",
    "分别",
    "各扣",
];

/// Adds a doubt if the text of an indicator says that other points were deducted than it lost.
pub fn check(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    kind: SectionKind,
    posted: &PostedEntry<'_>,
) {
    if kind != SectionKind::Base || !posted.parts().1.is_empty() || !posted.components.is_empty() {
        return;
    }
    let Some((max_points, self_score)) = Stated::of(posted).and_then(|stated| stated.both()) else {
        return;
    };
    let narrative = posted.narrative.iter().enumerate().take(limits::PARAGRAPHS);
    let all: Vec<(usize, Points)> = narrative
        .flat_map(|(index, text)| deducted(text).into_iter().map(move |points| (index, points)))
        .collect();
    let [(index, points)] = all.as_slice() else { return };
    if [*points, self_score].into_iter().sum::<Points>() == max_points {
        return;
    }
    let detail = format!(
        "文中写“扣{points}分”，得分表中这一项分值{max_points}分，自评{self_score}分，请核对。"
    );
    check.warning(&place.key("narrative").item(*index), Code::TextTotalMismatch, detail);
}

/// The points that a text says were deducted. All of a text that has a rule too are left out.
fn deducted(text: &str) -> Vec<Points> {
    // Few texts have the word, and the words below take long to search.
    if !text.contains(DEDUCTED) {
        return Vec::new();
    }
    let text: String = text.chars().filter(|c| *c != '*').collect();
    let mut found = Vec::new();
    let sentences = text.split(['。', '；', ';', '！', '？']);
    for sentence in sentences.filter(|sentence| sentence.contains(DEDUCTED)) {
        let is_rule = NOT_DONE.iter().any(|word| sentence.contains(word));
        // 未按时报送的，扣2分 is a rule.
        let follows_condition = sentence.contains("的，") || sentence.contains("的,");
        if is_rule || follows_condition {
            continue;
        }
        for clause in sentence.split(['，', ',', '（', '）', '(', ')', '：']) {
            found.extend(of_clause(clause.trim()));
        }
    }
    found
}

fn of_clause(clause: &str) -> Option<Points> {
    let (before, after) = clause.split_once(DEDUCTED)?;
    let number = after.trim_start_matches(['了', '减', '除', ' ']).strip_suffix('分')?;
    let is_known = BEFORE.contains(&before);
    Points::parse(number.trim()).ok().filter(|_| is_known)
}

#[cfg(test)]
mod tests {
    use super::deducted;

    #[test]
    fn deducted_points_are_told_from_rules() {
        let cases: [(&str, &[&str]); 12] = [
            ("全年资金**足额到位**，晚了一个月，扣0.5分。", &["0.5"]),
            ("有1处未完成，故扣2分。", &["2"]),
            ("有1处未完成（扣2分）。", &["2"]),
            ("有1处未完成，自评扣 2 分；资料不全，扣1分。", &["2", "1"]),
            ("每少1处扣2分，本项少1处。", &[]),
            ("未按时报送的，扣2分。", &[]),
            ("按评分标准，扣2分。", &[]),
            ("如发生安全事故，扣2分。", &[]),
            ("上年资料不全，扣2分。", &[]),
            ("省厅复核，扣2分。", &[]),
            ("未扣分，不扣2分。", &[]),
            ("扣完2分为止，扣押2批。", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = deducted(text).iter().map(ToString::to_string).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
