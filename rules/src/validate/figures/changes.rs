//! Compares stated changes with the figures next to them: 由100万元增加到120万元，增长20%; 126件，比上年增加26件，增长26%.

use rust_decimal::Decimal;

use crate::validate::figures::passage::{Clause, Passage};
use crate::validate::figures::quantity::{Quantity, Unit};
use crate::validate::figures::role::{Direction, Role};
use crate::validate::figures::span::{Span, rate_shown, shown};

/// Words of a sentence whose changes cannot be computed from its figures.
const NOT_COMPUTED: [&str; 11] =
    ["可比", "口径", "剔除", "扣除", "不变价", "年均", "分别", "实际增长", "折合", "环比", "倍"];

/// Words that compare with another time.
const COMPARES: [&str; 6] = ["同比", "比", "较", "相比", "上年", "去年"];

/// The beginnings of a clause that names the base of the comparison.
const BEFORE_BASE: [&str; 6] = ["比", "较", "与", "同", "相比", "跟"];

/// The most amounts before another one that are considered.
const NEAREST: usize = 8;

/// The largest distance between the clauses of two figures, in clauses.
const NEAR: usize = 2;

/// A figure of a sentence with its clause.
#[derive(Clone, Copy)]
struct Figure<'p, 't> {
    clause: &'p Clause,
    /// The index of the clause in the sentence.
    at: usize,
    index: usize,
    quantity: &'p Quantity<'t>,
    role: Role,
    label: &'t str,
}

/// The figures of one change, as far as the text gives them.
struct Change<'p, 't> {
    before: Option<Figure<'p, 't>>,
    now: Figure<'p, 't>,
    difference: Option<Figure<'p, 't>>,
    rate: Option<Figure<'p, 't>>,
}

/// The doubts about changes that contradict the figures next to them.
pub fn doubts(passage: &Passage<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in passage.sentences() {
        let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else { continue };
        if first.quantities.start == last.quantities.end {
            continue;
        }
        let text = &passage.text[first.range.start..last.range.end];
        if NOT_COMPUTED.iter().any(|word| text.contains(word)) {
            continue;
        }
        let deepest = sentence.iter().map(|clause| clause.depth).max().unwrap_or_default();
        for depth in 0..=deepest {
            let figures = figures(passage, sentence, depth);
            let mut at = 0;
            while at < figures.len() {
                let change = change(&figures, at);
                let length = change.as_ref().map_or(1, Change::length);
                found.extend(change.and_then(|change| change.doubt(passage)));
                at += length;
            }
        }
    }
    found
}

/// The figures at one depth of a sentence, without shares such as 任务500人的90%.
fn figures<'p, 't>(
    passage: &'p Passage<'t>,
    sentence: &'p [Clause],
    depth: usize,
) -> Vec<Figure<'p, 't>> {
    let clauses = sentence.iter().filter(|clause| clause.depth == depth).enumerate();
    let all = clauses.flat_map(|(at, clause)| {
        clause.quantities.clone().map(move |index| Figure {
            clause,
            at,
            index,
            quantity: &passage.quantities[index],
            role: passage.roles[index],
            label: passage.label(clause, index),
        })
    });
    let is_share = |figure: &Figure<'_, '_>| {
        let is_rate = figure.quantity.unit == Unit::PERCENT && figure.role == Role::Amount;
        let tail = passage.tail(figure.clause, figure.index);
        let is_base_of_rate = figure.role == Role::Base && tail == "的";
        let starts_change = ["由", "从"].iter().any(|word| figure.label.contains(word));
        (is_rate && !starts_change && !tail.starts_with("的") && !is_goal(figure))
            || is_base_of_rate
    };
    all.filter(|figure| !is_share(figure)).collect()
}

/// Whether the label introduces the new value: 增加到, 降至, 增加到2023年的.
fn is_goal(figure: &Figure<'_, '_>) -> bool {
    let label = without_time(figure.label);
    ["到", "至", "为"].iter().any(|word| label.ends_with(word))
}

