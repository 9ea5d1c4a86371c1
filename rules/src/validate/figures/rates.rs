//! Compares rates with the figures that they are computed from: 受理37件，办结37件，办结率100%; 任务500人的90%; 占60%.

use crate::validate::figures::parts::composition;
use crate::validate::figures::passage::{Clause, Passage};
use crate::validate::figures::quantity::Unit;
use crate::validate::figures::role::Role;
use crate::validate::figures::span::{Span, rate_shown};

/// A rate: its name, and the words that name its two figures.
struct Rate {
    name: &'static str,
    parts: &'static [&'static str],
    wholes: &'static [&'static str],
}

impl Rate {
    /// Whether the rate is of money against a budget.
    fn is_of_budget(&self) -> bool {
        self.wholes.contains(&"预算")
    }
}

/// The known rates. If one name is the end of another, the longer comes first.
const RATES: [Rate; 16] = [
    Rate { name: "办结率", parts: &["办结", "审结", "结案"], wholes: RECEIVED },
    Rate { name: "结案率", parts: &["结案", "审结", "办结"], wholes: RECEIVED },
    Rate { name: "办复率", parts: &["办复", "答复", "办结"], wholes: RECEIVED },
    Rate { name: "答复率", parts: &["答复", "办复"], wholes: RECEIVED },
    Rate { name: "回复率", parts: &["回复", "答复"], wholes: RECEIVED },
    Rate { name: "预算执行率", parts: SPENT, wholes: &["预算"] },
    Rate { name: "执行率", parts: SPENT, wholes: &["预算", "下达", "安排"] },
    Rate { name: "支出率", parts: SPENT, wholes: GRANTED },
    Rate { name: "支付率", parts: SPENT, wholes: GRANTED },
    Rate { name: "拨付率", parts: &["拨付"], wholes: GRANTED },
    Rate { name: "到位率", parts: &["到位"], wholes: PROMISED },
    Rate {
        name: "完成率", parts: &["完成"], wholes: &["任务", "计划", "目标", "应完成"]
    },
    Rate { name: "不合格率", parts: &["不合格"], wholes: TESTED },
    Rate { name: "合格率", parts: &["合格"], wholes: TESTED },
    Rate { name: "开工率", parts: &["开工"], wholes: &["项目", "计划"] },
    Rate {
        name: "整改率",
        parts: &["整改", "完成整改"],
        wholes: &["发现", "查出", "反馈", "排查"],
    },
];

const RECEIVED: &[&str] =
    &["受理", "收到", "接到", "接收", "承办", "交办", "转办", "立案", "登记", "收案"];
const SPENT: &[&str] = &["执行", "支出", "支付", "使用"];
const GRANTED: &[&str] = &["下达", "安排", "到位", "预算", "总额", "总量"];
const PROMISED: &[&str] = &["预算", "计划", "下达", "安排", "应到位", "总投资", "总额", "总量"];
const TESTED: &[&str] = &["抽检", "抽查", "检查", "检验", "检测", "监测", "送检"];

/// Words before the name of a rate that do not restrict it.
const BEFORE_NAME: [&str; 18] = [
    "",
    "其",
    "总",
    "总体",
    "综合",
    "案件",
    "诉求",
    "信访",
    "信访件",
    "项目",
    "资金",
    "预算",
    "任务",
    "问题",
    "抽检",
    "检测",
    "提案",
    "建议",
];

/// Words between the name of a rate and its number.
const AFTER_NAME: [&str; 8] = ["", "为", "达", "达到", "是", "已达", "达到了", "："];

/// Words of a figure that the rate is not computed from.
const NARROWER: [&str; 18] = [
    "计划", "预计", "未", "不", "应", "待", "拟", "当场", "按期", "按时", "限时", "提前", "逾期",
    "超期", "部分", "即时", "本级", "尚",
];

/// Words of a figure that is of a part, unless the other one is of the same part.
const OF_A_PART: [&str; 14] = [
    "中央", "省级", "市级", "县级", "区级", "乡级", "镇级", "上级", "配套", "自筹", "首批", "一批",
    "二批", "其中",
];

