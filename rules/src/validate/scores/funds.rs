//! The checks of 项目资金: amounts, their parts, and the points of the parts.

use crate::scoring::amount::{Amount, AmountUnit};
use crate::scoring::points::{Points, PointsError};
use crate::scoring::project::Fund;
use crate::scoring::sheet::SectionKind;
use crate::submission::posted_points::{PostedAmount, PostedPoints};
use crate::submission::project::{PostedFund, PostedProjectTable};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::sums::{self, Stated};
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::{TextRule, every};

/// Spending above this multiple of the budget is a wrong unit, not an excess.
const BEYOND_REASON: u32 = 10;

/// The deepest level of a part.
const LEVELS: i64 = 2;

/// A column of amounts: its key, its name and the amount of a line.
type Column = (&'static str, &'static str, fn(&Fund) -> Option<Amount>);

const COLUMNS: [Column; 3] = [
    ("initial_budget", "年初预算数", |fund| fund.initial_budget),
    ("budget", "全年预算数", |fund| Some(fund.budget)),
    ("executed", "全年执行数", |fund| Some(fund.executed)),
];

/// What all amounts of a table have in common.
#[derive(Debug, Clone, Copy)]
pub struct AmountForm {
    /// Their unit.
    pub unit: AmountUnit,
    /// The decimals with which they are printed.
    pub decimals: Option<u32>,
}

/// Reads how the amounts are written; `None` after an error.
pub fn form(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedProjectTable,
) -> Option<AmountForm> {
    let unit = posted.unit.unwrap_or_default();
    let Some(posted) = posted.decimals else { return Some(AmountForm { unit, decimals: None }) };
    let most = unit.decimals();
    let decimals = u32::try_from(posted).ok().filter(|decimals| *decimals <= most);
    if decimals.is_none() {
        let detail =
            format!("金额的小数位数写为{posted}，以{}为单位时应在0至{most}之间。", unit.name());
        check.error(&place.key("decimals"), Code::NumberOutOfRange, detail);
    }
    Some(AmountForm { unit, decimals: Some(decimals?) })
}

/// Checks all lines; `None` after an error in any of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    table: &PostedProjectTable,
    form: AmountForm,
) -> Option<Vec<Fund>> {
    let posted = &table.funds;
    if posted.is_empty() {
        check.error(place, Code::ListEmpty, "项目资金至少要有一行，请填写。".to_owned());
        return None;
    }
    if !check.list_fits(place, posted.len(), limits::LIST)
        || !check.cells_fit(place, posted.len() * limits::PROJECT_COLUMNS)
    {
        return None;
    }
    let funds = every(posted.iter().enumerate().map(|(index, posted)| {
        let place = place.item(index);
        let fund = fund(check, &place, posted, form);
        let (max_points, self_score) = points(check, &place, table, index)?;
        fund.map(|fund| Fund { max_points, self_score, ..fund })
    }));
    let has_columns = has_same_columns(check, place, posted);
    let levels = levels(check, place, posted);
    let (funds, levels) = (funds?, levels?);
    let mut amounts_fit = true;
    for (index, fund) in funds.iter().enumerate() {
        amounts_fit &= rate_fits(check, &place.item(index), fund, index == 0, form.unit);
    }
    amounts_fit &= parts_fit(check, place, &funds, &levels, form.unit);
    points_add_up(check, place, table, &levels);
    (has_columns && amounts_fit).then_some(funds)
}

fn fund(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedFund,
    form: AmountForm,
) -> Option<Fund> {
    let name = check.text(&place.key("name"), &posted.name, &TextRule::NAME);
    let initial_budget = match &posted.initial_budget {
        Some(posted) => amount(check, &place.key("initial_budget"), posted, form).map(Some),
        None => Some(None),
    };
    let budget = amount(check, &place.key("budget"), &posted.budget, form);
    let executed = amount(check, &place.key("executed"), &posted.executed, form);
    Some(Fund {
        name: name?,
        initial_budget: initial_budget?,
        budget: budget?,
        executed: executed?,
        max_points: None,
        self_score: None,
    })
}

