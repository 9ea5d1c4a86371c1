//! Retention classes.

use chrono::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::moment::Moment;

/// The offset of China Standard Time from UTC, in seconds.
const CHINA_OFFSET: i64 = 8 * 60 * 60;

/// A retention class (保管期限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "保管期限：permanent永久、30_years定期30年、10_years定期10年")]
pub enum RetentionClass {
    /// 永久.
    #[serde(rename = "permanent")]
    Permanent,
    /// 定期30年.
    #[serde(rename = "30_years")]
    Years30,
    /// 定期10年.
    #[serde(rename = "10_years")]
    Years10,
}

impl RetentionClass {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::Permanent, Self::Years30, Self::Years10];

    /// Its name in the database and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Years30 => "30_years",
            Self::Years10 => "10_years",
        }
    }

    /// The last year in which a filing of this year is kept; `None` for ever. The time counts from
    /// the first day of the next year.
    pub fn last_year(self, year: i64) -> Option<i64> {
        match self {
            Self::Permanent => None,
            Self::Years30 => Some(year + 30),
            Self::Years10 => Some(year + 10),
        }
    }
}

/// The year of a point in time in China.
pub(crate) fn year_in_china(Moment(ms): Moment) -> i64 {
    let time = DateTime::from_timestamp(ms.div_euclid(1000) + CHINA_OFFSET, 0);
    // Beyond the calendar of chrono there is no filing.
    time.map_or(i64::MAX, |time| time.format("%Y").to_string().parse().unwrap_or(i64::MAX))
}
