//! The words of a title: what must never be parted, and what a break after each would cost (B-3).

use crate::render::title::dictionary;

/// Words of official titles that the dictionary lacks, or parts in the wrong place.
const ADDED_WORDS: [&str; 59] = [
    "中央财政",
    "省级财政",
    "市级财政",
    "困难群众",
    "补助资金",
    "专项资金",
    "专项债券",
    "绩效评价",
    "绩效自评",
    "自评表",
    "绩效目标",
    "整体支出",
    "部门整体支出",
    "项目支出",
    "预算执行",
    "预算指标",
    "最低生活保障",
    "基本生活",
    "城乡低保",
    "农村低保",
    "城市低保",
    "特困人员",
    "社会救助",
    "临时救助",
    "救助供养",
    "残疾人",
    "未成年人",
    "留守儿童",
    "困境儿童",
    "养老服务",
    "服务体系",
    "体系建设",
    "医疗救助",
    "医疗保障",
    "公共卫生",
    "卫生健康",
    "乡村振兴",
    "脱贫攻坚",
    "应急管理",
    "退役军人",
    "发展改革委",
    "卫生健康委",
    "国资委",
    "编办",
    "领导小组",
    "联席会议",
    "社会福利",
    "社会福利事业",
    "彩票公益金",
    "供养服务机构",
    "服务机构",
    "道路交通事故",
    "实施意见",
    "实施方案",
    "实施细则",
    "暂行办法",
    "管理办法",
    "指导意见",
    "行动计划",
];
/// 自评 as most titles of this program have it. jieba would guess as much, from a table that takes
/// longer to load than a page to set.
const SELF_EVALUATE: &str = "自评";
/// How often the added words are taken to stand in a corpus: oftener than any parting of them.
const FREQUENCY: usize = 100_000;

/// No break here.
pub(crate) const NEVER: f64 = f64::INFINITY;
/// What a break inside 《》 or quotes costs more than outside.
const INSIDE: f64 = 7.0;
/// What a break inside a word too long for a line costs.
const INSIDE_WORD: f64 = 20.0;
/// The longest word that any line holds, in characters.
const LONGEST_WORD: usize = 20;
/// What it costs to let 关于 go on in the line of several issuers.
const JOINED_ISSUERS: f64 = 14.0;
/// The same where a long 《…》 follows, which shall begin a line of its own.
const JOINED_ISSUERS_BEFORE_TITLE: f64 = 4.0;
/// What it costs to let a second 关于, or a long 《, begin inside a line.
const JOINED_TITLE: f64 = 4.0;
/// The same where what 《 begins is longer than a line.
const JOINED_LONGER_TITLE: f64 = 10.0;
/// 《 with more characters than this up to its 》 is likely to run over its line; with more than
/// the second, it is longer than any line.
const LONG_TITLE: (usize, usize) = (16, 18);
/// What it costs more to part a verb from its object inside 《》.
const INSIDE_VERB: f64 = 8.0;

/// Words that may not end a line: what they govern would stand on the next.
const LEADING_WORDS: [&str; 20] = [
    "关于", "对", "对于", "向", "在", "为", "以", "把", "将", "与", "和", "及", "暨", "或", "从",
    "由", "给", "同", "至", "到",
];
/// What makes another document's title follow.
const ISSUING_WORDS: [&str; 7] = ["印发", "转发", "批转", "发布", "公布", "颁布", "修订"];
/// What ends the titles of other documents.
const KIND_WORDS: [&str; 12] = [
    "意见", "方案", "办法", "细则", "规划", "规定", "计划", "指南", "规程", "措施", "纲要", "规范",
];
/// Words that a line may well begin with.
const JOINING_WORDS: [&str; 8] = ["和", "及", "与", "暨", "或", "并", "同", "若干"];
/// Verbs whose object follows, in the titles of other documents.
const GOVERNING_VERBS: [&str; 12] = [
    "促进", "推进", "推动", "加强", "加快", "规范", "完善", "健全", "做好", "落实", "实施", "提升",
];
/// Words after which a phrase is complete.
const HEAD_NOUNS: [&str; 26] = [
    "工作", "情况", "问题", "期间", "资金", "领域", "制度", "体系", "管理", "建设", "服务", "活动",
    "行动", "项目", "事项", "政策", "精神", "会议", "规划", "计划", "年度", "人员", "群众", "条例",
    "财政", "支出",
];
/// Words that end the name of an agency, and stay with the place or body before them.
const AGENCY_WORDS: [&str; 12] =
    ["厅", "局", "委", "部", "办", "署", "政府", "办公厅", "办公室", "委员会", "人民政府", "党委"];
