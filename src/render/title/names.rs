//! Names of bodies, zones and works in a title. Each is one word, so that no line ends inside it.

use crate::document::title::{WIDEST, width_of};
use crate::render::title::agencies::AGENCY_WORDS;
use crate::render::title::costs::{belongs_to_next, governs_in_titles};
use crate::render::title::word::{Class, Word};

/// Ends of words that end the name of a body, a zone or a work.
const ENDINGS: [&str; 62] = [
    "院",
    "校",
    "小学",
    "中学",
    "大学",
    "幼儿园",
    "银行",
    "分行",
    "支行",
    "公司",
    "集团",
    "中心",
    "港",
    "站",
    "所",
    "馆",
    "厂",
    "场",
    "园",
    "库",
    "队",
    "社",
    "局",
    "厅",
    "协会",
    "学会",
    "商会",
    "联合会",
    "基金会",
    "委员会",
    "管委会",
    "办事处",
    "指挥部",
    "开发区",
    "园区",
    "示范区",
    "试验区",
    "新区",
    "片区",
    "保税区",
    "景区",
    "保护区",
    "合作区",
    "公路",
    "铁路",
    "大桥",
    "隧道",
    "段",
    "台",
    "总工会",
    "集中区",
    "港区",
    "作业区",
    "校区",
    "院区",
    "灌区",
    "集聚区",
    "经济区",
    "先行区",
    "旅游区",
    "名胜区",
    "管理处",
];
/// Words that end so and are no names.
const OTHER_WORDS: [&str; 26] = [
    "香港", "布局", "格局", "结局", "场所", "市场", "立场", "现场", "网站", "全社", "社", "场",
    "军队", "部队", "队", "各校", "高校", "我局", "我厅", "我院", "我校", "阶段", "手段", "平台",
    "后台", "一段",
];
/// Ends of words for areas that are no zones with a name.
const OTHER_ZONES: [&str; 7] = ["地区", "城区", "社区", "小区", "市区", "郊区", "自治区"];
/// Such names may begin with the name of the body that they are part of.
const PARENTS: [&str; 10] = [
    "中国",
    "国家税务总局",
    "国家统计局",
    "国家金融监督管理总局",
    "国家能源局",
    "国家矿山",
    "国家邮政局",
    "审计署",
    "水利部",
    "自然资源部",
];
/// Words with which a name may begin.
const BEGINNINGS: [&str; 12] =
    ["国家", "中国", "中华", "省", "市", "县", "区", "州", "自治区", "国家级", "省级", "市级"];
/// What follows a place and belongs to its name.
const KINDS_OF_PLACE: [&str; 11] =
    ["省", "市", "县", "区", "州", "镇", "乡", "村", "旗", "街道", "县城"];
/// Verbs, adjectives and times that are part of names.
const WORDS_OF_NAMES: [&str; 79] = [
    "支行", "示范", "勘察", "开发", "养护", "排水", "发电", "供电", "保护", "展览", "改造", "高新",
    "托养", "应用", "附属", "监督", "检验", "高级", "特殊", "普通", "检定", "测试", "广播", "焚烧",
    "提灌", "殡葬", "运输", "隔离", "戒毒", "救援", "急救", "抢险", "融资", "担保", "租赁", "屠宰",
    "配送", "仓储", "批发", "孵化", "繁育", "养殖", "加工", "处置", "填埋", "转运", "回收", "再生",
    "净化", "观测", "体检", "康复", "纪念", "研究", "交流", "侦查", "稽查", "执法", "引水", "调水",
    "灌溉", "防洪", "排涝", "治理", "绿化", "亮化", "抗震", "疏浚", "移民", "修缮", "紧急", "扩建",
    "扩容", "新建", "提升", "加固", "集中", "新", "现代",
];
/// Words of names that after a place are verbs, except in the name of a company.
const VERBS_AFTER_PLACE: [&str; 7] = ["建设", "新建", "改造", "设置", "申报", "筹建", "应用"];
/// Words that are no part of a name.
const OUTSIDE: [&str; 20] = [
    "的", "年", "年度", "期间", "、", "有关", "若干", "部分", "相关", "其他", "各", "各类", "各级",
    "全国", "全省", "全市", "全县", "全区", "情况", "问题",
];
/// Words that stay with the word before them.
const TAILS: [&str; 9] = ["工程", "表", "费", "率", "区", "案", "书", "楼", "用房"];
/// The most characters of a name, of one without a place, and of one that only has one word before its
/// ending.
const LONGEST: [usize; 3] = [18, 16, 10];
/// The most characters of a work, such as 防洪治理工程, without a name before it.
const LONGEST_WORK: usize = 8;