fn amount(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    PostedAmount(posted): &PostedAmount,
    form: AmountForm,
) -> Option<Amount> {
    let unit = form.unit.name();
    let what = match Amount::parse(&posted.text, form.unit) {
        Ok(amount) => match form.decimals {
            Some(most) if amount.decimals() > most => {
                format!("的小数多于{most}位，而本表的金额只印{most}位（decimals）")
            }
            _ => return Some(amount),
        },
        Err(PointsError::Malformed) => {
            format!("不是数字，请写成1250.5的样子（{unit}，半角数字）")
        }
        Err(PointsError::Precision) => {
            let most = match form.unit {
                AmountUnit::Yuan => "两",
                AmountUnit::TenThousandYuan => "六",
                AmountUnit::HundredMillionYuan => "十",
            };
            format!("的小数超过{most}位，最多保留{most}位小数")
        }
        Err(PointsError::Magnitude) => {
            format!("超出范围，应在0至{}{unit}之间", form.unit.largest())
        }
    };
    let detail = format!("{}“{}”{what}。", place.label(), quoted(&posted.text));
    check.error(place, Code::AmountMalformed, detail);
    None
}

/// 分值 and 得分 of a part. Those of the total are the points for 预算执行率.
fn points(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    table: &PostedProjectTable,
    index: usize,
) -> Option<(Option<Points>, Option<Points>)> {
    let posted = &table.funds[index];
    let stated = [("max_points", &posted.max_points), ("self_score", &posted.self_score)];
    if index == 0
        && let Some((key, _)) = stated.iter().find(|(_, points)| points.is_some())
    {
        let detail =
            "首项资金的分值和得分就是预算执行率的分值和得分，写在execution中，请删去这里的。";
        check.error(&place.key(key), Code::ProjectColumns, detail.to_owned());
        return None;
    }
    let nothing = PostedPoints { text: "0".to_owned() };
    let (max_points, self_score) = match (&posted.max_points, &posted.self_score) {
        (None, None) => return Some((None, None)),
        (Some(max_points), Some(self_score)) => (max_points, self_score),
        (Some(max_points), None) => (max_points, &nothing),
        // Without 分值 of its own, a part has no more points than the total.
        (None, Some(self_score)) => (&table.execution.max_points, self_score),
    };
    let entry = Stated::titled(&posted.name, max_points, self_score);
    let score = sums::score(check, place, SectionKind::Base, &entry)?;
    Some((
        posted.max_points.is_some().then_some(score.max_points),
        posted.self_score.is_some().then_some(score.self_score),
    ))
}

/// 年初预算数 is a column of all lines or of none.
fn has_same_columns(check: &mut Checker<'_>, place: &Place<'_>, posted: &[PostedFund]) -> bool {
    let stated = posted.iter().filter(|fund| fund.initial_budget.is_some()).count();
    let is_same = stated == 0 || stated == posted.len();
    if !is_same {
        let detail = format!(
            "{}项资金中只有{stated}项写了年初预算数，应当都写，或都不写（表中就没有这一列）。",
            posted.len()
        );
        check.error(place, Code::ProjectColumns, detail);
    }
    is_same
}

/// The level of each line: 0 for the total, 1 for its parts, 2 for parts of these.
fn levels(check: &mut Checker<'_>, place: &Place<'_>, posted: &[PostedFund]) -> Option<Vec<i64>> {
    every(posted.iter().enumerate().map(|(index, fund)| {
        let line = place.item(index);
        let place = line.key("level");
        let level = match (index, fund.level) {
            (0, None) => return Some(0),
            (0, Some(_)) => {
                let detail = "首项资金是总额，不是其中项，请删去级次。".to_owned();
                check.error(&place, Code::NumberOutOfRange, detail);
                return None;
            }
            (_, level) => level.unwrap_or(1),
        };
        if !(1..=LEVELS).contains(&level) {
            let detail =
                format!("“{}”的级次写为{level}，应在1至{LEVELS}之间。", quoted(&fund.name));
            check.error(&place, Code::NumberOutOfRange, detail);
            return None;
        }
        if level == LEVELS && index == 1 {
            let detail = format!("“{}”上面没有1级的其中项，级次应写为1。", quoted(&fund.name));
            check.error(&place, Code::NumberOutOfRange, detail);
            return None;
        }
        Some(level)
    }))
}

/// Checks every whole against its parts in each column of amounts. Returns `false` after an error.
fn parts_fit(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    funds: &[Fund],
    levels: &[i64],
    unit: AmountUnit,
) -> bool {
    let mut fit = true;
    for (index, whole) in funds.iter().enumerate() {
        let parts = parts_of(index, levels);
        for column in COLUMNS {
            // A total without a budget has been reported; every part would be more.
            if column.0 == "budget" && index == 0 && is_rate_undefined(whole) {
                continue;
            }
            fit &= column_fits(check, place, funds, (index, &parts), column, unit);
        }
    }
    fit
}

