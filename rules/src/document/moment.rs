//! Points in time.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::document::date::DocumentDate;

/// A point in time, in milliseconds since 1970-01-01 UTC; displayed in the form of RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// The offset of China Standard Time from UTC, in milliseconds.
const CHINA_OFFSET_MS: i64 = 8 * 60 * 60 * 1000;

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Moment {
    /// The start of a day in China.
    pub fn start_of_day_in_china(day: DocumentDate) -> Self {
        // Every date is a day of the calendar.
        Self::midnight_in_china(day.iso().parse().unwrap_or_default())
    }

    /// The end of a year in China. Returns `None` for years beyond the calendar.
    pub fn end_of_year_in_china(year: i32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1).map(Self::midnight_in_china)
    }

    fn midnight_in_china(day: NaiveDate) -> Self {
        Self(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis() - CHINA_OFFSET_MS)
    }

    /// The year in China at this time.
    pub fn year_in_china(self) -> i32 {
        let shifted = self.0.saturating_add(CHINA_OFFSET_MS);
        DateTime::from_timestamp_millis(shifted).unwrap_or_default().year()
    }

    /// The date in China at this time, `YYYY-MM-DD`.
    pub fn date_in_china(self) -> String {
        let shifted = self.0.saturating_add(CHINA_OFFSET_MS);
        DateTime::from_timestamp_millis(shifted).unwrap_or_default().date_naive().to_string()
    }

    /// The end of a day in China, which is the start of the next one.
    pub fn end_of_day_in_china(day: DocumentDate) -> Self {
        Self(Self::start_of_day_in_china(day).0 + DAY_MS)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::from_timestamp_millis(self.0).unwrap_or_default();
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Moment {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, chrono::ParseError> {
        Ok(Self(DateTime::parse_from_rfc3339(text)?.timestamp_millis()))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_day_in_china_begins_at_four_in_the_afternoon_of_utc() {
        for (time, date, year) in [
            ("2026-12-31T15:59:59.999Z", "2026-12-31", 2026),
            ("2026-12-31T16:00:00.000Z", "2027-01-01", 2027),
        ] {
            let moment: Moment = time.parse().unwrap();
            assert_eq!((moment.date_in_china(), moment.year_in_china()), (date.to_owned(), year));
        }
    }
}