/// Joins the words of each name.
pub(crate) fn with_whole_names(words: Vec<Word>) -> Vec<Word> {
    let mut whole: Vec<Word> = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let start = start_of(&whole, word, room(&words[index + 1..]));
        let Some(start) = start else {
            whole.push(word.clone());
            continue;
        };
        let class = match word.text.as_str() {
            "）" => Class::Place,
            text if TAILS.contains(&text) && whole[start].class == Class::Name => Class::Name,
            text if KINDS_OF_PLACE.contains(&text) && start + 1 == whole.len() => {
                whole[start].class
            }
            "五年" => Class::Number,
            text if TAILS.contains(&text) || is_plan(text) => Class::Noun,
            _ => Class::Name,
        };
        let mut text: String = whole.drain(start..).map(|word| word.text).collect();
        text.push_str(&word.text);
        whole.push(Word { text, class });
    }
    whole
}

/// How wide a name may be so that it fits on a line with what must follow it.
fn room(after: &[Word]) -> usize {
    match after {
        [of, kind] if of.text == "的" => WIDEST - width_of(&of.text) - width_of(&kind.text),
        _ => WIDEST,
    }
}

/// The first of the words that make one word with the next one.
fn start_of(before: &[Word], word: &Word, room: usize) -> Option<usize> {
    let last = before.last()?;
    let text = word.text.as_str();
    if is_place_kind(text, last) || text == "）" || is_plan(text) {
        return start_of_place_or_plan(before, text);
    }
    if AGENCY_WORDS.contains(&text) {
        return None;
    }
    let fits = |start: usize, longest: usize| {
        let name = || before[start..].iter().chain([word]);
        let width: usize = name().map(|word| width_of(&word.text)).sum();
        name().map(Word::length).sum::<usize>() <= longest && width <= room
    };
    let previous = before.len() - 1;
    let is_part = word.class != Class::Agency || last.text.starts_with('第') || has_parent(before);
    let is_place = word.class == Class::Place && !ENDINGS.contains(&text);
    if is_ending(text) && is_part && !is_place {
        if let Some(start) = start_of_body(before, text, &fits) {
            return Some(start);
        }
    } else if !TAILS.contains(&text) {
        return None;
    } else if last.class == Class::Name {
        return fits(previous, LONGEST[0]).then_some(previous);
    } else if text == "工程" {
        let first = first_inside(before, false);
        return (first..before.len()).find(|start| fits(*start, LONGEST_WORK));
    }
    let is_plain = word.class != Class::Agency && !is_body(last);
    let is_joined = (is_plain || word.length() == 1) && may_be_inside(last);
    (is_joined && fits(previous, LONGEST[2])).then_some(previous)
}

/// Whether a word is the kind of a place, such as 市 of 云州市.
fn is_place_kind(text: &str, last: &Word) -> bool {
    let is_autonomous = matches!(text, "自治县" | "自治州" | "自治区");
    is_autonomous || (last.class == Class::Place && KINDS_OF_PLACE.contains(&text))
}

/// The first word of a place, or of a plan such as 第十四个五年规划, that ends with this text.
fn start_of_place_or_plan(before: &[Word], text: &str) -> Option<usize> {
    let previous = before.len() - 1;
    let last = &before[previous];
    match text {
        "自治县" | "自治州" | "自治区" => {
            // 满族 and the like are between the place and its kind.
            let from = previous.saturating_sub(2);
            (from..before.len()).find(|start| before[*start].class == Class::Place)
        }
        "）" => {
            // 中国（四川） begins the names of zones.
            let first = previous.checked_sub(2)?;
            let is_zone = before[first].text == "中国" && before[first + 1].text == "（";
            (is_zone && last.class == Class::Place).then_some(first)
        }
        _ if is_plan(text) => {
            let first = previous.checked_sub(1)?;
            (last.text == "个" && before[first].text.starts_with('第')).then_some(first)
        }
        _ => (!last.text.ends_with(text)).then_some(previous),
    }
}

