//! Amounts of money: exact decimals down to 0.01 元, never below zero.

use std::fmt;
use std::iter::Sum;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scoring::points::{PointsError, exact, is_json_number};

/// Digits of the largest amount in 0.01 元. As many digits keep their value in the form of RFC 8785.
const DIGITS: u32 = 15;

/// The unit of the amounts of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "金额的单位")]
pub enum AmountUnit {
    /// 元, with at most two decimals.
    #[schemars(description = "元，至多两位小数")]
    #[serde(rename = "元")]
    Yuan,
    /// 万元, with at most six decimals.
    #[default]
    #[schemars(description = "万元，至多六位小数")]
    #[serde(rename = "万元")]
    TenThousandYuan,
    /// 亿元, with at most ten decimals.
    #[schemars(description = "亿元，至多十位小数")]
    #[serde(rename = "亿元")]
    HundredMillionYuan,
}

impl AmountUnit {
    /// The name as printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousandYuan => "万元",
            Self::HundredMillionYuan => "亿元",
        }
    }

    /// The decimals that an amount may have.
    pub fn decimals(self) -> u32 {
        match self {
            Self::Yuan => 2,
            Self::TenThousandYuan => 6,
            Self::HundredMillionYuan => 10,
        }
    }

    /// One of the unit in 元.
    fn yuan(self) -> u32 {
        match self {
            Self::Yuan => 1,
            Self::TenThousandYuan => 10_000,
            Self::HundredMillionYuan => 100_000_000,
        }
    }

    /// The largest amount.
    pub fn largest(self) -> Amount {
        Amount(Decimal::new(10_i64.pow(DIGITS) - 1, self.decimals()))
    }
}

/// An amount of money that is not negative and at most `AmountUnit::largest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(Decimal);

impl Amount {
    /// Parses an amount in the syntax of a JSON number.
    ///
    /// # Errors
    /// Fails if the text has another form or more decimals than the unit has, or the number is negative or
    /// too large.
    pub fn parse(text: &str, unit: AmountUnit) -> Result<Self, PointsError> {
        if !is_json_number(text) {
            return Err(PointsError::Malformed);
        }
        let decimals = unit.decimals();
        let value = exact(text, i64::from(DIGITS - decimals), i64::from(decimals))?;
        if value < Decimal::ZERO {
            return Err(PointsError::Magnitude);
        }
        Ok(Self(value))
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is more than `times` times another amount.
    pub fn exceeds(self, other: Self, times: u32) -> bool {
        self.0 > other.0 * Decimal::from(times)
    }

    /// The amount in 元.
    pub fn in_yuan(self, unit: AmountUnit) -> Decimal {
        self.0 * Decimal::from(unit.yuan())
    }

    /// This as a percentage of another amount, rounded to two decimals; `None` if the other is zero.
    pub fn percent_of(self, whole: Self) -> Option<String> {
        let rate = (self.0 * Decimal::ONE_HUNDRED).checked_div(whole.0)?;
        let rate = rate.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        Some(format!("{}%", rate.normalize()))
    }

    /// The number of decimals, without zeros at the end.
    pub fn decimals(self) -> u32 {
        self.0.normalize().scale()
    }

    /// The amount with exactly so many decimals, which are not fewer than it has.
    pub fn with_decimals(self, decimals: u32) -> String {
        format!("{:.*}", decimals as usize, self.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|Self(value)| value).sum())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, AmountUnit};

    fn amount(text: &str) -> Amount {
        Amount::parse(text, AmountUnit::TenThousandYuan).unwrap()
    }

    #[test]
    fn a_rate_is_rounded_half_up_and_a_zero_budget_has_none() {
        let cases = [("200", "199.99", "100%"), ("3", "2", "66.67%"), ("800", "1", "0.13%")];
        for (whole, part, expected) in cases {
            assert_eq!(amount(part).percent_of(amount(whole)).as_deref(), Some(expected));
        }
        assert_eq!(amount("1").percent_of(amount("0.00")), None);
        assert!(!amount("1000").exceeds(amount("100"), 10));
        assert!(amount("1000.000001").exceeds(amount("100"), 10));
    }

    #[test]
    fn an_amount_is_exact_to_the_hundredth_of_a_yuan() {
        let bounds = [
            (AmountUnit::Yuan, "9999999999999.99", "10000000000000", "0.001"),
            (AmountUnit::TenThousandYuan, "999999999.999999", "1000000000", "0.0000001"),
            (AmountUnit::HundredMillionYuan, "99999.9999999999", "100000", "0.00000000001"),
        ];
        for (unit, largest, above, finer) in bounds {
            assert_eq!(unit.largest().to_string(), largest);
            assert_eq!(Amount::parse(largest, unit), Ok(unit.largest()));
            assert!(Amount::parse(above, unit).is_err() && Amount::parse(finer, unit).is_err());
            assert!(Amount::parse("-0.01", unit).is_err());
        }
        assert_eq!(amount("0.000001").in_yuan(AmountUnit::TenThousandYuan).to_string(), "0.010000");
        assert_eq!(amount("999999999.90").to_string(), "999999999.9");
        assert_eq!(amount("238.9").with_decimals(2), "238.90");
        assert_eq!(amount("0").with_decimals(2), "0.00");
    }
}
