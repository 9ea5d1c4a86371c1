//! What a line break after each word of a title costs (B-3).

use crate::render::title::agencies::AGENCY_WORDS;
use crate::render::title::word::{Class, Word};

/// No break here.
pub(crate) const NEVER: f64 = f64::INFINITY;
/// A break that is only taken where the lines could not be filled otherwise.
pub(crate) const WORST: f64 = 60.0;

/// Words that belong to the words after them.
const LEADING_WORDS: [&str; 22] = [
    "关于", "对", "对于", "向", "在", "为", "以", "把", "将", "与", "和", "及", "暨", "或", "从",
    "由", "给", "同", "至", "到", "并", "等",
];
/// Words that limit the word after them.
const DETERMINERS: [&str; 15] = [
    "有关", "若干", "部分", "相关", "其他", "各", "各类", "本", "全国", "全省", "全市", "全县",
    "全区", "一批", "该",
];
/// Adverbs that jieba has as other words.
const ADVERBS: [&str; 10] =
    ["进一步", "切实", "大力", "全面", "深入", "加快", "积极", "认真", "扎实", "协助"];
/// Verbs that introduce the title of another document.
const ISSUING_VERBS: [&str; 7] = ["印发", "转发", "批转", "发布", "公布", "颁布", "修订"];
/// Verbs that begin a phrase.
const GOVERNING_VERBS: [&str; 61] = [
    "促进", "推进", "推动", "加强", "加快", "规范", "完善", "健全", "做好", "落实", "实施", "提升",
    "开展", "建立", "设立", "同意", "批准", "修改", "废止", "调整", "提高", "深化", "优化", "支持",
    "鼓励", "强化", "表彰", "授予", "命名", "下达", "报送", "申请", "征求", "成立", "提请", "审议",
    "解决", "免征", "核实", "接受", "列入", "打造", "取消", "下放", "更名", "升级", "发放", "增进",
    "恳请", "坚持", "贯彻", "招募", "查处", "禁止", "举办", "办理", "追加", "确定", "应用", "启动",
    "惩治",
];
/// Words that end the titles of other documents.
const KIND_WORDS: [&str; 13] = [
    "意见", "方案", "办法", "细则", "规划", "规定", "计划", "指南", "规程", "措施", "纲要", "规范",
    "条例",
];
/// Words that begin the second of two parts.
const JOINING_WORDS: [&str; 7] = ["和", "及", "与", "暨", "或", "并", "同"];
/// Words that end a phrase.
const HEAD_NOUNS: [&str; 26] = [
    "工作", "情况", "问题", "期间", "资金", "领域", "制度", "体系", "管理", "建设", "服务", "活动",
    "行动", "项目", "事项", "政策", "精神", "会议", "规划", "计划", "年度", "人员", "群众", "条例",
    "财政", "支出",
];

/// What it costs to split two words that make a phrase of four characters.
const PAIR: f64 = 8.0;
/// The same if the words before and after them leave open whether they do.
const LIKELY_PAIR: f64 = 4.0;

/// What it costs in addition to end a line with 关于, so that it costs more than a short last line.
const AFTER_ABOUT: f64 = 45.0;
/// Verbs that stay with what follows them in titles, but not in the cells of tables.
const TITLE_VERBS: [&str; 6] = ["承办", "晋升", "增设", "撤销", "划转", "组建"];
/// What a break after a place costs in addition in a title, where a name may begin with the place.
const AFTER_PLACE: f64 = 4.0;
/// The same before a number, and what it costs after 国家.
const INSIDE_NAME: f64 = 20.0;

/// What a break costs in addition after a year that follows 和, as in 和2035年远景目标纲要.
const AFTER_YEAR: f64 = 8.0;

/// Adds what breaks inside names cost in titles, after places and years.
pub(crate) fn add_costs_in_titles(words: &[Word], costs: &mut [f64]) {
    for (index, cost) in costs.iter_mut().enumerate() {
        let (word, next) = (&words[index], &words[index + 1]);
        let after = next.text.as_str();
        let is_plain = !is_governing(after) && !belongs_to_next(after);
        let is_year = words.get(index + 2).is_some_and(|word| word.text.starts_with('年'));
        *cost += match (word.class, next.class) {
            _ if word.text == "关于" => AFTER_ABOUT,
            _ if TITLE_VERBS.contains(&word.text.as_str()) => INSIDE_NAME,
            (Class::Place, Class::Noun | Class::Name | Class::Agency) if is_plain => AFTER_PLACE,
            _ if word.text == "年" && index > 1 && is_joining(&words[index - 2]) => AFTER_YEAR,
            (Class::Place, Class::Number) if !is_year && !after.ends_with('年') => INSIDE_NAME,
            (_, Class::Noun) if word.text == "国家" && is_plain => INSIDE_NAME,
            (_, Class::Mark | Class::Number) if word.text == "国家" => INSIDE_NAME,
            _ => 0.0,
        };
    }
}

