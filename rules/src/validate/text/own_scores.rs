//! Finds what the text says of the scores in less certain words than those of `text_total`: 综合得分98分, 履职效能自评得分55分.
//!
//! Such words are also said of other scores, so a figure counts only if every word before it is known.

use std::collections::BTreeMap;

use crate::scoring::points::Points;
use crate::validate::text::text_total::{
    BETWEEN, OF_THE_FILING, Stated, Total, has_points, number_before_points,
};

/// Phrases that introduce a total. The first is one of `OF_THE_FILING` too and is left to it.
const OF_THE_TOTAL: [&str; 10] = [
    "自评综合得分",
    "自评分数",
    "自评成绩",
    "自评打分",
    "自评结果",
    "自评分",
    "自评",
    "综合得分",
    "最终得分",
    "评价得分",
];

/// Phrases that introduce the score of a section after its title.
const OF_A_SECTION: [&str; 7] =
    ["自评得分", "自查得分", "自评得", "自查得", "自评分", "自评", "得分"];

/// Words before a total that do not say whose it is. If one is the beginning of another, the longer
/// comes first.
const NEUTRAL: [&str; 40] = [
    "部门整体支出",
    "整体支出",
    "部门预算",
    "预算绩效",
    "绩效",
    "自我",
    "自评",
    "自查",
    "评价",
    "综合",
    "最终",
    "本年度",
    "全年",
    "今年",
    "年度",
    "本次",
    "此次",
    "这次",
    "单位",
    "部门",
    "经过",
    "经",
    "认真",
    "逐项",
    "对照",
    "打分",
    "评分",
    "核算",
    "计算",
    "测算",
    "汇总",
    "综上所述",
    "综上",
    "总体",
    "结果",
    "合计",
    "实际",
    "后",
    "的",
    "：",
];

/// The words after 我 or 本 for the own agency.
const OURSELVES: [&str; 20] = [
    "单位", "部门", "街道", "中心", "机关", "镇", "乡", "县", "市", "区", "省", "州", "旗", "局",
    "厅", "委", "办", "院", "校", "站",
];

/// Words of a sentence about another year, another body or something else than a score.
const OF_OTHERS: [&str; 34] = [
    "上年",
    "去年",
    "上一年",
    "往年",
    "前年",
    "上次",
    "上期",
    "季度",
    "半年",
    "复核",
    "复评",
    "复审",
    "核定",
    "第三方",
    "专家",
    "抽查",
    "审计",
    "考核",
    "考评",
    "测评",
    "满意",
    "排名",
    "位列",
    "其中",
    "指标",
    "分值",
    "权重",
    "每",
    "各",
    "分别",
    "平均",
    "目标",
    "力争",
    "预计",
];

/// What is compared with, which names neither another body nor a part.
const YARDSTICKS: [&str; 12] = [
    "考评细则",
    "考评办法",
    "考评标准",
    "考核细则",
    "考核办法",
    "考核标准",
    "考核要求",
    "考核通知",
    "考核工作",
    "考评工作",
    "指标体系",
    "评价指标",
];

/// Words of the part of a sentence after 自评 that name another body.
const OTHER_BODIES: [&str; 9] = ["省", "市", "县", "厅", "局", "财政", "上级", "组织", "工作组"];

/// Words after the title of a section.
const AFTER_TITLE: [&str; 4] = ["部分", "方面", "指标", "类"];

/// The longest part of a sentence before or after a score that is read, in characters.
const LONGEST: usize = 200;

/// Marks that end a sentence, and those that end a clause in it.
const ENDS: [char; 7] = ['。', '；', ';', '！', '？', '!', '?'];
const MARKS: [char; 2] = ['，', ','];

/// The totals of the sheet that the text states. A sentence with one of the words in `others` is about
/// something else.
pub fn of_the_total<'t>(text: &'t str, total: &Total, others: &[&str]) -> Vec<Stated<'t>> {
    let all = introduced(text, &OF_THE_TOTAL).into_iter();
    let found = all.filter(|(start, stated)| {
        let Some(sentence) = sentence_before(text, *start) else { return false };
        let clause = sentence.rsplit(MARKS).next().unwrap_or_default();
        let after: String = text[*start..].chars().take(LONGEST).collect();
        let after = after.split(ENDS).next().unwrap_or_default();
        // 自评100分，得分95.5分 gives the right total too.
        !OF_THE_FILING.contains(&stated.phrase)
            && !after.contains(&format!("{}分", total.self_score))
            && !is_in_brackets(sentence)
            && is_neutral(clause)
            && !is_of_others(sentence, others)
            && (stated.phrase.starts_with("自评") || !names_a_body(sentence, clause))
            && has_no_points(sentence, total)
    });
    found.map(|(_, stated)| stated).collect()
}

