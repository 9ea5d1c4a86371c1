//! Finds facts that two paragraphs state with different figures.
//!
//! A fact is a whole clause that names its region: 全市城乡低保保障157091户. Without a region, or
//! with words such as 发放资金 alone, two clauses often mean different things.

use std::collections::BTreeMap;

use crate::validate::figures::passage::{Clause, Passage};
use crate::validate::figures::span::Span;
use crate::validate::findings::place_name::place_name;

/// Words for the whole region of a filing.
const REGIONS: [&str; 9] = ["全市", "全县", "全区", "全省", "全州", "我市", "我县", "我区", "我省"];

/// Words that do not tell what is counted.
const COMMON: [&str; 19] = [
    "累计", "共计", "合计", "总计", "共有", "现有", "已", "共", "有", "为", "达", "的", "资金",
    "补助", "各类", "经费", "对象", "人员", "群众",
];

/// Words for events, plans and other times. In a clause with one of them, figures of the same name may
/// differ.
const NOT_FACTS: [&str; 32] = [
    "计划", "目标", "任务", "预计", "拟", "其中", "每", "月", "季度", "日", "上年", "新增", "开展",
    "举办", "组织", "召开", "培训", "检查", "排查", "走访", "发放", "印发", "出台", "清退", "退出",
    "下达", "拨付", "投入", "支出", "安排", "完成", "查处",
];

/// Units of events.
const EVENTS: [&str; 6] = ["人次", "户次", "件次", "批次", "场次", "家次"];

/// Words for the present, which do not name another time.
const PRESENT: [&str; 8] =
    ["截至目前", "截止目前", "目前", "今年以来", "今年", "全年", "本年度", "年末"];

/// The fewest characters of a name without its region and common words.
const SHORTEST: usize = 4;

/// The figures of all paragraphs by the facts that they state.
#[derive(Debug, Default)]
pub struct Facts {
    stated: BTreeMap<Fact, Vec<Statement>>,
}

/// What is stated: the words, the unit and the time of the paragraph.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    name: String,
    unit: String,
    time: String,
}

#[derive(Debug)]
struct Statement {
    pointer: String,
    quote: String,
    span: Span,
}

impl Facts {
    /// Adds the facts of a paragraph.
    pub fn add(&mut self, passage: &Passage<'_>, pointer: impl Fn() -> String) {
        if passage.quantities.is_empty() || !may_name_region(passage.text) {
            return;
        }
        let mut time = String::new();
        for clause in passage.clauses() {
            if let Some(other) = time_of(passage.clause(clause)) {
                time = other;
            }
            for index in passage.amounts(clause) {
                let name = passage.name(clause, index);
                if !is_fact(passage, clause, index, name) {
                    continue;
                }
                let quantity = &passage.quantities[index];
                let fact = Fact {
                    name: core_name(name),
                    unit: quantity.unit.text().to_owned(),
                    time: time.clone(),
                };
                self.stated.entry(fact).or_default().push(Statement {
                    pointer: pointer(),
                    quote: passage.quote(clause, index),
                    span: Span::of(quantity),
                });
            }
        }
    }

    /// The doubts about facts with two figures, each with the JSON Pointer of the second.
    pub fn doubts(self) -> Vec<(String, String)> {
        self.stated.into_values().filter_map(|statements| of_fact(&statements)).collect()
    }
}

/// Two figures contradict each other; three or more of the same name are a list.
fn of_fact(statements: &[Statement]) -> Option<(String, String)> {
    let first = statements.first()?;
    let mut others = statements.iter().filter(|other| !first.span.agrees_with(other.span));
    let other = others.next()?;
    let is_alone = others.all(|next| next.span.agrees_with(other.span));
    (is_alone && first.pointer != other.pointer).then(|| {
        let detail = format!(
            "文中写“{}”，前面（{}）写“{}”，同一事项的数字前后不一，请核对。",
            other.quote,
            place_name(&first.pointer),
            first.quote
        );
        (other.pointer.clone(), detail)
    })
}

/// Whether a text may contain one of `REGIONS`. Few do, and searching for each takes longer.
fn may_name_region(text: &str) -> bool {
    text.match_indices(['全', '我'])
        .any(|(at, whole)| text[at + whole.len()..].starts_with(['市', '县', '区', '省', '州']))
}

fn is_fact(passage: &Passage<'_>, clause: &Clause, index: usize, name: &str) -> bool {
    let is_event = EVENTS.contains(&passage.quantities[index].unit.text());
    // A name that starts in the middle of a clause may lack the words that distinguish two figures.
    let is_whole = clause.depth == 0 && passage.clause(clause).starts_with(name);
    let names_fact = !is_event
        && is_whole
        && REGIONS.iter().any(|region| name.contains(region))
        && !NOT_FACTS.iter().any(|word| name.contains(word));
    if !names_fact {
        return false;
    }
    let mut rest = core_name(name);
    for word in REGIONS.iter().chain(&COMMON) {
        rest = rest.replace(word, "");
    }
    rest.chars().count() >= SHORTEST
}

/// Removes words for the present and particles from a name.
fn core_name(name: &str) -> String {
    let mut name = name.to_owned();
    for word in PRESENT {
        name = name.replace(word, "");
    }
    for particle in ["累计", "共计", "共有", "已", "共"] {
        name = name.replace(particle, "");
    }
    name.trim_end_matches(['为', '达', '有', '是']).to_owned()
}

/// The time that a clause names, if it names one: 2020年, 截至9月底, 上年.
fn time_of(text: &str) -> Option<String> {
    const OTHER_TIMES: [&str; 9] =
        ["上年", "去年", "往年", "同期", "上半年", "下半年", "季度", "近年", "期间"];
    if !text.contains(['年', '月', '日', '期', '季', '间']) {
        return None;
    }
    let is_named = OTHER_TIMES.iter().any(|word| text.contains(word));
    let has_date = text.match_indices(['年', '月', '日']).any(|(at, _)| {
        text[..at].ends_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
    });
    // The words before the first amount are enough to distinguish two times.
    (is_named || has_date).then(|| {
        let end = text.rfind(['年', '月', '日', '期', '度', '间']).unwrap_or(text.len());
        text[..end].to_owned()
    })
}
