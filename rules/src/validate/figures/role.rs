//! The role of a quantity in its clause: an amount, a change, the base of a comparison.

use crate::validate::figures::quantity::Quantity;

/// The role of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An exact amount: 办结37件.
    Amount,
    /// The change of an amount: 比上年增加5件.
    Change(Direction),
    /// The figure that another one is compared with: 由100万元增加到, 2020年的300件相比, 任务500人的90%.
    Base,
    /// An amount per person, household and so on: 人均, 每户, 标准.
    Each,
    /// An inexact number.
    Vague,
}

/// The direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// 增加.
    Up,
    /// 减少.
    Down,
    /// The clause compares in words that are not known.
    Unknown,
}

/// Verbs of growth, directly before the number.
const UP: [&str; 22] = [
    "增加",
    "增长",
    "增收",
    "增支",
    "上升",
    "提高",
    "提升",
    "上涨",
    "扩大",
    "净增",
    "多",
    "高",
    "增",
    "升",
    "涨",
    "增幅",
    "涨幅",
    "增加额",
    "超出",
    "超收",
    "增长率",
    "增速",
];

/// Verbs of decline, directly before the number.
const DOWN: [&str; 19] = [
    "减少",
    "下降",
    "减收",
    "减支",
    "降低",
    "回落",
    "下跌",
    "缩减",
    "压缩",
    "压减",
    "负增长",
    "少",
    "低",
    "减",
    "降",
    "降幅",
    "跌",
    "节约",
    "核减",
];

/// Words between a verb of change and its number.
const FILLERS: [&str; 6] = ["了", "达到", "达", "为", "共", "近"];

/// Words that compare with another time.
const COMPARES: [&str; 16] = [
    "同比",
    "环比",
    "比上",
    "比去",
    "比前",
    "比同期",
    "比年初",
    "比2",
    "比1",
    "较上",
    "较去",
    "较前",
    "较同期",
    "较年初",
    "较2",
    "相比",
];

/// Words after the base of a comparison.
const AFTER_BASE: [&str; 17] = [
    "的", "相比", "增加", "增长", "上升", "提高", "提升", "扩大", "上涨", "增至", "下降", "减少",
    "降低", "压缩", "降至", "减至", "调整",
];

/// Words for an amount per person, household and so on.
const EACH: [&str; 12] =
    ["每", "人均", "户均", "平均", "均价", "单价", "标准", "日均", "月均", "年均", "均为", "封顶"];

/// The role of a quantity by the words before and after it in its clause.
pub fn role(quantity: &Quantity<'_>, label: &str, tail: &str) -> Role {
    if quantity.is_vague {
        return Role::Vague;
    }
    if AFTER_BASE.iter().any(|word| tail.starts_with(word)) {
        return Role::Base;
    }
    if let Some(direction) = direction(label) {
        return Role::Change(direction);
    }
    if EACH.iter().any(|word| label.contains(word)) {
        return Role::Each;
    }
    if COMPARES.iter().any(|word| label.contains(word)) {
        return Role::Change(Direction::Unknown);
    }
    Role::Amount
}

/// The direction of the change that a label introduces.
fn direction(label: &str) -> Option<Direction> {
    let mut label = label.trim_end_matches([' ', '：', ':']);
    while let Some(rest) = FILLERS.iter().find_map(|filler| label.strip_suffix(filler)) {
        label = rest;
    }
    // 新增 means that something is new, not that it changed.
    if label.ends_with("新增") {
        return None;
    }
    // Before `UP`, because 负增长 also ends with 增长.
    if DOWN.iter().any(|word| label.ends_with(word)) {
        return Some(Direction::Down);
    }
    UP.iter().any(|word| label.ends_with(word)).then_some(Direction::Up)
}