/// The cost of a break after each word but the last.
pub(crate) fn break_costs(words: &[Word]) -> Vec<f64> {
    let pairs = pair_costs(words);
    words
        .windows(2)
        .enumerate()
        .map(|(index, pair)| {
            let is_end = index + 2 == words.len();
            let mut before = words[..index].iter().rev().map(|word| word.text.as_str());
            let is_first_verb = before
                .find(|text| !ADVERBS.contains(text) && !is_governing(text))
                .is_some_and(|text| matches!(text, "关于" | "、"));
            match base_cost(&pair[0], &pair[1], is_end, is_first_verb) {
                Base::Fixed(cost) => cost,
                Base::Phrase(cost) => cost + pairs[index],
            }
        })
        .collect()
}

/// The cost of a break by the two words next to it.
enum Base {
    /// Any other pair of words.
    Fixed(f64),
    /// Depends also on the phrases that the words around them make.
    Phrase(f64),
}

fn base_cost(word: &Word, next: &Word, is_end: bool, is_first_verb: bool) -> Base {
    let (text, after) = (word.text.as_str(), next.text.as_str());
    // 文种 stays with the words before it: alone it would be too short a line.
    if never_parts(word, next) || (is_end && text == "的") {
        return Base::Fixed(NEVER);
    }
    if let Some(cost) = agency_cost(word, next).or_else(|| mark_cost(text, after)) {
        return Base::Fixed(cost);
    }
    if after == "关于" {
        return Base::Fixed(0.0);
    }
    if belongs_to_next(text) {
        return Base::Fixed(35.0);
    }
    if ADVERBS.contains(&text) {
        return Base::Fixed(30.0);
    }
    if text.ends_with('年') {
        // 2021年第三季度 and 2023年元旦 are one time.
        let is_time = matches!(next.class, Class::Number | Class::Time);
        return Base::Fixed(if is_time { 10.0 } else { 7.0 });
    }
    if JOINING_WORDS.contains(&after) {
        return Base::Fixed(if is_governing(text) { 12.0 } else { 2.0 });
    }
    if text == "的" {
        return Base::Fixed(2.0);
    }
    if is_governing(text) {
        let is_light = is_first_verb || is_issuing(text);
        return Base::Fixed(if is_light && !is_governing(after) { 6.0 } else { 30.0 });
    }
    phrase_cost(word, next)
}

/// The cost between two words of a phrase or of two phrases.
fn phrase_cost(word: &Word, next: &Word) -> Base {
    let (text, after) = (word.text.as_str(), next.text.as_str());
    if DETERMINERS.contains(&text) {
        return Base::Fixed(10.0);
    }
    if is_governing(after) && word.class != Class::Verb {
        return Base::Phrase(2.0);
    }
    let is_kind = KIND_WORDS.iter().any(|kind| after.ends_with(kind));
    if is_kind {
        // 办法 alone belongs to the word before it; 管理办法 may begin a line.
        return Base::Fixed(if next.length() > 2 { 3.0 } else { 14.0 });
    }
    if HEAD_NOUNS.iter().any(|noun| text.ends_with(noun)) {
        // 管理情况, 项目资金 and 工作规程 belong together.
        let goes_on = is_kind || HEAD_NOUNS.iter().any(|noun| after.starts_with(noun));
        return Base::Phrase(if goes_on { 8.0 } else { 1.0 });
    }
    if is_span_of_years(after) {
        return Base::Fixed(2.0);
    }
    let is_verb = matches!(word.class, Class::Verb | Class::Number);
    let is_short = word.length() == 1 || next.length() == 1;
    Base::Phrase(if is_verb { 9.0 } else { 7.0 } + if is_short { 6.0 } else { 0.0 })
}

/// The cost at the name of an agency.
fn agency_cost(word: &Word, next: &Word) -> Option<f64> {
    let after = next.text.as_str();
    match (word.class, next.class) {
        (Class::Space, _) | (Class::Agency, Class::Agency) => Some(1.0),
        (Class::Issuer, _) => Some(if after == "关于" { 0.0 } else { 2.0 }),
        (Class::Place, Class::Place | Class::Agency | Class::Name) => Some(20.0),
        (Class::Place, _) if after == "“" => Some(12.0),
        _ => None,
    }
}

