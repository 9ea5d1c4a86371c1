//! Sums of money in 万元: exact decimals with at most six places, never below zero.

use std::fmt;
use std::iter::Sum;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::scoring::points::{PointsError, exact, is_json_number};

/// Digits before the point. With the decimals that is at most 15 digits, which a double represents
/// exactly enough for the canonical form (RFC 8785).
const WHOLE_DIGITS: i64 = 9;

/// Digits after the point: a hundredth of a 元.
const DECIMALS: i64 = 6;

/// A sum of money between 0 and 999,999,999.999999 万元.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(Decimal);

impl Amount {
    /// Parses an amount in the syntax of a JSON number.
    ///
    /// # Errors
    /// Fails if the text has another form or more than six decimals, or the number is negative or too large.
    pub fn parse(text: &str) -> Result<Self, PointsError> {
        if !is_json_number(text) {
            return Err(PointsError::Malformed);
        }
        let value = exact(text, WHOLE_DIGITS, DECIMALS)?;
        if value < Decimal::ZERO {
            return Err(PointsError::Magnitude);
        }
        Ok(Self(value))
    }

    /// Whether it is more than `times` times another amount.
    pub fn exceeds(self, other: Self, times: u32) -> bool {
        self.0 > other.0 * Decimal::from(times)
    }

    /// The sum in 元.
    pub fn in_yuan(self) -> Decimal {
        self.0 * Decimal::from(10_000)
    }

    /// This as a percentage of another amount, rounded to two decimals; `None` if the other is zero.
    pub fn percent_of(self, whole: Self) -> Option<String> {
        let rate = (self.0 * Decimal::ONE_HUNDRED).checked_div(whole.0)?;
        let rate = rate.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        Some(format!("{}%", rate.normalize()))
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
    use super::Amount;

    #[test]
    fn a_rate_is_rounded_half_up_and_a_zero_budget_has_none() {
        let amount = |text: &str| Amount::parse(text).unwrap();
        let cases = [("200", "199.99", "100%"), ("3", "2", "66.67%"), ("800", "1", "0.13%")];
        for (whole, part, expected) in cases {
            assert_eq!(amount(part).percent_of(amount(whole)).as_deref(), Some(expected));
        }
        assert_eq!(amount("1").percent_of(amount("0.00")), None);
        assert!(Amount::parse("-0.01").is_err() && Amount::parse("1000000000").is_err());
        assert!(Amount::parse("0.0000001").is_err());
        assert_eq!(amount("2386.5012").to_string(), "2386.5012");
        assert_eq!(amount("999999999.999999").to_string(), "999999999.999999");
        assert_eq!(amount("999999999.90").to_string(), "999999999.9");
    }
}