/// A label without the time at its end: 2023年的, 今年6月底的.
fn without_time(label: &str) -> &str {
    const TIMES: [&str; 8] = ["今年", "本年度", "本年", "当年", "目前", "现在", "年末", "年底"];
    const UNITS: [&str; 8] = ["年底", "年末", "年度", "年", "月底", "月末", "月份", "月"];
    let mut rest = label.strip_suffix('的').unwrap_or(label);
    loop {
        let numbered = UNITS.iter().find_map(|unit| {
            let number = rest.strip_suffix(unit)?;
            let before = number.trim_end_matches(|c: char| c.is_ascii_digit());
            (before.len() < number.len()).then_some(before)
        });
        let named = || TIMES.iter().find_map(|word| rest.strip_suffix(word));
        match numbered.or_else(named) {
            Some(before) => rest = before,
            None => return rest,
        }
    }
}

/// Whether the label of a change names a part or another time: 其中城市增加, 2024年增加.
fn is_of_something_else(label: &str, compares: bool) -> bool {
    const PARTS: [&str; 6] = ["其中", "城市", "城镇", "农村", "乡村", "分别"];
    PARTS.iter().any(|word| label.contains(word)) || !compares && label.contains(['年', '月'])
}

/// The change that starts with one of the figures.
fn change<'p, 't>(all: &[Figure<'p, 't>], at: usize) -> Option<Change<'p, 't>> {
    let (before, figures) = all.split_at(at);
    let first = *figures.first()?;
    let second = *figures.get(1)?;
    let is_from = first.role == Role::Base
        && first.clause.range == second.clause.range
        && ["由", "从"].iter().any(|word| first.label.contains(word));
    let (before, now, rest) = if is_from {
        let is_goal = second.role == Role::Amount && is_goal(&second);
        (is_goal && is_same(&first, &second)).then_some(())?;
        (Some(first), second, &figures[2..])
    } else if first.role != Role::Amount
        || !first.quantity.unit.is_amount()
        || !is_alone(before, &first)
    {
        return None;
    } else if second.role == Role::Base {
        let is_compared = BEFORE_BASE.iter().any(|word| second.label.starts_with(word));
        (is_compared && is_same(&first, &second) && is_near(&first, &second)).then_some(())?;
        (Some(second), first, &figures[2..])
    } else {
        (None, first, &figures[1..])
    };
    let mut change = Change { before, now, difference: None, rate: None };
    change.read(rest);
    Some(change)
}

/// Whether the change can only refer to this amount; false in 农村5000人、城市3000人，比上年增加800人.
fn is_alone(before: &[Figure<'_, '_>], amount: &Figure<'_, '_>) -> bool {
    let in_list = |figure: &&Figure<'_, '_>| {
        figure.role == Role::Amount && !matches!(figure.clause.mark, '；' | ';')
    };
    let list = before.iter().rev().take(NEAREST).take_while(in_list);
    list.into_iter().all(|other| !is_same(other, amount))
}

fn is_same(one: &Figure<'_, '_>, other: &Figure<'_, '_>) -> bool {
    one.quantity.unit == other.quantity.unit
}

fn is_near(one: &Figure<'_, '_>, other: &Figure<'_, '_>) -> bool {
    other.at - one.at <= NEAR
}

impl<'p, 't> Change<'p, 't> {
    /// The number of figures of the change.
    fn length(&self) -> usize {
        let others = [self.before, self.difference, self.rate];
        1 + others.iter().flatten().count()
    }

    /// Reads the difference and the rate, in either order. Only the first may name the base.
    fn read(&mut self, rest: &[Figure<'p, 't>]) {
        let mut last = self.before.filter(|before| before.at > self.now.at).unwrap_or(self.now);
        for (place, figure) in rest.iter().take(2).enumerate() {
            let compares = COMPARES.iter().any(|word| figure.label.contains(word));
            let is_next = is_near(&last, figure) && !(place > 0 && compares);
            let Role::Change(Direction::Up | Direction::Down) = figure.role else { break };
            if !is_next || is_of_something_else(figure.label, compares) {
                break;
            }
            let of_rates = self.now.quantity.unit == Unit::PERCENT;
            let is_difference = figure.quantity.unit == self.now.quantity.unit && !of_rates
                || of_rates && figure.quantity.unit == Unit::PERCENTAGE_POINTS;
            if is_difference && self.difference.is_none() {
                self.difference = Some(*figure);
            } else if figure.quantity.unit == Unit::PERCENT && self.rate.is_none() && !of_rates {
                self.rate = Some(*figure);
            } else {
                break;
            }
            last = *figure;
        }
    }

