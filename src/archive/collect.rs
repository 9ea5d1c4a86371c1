//! Removes objects that no record names: bodies of lines that have ended, and what uploads and
//! requests that failed left behind.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::objects::StoredObject;
use crate::document::moment::Moment;

/// How old an object must be. Every object is written, or its time renewed, shortly before the record
/// that names it, so that an older one without a record will never get one.
pub const COLLECTED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an object stays set aside. If a record was written in the moment in which its object was
/// set aside, the object is put back.
pub const SET_ASIDE_FOR: Duration = Duration::from_secs(60 * 60);

/// How many names a statement looks up.
const NAMES_PER_QUERY: usize = 200;

/// What a collection did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// The objects that were removed for good.
    pub removed: u64,
    /// The bytes of the removed objects.
    pub removed_bytes: u64,
    /// The objects that were put back.
    pub put_back: u64,
}

impl Archive {
    /// Sets aside the objects that are old enough and that no record names. Several servers may do
    /// this at the same time. Returns their number.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store`, `ArchiveError::Database` or `ArchiveError::Deadline` if the
    /// store or the database is unreachable or too slow. Retry later; what was done stays done.
    pub async fn set_unnamed_aside(&self) -> Result<u64, ArchiveError> {
        let limit = before(self.now(), COLLECTED_AFTER);
        let mut objects = self.objects.stored();
        let (mut chunk, mut set_aside) = (Vec::new(), 0);
        loop {
            let next = objects.try_next().await?;
            let is_last = next.is_none();
            chunk.extend(next.filter(|object| object.written_at < limit));
            if chunk.len() >= NAMES_PER_QUERY || is_last {
                let named = self.named(&chunk).await?;
                for object in chunk.drain(..).filter(|object| !named.contains(&object.sha256)) {
                    let aside = self.objects.set_aside(&object.sha256, limit, self.now()).await?;
                    set_aside += u64::from(aside);
                }
            }
            if is_last {
                return Ok(set_aside);
            }
        }
    }

    /// Removes the objects that were set aside long enough ago, and puts back those that a record
    /// names after all.
    ///
    /// # Errors
    /// Like `set_unnamed_aside`.
    pub async fn remove_aside(&self) -> Result<Collected, ArchiveError> {
        let mut collected = Collected::default();
        let limit = before(self.now(), SET_ASIDE_FOR);
        let aside: Vec<StoredObject> = self.objects.aside().try_collect().await?;
        let due: Vec<_> = aside.into_iter().filter(|object| object.written_at < limit).collect();
        for chunk in due.chunks(NAMES_PER_QUERY) {
            let named = self.named(chunk).await?;
            for object in chunk {
                if named.contains(&object.sha256) {
                    self.objects.put_back(object).await?;
                    collected.put_back += 1;
                } else {
                    self.objects.remove_aside(object).await?;
                    collected.removed += 1;
                    collected.removed_bytes += object.bytes;
                }
            }
        }
        Ok(collected)
    }

    /// Those of the objects that a record names.
    async fn named(&self, objects: &[StoredObject]) -> Result<BTreeSet<String>, ArchiveError> {
        if objects.is_empty() {
            return Ok(BTreeSet::new());
        }
        let names: Vec<String> = (1..=objects.len()).map(|n| format!("${n}")).collect();
        let names = names.join(", ");
        // After a restore only the log may still know an object.
        let sql = format!(
            "SELECT name FROM named_objects WHERE name IN ({names}) \
             UNION SELECT sha256 FROM log_objects WHERE sha256 IN ({names})"
        );
        let mut query = self.database.query(AssertSqlSafe(sql));
        for object in objects {
            query = query.bind(object.sha256.as_str());
        }
        let rows = query.fetch_all().await?;
        rows.iter().map(|row| Ok(row.try_get("name")?)).collect()
    }
}

fn before(Moment(now): Moment, age: Duration) -> Moment {
    Moment(now - i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}
