//! Lists how the numbers of an agency are used in a year, with their gaps, and sets from where they
//! are given.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::document::masthead::number::DocumentNumber;
use crate::document::moment::Moment;

/// The most gaps that are listed.
const MAX_GAPS: usize = 200;

/// From where the numbers of a 机关代字 are given in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceSetting {
    /// 主办机关, whose numbers they are.
    pub agency: String,
    /// 机关代字 and 年份; its serial number is where numbers are given from.
    pub start: DocumentNumber,
    /// Free numbers before it are no gaps.
    pub first: i64,
}

/// The numbers of a 机关代字 in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// 机关代字.
    pub agency_code: String,
    /// The setting: numbers are given from here. `None` before the first number is taken.
    pub start: Option<i64>,
    /// Free numbers before it are no gaps.
    pub first: i64,
    /// The next free number.
    pub next: i64,
    /// How many numbers filings have.
    pub n_used: usize,
    /// The numbers that are reserved for drafts.
    pub reserved: Vec<Reserved>,
    /// The free numbers before the last one that is used or reserved, as ranges.
    pub gaps: Vec<Gap>,
}

/// A number that is reserved for a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// 发文顺序号.
    pub serial: i64,
    /// The id of the draft.
    pub draft_id: String,
    /// The display name of who took it.
    pub taken_by_name: String,
    /// When it was taken.
    pub taken_at: Moment,
}

/// Free numbers in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first of them.
    pub first: i64,
    /// The last of them.
    pub last: i64,
}

/// What is known of a series.
#[derive(Debug, Default)]
struct Series {
    setting: Option<(i64, i64)>,
    used: BTreeSet<i64>,
    reserved: Vec<Reserved>,
}

impl Archive {
    /// Returns the sequences of an agency in a year, by 机关代字.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn sequences(&self, agency: &str, year: u16) -> Result<Vec<Sequence>, ArchiveError> {
        let mut all: BTreeMap<String, Series> = BTreeMap::new();
        let settings = "SELECT agency_code, start, first FROM sequences \
             WHERE agency = $1 AND year = $2";
        for row in
            self.database.query(settings).bind(agency).bind(i64::from(year)).fetch_all().await?
        {
            let setting = (row.try_get("start")?, row.try_get("first")?);
            all.entry(row.try_get("agency_code")?).or_default().setting = Some(setting);
        }
        let used = "SELECT DISTINCT agency_code, serial FROM filings \
             WHERE lead_issuer = $1 AND year = $2";
        for row in self.database.query(used).bind(agency).bind(i64::from(year)).fetch_all().await? {
            let series = all.entry(row.try_get("agency_code")?).or_default();
            series.used.insert(row.try_get("serial")?);
        }
        let reserved = "SELECT agency_code, serial, draft_id, taken_by_name, taken_at \
             FROM draft_numbers WHERE agency = $1 AND year = $2 ORDER BY serial";
        for row in
            self.database.query(reserved).bind(agency).bind(i64::from(year)).fetch_all().await?
        {
            all.entry(row.try_get("agency_code")?).or_default().reserved.push(Reserved {
                serial: row.try_get("serial")?,
                draft_id: row.try_get("draft_id")?,
                taken_by_name: row.try_get("taken_by_name")?,
                taken_at: Moment(row.try_get("taken_at")?),
            });
        }
        Ok(all.into_iter().map(|(agency_code, series)| series.into_sequence(agency_code)).collect())
    }

    /// Sets from where the numbers of a 机关代字 are given. Numbers that are in use are skipped.
    ///
    /// # Errors
    /// Like `sequences`.
    pub async fn set_sequence(
        &self,
        setting: &SequenceSetting,
        actor: Actor<'_>,
    ) -> Result<(), ArchiveError> {
        let SequenceSetting { agency, start, first } = setting;
        let mut transaction = self.database.begin().await?;
        transaction
            .query(
                "INSERT INTO sequences (agency, agency_code, year, start, first) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (agency, agency_code, year) \
             DO UPDATE SET start = excluded.start, first = excluded.first",
            )
            .bind(agency.as_str())
            .bind(start.agency_code())
            .bind(i64::from(start.year()))
            .bind(i64::from(start.serial()))
            .bind(*first)
            .execute()
            .await?;
        let subject = format!("{agency} {start}");
        self.record_act(&mut transaction, actor, Act::SequenceSet, &subject).await?;
        transaction.commit().await
    }
}

impl Series {
    fn into_sequence(self, agency_code: String) -> Sequence {
        let taken: BTreeSet<i64> =
            self.used.iter().copied().chain(self.reserved.iter().map(|one| one.serial)).collect();
        let (start, first) = self.setting.unzip();
        let first = first.unwrap_or(1);
        let from = start.unwrap_or_else(|| self.used.last().map_or(1, |last| last + 1));
        Sequence {
            agency_code,
            start,
            first,
            next: next_free(&taken, from),
            n_used: self.used.len(),
            gaps: gaps(&taken, first),
            reserved: self.reserved,
        }
    }
}

/// The lowest number from here that is not taken.
fn next_free(taken: &BTreeSet<i64>, from: i64) -> i64 {
    let mut next = from;
    for serial in taken.range(from..) {
        if *serial != next {
            break;
        }
        next += 1;
    }
    next
}

/// The free numbers between the taken ones, from `first`.
fn gaps(taken: &BTreeSet<i64>, first: i64) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut expected = first;
    for serial in taken.range(first..) {
        if *serial > expected {
            gaps.push(Gap { first: expected, last: serial - 1 });
        }
        expected = serial + 1;
    }
    gaps.truncate(MAX_GAPS);
    gaps
}

#[cfg(test)]
mod tests {
    use super::{Gap, gaps, next_free};

    #[test]
    fn gaps_lie_between_taken_numbers() {
        let of = |taken: &[i64], first| {
            let gaps = gaps(&taken.iter().copied().collect(), first);
            gaps.into_iter().map(|Gap { first, last }| (first, last)).collect::<Vec<_>>()
        };
        assert!(of(&[], 1).is_empty());
        assert!(of(&[1, 2, 3], 1).is_empty());
        assert_eq!(of(&[2, 5, 6, 9], 1), [(1, 1), (3, 4), (7, 8)]);
        assert_eq!(of(&[2, 5, 6, 9], 4), [(4, 4), (7, 8)]);
    }

    #[test]
    fn the_next_number_is_the_lowest_free_one() {
        let next = |taken: &[i64], from| next_free(&taken.iter().copied().collect(), from);
        assert_eq!(next(&[], 1), 1);
        assert_eq!(next(&[1, 2, 4], 1), 3);
        assert_eq!(next(&[1, 2, 4], 4), 5);
        assert_eq!(next(&[1, 2, 4], 9), 9);
    }
}
