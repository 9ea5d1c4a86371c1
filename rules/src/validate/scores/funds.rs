//! The checks of 项目资金 against each other: what was spent of a budget, and the parts of the whole.

use crate::scoring::amount::Amount;
use crate::scoring::project::Fund;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::characters::quoted;

/// A rate above so many times the budget is a wrong unit and no mere excess.
const BEYOND_REASON: u32 = 10;

/// A column of the funds: its key, its name and its amount.
type Column = (&'static str, &'static str, fn(&Fund) -> Amount);

const COLUMNS: [Column; 3] = [
    ("initial_budget", "年初预算数", |fund| fund.initial_budget),
    ("budget", "全年预算数", |fund| fund.budget),
    ("executed", "全年执行数", |fund| fund.executed),
];

/// Checks funds of which the first is the whole; `None` after an error.
pub fn check(check: &mut Checker<'_>, place: &Place<'_>, funds: &[Fund]) -> Option<()> {
    let mut is_right = true;
    for (index, fund) in funds.iter().enumerate() {
        is_right &= rate(check, &place.item(index), fund, index == 0);
    }
    for column in COLUMNS {
        is_right &= parts(check, place, funds, column);
    }
    is_right.then_some(())
}

fn rate(check: &mut Checker<'_>, place: &Place<'_>, fund: &Fund, is_whole: bool) -> bool {
    let name = quoted(&fund.name);
    let Some(rate) = fund.executed.percent_of(fund.budget) else {
        if is_whole {
            let detail = format!("“{name}”的全年预算数为0，执行率无从计算，请核对。");
            check.error(&place.key("budget"), Code::ExecutionRate, detail);
        }
        return !is_whole;
    };
    let place = place.key("executed");
    if fund.executed.exceeds(fund.budget, BEYOND_REASON) {
        let detail = format!(
            "“{name}”的全年执行数是{}万元，全年预算数是{}万元，执行率达{rate}，请核对金额和单位。",
            fund.executed, fund.budget
        );
        check.error(&place, Code::ExecutionRate, detail);
        return false;
    }
    if fund.executed > fund.budget {
        let detail = format!(
            "“{name}”的全年执行数{}万元大于全年预算数{}万元，执行率为{rate}，请核对。",
            fund.executed, fund.budget
        );
        check.warning(&place, Code::ExecutionRate, detail);
    }
    true
}

/// No part is more than the whole; that all parts are, is a doubt, as some may be parts of parts.
fn parts(check: &mut Checker<'_>, place: &Place<'_>, funds: &[Fund], column: Column) -> bool {
    let (key, name, amount) = column;
    let Some((whole, parts)) = funds.split_first() else { return true };
    let all = amount(whole);
    if key == "budget" && whole.executed.percent_of(all).is_none() {
        // A whole of nothing has been reported; every part would be more.
        return true;
    }
    let mut is_right = true;
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| amount(part) > all) {
        let detail = format!(
            "“{}”的{name}{}万元，大于“{}”的{all}万元，请核对。",
            quoted(&part.name),
            amount(part),
            quoted(&whole.name)
        );
        check.error(&place.item(index + 1).key(key), Code::SumMismatch, detail);
        is_right = false;
    }
    let is_nested = parts.iter().skip(1).any(|part| part.name.starts_with("其中"));
    let sum: Amount = parts.iter().map(amount).sum();
    if is_right && !is_nested && sum > all {
        let detail = format!(
            "“{}”以下各项的{name}合计{sum}万元，大于{all}万元，请核对。",
            quoted(&whole.name)
        );
        check.warning(&place.item(0).key(key), Code::SumMismatch, detail);
    }
    is_right
}