/// Words of a paragraph whose budget was changed, so that the rate may refer to another one.
const ADJUSTED: [&str; 14] = [
    "追加", "调整", "调剂", "调增", "调减", "核减", "核增", "追减", "压减", "收回", "结转", "变更",
    "盘活", "增补",
];

/// Words of a figure of another year.
const OTHER_YEAR: [&str; 9] =
    ["上年", "去年", "下年", "明年", "次年", "往年", "来年", "前年", "上一年"];

/// The number of clauses before a rate that are searched for its figures.
const LOOK_BACK: usize = 6;

/// The doubts about rates that contradict the figures next to them.
pub fn doubts(passage: &Passage<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    for sentence in passage.sentences() {
        for (at, clause) in sentence.iter().enumerate() {
            for index in clause.quantities.clone() {
                let rate = &passage.quantities[index];
                if rate.unit != Unit::PERCENT || rate.is_vague {
                    continue;
                }
                let doubt = named(passage, &sentence[..=at], index)
                    .or_else(|| of_a_base(passage, &sentence[..=at], index))
                    .or_else(|| of_the_whole(passage, start + at, index));
                found.extend(doubt);
            }
        }
        start += sentence.len();
    }
    found
}

/// A figure and its clause.
type Figure<'p> = (&'p Clause, usize);

/// The doubt about a rate with a known name. `clauses` are those of its sentence up to its own.
fn named(passage: &Passage<'_>, clauses: &[Clause], index: usize) -> Option<String> {
    let (own, before) = clauses.split_last()?;
    let (name, after) = passage.label(own, index).split_once('率')?;
    let name = format!("{name}率");
    let rate = RATES.iter().find(|rate| name.ends_with(rate.name))?;
    let qualifier = &name[..name.len() - rate.name.len()];
    if !BEFORE_NAME.contains(&qualifier) || !AFTER_NAME.contains(&after) {
        return None;
    }
    let figures = figures(passage, own, before);
    if rate.name == "完成率"
        && let Some((part, whole)) = planned(passage, &figures)
    {
        if any_two_agree(passage, &figures, index) {
            return None;
        }
        return contradicts(passage, own, (index, index), part, whole);
    }
    let part = part(passage, &figures, rate)?;
    let unit = passage.quantities[part.1].unit;
    let same = figures.iter().filter(|figure| passage.quantities[figure.1].unit == unit);
    let whole = whole(passage, same.clone(), part, rate)?;
    // Between the whole and the part there are only quantities of other units.
    let between = whole.1 + 1..part.1;
    // After the part, the whole must be the only other figure: 支出9860万元，预算10000万元.
    let is_apart = if whole.1 > part.1 {
        same.clone().count() > 2
    } else {
        same.clone().any(|figure| between.contains(&figure.1))
    };
    // If any two of the figures have this rate, it refers to them.
    if is_apart
        || !are_of_the_same(passage, part, whole)
        || rate.is_of_budget() && ADJUSTED.iter().any(|word| passage.text.contains(word))
        || any_two_agree(passage, &figures, index)
    {
        return None;
    }
    contradicts(passage, own, (index, index), part, whole)
}

/// The figure of the part. For 执行率, 拨付 is spent money if no figure says 支出 or the like.
fn part<'p>(passage: &Passage<'_>, figures: &[Figure<'p>], rate: &Rate) -> Option<Figure<'p>> {
    let of = |words: &[&str]| -> Vec<Figure<'p>> {
        figures.iter().filter(|figure| is_part(passage, figure, words)).copied().collect()
    };
    let mut found = of(rate.parts);
    if found.is_empty() && rate.name.ends_with("执行率") {
        found = of(&["拨付"]);
    }
    only(found.iter())
}

