//! 分值 and 自评得分: exact decimals with at most two places.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

/// A number of points between −9,999.99 and 9,999.99, exact to the hundredth.
///
/// The bound ensures that no sum of a sheet overflows `Decimal` and that the canonical form (RFC 8785),
/// which uses doubles, does not change a posted number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(Decimal);

/// Digits before the point.
const WHOLE_DIGITS: i64 = 4;

/// Digits after the point.
const DECIMALS: i64 = 2;

/// Why a text is not a number of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointsError {
    /// Not a decimal number.
    #[error("not a decimal number")]
    Malformed,
    /// More significant decimals than allowed.
    #[error("too many decimals")]
    Precision,
    /// Beyond the bounds: ±9,999.99 for points.
    #[error("beyond the bounds")]
    Magnitude,
}

impl Points {
    /// No points.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Whether this is below zero.
    pub fn is_negative(self) -> bool {
        self < Self::ZERO
    }

    /// This times `numerator` / `denominator`, rounded half up to two decimals. A denominator of zero
    /// leaves the points as they are.
    pub fn scaled(self, numerator: Self, denominator: Self) -> Self {
        let scaled = (self.0 * numerator.0).checked_div(denominator.0).unwrap_or(self.0);
        Self(scaled.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    /// Parses points in the syntax of a JSON number: an optional `-`, digits, an optional fraction and an
    /// optional exponent. A leading `+`, blanks, `NaN` and full-width digits are refused.
    ///
    /// # Errors
    /// Fails if the text has another form or more than two significant decimals, or is beyond ±9,999.99.
    pub fn parse(text: &str) -> Result<Self, PointsError> {
        if !is_json_number(text) {
            return Err(PointsError::Malformed);
        }
        Ok(Self(exact(text, WHOLE_DIGITS, DECIMALS)?))
    }
}

/// Parses a number with a limited number of digits before and after the point, without trailing zeros.
/// Numbers too long for `Decimal` get the same errors as others.
pub(super) fn exact(text: &str, whole_digits: i64, decimals: i64) -> Result<Decimal, PointsError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (text, "0"),
    };
    let (is_negative, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = || whole.bytes().chain(fraction.bytes());
    let is_zero = |digit: &u8| *digit == b'0';
    let leading = all().take_while(is_zero).count();
    let trailing = all().rev().take_while(is_zero).count();
    // Without zeros at both ends.
    let Some(significant) = (whole.len() + fraction.len()).checked_sub(leading + trailing) else {
        return Ok(Decimal::ZERO);
    };
    // The value is these digits × 10^power; comparing lengths needs no arithmetic on the digits.
    let exponent = i64::from_str(exponent).map_err(|_| match exponent.starts_with('-') {
        true => PointsError::Precision,
        false => PointsError::Magnitude,
    })?;
    let power = exponent.saturating_sub(fraction.len() as i64).saturating_add(trailing as i64);
    if power.saturating_add(significant as i64) > whole_digits {
        return Err(PointsError::Magnitude);
    }
    if power < -decimals {
        return Err(PointsError::Precision);
    }
    let digits = all().skip(leading).take(significant).map(|digit| i64::from(digit - b'0'));
    let zeros = std::iter::repeat_n(0, power.max(0) as usize);
    let value = digits.chain(zeros).try_fold(0_i64, |value, digit| {
        let value = value.checked_mul(10)?;
        if is_negative { value.checked_sub(digit) } else { value.checked_add(digit) }
    });
    Ok(Decimal::new(value.ok_or(PointsError::Magnitude)?, (-power).max(0) as u32))
}

/// The grammar of a number in RFC 8259, section 6.
pub(super) fn is_json_number(text: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// Digits without trailing zeros; a negative value has U+2212 MINUS SIGN.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0.normalize();
        if value.is_sign_negative() && !value.is_zero() {
            write!(f, "\u{2212}{}", value.abs())
        } else {
            write!(f, "{}", value.abs())
        }
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        Self(points.map(|Self(value)| value).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::{Points, PointsError};

    #[test]
    fn reads_exactly_and_prints_without_trailing_zeros() {
        let cases = [
            ("27", "27"),
            ("0.1", "0.1"),
            ("1e2", "100"),
            ("1E+2", "100"),
            ("8.50", "8.5"),
            ("-10", "−10"),
            ("-0", "0"),
            ("-0.00", "0"),
            ("1250e-2", "12.5"),
            ("0.0000000000000000000000000000", "0"),
            ("8.0000000000000000000000000000000000000000", "8"),
            ("0e99999999999999999999", "0"),
            ("9999.99", "9999.99"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                Points::parse(text).map(|p| p.to_string()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn sums_of_tenths_are_exact() {
        let tenths: Points = std::iter::repeat_n(Points::parse("0.1").unwrap(), 10).sum();
        assert_eq!(tenths, Points::parse("1").unwrap());
    }

    #[test]
    fn refuses_invalid_numbers_with_the_right_error() {
        use PointsError::{Magnitude, Malformed, Precision};
        let cases = [
            ("", Malformed),
            ("NaN", Malformed),
            ("Infinity", Malformed),
            ("+5", Malformed),
            (" 5", Malformed),
            ("5.", Malformed),
            (".5", Malformed),
            ("05", Malformed),
            ("0x10", Malformed),
            ("1_000", Malformed),
            ("1,5", Malformed),
            ("８", Malformed),
            ("8分", Malformed),
            ("1e", Malformed),
            ("8.125", Precision),
            ("1e-3", Precision),
            ("1e-99999999999999999999", Precision),
            ("0.1234567890123456789012345678", Precision),
            ("10000", Magnitude),
            ("9999.995", Precision),
            ("1e400", Magnitude),
            ("1e99999999999999999999", Magnitude),
            ("1234567890123456789012345678", Magnitude),
        ];
        for (text, expected) in cases {
            assert_eq!(Points::parse(text), Err(expected), "{text}");
        }
    }
}