/// No part is more than its whole. A sum that is more is a doubt, as some parts may be parts of
/// others.
fn column_fits(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    funds: &[Fund],
    (whole, parts): (usize, &[usize]),
    (key, name, amount): Column,
    unit: AmountUnit,
) -> bool {
    let Some(all) = amount(&funds[whole]) else { return true };
    let (whole_name, unit) = (quoted(&funds[whole].name), unit.name());
    let stated = |part: &usize| amount(&funds[*part]);
    let above = parts.iter().filter_map(|part| Some((*part, stated(part)?)));
    let above: Vec<(usize, Amount)> = above.filter(|(_, amount)| *amount > all).collect();
    for (part, amount) in &above {
        let detail = format!(
            "“{}”的{name}{amount}{unit}，大于“{whole_name}”的{all}{unit}，请核对。",
            quoted(&funds[*part].name)
        );
        check.error(&place.item(*part).key(key), Code::SumMismatch, detail);
    }
    let is_nested = parts.iter().skip(1).any(|part| funds[*part].name.starts_with("其中"));
    let sum: Amount = parts.iter().filter_map(stated).sum();
    if above.is_empty() && !is_nested && sum > all {
        let detail =
            format!("“{whole_name}”以下各项的{name}合计{sum}{unit}，大于{all}{unit}，请核对。");
        check.warning(&place.item(whole).key(key), Code::SumMismatch, detail);
    }
    above.is_empty()
}

/// The lines that are parts of a line.
fn parts_of(index: usize, levels: &[i64]) -> Vec<usize> {
    let below = levels.iter().copied().enumerate().skip(index + 1);
    let within = below.take_while(|(_, level)| *level > levels[index]);
    within.filter(|(_, level)| *level == levels[index] + 1).map(|(part, _)| part).collect()
}

/// Whether money was spent without a budget.
fn is_rate_undefined(fund: &Fund) -> bool {
    fund.budget.is_zero() && !fund.executed.is_zero()
}

/// Checks the execution rate of a line. Returns `false` after an error.
fn rate_fits(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    fund: &Fund,
    is_total: bool,
    unit: AmountUnit,
) -> bool {
    let (name, unit) = (quoted(&fund.name), unit.name());
    let Fund { budget, executed, .. } = fund;
    let Some(rate) = executed.percent_of(*budget) else {
        if is_total && is_rate_undefined(fund) {
            let detail = format!("“{name}”的全年预算数为0，执行率无从计算，请核对。");
            check.error(&place.key("budget"), Code::ExecutionRate, detail);
            return false;
        }
        if is_rate_undefined(fund) {
            let detail = format!("“{name}”的全年执行数是{executed}{unit}，全年预算数为0，请核对。");
            check.warning(&place.key("executed"), Code::ExecutionRate, detail);
        }
        return true;
    };
    let place = place.key("executed");
    if executed.exceeds(*budget, BEYOND_REASON) {
        let detail = format!(
            "“{name}”的全年执行数是{executed}{unit}，全年预算数是{budget}{unit}，执行率达{rate}，请核对金额和单位。"
        );
        check.error(&place, Code::ExecutionRate, detail);
        return false;
    }
    if executed > budget {
        let detail = format!(
            "“{name}”的全年执行数{executed}{unit}大于全年预算数{budget}{unit}，执行率为{rate}，请核对。"
        );
        check.warning(&place, Code::ExecutionRate, detail);
    }
    true
}

/// Doubts points of all parts that do not add up to those of the total.
fn points_add_up(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    table: &PostedProjectTable,
    levels: &[i64],
) {
    type Column = (&'static str, fn(&PostedFund) -> Option<&PostedPoints>);
    let columns: [(Column, &PostedPoints); 2] = [
        (("分值", |fund| fund.max_points.as_ref()), &table.execution.max_points),
        (("得分", |fund| fund.self_score.as_ref()), &table.execution.self_score),
    ];
    let parts = parts_of(0, levels);
    if parts.is_empty() {
        return;
    }
    for ((name, points), total) in columns {
        let posted = parts.iter().map(|part| points(&table.funds[*part]));
        let read = posted.map(|posted| Points::parse(&posted?.text).ok());
        let sum: Option<Points> = read.collect::<Option<Vec<_>>>().map(|all| all.into_iter().sum());
        let (Some(sum), Ok(stated)) = (sum, Points::parse(&total.text)) else { continue };
        if sum != stated {
            let detail = format!("预算执行率的{name}写为{stated}分，其中各项合计{sum}分，请核对。");
            check.warning(place, Code::SumMismatch, detail);
        }
    }
}