/// The scores of sections that the text states, each with the title.
pub fn of_sections<'t, 's>(text: &'t str, titles: &[&'s str]) -> Vec<(&'s str, Stated<'t>)> {
    let find = |(start, stated): (usize, Stated<'t>)| {
        let sentence = sentence_before(text, start)?;
        let clause = sentence.rsplit(MARKS).next()?.rsplit(['（', '(', '、']).next()?;
        let label = AFTER_TITLE.iter().find_map(|word| clause.strip_suffix(word)).unwrap_or(clause);
        let ends = titles.iter().filter(|title| !title.is_empty() && label.ends_with(**title));
        let title = *ends.max_by_key(|title| title.len())?;
        let before = label.strip_suffix(title)?;
        let rest = &sentence[..sentence.len() - clause.len()];
        let is_of_others = OF_OTHERS
            .iter()
            .filter(|word| !["其中", "指标", "分值", "分别"].contains(word))
            .chain(&["财政", "省厅", "上级"])
            .any(|word| rest.contains(word) || before.contains(word));
        let is_of_the_section = is_neutral(before.strip_prefix("其中").unwrap_or(before));
        (is_of_the_section && !is_of_others).then_some((title, stated))
    };
    introduced(text, &OF_A_SECTION).into_iter().filter_map(find).collect()
}

/// The numbers of points directly after one of the phrases, each with the start of the longest phrase.
fn introduced<'t>(text: &'t str, phrases: &[&'static str]) -> Vec<(usize, Stated<'t>)> {
    if !has_points(text) {
        return Vec::new();
    }
    let mut found: BTreeMap<usize, (usize, Stated<'t>)> = BTreeMap::new();
    for phrase in phrases {
        for (start, _) in text.match_indices(phrase) {
            let after = text[start + phrase.len()..].trim_start_matches(BETWEEN);
            let number = number_before_points(after);
            let rest = after[number.len()..].trim_start_matches(BETWEEN).strip_prefix('分');
            // Something follows in 98分以上 and 98分的单位.
            let is_whole = rest.is_some_and(|rest| {
                rest.is_empty()
                    || rest.starts_with(ENDS)
                    || rest.starts_with(['，', ',', '、', '）', ')', '\n'])
            });
            if !number.is_empty() && is_whole {
                let place = text.len() - after.len();
                found.entry(place).or_insert((start, Stated { phrase, number }));
            }
        }
    }
    found.into_values().collect()
}

/// Whether a sentence is about another year, another body or one of the words in `others`.
fn is_of_others(sentence: &str, others: &[&str]) -> bool {
    let mut sentence = sentence.to_owned();
    for word in YARDSTICKS {
        sentence = sentence.replace(word, "");
    }
    OF_OTHERS.iter().chain(others).any(|word| !word.is_empty() && sentence.contains(word))
}

/// The part of a sentence before a byte, or `None` if it is longer than what is read.
fn sentence_before(text: &str, at: usize) -> Option<&str> {
    let mut last = text[..at].char_indices().rev();
    let start = last.nth(LONGEST).map_or(0, |(start, _)| start);
    let window = &text[start..at];
    match window.rsplit_once(ENDS) {
        Some((_, sentence)) => Some(sentence),
        None => (start == 0).then_some(window),
    }
}

fn is_in_brackets(sentence: &str) -> bool {
    let count = |marks: [char; 2]| sentence.matches(marks).count();
    count(['（', '(']) > count(['）', ')'])
}

/// Whether a text has only words that do not say whose score it is.
fn is_neutral(mut text: &str) -> bool {
    while !text.is_empty() {
        let ours = text
            .strip_prefix(['我', '本'])
            .and_then(|rest| OURSELVES.iter().find_map(|word| rest.strip_prefix(word)));
        let rest = ours.or_else(|| NEUTRAL.iter().find_map(|word| text.strip_prefix(word)));
        match rest {
            Some(rest) => text = rest,
            None => return false,
        }
    }
    true
}

/// Whether a sentence names another body that may have given the score, after its last 自评.
fn names_a_body(sentence: &str, clause: &str) -> bool {
    let before = &sentence[..sentence.len() - clause.len()];
    let start = ["自评", "自查"].iter().filter_map(|word| before.rfind(word)).max();
    let rest = &before[start.unwrap_or_default()..];
    OTHER_BODIES.iter().any(|word| rest.contains(word))
}

/// Whether a text has no points besides 分值 of the total: （20分），自评18分 is about an indicator.
fn has_no_points(text: &str, total: &Total) -> bool {
    text.match_indices('分').all(|(at, _)| {
        let before = text[..at].trim_end_matches([' ', '\u{3000}']);
        let number = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = &before[number.len()..];
        number.is_empty() || Points::parse(number) == Ok(total.max_points)
    })
}