/// Ends of words that end the name of an agency.
const AGENCY_ENDINGS: [&str; 7] = ["厅", "局", "政府", "办公室", "委员会", "党委", "领导小组"];
/// The most words and characters of an agency's name behind its place.
const AGENCY_NAME: (usize, usize) = (7, 16);

/// A piece of the title that is never broken, and what a break after it costs.
#[derive(Debug)]
pub(crate) struct Piece {
    pub text: String,
    /// What ending a line here costs.
    pub break_after: f64,
    /// What it costs not to end a line here.
    pub no_break_after: f64,
}

/// A word and its part of speech.
#[derive(Debug)]
struct Word {
    text: String,
    tag: String,
}

/// The words of a title, with names of issuers and of other agencies whole.
pub(crate) fn pieces_of(title: &str, issuers: &[String]) -> Vec<Piece> {
    let (mut words, rest) = leading_issuers(title, issuers);
    let is_joint = words.iter().filter(|word| word.tag == "issuer").count() > 1;
    let about = words.len();
    let mut jieba = dictionary::segmenter(rest);
    for word in ADDED_WORDS {
        jieba.add_word(word, Some(FREQUENCY), Some("n"));
    }
    jieba.add_word(SELF_EVALUATE, Some(FREQUENCY), Some("v"));
    for tag in jieba.tag(rest, true) {
        words.push(Word { text: tag.word.to_owned(), tag: tag.tag.to_owned() });
    }
    let words = with_whole_agencies(words);
    let mut depth = 0_usize;
    let mut pieces = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        depth = match word.text.as_str() {
            "《" | "“" | "（" | "〈" => depth + 1,
            "》" | "”" | "）" | "〉" => depth.saturating_sub(1),
            _ => depth,
        };
        let base = words.get(index + 1).map_or(0.0, |next| break_cost(word, next));
        let governs = GOVERNING_VERBS.contains(&word.text.as_str());
        let inside = INSIDE + if governs { INSIDE_VERB } else { 0.0 };
        let ends_issuers = is_joint && index + 1 == about;
        let joined_title = if index > about { joined_title(&words[index + 1..]) } else { 0.0 };
        let chunks = chunks(&word.text);
        let last = chunks.len() - 1;
        pieces.extend(chunks[..last].iter().map(|chunk| Piece {
            text: chunk.clone(),
            break_after: INSIDE_WORD,
            no_break_after: 0.0,
        }));
        pieces.push(Piece {
            text: chunks[last].clone(),
            break_after: if depth > 0 { base + inside } else { base },
            no_break_after: match ends_issuers {
                true if quotes_long_title(&words) => JOINED_ISSUERS_BEFORE_TITLE,
                true => JOINED_ISSUERS,
                false => joined_title,
            },
        });
    }
    pieces
}

/// The issuers a title begins with, and the spaces between them; what is left of the title.
fn leading_issuers<'t>(title: &'t str, issuers: &[String]) -> (Vec<Word>, &'t str) {
    let mut words = Vec::new();
    let mut rest = title;
    // The longest first: one agency's name may begin with another's.
    let name_of = |rest: &str| {
        let names = issuers.iter().filter(|name| rest.starts_with(name.as_str()));
        names.max_by_key(|name| name.len()).cloned()
    };
    while let Some(name) = name_of(rest).filter(|name| !name.is_empty()) {
        rest = &rest[name.len()..];
        words.push(Word { text: name, tag: "issuer".to_owned() });
        if let Some(after) = rest.strip_prefix('\u{3000}') {
            words.push(Word { text: "\u{3000}".to_owned(), tag: "space".to_owned() });
            rest = after;
        }
    }
    (words, rest)
}

/// What it costs not to begin a line with these words: with 关于 of another document's title, or
/// with a long 《…》.
fn joined_title(words: &[Word]) -> f64 {
    match words.first().map(|word| word.text.as_str()) {
        Some("关于") => JOINED_TITLE,
        Some("《") if quoted_length(words) > LONG_TITLE.1 => JOINED_LONGER_TITLE,
        Some("《") if quoted_length(words) > LONG_TITLE.0 => JOINED_TITLE,
        _ => 0.0,
    }
}

/// Characters from 《, the first of the words, up to its 》.
fn quoted_length(words: &[Word]) -> usize {
    let titled = words.iter().take_while(|word| word.text != "》");
    titled.map(|word| word.text.chars().count()).sum()
}

/// Whether a 《…》 is likely to run over its line.
fn quotes_long_title(words: &[Word]) -> bool {
    let start = words.iter().position(|word| word.text == "《");
    start.is_some_and(|start| quoted_length(&words[start..]) > LONG_TITLE.0)
}

/// A word that no line holds, as a web address, in parts that lines hold.
fn chunks(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() <= LONGEST_WORD {
        return vec![word.to_owned()];
    }
    characters.chunks(LONGEST_WORD / 2).map(|chunk| chunk.iter().collect()).collect()
}

