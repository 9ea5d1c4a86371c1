//! Mirrors the retention and the holds of filings as locks on their objects in the bucket.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::objects::lock::{LockMode, Locks, ObjectLock};
use crate::document::moment::Moment;

/// A year, in milliseconds.
const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// How long objects of permanent filings are locked at a time. A lock without an end would outlive a
/// mistake in the settings.
const PERMANENT_MS: i64 = 10 * YEAR_MS;

/// The offset of China Standard Time from UTC, in milliseconds.
const CHINA_OFFSET_MS: i64 = 8 * 60 * 60 * 1000;

/// What was done to the locks of a bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MirroredLocks {
    /// Objects with a retention or a hold.
    pub objects: u64,
    /// Objects that were retained, or retained for longer.
    pub retained: u64,
    /// Objects whose legal hold was placed.
    pub held: u64,
    /// Objects whose legal hold was removed.
    pub released: u64,
}

/// What the records say about an object.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    is_permanent: bool,
    last_year: Option<i64>,
    is_held: bool,
}

impl Archive {
    /// Locks the objects of filings with a retention until it ends, and places and removes legal holds.
    /// Returns `None` if the objects are in a folder. A lock is never shortened.
    ///
    /// # Errors
    /// Fails if the database or the bucket is unreachable or refuses. What was locked stays locked,
    /// and the call can be repeated.
    pub async fn mirror_locks(
        &self,
        mode: LockMode,
    ) -> Result<Option<MirroredLocks>, ArchiveError> {
        let Some(locks) = self.objects.locks()? else { return Ok(None) };
        let mut done = MirroredLocks::default();
        for part in 0..=u8::MAX {
            for (name, wanted) in self.wanted_locks(part).await? {
                self.mirror(&locks, mode, &name, wanted, &mut done).await?;
            }
        }
        Ok(Some(done))
    }

    async fn mirror(
        &self,
        locks: &Locks,
        mode: LockMode,
        name: &str,
        wanted: Wanted,
        done: &mut MirroredLocks,
    ) -> Result<(), ArchiveError> {
        // A missing object is a finding of the fixity check.
        let Some(lock) = locks.of(name).await? else { return Ok(()) };
        done.objects += 1;
        if let Some(until) = retained_until(wanted, lock, mode, self.now()) {
            locks.retain(name, mode, until).await?;
            done.retained += 1;
        }
        if wanted.is_held != lock.is_held {
            locks.hold(name, wanted.is_held).await?;
            let count = if wanted.is_held { &mut done.held } else { &mut done.released };
            *count += 1;
        }
        Ok(())
    }

    /// The objects whose SHA-256 begins with this byte and that belong to a filing with a retention or
    /// a hold, also a released one.
    async fn wanted_locks(&self, part: u8) -> Result<Vec<(String, Wanted)>, ArchiveError> {
        let beginning = hex::encode([part]);
        // Greater than every name with this beginning, and less than every other that is greater.
        let end = format!("{beginning}g");
        let rows = self
            .database
            .query(
                "SELECT n.name AS name, \
                 CAST(MAX(CASE WHEN r.filing_id IS NOT NULL AND r.last_year IS NULL \
                 THEN 1 ELSE 0 END) AS BIGINT) AS permanent, \
                 MAX(r.last_year) AS last_year, \
                 CAST(MAX(CASE WHEN h.id IS NOT NULL AND h.released_at IS NULL \
                 THEN 1 ELSE 0 END) AS BIGINT) AS held \
                 FROM named_objects n \
                 LEFT JOIN retentions r ON r.filing_id = n.subject \
                 LEFT JOIN hold_items i ON i.filing_id = n.subject \
                 LEFT JOIN holds h ON h.id = i.hold_id \
                 WHERE n.name >= $1 AND n.name < $2 \
                 AND (r.filing_id IS NOT NULL OR i.filing_id IS NOT NULL) \
                 GROUP BY n.name",
            )
            .bind(beginning)
            .bind(end)
            .fetch_all()
            .await?;
        let read = rows.into_iter().map(|row| {
            let wanted = Wanted {
                is_permanent: row.try_get::<i64, _>("permanent")? == 1,
                last_year: row.try_get("last_year")?,
                is_held: row.try_get::<i64, _>("held")? == 1,
            };
            Ok((row.try_get("name")?, wanted))
        });
        read.collect()
    }
}