    fn doubt(&self, passage: &Passage<'_>) -> Option<String> {
        if let Some(before) = self.before {
            return self
                .wrong_direction(passage, &before)
                .or_else(|| self.wrong_difference(passage, &before))
                .or_else(|| self.wrong_rate(passage, &before));
        }
        let difference = self.difference?;
        let rate = self.rate?;
        (difference.role == rate.role).then_some(())?;
        let (now, change) = (Span::of(self.now.quantity), Span::of(difference.quantity));
        let base = match difference.role {
            Role::Change(Direction::Down) => now.plus(change)?,
            _ => now.minus(change)?,
        };
        let computed = change.percent_of(base)?;
        (!computed.is_printed_as(rate.quantity)).then(|| {
            format!(
                "文中写“{}”，按“{}”和“{}”计算，上期为{}，变动应为{}，请核对。",
                passage.quote(rate.clause, rate.index),
                passage.quote(self.now.clause, self.now.index),
                passage.quote(difference.clause, difference.index),
                shown(base.value, self.now.quantity),
                rate_shown(computed.value, rate.quantity)
            )
        })
    }

    /// 由120件增加到100件.
    fn wrong_direction(&self, passage: &Passage<'_>, before: &Figure<'p, 't>) -> Option<String> {
        let verb = passage.tail(before.clause, before.index);
        let (base, now) = (Span::of(before.quantity), Span::of(self.now.quantity));
        let says_more = ["增", "上升", "提高", "提升", "扩大"].iter().any(|w| verb.starts_with(w));
        let says_less = ["减", "下降", "降", "压缩"].iter().any(|w| verb.starts_with(w));
        let is_wrong = says_more && base.exceeds(now) || says_less && now.exceeds(base);
        let is_goal = self.now.at == before.at && self.now.index > before.index;
        (is_goal && is_wrong).then(|| {
            let (says, is) = if says_more { ("增加", "减少") } else { ("减少", "增加") };
            format!(
                "文中写“{}{}{}”，写的是{says}，数字却{is}了，请核对。",
                passage.quote(before.clause, before.index),
                verb,
                printed(passage, &self.now)
            )
        })
    }

    fn wrong_difference(&self, passage: &Passage<'_>, before: &Figure<'p, 't>) -> Option<String> {
        let difference = self.difference?;
        let computed = self.change_since(before, &difference)?;
        (!computed.agrees_with(Span::of(difference.quantity))).then(|| {
            let amount = shown(computed.value.abs(), difference.quantity);
            self.sentence(passage, before, &difference, computed.value, &amount)
        })
    }

    fn wrong_rate(&self, passage: &Passage<'_>, before: &Figure<'p, 't>) -> Option<String> {
        let rate = self.rate?;
        let change = self.change_since(before, &rate)?;
        let base = Span::of(before.quantity);
        let computed = change.or_zero().percent_of(base)?;
        if change.value >= Decimal::ZERO && computed.is_printed_as(rate.quantity) {
            return None;
        }
        let percent = change.value.abs().checked_div(base.value)?;
        let shown = rate_shown(percent.checked_mul(Decimal::ONE_HUNDRED)?, rate.quantity);
        Some(self.sentence(passage, before, &rate, change.value, &shown))
    }

    /// The change of the amount, positive in the direction that a figure states.
    fn change_since(&self, before: &Figure<'p, 't>, stated: &Figure<'p, 't>) -> Option<Span> {
        let (base, now) = (Span::of(before.quantity), Span::of(self.now.quantity));
        match stated.role {
            Role::Change(Direction::Down) => base.minus(now),
            _ => now.minus(base),
        }
    }

    fn sentence(
        &self,
        passage: &Passage<'_>,
        before: &Figure<'p, 't>,
        stated: &Figure<'p, 't>,
        change: Decimal,
        computed: &str,
    ) -> String {
        // A negative change is in the opposite direction.
        let direction = match (change < Decimal::ZERO, stated.role) {
            (false, _) => "",
            (true, Role::Change(Direction::Down)) => "增加",
            (true, _) => "减少",
        };
        format!(
            "文中写“{}”，按“{}”和“{}”计算应为{direction}{computed}，请核对。",
            passage.quote(stated.clause, stated.index),
            printed(passage, before),
            printed(passage, &self.now)
        )
    }
}

/// A quantity without the words before it.
fn printed<'t>(passage: &Passage<'t>, figure: &Figure<'_, 't>) -> &'t str {
    &passage.text[figure.quantity.start..figure.quantity.end]
}