/// The figure of the whole. 办理 is the whole if no figure says 受理 or the like; 已办理 is a part.
fn whole<'f, 'p: 'f>(
    passage: &Passage<'_>,
    same: impl Iterator<Item = &'f Figure<'p>>,
    part: Figure<'_>,
    rate: &Rate,
) -> Option<Figure<'p>> {
    let others: Vec<Figure<'p>> = same.filter(|figure| figure.1 != part.1).copied().collect();
    let of = |words: &[&str]| -> Vec<Figure<'p>> {
        let is_whole = |(clause, index): &&Figure<'p>| {
            let name = passage.name(clause, *index);
            words.iter().any(|word| name.contains(word))
        };
        others.iter().filter(is_whole).copied().collect()
    };
    let mut found = of(rate.wholes);
    if found.is_empty() && rate.wholes == RECEIVED {
        found = of(&["办理"]);
        let is_less = |(clause, index): &Figure<'_>| {
            let name = passage.name(clause, *index);
            let is_narrower = NARROWER.iter().any(|word| name.contains(word));
            let value = |index: usize| passage.quantities[index].value;
            is_narrower || name.contains(['已', '完', '毕']) || value(*index) < value(part.1)
        };
        if found.iter().any(is_less) {
            return None;
        }
    }
    only(found.iter())
}

/// The figures of 计划培训300人，实际培训280人 if there are no others.
fn planned<'p>(passage: &Passage<'_>, figures: &[Figure<'p>]) -> Option<(Figure<'p>, Figure<'p>)> {
    const TIMES: [&str; 6] = ["全年", "年度", "本年度", "本年", "今年", "年初"];
    let [whole, part] = figures else { return None };
    let name = |figure: &Figure<'_>| {
        let name = passage.name(figure.0, figure.1);
        TIMES.iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name)
    };
    let plan = ["计划", "目标", "应"].iter().find_map(|word| name(whole).strip_prefix(word))?;
    let done = name(part).strip_prefix("实际")?;
    let [one, other] = [whole, part].map(|figure| passage.quantities[figure.1].unit);
    (plan.starts_with(done) && one == other).then_some((*part, *whole))
}

/// Whether two figures are of the same part and neither is of another year.
fn are_of_the_same(passage: &Passage<'_>, part: Figure<'_>, whole: Figure<'_>) -> bool {
    let [part, whole] = [part, whole].map(|(clause, index)| passage.name(clause, index));
    OF_A_PART.iter().all(|word| part.contains(word) == whole.contains(word))
        && OTHER_YEAR.iter().all(|word| part.contains(word) == whole.contains(word))
}

fn only<'f, 'p: 'f>(mut figures: impl Iterator<Item = &'f Figure<'p>>) -> Option<Figure<'p>> {
    figures.next().filter(|_| figures.next().is_none()).copied()
}

/// The amounts of the last clauses before a rate, and of its own clause.
fn figures<'p>(passage: &Passage<'_>, own: &'p Clause, before: &'p [Clause]) -> Vec<Figure<'p>> {
    let start = before.len().saturating_sub(LOOK_BACK);
    let clauses = before[start..].iter().chain(std::iter::once(own));
    let near = clauses.filter(|clause| clause.depth <= own.depth);
    let mut found: Vec<Figure<'p>> = near
        .flat_map(|clause| passage.amounts(clause).into_iter().map(move |index| (clause, index)))
        .collect();
    found.drain(..found.len().saturating_sub(LOOK_BACK));
    found
}

fn is_part(passage: &Passage<'_>, (clause, index): &Figure<'_>, words: &[&str]) -> bool {
    let name = passage.name(clause, *index);
    let word = words.iter().find(|word| name.contains(**word));
    word.is_some_and(|word| {
        let around = name.replace(word, "");
        !NARROWER.iter().any(|narrower| around.contains(narrower))
    })
}

fn any_two_agree(passage: &Passage<'_>, figures: &[Figure<'_>], index: usize) -> bool {
    let rate = &passage.quantities[index];
    figures.iter().any(|(_, part)| {
        let part = &passage.quantities[*part];
        figures.iter().any(|(_, whole)| {
            let whole = &passage.quantities[*whole];
            part.unit == whole.unit
                && part.start != whole.start
                && Span::of(part)
                    .percent_of(Span::of(whole))
                    .is_some_and(|computed| computed.is_printed_as(rate))
        })
    })
}

