//! Retention classes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
