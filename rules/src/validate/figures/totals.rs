//! Compares lists with their total: 受理来信20件、来访37件，共计57件; 共安排900万元：中央500万元、省级400万元。

use crate::validate::figures::passage::{Clause, Passage};
use crate::validate::figures::quantity::Unit;
use crate::validate::figures::span::{Span, shown};

/// The words for a total.
const TOTALS: [&str; 4] = ["共计", "合计", "总计", "共"];

/// Words that may precede a total.
const BEFORE: [&str; 8] = ["", "以上", "上述", "两项", "三项", "四项", "各项", "总共"];

/// Words that may follow a total.
const AFTER: [&str; 5] = ["", "为", "达", "有", "达到"];

/// Words for a total that is followed by a colon and its list.
const TOTALS_BEFORE_A_LIST: [&str; 3] = ["共", "合计", "总计"];

/// Words of an incomplete list, or of the use of the total.
const NO_PARTS: [&str; 15] = [
    "等", "若干", "其余", "其中", "包括", "含", "到位", "支出", "执行", "完成", "拨付", "办结",
    "剩余", "结余", "已",
];

/// The most clauses of a list.
const LONGEST: usize = 60;

/// The most parts that a sentence quotes.
const LONGEST_QUOTED: usize = 6;

/// The doubts about totals that contradict their list.
pub fn doubts(passage: &Passage<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in passage.sentences() {
        // The list of a total starts after the previous total.
        let mut start = 0;
        for (at, clause) in sentence.iter().enumerate() {
            let totals = totals_after(passage, clause);
            if !totals.is_empty() {
                let list = &sentence[start..at];
                let doubts = totals.iter().map(|total| after_a_list(passage, list, clause, *total));
                found.extend(doubts.flatten());
                start = at + 1;
            } else if let Some(index) = total_before(passage, clause) {
                found.extend(before_a_list(passage, &sentence[at + 1..], clause, index));
            }
        }
    }
    found
}

/// The quantities of a clause that is only a total: 共计57件, 共5户8人.
fn totals_after(passage: &Passage<'_>, clause: &Clause) -> Vec<usize> {
    let all = clause.quantities.clone();
    let (Some(first), Some(last)) = (all.clone().next(), all.clone().last()) else {
        return Vec::new();
    };
    let label = passage.label(clause, first);
    let is_total = TOTALS.iter().any(|total| {
        let around = label.split_once(total);
        around.is_some_and(|(before, after)| BEFORE.contains(&before) && AFTER.contains(&after))
    });
    let has_no_other_words = passage.tail(clause, last).is_empty()
        && all.clone().skip(1).all(|index| passage.label(clause, index).is_empty());
    let totals = passage.amounts(clause);
    if is_total && has_no_other_words && totals.len() == all.len() { totals } else { Vec::new() }
}

/// The total of a clause that is followed by a colon and its list.
fn total_before(passage: &Passage<'_>, clause: &Clause) -> Option<usize> {
    let [index] = passage.amounts(clause)[..] else { return None };
    let label = passage.label(clause, index);
    let is_total = clause.quantities.len() == 1
        && matches!(clause.mark, '：' | ':')
        && passage.tail(clause, index).is_empty()
        && TOTALS_BEFORE_A_LIST.iter().any(|word| label.contains(word));
    is_total.then_some(index)
}

fn after_a_list(
    passage: &Passage<'_>,
    list: &[Clause],
    clause: &Clause,
    total: usize,
) -> Option<String> {
    let unit = passage.quantities[total].unit;
    let near = list.iter().rev().filter(|part| part.depth == clause.depth).take(LONGEST);
    let mut items = Vec::new();
    for part in near {
        if passage.is_remark(part) && !part.quantities.is_empty() {
            continue;
        }
        let Some(item) = item(passage, part, unit) else { break };
        if passage.clause(part).contains('等') {
            return None;
        }
        items.push(item);
    }
    items.reverse();
    contradicts(passage, &items, clause, total)
}

fn before_a_list(
    passage: &Passage<'_>,
    list: &[Clause],
    clause: &Clause,
    total: usize,
) -> Option<String> {
    let unit = passage.quantities[total].unit;
    let parts = list.iter().filter(|part| part.depth == clause.depth).take(LONGEST + 1);
    let parts: Vec<&Clause> = parts.collect();
    let is_complete = parts.len() <= LONGEST
        && !parts
            .iter()
            .any(|part| NO_PARTS.iter().any(|word| passage.clause(part).contains(word)));
    if !is_complete {
        return None;
    }
    let items: Option<Vec<(&Clause, usize)>> = parts
        .into_iter()
        .filter(|part| part.quantities.is_empty() || !passage.is_remark(part))
        .map(|part| item(passage, part, unit))
        .collect();
    contradicts(passage, &items?, clause, total)
}

/// The amount of a unit in a clause, if it is the only quantity of that unit.
fn item<'p>(
    passage: &Passage<'_>,
    clause: &'p Clause,
    unit: Unit<'_>,
) -> Option<(&'p Clause, usize)> {
    let same = |index: &usize| passage.quantities[*index].unit == unit;
    let mut all = clause.quantities.clone().filter(same);
    let index = all.next().filter(|_| all.next().is_none())?;
    passage.amounts(clause).contains(&index).then_some((clause, index))
}

/// Whether neither the sum of the list nor the sum of any number of its last parts is the total.
fn contradicts(
    passage: &Passage<'_>,
    items: &[(&Clause, usize)],
    clause: &Clause,
    total: usize,
) -> Option<String> {
    let quantity = &passage.quantities[total];
    let (last, rest) = items.split_last().filter(|(_, rest)| !rest.is_empty())?;
    // The clause before the parts may state the total too.
    let span = |index: usize| Span::of(&passage.quantities[index]);
    if items.iter().any(|(_, index)| span(*index).agrees_with(span(total))) {
        return None;
    }
    let mut sum = Span::of(&passage.quantities[last.1]);
    for (_, index) in rest.iter().rev() {
        sum = sum.plus(Span::of(&passage.quantities[*index]))?;
        if sum.agrees_with(Span::of(quantity)) {
            return None;
        }
    }
    let parts: Vec<String> = items
        .iter()
        .take(LONGEST_QUOTED)
        .map(|(clause, index)| format!("“{}”", passage.quote(clause, *index)))
        .collect();
    let others = if items.len() > LONGEST_QUOTED { "等" } else { "" };
    Some(format!(
        "文中写“{}”，所列{}{others}相加为{}，请核对。",
        passage.quote(clause, total),
        parts.join("、"),
        shown(sum.value, quantity)
    ))
}