/// The doubt about a percentage of a base next to it: 完成任务500人的90%.
fn of_a_base(passage: &Passage<'_>, clauses: &[Clause], index: usize) -> Option<String> {
    const COMPARES: [&str; 4] = ["完成", "占", "为", "达到"];
    let (own, before) = clauses.split_last()?;
    let base = index.checked_sub(1).filter(|base| own.quantities.contains(base))?;
    let quantity = &passage.quantities[base];
    let is_of = passage.label(own, index) == "的" && passage.tail(own, index).is_empty();
    let name = passage.label(own, base);
    if !is_of || quantity.is_vague || !COMPARES.iter().any(|word| name.starts_with(word)) {
        return None;
    }
    let near = before.iter().rev().take(LOOK_BACK).filter(|clause| clause.depth == own.depth);
    let mut clauses = near.filter(|clause| !passage.is_remark(clause));
    let clause = clauses.next()?;
    let part = *passage.amounts(clause).last()?;
    if passage.quantities[part].unit != quantity.unit {
        return None;
    }
    // The rate may refer to a list: 农村5000人次、城市3000人次，完成目标7500人次的106.7%.
    let rate = &passage.quantities[index];
    let mut sum = Span::of(&passage.quantities[part]);
    for other in clauses.flat_map(|clause| passage.amounts(clause).into_iter().rev()) {
        let other = &passage.quantities[other];
        if other.unit == quantity.unit {
            sum = sum.plus(Span::of(other))?;
            let spans = [sum, Span::of(other)].map(|span| span.percent_of(Span::of(quantity)));
            if spans.into_iter().flatten().any(|computed| computed.is_printed_as(rate)) {
                return None;
            }
        }
    }
    contradicts(passage, own, (base, index), (clause, part), (own, base))
}

/// The doubt about the share of the first part after 其中: 其中城市5户，占50%.
fn of_the_whole(passage: &Passage<'_>, at: usize, index: usize) -> Option<String> {
    const SHARES: [&str; 5] = ["占", "占比", "占比为", "占总数的", "占比达"];
    let own = &passage.clauses()[at];
    let joint = at.checked_sub(1)?;
    let is_share = SHARES.contains(&passage.label(own, index));
    let first = &passage.clauses()[joint];
    if !is_share || first.depth != own.depth || !passage.clause(first).starts_with("其中") {
        return None;
    }
    let found = composition(passage, joint)?;
    // If the whole has a share too, both may be shares of something larger.
    let between = passage.clauses()[..joint].iter().rev();
    let between = between.take_while(|clause| !std::ptr::eq(*clause, found.whole.clause));
    if between.take(LOOK_BACK).any(|clause| passage.clause(clause).starts_with('占')) {
        return None;
    }
    let (clause, amounts) =
        found.parts.first().filter(|(clause, _)| std::ptr::eq(*clause, first))?;
    let [part] = amounts.as_slice() else { return None };
    let unit = passage.quantities[*part].unit;
    let mut wholes = found.whole.alone.iter();
    let whole = *wholes.find(|whole| passage.quantities[**whole].unit == unit)?;
    contradicts(passage, own, (index, index), (clause, *part), (found.whole.clause, whole))
}

fn contradicts(
    passage: &Passage<'_>,
    own: &Clause,
    (first, index): (usize, usize),
    (part_clause, part): Figure<'_>,
    (whole_clause, whole): Figure<'_>,
) -> Option<String> {
    let rate = &passage.quantities[index];
    // A change is not a share; `changes.rs` checks 增长.
    if passage.roles[index] != Role::Amount {
        return None;
    }
    let spans = [part, whole].map(|index| Span::of(&passage.quantities[index]));
    let computed = spans[0].percent_of(spans[1])?;
    (!computed.is_printed_as(rate)).then(|| {
        format!(
            "文中写“{}”，按“{}”除以“{}”计算为{}，请核对。",
            passage.quote_from(own, first, index),
            passage.quote(part_clause, part),
            passage.quote(whole_clause, whole),
            rate_shown(computed.value, rate)
        )
    })
}
