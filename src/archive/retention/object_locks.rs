//! Mirrors the retention and the holds of filings as locks on their objects in the bucket.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::fixity::prefix::range;
use crate::archive::objects::lock::{LockError, LockMode, Locks, ObjectLock, Refused};
use crate::document::moment::Moment;

/// A year, in milliseconds.
const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// How long objects of permanent filings are locked at a time. A lock without an end would outlive a
/// mistake in the settings.
const PERMANENT_MS: i64 = 10 * YEAR_MS;

/// How many refusals of a comparison are logged, each with its object.
const LOGGED_REFUSALS: u64 = 20;

/// How many refused objects of a comparison are named.
const NAMED_REFUSALS: usize = 1_000;

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
    /// Objects whose lock the bucket refused to show or to change.
    pub refused: u64,
}

/// A comparison of the locks of objects with the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComparedLocks {
    /// What was done.
    pub done: MirroredLocks,
    /// The refused objects, if there are few of them.
    pub refused: Vec<String>,
}

impl ComparedLocks {
    /// Whether all refused objects are named.
    pub fn names_all_refused(&self) -> bool {
        self.refused.len() as u64 == self.done.refused
    }

    fn note_refusal(&mut self, name: String, refused: &Refused) {
        self.done.refused += 1;
        if self.done.refused <= LOGGED_REFUSALS {
            tracing::warn!(object = name, %refused, "an object could not be locked");
        }
        if self.refused.len() < NAMED_REFUSALS {
            self.refused.push(name);
        }
    }
}

/// What the records say about an object.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    is_permanent: bool,
    last_year: Option<i64>,
    hold: WantedHold,
}

/// What the holds of the filings of an object ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WantedHold {
    /// There was never one. A legal hold that the bucket shows is its owner's.
    Never,
    /// One is active.
    Active,
    /// All are released.
    Released,
}

impl Archive {
    /// Locks the objects of filings with a retention until it ends, and places and removes legal holds.
    /// Returns `None` if the objects are in a folder. A lock is never shortened or weakened.
    ///
    /// # Errors
    /// Fails if the database or the bucket is unreachable. What was locked stays locked, and the call
    /// can be repeated. Objects about which the bucket refuses a request are counted.
    pub async fn mirror_locks(
        &self,
        mode: LockMode,
    ) -> Result<Option<ComparedLocks>, ArchiveError> {
        self.mirror_ranges(mode, (0..=u8::MAX).map(range)).await
    }

    /// The same for these objects only.
    ///
    /// # Errors
    /// As `mirror_locks`.
    pub async fn mirror_locks_of(
        &self,
        mode: LockMode,
        names: &[String],
    ) -> Result<Option<ComparedLocks>, ArchiveError> {
        self.mirror_ranges(mode, names.iter().map(|name| (name.clone(), format!("{name}0")))).await
    }

    /// The same for the objects from a name up to, but without, another one.
    async fn mirror_ranges(
        &self,
        mode: LockMode,
        ranges: impl Iterator<Item = (String, String)>,
    ) -> Result<Option<ComparedLocks>, ArchiveError> {
        let Some(locks) = self.objects.locks()? else { return Ok(None) };
        let mut compared = ComparedLocks::default();
        for range in ranges {
            for (name, wanted) in self.wanted_locks(range).await? {
                match self.mirror(&locks, mode, &name, wanted, &mut compared.done).await {
                    Ok(()) => {}
                    Err(LockError::Refused(refused)) => compared.note_refusal(name, &refused),
                    Err(LockError::Archive(error)) => return Err(error),
                }
            }
        }
        Ok(Some(compared))
    }

    async fn mirror(
        &self,
        locks: &Locks,
        mode: LockMode,
        name: &str,
        wanted: Wanted,
        done: &mut MirroredLocks,
    ) -> Result<(), LockError> {
        // A missing object is a finding of the fixity check.
        let Some(lock) = locks.of(name).await? else { return Ok(()) };
        done.objects += 1;
        let retained = match retention(wanted, lock, mode, self.now()) {
            Some((mode, until)) => {
                locks.retain(name, mode, until).await.map(|()| done.retained += 1)
            }
            None => Ok(()),
        };
        // Also if the retention was refused.
        let held = match (wanted.hold, lock.is_held) {
            (WantedHold::Active, false) => locks.hold(name, true).await.map(|()| done.held += 1),
            (WantedHold::Released, true) => {
                locks.hold(name, false).await.map(|()| done.released += 1)
            }
            _ => Ok(()),
        };
        retained.and(held)
    }

