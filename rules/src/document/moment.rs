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
        let midnight = day.iso().parse::<NaiveDate>().unwrap_or_default().and_time(NaiveTime::MIN);
        Self(midnight.and_utc().timestamp_millis() - CHINA_OFFSET_MS)
    }

    /// The year in China at this time.
    pub fn year_in_china(self) -> i32 {
        let shifted = self.0.saturating_add(CHINA_OFFSET_MS);
        DateTime::from_timestamp_millis(shifted).unwrap_or_default().year()
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