/// The cost at a punctuation mark.
fn mark_cost(text: &str, after: &str) -> Option<f64> {
    let cost = match (text, after) {
        ("、", _) => WORST,
        (_, "《" | "〈") => 0.5,
        ("》" | "〉", _) if JOINING_WORDS.contains(&after) => 1.0,
        ("》" | "〉", _) => 3.0,
        ("”", _) => 10.0,
        (_, "“") if ISSUING_VERBS.contains(&text) => 1.0,
        (_, "“") => 6.0,
        ("）", _) if JOINING_WORDS.contains(&after) => 2.0,
        ("）", _) => 5.0,
        (_, "（") => 4.0,
        _ => return None,
    };
    Some(cost)
}

/// Whether a word belongs to the one after it.
pub(crate) fn belongs_to_next(text: &str) -> bool {
    LEADING_WORDS.contains(&text)
}

/// Whether a verb begins a phrase of a title.
pub(crate) fn governs_in_titles(text: &str) -> bool {
    is_governing(text) || TITLE_VERBS.contains(&text)
}

fn is_governing(text: &str) -> bool {
    GOVERNING_VERBS.contains(&text) || is_issuing(text)
}

fn is_issuing(text: &str) -> bool {
    ISSUING_VERBS.iter().any(|verb| text.ends_with(verb))
}

/// 三年 of 三年行动方案.
fn is_span_of_years(text: &str) -> bool {
    text.strip_suffix('年').is_some_and(|count| {
        count.chars().count() == 1 && count.chars().all(|c| "两二三四五六七八九十".contains(c))
    })
}

/// Whether a break would split a number and its unit, a mark and its word, or a name.
fn never_parts(word: &Word, next: &Word) -> bool {
    let (text, after) = (word.text.as_str(), next.text.as_str());
    let is_date_word = |text: &str| matches!(text, "年" | "月" | "日");
    let is_ascii = |text: &str| text.chars().any(|c| c.is_ascii_alphanumeric());
    let is_number = word.class == Class::Number && !is_date_word(text) && !text.ends_with("季度");
    let is_connector = |text: &str| text.chars().all(|c| "—–-·.%‰～~/+×:：".contains(c));
    is_number
        || is_ascii(text)
        || is_date_word(after)
        || (text.ends_with('年') && matches!(after, "度" | "至" | "到"))
        || is_connector(text)
        || is_connector(after)
        || AGENCY_WORDS.contains(&after)
        || matches!(text, "《" | "〈" | "“" | "（" | "〔")
        || (after == "等" && !matches!(text, "》" | "〉"))
        || matches!(
            after,
            "的" | "》" | "〉" | "”" | "）" | "〕" | "、" | "，" | "地" | "之" | "\u{3000}"
        )
}

/// Chinese puts words of two characters together in pairs: 科学防治, 精准施策. The cost after each
/// word of splitting such a pair.
fn pair_costs(words: &[Word]) -> Vec<f64> {
    let mut costs = vec![0.0; words.len()];
    let mut start = 0;
    while start < words.len() {
        let count = words[start..].iter().take_while(|word| is_of_two(word)).count();
        if count == 0 {
            start += 1;
            continue;
        }
        // A single word after a longer one belongs to that: 河长制工作.
        let follows_longer = start > 0
            && is_longer(&words[start - 1])
            && (words[start - 1].class != Class::Name || is_head_noun(&words[start]));
        let is_odd = count % 2 == 1;
        if is_odd && follows_longer {
            let precedes_longer = count == 1 && words.get(start + 1).is_some_and(is_longer);
            costs[start - 1] = if precedes_longer { LIKELY_PAIR } else { PAIR };
        }
        let ends_phrase = is_head_noun(&words[start]);
        if count == 1 && !ends_phrase && words.get(start + 1).is_some_and(is_longer) {
            costs[start] = LIKELY_PAIR;
        }
        for place in 0..count - 1 {
            costs[start + place] = match (is_odd, follows_longer) {
                (true, false) => LIKELY_PAIR,
                // The second word of a pair follows an even place, or an odd one if the first word
                // belongs to the word before the run.
                _ if (place % 2 == 1) == is_odd => PAIR,
                _ => 0.0,
            };
        }
        start += count;
    }
    costs
}

fn is_joining(word: &Word) -> bool {
    JOINING_WORDS.contains(&word.text.as_str())
}

fn is_head_noun(word: &Word) -> bool {
    HEAD_NOUNS.contains(&word.text.as_str())
}

fn is_of_two(word: &Word) -> bool {
    let is_plain = matches!(word.class, Class::Noun | Class::Verb | Class::Place | Class::Time);
    let text = word.text.as_str();
    is_plain
        && word.length() == 2
        && !is_governing(text)
        && !matches!(text, "关于" | "年度" | "期间")
}

fn is_longer(word: &Word) -> bool {
    let is_plain = matches!(word.class, Class::Noun | Class::Verb | Class::Name);
    is_plain && word.length() > 2 && !ADVERBS.contains(&word.text.as_str())
}