    /// The objects from a name up to another one that belong to a filing with a retention or a hold, also
    /// a released one.
    async fn wanted_locks(
        &self,
        (first, end): (String, String),
    ) -> Result<Vec<(String, Wanted)>, ArchiveError> {
        let rows = self
            .database
            .query(
                "SELECT n.name AS name, \
                 CAST(MAX(CASE WHEN r.filing_id IS NOT NULL AND r.last_year IS NULL \
                 THEN 1 ELSE 0 END) AS BIGINT) AS permanent, \
                 MAX(r.last_year) AS last_year, \
                 CAST(MAX(CASE WHEN h.id IS NULL THEN 0 WHEN h.released_at IS NULL THEN 2 \
                 ELSE 1 END) AS BIGINT) AS hold \
                 FROM named_objects n \
                 LEFT JOIN retentions r ON r.filing_id = n.subject \
                 LEFT JOIN hold_items i ON i.filing_id = n.subject \
                 LEFT JOIN holds h ON h.id = i.hold_id \
                 WHERE n.name >= $1 AND n.name < $2 \
                 AND (r.filing_id IS NOT NULL OR i.filing_id IS NOT NULL) \
                 GROUP BY n.name",
            )
            .bind(first)
            .bind(end)
            .fetch_all()
            .await?;
        let read = rows.into_iter().map(|row| {
            let wanted = Wanted {
                is_permanent: row.try_get::<i64, _>("permanent")? == 1,
                last_year: row.try_get("last_year")?,
                hold: match row.try_get::<i64, _>("hold")? {
                    0 => WantedHold::Never,
                    1 => WantedHold::Released,
                    _ => WantedHold::Active,
                },
            };
            Ok((row.try_get("name")?, wanted))
        });
        read.collect()
    }
}

/// Until when an object is to be retained and by which mode; `None` if its lock need not change.
fn retention(
    wanted: Wanted,
    lock: ObjectLock,
    mode: LockMode,
    Moment(now): Moment,
) -> Option<(LockMode, Moment)> {
    let until = match (wanted.is_permanent, wanted.last_year) {
        (true, _) => now + PERMANENT_MS,
        (false, Some(year)) => Moment::end_of_year_in_china(i32::try_from(year).ok()?)?.0,
        (false, None) => return None,
    };
    if until <= now {
        return None;
    }
    // A lock that is over binds nobody.
    let retained = lock.retained.filter(|(_, Moment(until))| *until > now);
    let Some((locked_mode, Moment(locked_until))) = retained else {
        return Some((mode, Moment(until)));
    };
    // A lock of a permanent filing is extended once a year.
    let is_long_enough = match wanted.is_permanent {
        true => locked_until > until - YEAR_MS,
        false => locked_until >= until,
    };
    // Governance may become compliance. The bucket refuses the other way.
    let stricter = if locked_mode == LockMode::Compliance { locked_mode } else { mode };
    if is_long_enough && stricter == locked_mode {
        return None;
    }
    Some((stricter, Moment(locked_until.max(until))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_800_000_000_000);

    fn until(wanted: Wanted, retained: Option<(LockMode, i64)>, mode: LockMode) -> Option<i64> {
        retained_by(wanted, retained, mode).map(|(_, until)| until)
    }

    fn retained_by(
        wanted: Wanted,
        retained: Option<(LockMode, i64)>,
        mode: LockMode,
    ) -> Option<(LockMode, i64)> {
        let retained = retained.map(|(mode, until)| (mode, Moment(until)));
        let lock = ObjectLock { retained, is_held: false };
        retention(wanted, lock, mode, NOW).map(|(mode, Moment(until))| (mode, until))
    }

    fn wanted(is_permanent: bool, last_year: Option<i64>) -> Wanted {
        Wanted { is_permanent, last_year, hold: WantedHold::Never }
    }

    #[test]
    fn the_mode_of_a_lock_is_never_weakened() {
        use LockMode::{Compliance, Governance};
        let (limited, end) = (wanted(false, Some(2036)), 2_114_352_000_000);
        let of_owner = Some((Compliance, end - 1));
        assert_eq!(retained_by(limited, of_owner, Governance), Some((Compliance, end)));
        let weak = Some((Governance, end + 1));
        assert_eq!(retained_by(limited, weak, Compliance), Some((Compliance, end + 1)));
        let over = Some((Compliance, NOW.0));
        assert_eq!(retained_by(limited, over, Governance), Some((Governance, end)));
    }

    #[test]
    fn a_lock_follows_the_retention_and_is_never_shortened() {
        use LockMode::{Compliance, Governance};
        let permanent = wanted(true, Some(2030));
        let ten_years = NOW.0 + PERMANENT_MS;
        assert_eq!(until(permanent, None, Governance), Some(ten_years));
        assert_eq!(until(permanent, Some((Governance, ten_years - 1)), Governance), None);
        let old = Some((Governance, ten_years - YEAR_MS));
        assert_eq!(until(permanent, old, Governance), Some(ten_years));

        // 2036-12-31T16:00:00Z is midnight in China.
        let (limited, end) = (wanted(false, Some(2036)), 2_114_352_000_000);
        assert_eq!(Moment(end).to_string(), "2036-12-31T16:00:00.000Z");
        assert_eq!(until(limited, None, Governance), Some(end));
        assert_eq!(until(limited, Some((Governance, end)), Governance), None);
        assert_eq!(until(limited, Some((Governance, end - 1)), Governance), Some(end));
        assert_eq!(until(limited, Some((Governance, end + 1)), Governance), None);
        assert_eq!(until(limited, Some((Governance, end + 1)), Compliance), Some(end + 1));
        assert_eq!(until(limited, Some((Compliance, end)), Governance), None);
        // The retention is over, or there is only a hold.
        assert_eq!(until(wanted(false, Some(2026)), None, Governance), None);
        assert_eq!(until(wanted(false, None), None, Governance), None);
    }
}
