//! Interval arithmetic: a printed figure represents all values that are rounded to it.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::scoring::amount::{Amount, AmountUnit};
use crate::validate::figures::quantity::{Quantity, Unit};

/// The possible exact values of a printed or computed figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    low: Decimal,
    high: Decimal,
    /// The value as printed, or as computed from the printed values.
    pub value: Decimal,
}

impl Span {
    /// The values of a printed figure. Counts of people or things without 万 and decimals are exact.
    pub fn of(quantity: &Quantity<'_>) -> Self {
        let is_rounded = quantity.unit == Unit::MONEY || quantity.step != Decimal::ONE;
        let slack = if is_rounded { quantity.step / Decimal::TWO } else { Decimal::ZERO };
        let value = quantity.value;
        Self { low: value - slack, high: value + slack, value }
    }

    /// An amount of a table, which is exact.
    pub fn of_amount(amount: Amount, unit: AmountUnit) -> Self {
        let value = amount.in_yuan(unit);
        Self { low: value, high: value, value }
    }

    /// The sum, or `None` if it is too large.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.checked_add(other.low)?,
            high: self.high.checked_add(other.high)?,
            value: self.value.checked_add(other.value)?,
        })
    }

    /// The difference, or `None` if it is too large.
    pub fn minus(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.checked_sub(other.high)?,
            high: self.high.checked_sub(other.low)?,
            value: self.value.checked_sub(other.value)?,
        })
    }

    /// The values with negative ones replaced by zero.
    pub fn or_zero(self) -> Self {
        Self { low: self.low.max(Decimal::ZERO), high: self.high.max(Decimal::ZERO), ..self }
    }

    /// This as a percentage of the other; `None` if either is negative or the other is zero.
    pub fn percent_of(self, whole: Self) -> Option<Self> {
        if self.low.is_sign_negative() || whole.low <= Decimal::ZERO {
            return None;
        }
        let percent = |part: Decimal, whole: Decimal| {
            part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)
        };
        Some(Self {
            low: percent(self.low, whole.high)?,
            high: percent(self.high, whole.low)?,
            value: percent(self.value, whole.value)?,
        })
    }

    /// Whether both may have the same exact value.
    pub fn agrees_with(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Whether this is larger for every value that both can stand for.
    pub fn exceeds(self, other: Self) -> bool {
        self.low > other.high
    }

    /// Whether a printed rate is this one, rounded or truncated.
    pub fn is_printed_as(self, rate: &Quantity<'_>) -> bool {
        let half = rate.step / Decimal::TWO;
        self.low < rate.value + rate.step && rate.value - half <= self.high
    }
}

/// A computed value in the printed unit of a quantity: 157092户, 5.4亿元.
pub fn shown(value: Decimal, like: &Quantity<'_>) -> String {
    let scaled = value.checked_div(like.scale).unwrap_or(value);
    format!("{}{}", scaled.normalize(), like.printed_unit)
}

/// A computed rate with two decimals, or more if the printed rate has more.
pub fn rate_shown(value: Decimal, like: &Quantity<'_>) -> String {
    let decimals = like.step.scale().max(2);
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    format!("{}{}", rounded.normalize(), like.printed_unit)
}