/// Until when an object is to be retained; `None` if its lock need not change.
fn retained_until(wanted: Wanted, lock: ObjectLock, mode: LockMode, now: Moment) -> Option<Moment> {
    let Moment(now) = now;
    let until = match (wanted.is_permanent, wanted.last_year) {
        (true, _) => now + PERMANENT_MS,
        (false, Some(year)) => end_of_year(year)?,
        (false, None) => return None,
    };
    if until <= now {
        return None;
    }
    let Some((locked_mode, Moment(locked_until))) = lock.retained else {
        return Some(Moment(until));
    };
    // A lock of a permanent filing is extended once a year.
    let is_long_enough = match wanted.is_permanent {
        true => locked_until > until - YEAR_MS,
        false => locked_until >= until,
    };
    // Governance may become compliance, but not the other way.
    let is_strict_enough = locked_mode == mode || locked_mode == LockMode::Compliance;
    match (is_long_enough, is_strict_enough) {
        (true, true) => None,
        (true, false) => Some(Moment(locked_until.max(until))),
        (false, _) => Some(Moment(until)),
    }
}

/// The end of a year in China.
fn end_of_year(year: i64) -> Option<i64> {
    let year = i32::try_from(year).ok()?.checked_add(1)?;
    let start = chrono::NaiveDate::from_ymd_opt(year, 1, 1)?.and_time(chrono::NaiveTime::MIN);
    Some(start.and_utc().timestamp_millis() - CHINA_OFFSET_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_800_000_000_000);

    fn until(wanted: Wanted, retained: Option<(LockMode, i64)>, mode: LockMode) -> Option<i64> {
        let retained = retained.map(|(mode, until)| (mode, Moment(until)));
        let lock = ObjectLock { retained, is_held: false };
        retained_until(wanted, lock, mode, NOW).map(|Moment(until)| until)
    }

    #[test]
    fn a_lock_follows_the_retention_and_is_never_shortened() {
        use LockMode::{Compliance, Governance};
        let of = |is_permanent, last_year| Wanted { is_permanent, last_year, is_held: false };
        let permanent = of(true, Some(2030));
        let ten_years = NOW.0 + PERMANENT_MS;
        assert_eq!(until(permanent, None, Governance), Some(ten_years));
        assert_eq!(until(permanent, Some((Governance, ten_years - 1)), Governance), None);
        let old = Some((Governance, ten_years - YEAR_MS));
        assert_eq!(until(permanent, old, Governance), Some(ten_years));

        // 2036-12-31T16:00:00Z is midnight in China.
        let (limited, end) = (of(false, Some(2036)), 2_114_352_000_000);
        assert_eq!(Moment(end).to_string(), "2036-12-31T16:00:00.000Z");
        assert_eq!(until(limited, None, Governance), Some(end));
        assert_eq!(until(limited, Some((Governance, end)), Governance), None);
        assert_eq!(until(limited, Some((Governance, end - 1)), Governance), Some(end));
        assert_eq!(until(limited, Some((Governance, end + 1)), Governance), None);
        assert_eq!(until(limited, Some((Governance, end + 1)), Compliance), Some(end + 1));
        assert_eq!(until(limited, Some((Compliance, end)), Governance), None);
        // The retention is over, or there is only a hold.
        assert_eq!(until(of(false, Some(2026)), None, Governance), None);
        assert_eq!(until(of(false, None), None, Governance), None);
    }
}