/// Joins a place with what follows it up to the end of an agency's name.
fn with_whole_agencies(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut index = 0;
    while index < words.len() {
        let count = agency_words(&words[index..]).unwrap_or(1);
        let text = words[index..index + count].iter().map(|word| word.text.as_str()).collect();
        let tag = if count > 1 { "nt".to_owned() } else { words[index].tag.clone() };
        joined.push(Word { text, tag });
        index += count;
    }
    joined
}

/// How many words make the name of an agency that begins with a place.
fn agency_words(words: &[Word]) -> Option<usize> {
    if words.first()?.tag != "ns" {
        return None;
    }
    let (most_words, most_characters) = AGENCY_NAME;
    let mut characters = 0;
    for (index, word) in words.iter().enumerate().take(most_words) {
        characters += word.text.chars().count();
        if characters > most_characters || matches!(word.tag.as_str(), "x" | "p" | "uj" | "m") {
            return None;
        }
        let ends = AGENCY_WORDS.contains(&word.text.as_str())
            || AGENCY_ENDINGS.iter().any(|ending| word.text.ends_with(ending));
        if index > 0 && ends {
            // 人民政府 and 办公厅 may follow each other.
            let more = words[index + 1..]
                .iter()
                .take_while(|word| AGENCY_WORDS.contains(&word.text.as_str()))
                .count();
            return Some(index + 1 + more);
        }
    }
    None
}

/// What it costs to end a line between two words.
fn break_cost(word: &Word, next: &Word) -> f64 {
    let (text, after) = (word.text.as_str(), next.text.as_str());
    if never_parts(word, next) {
        return NEVER;
    }
    match word.tag.as_str() {
        "space" => return 1.0,
        "issuer" => return if after == "关于" { 0.0 } else { 1.0 },
        _ => {}
    }
    if after == "关于" {
        return 0.0;
    }
    if LEADING_WORDS.contains(&text) {
        return 16.0;
    }
    if matches!(after, "《" | "〈") {
        return 0.5;
    }
    if text == "》" || text == "〉" || text == "、" {
        return 1.0;
    }
    if text == "”" {
        return 10.0;
    }
    if ISSUING_WORDS.contains(&text) && after == "“" {
        return 1.0;
    }
    if text.ends_with('年') {
        // 2021年第三季度 and 2023年元旦 are one time.
        let is_time = next.tag.starts_with('m') || next.tag.starts_with('t');
        return if is_time { 10.0 } else { 4.0 };
    }
    let is_kind = KIND_WORDS.iter().any(|kind| after.ends_with(kind));
    if is_kind && after.chars().count() > 2 {
        return 3.0;
    }
    if HEAD_NOUNS.iter().any(|noun| text.ends_with(noun)) {
        // 管理情况, 项目资金 and 工作规程 belong together.
        let goes_on = is_kind || HEAD_NOUNS.iter().any(|noun| after.starts_with(noun));
        return if goes_on { 8.0 } else { 1.0 };
    }
    if JOINING_WORDS.contains(&after) || text == "的" || is_span_of_years(after) {
        return 2.0;
    }
    let is_verb = matches!(word.tag.as_str(), "v" | "d" | "p" | "vd" | "a" | "ad");
    let base = if is_verb { 10.0 } else { 7.0 };
    let is_short = after.chars().count() == 1;
    if is_short { base + 4.0 } else { base }
}

/// 三年 of 三年行动方案.
fn is_span_of_years(text: &str) -> bool {
    text.strip_suffix('年').is_some_and(|count| {
        count.chars().count() == 1 && count.chars().all(|c| "两二三四五六七八九十".contains(c))
    })
}

/// Whether a number and its unit, a mark and its word, or the parts of a name would be parted.
fn never_parts(word: &Word, next: &Word) -> bool {
    let (text, after) = (word.text.as_str(), next.text.as_str());
    let is_date_word = |text: &str| matches!(text, "年" | "月" | "日");
    let is_ascii = |text: &str| text.chars().any(|c| c.is_ascii_alphanumeric());
    let is_number = word.tag.starts_with('m') && !is_date_word(text) && !text.ends_with("季度");
    let is_connector = |text: &str| text.chars().all(|c| "—–-·.%‰～~/+:：".contains(c));
    is_number
        || is_ascii(text)
        || is_date_word(after)
        || (text.ends_with('年') && matches!(after, "度" | "至" | "到"))
        || is_connector(text)
        || is_connector(after)
        || AGENCY_WORDS.contains(&after)
        || matches!(text, "《" | "〈" | "“" | "（" | "〔")
        || matches!(
            after,
            "的" | "》" | "〉" | "”" | "）" | "〕" | "、" | "，" | "地" | "之" | "等" | "\u{3000}"
        )
}
