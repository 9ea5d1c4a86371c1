//! 成文日期 and 印发日期: calendar days as GB/T 9704-2012 writes them.

use std::fmt;

use chrono::{Datelike, NaiveDate};

/// A calendar day between 1949 and 2099, printed in Arabic digits without leading zeros (B-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentDate {
    // Invariant: the year is in 1949..=2099.
    day: NaiveDate,
}

/// Why a text is not a date of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not in the form `YYYY-MM-DD`.
    #[error("not of the form YYYY-MM-DD")]
    Form,
    /// In the right form, but not in the calendar, such as 2021-02-30.
    #[error("no such day in the calendar")]
    NoSuchDay,
    /// The year is not between 1949 and 2099.
    #[error("year outside 1949 to 2099")]
    Year,
}

impl DocumentDate {
    /// Parses a date in the form `YYYY-MM-DD`.
    ///
    /// # Errors
    /// Fails if the text has another form, the day does not exist, or the year is not between 1949 and 2099.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        let is_form = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, byte)| match i {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_form {
            return Err(DateError::Form);
        }
        let day = text.parse::<NaiveDate>().map_err(|_| DateError::NoSuchDay)?;
        if !(1949..=2099).contains(&day.year()) {
            return Err(DateError::Year);
        }
        Ok(Self { day })
    }

    /// The year, all four digits.
    pub fn year(self) -> i32 {
        self.day.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.day.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.day.day()
    }

    /// `2021-12-22`, as `parse` reads it.
    pub fn iso(self) -> String {
        self.day.to_string()
    }
}

/// `2021年12月22日`, as B-17 prints it.
impl fmt::Display for DocumentDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}年{}月{}日", self.year(), self.month(), self.day())
    }
}

#[cfg(test)]
mod tests {
    use super::{DateError, DocumentDate};

    #[test]
    fn prints_without_leading_zeros() {
        let date = DocumentDate::parse("2021-02-03").unwrap();
        assert_eq!(date.to_string(), "2021年2月3日");
        assert_eq!(DocumentDate::parse(&date.iso()), Ok(date));
    }

    #[test]
    fn refuses_invalid_dates() {
        let cases = [
            ("2021-2-3", DateError::Form),
            ("2021-02-03 ", DateError::Form),
            ("２０２１-02-03", DateError::Form),
            ("2021-02-30", DateError::NoSuchDay),
            ("2023-02-29", DateError::NoSuchDay),
            ("1948-12-31", DateError::Year),
            ("2100-01-01", DateError::Year),
        ];
        for (text, expected) in cases {
            assert_eq!(DocumentDate::parse(text), Err(expected), "{text}");
        }
    }
}