/// The first word of the name of a body or a zone that ends with this text. `fits`: whether a name from a
/// word on has at most a number of characters and fits on its line.
fn start_of_body(
    before: &[Word],
    text: &str,
    fits: &dyn Fn(usize, usize) -> bool,
) -> Option<usize> {
    let is_company = text.ends_with("公司") || text.ends_with("集团");
    let first = first_inside(before, is_company);
    // 中交 of 中交第一航务工程局有限公司 is part of the name.
    let is_start = |word: &Word| begins_name(word) && !(is_company && word.text.starts_with('第'));
    let start =
        (first..before.len()).find(|start| fits(*start, LONGEST[0]) && is_start(&before[*start]));
    let begins_phrase = first > 0 && {
        let text = before[first - 1].text.as_str();
        text == "关于" || governs_in_titles(text)
    };
    let is_whole = is_company || begins_phrase;
    start.or_else(|| {
        (first..before.len()).filter(|_| is_whole).find(|start| fits(*start, LONGEST[1]))
    })
}

/// Whether the name before belongs to a body whose local parts bear its name.
fn has_parent(before: &[Word]) -> bool {
    let parent = before.last().is_some_and(|word| is_parent(&word.text));
    parent || (before.len() > 1 && is_parent(&before[before.len() - 2].text))
}

fn is_parent(text: &str) -> bool {
    PARENTS.iter().any(|parent| text.starts_with(parent))
}

/// The first word that may be part of the name that ends after these words.
fn first_inside(before: &[Word], is_company: bool) -> usize {
    let mut first = before.len();
    while first > 0 {
        let word = &before[first - 1];
        let follows_place = first > 1 && begins_name(&before[first - 2]);
        // G5 from one place to another.
        let is_between = word.text == "至" && follows_place;
        let is_verb =
            !is_company && follows_place && VERBS_AFTER_PLACE.contains(&word.text.as_str());
        let is_other_body = begins_name_of_other(before, first - 1);
        // 处理 of 固体废物处理中心.
        let follows_noun = first > 1 && before[first - 2].class == Class::Noun;
        let is_noun_verb = follows_noun && word.class == Class::Verb && is_free(&word.text);
        let is_verb_of_company = is_company && word.class == Class::Verb && is_free(&word.text);
        if (!may_be_inside(word) && !is_between && !is_verb_of_company && !is_noun_verb) || is_verb
        {
            break;
        }
        first -= 1;
        if is_other_body {
            break;
        }
    }
    first
}

/// Whether a place or a body follows one that it is no part of.
fn begins_name_of_other(before: &[Word], index: usize) -> bool {
    let follows = index > 0 && is_body(&before[index - 1]);
    let is_name = before[index].class == Class::Place || is_body(&before[index]);
    let is_part = || {
        let text = before[index - 1].text.as_str();
        is_parent(text)
            || ["大学", "公司", "集团", "银行", "公路", "铁路", "港", "公安局"]
                .iter()
                .any(|end| text.ends_with(end))
    };
    is_name && follows && !is_part()
}

fn is_body(word: &Word) -> bool {
    matches!(word.class, Class::Agency | Class::Name)
}

/// Whether a name may begin with this word.
fn begins_name(word: &Word) -> bool {
    let text = word.text.as_str();
    word.class == Class::Place
        || is_body(word)
        || BEGINNINGS.contains(&text)
        || (word.class == Class::Number && text.starts_with('第'))
}

/// Whether a word may stand in a name before its last word.
fn may_be_inside(word: &Word) -> bool {
    let text = word.text.as_str();
    let is_han = text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let in_names = match word.class {
        Class::Place | Class::Agency | Class::Name | Class::Noun | Class::Mark => true,
        Class::Number => !text.ends_with(['年', '月', '日']),
        Class::Verb | Class::Time => WORDS_OF_NAMES.contains(&text),
        Class::Issuer | Class::Space => false,
    };
    (is_han || word.class == Class::Place) && in_names && is_free(text)
}

/// Whether a word neither begins a phrase nor leads to another word.
fn is_free(text: &str) -> bool {
    let is_governing = governs_in_titles(text) && text != "应用";
    !is_governing && !belongs_to_next(text) && !OUTSIDE.contains(&text)
}

fn is_ending(text: &str) -> bool {
    let is_other = OTHER_WORDS.contains(&text);
    let is_zone = text.ends_with('区')
        && text.chars().count() > 2
        && !OTHER_ZONES.iter().any(|end| text.ends_with(end));
    !is_other && (is_zone || ENDINGS.iter().any(|ending| text.ends_with(ending)))
}

/// 五年规划 of 第十四个五年规划.
fn is_plan(text: &str) -> bool {
    matches!(text, "五年" | "五年规划" | "五年计划")
}
