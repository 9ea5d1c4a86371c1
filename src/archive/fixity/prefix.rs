//! Checks one part of the store: the objects whose SHA-256 begins with one byte.

use std::collections::BTreeMap;

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::collect::COLLECTED_AFTER;
use crate::archive::error::ArchiveError;
use crate::archive::fixity::finding::{Finding, FindingKind};
use crate::archive::fixity::progress::Pace;
use crate::document::moment::Moment;

/// How long an object without a record may stay: twice the time after which it is removed.
const EXTRA_AFTER_MS: i64 = 2 * COLLECTED_AFTER.as_millis() as i64;

/// What was read of a part, and what was found.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) objects: u64,
    pub(crate) bytes: u64,
    pub(crate) findings: Vec<Finding>,
}

/// What a record says about an object.
#[derive(Debug)]
struct Named {
    bytes: Option<u64>,
    /// The role of the object and the id of the record.
    subject: String,
}

/// The records that name each object.
type Names = BTreeMap<String, Vec<Named>>;

impl Archive {
    /// Checks the part of this byte.
    pub(crate) async fn check_part(&self, part: u8, pace: Pace) -> Result<Checked, ArchiveError> {
        // Before the objects: an object that is named here was stored before it is listed.
        let mut names = self.names(part).await?;
        let stored = self.objects.part(part).await?;
        let mut checked = Checked::default();
        let mut others = stored.others;
        if part == 0 {
            others.extend(self.objects.beside_parts().await?);
        }
        checked.findings.extend(others.into_iter().map(extra));
        for object in stored.objects {
            let named = names.remove(&object.sha256).unwrap_or_default();
            let digest = self.objects.digest(&object.sha256, |bytes| pace.pause(bytes)).await?;
            // Removed in this moment, because no record names it.
            let Some((sha256, bytes)) = digest else { continue };
            checked.objects += 1;
            checked.bytes += bytes;
            if sha256 != object.sha256 {
                let subject = named.first().map(|named| named.subject.clone());
                checked.findings.push(Finding {
                    kind: FindingKind::Altered,
                    name: object.sha256,
                    subject: subject.unwrap_or_default(),
                });
                continue;
            }
            if named.is_empty() && self.is_extra(object.written_at) {
                checked.findings.push(extra(object.sha256.clone()));
            }
            let other = named.iter().filter(|named| named.bytes.is_some_and(|said| said != bytes));
            checked.findings.extend(other.map(|named| Finding {
                kind: FindingKind::OtherLength,
                name: object.sha256.clone(),
                subject: named.subject.clone(),
            }));
        }
        self.add_missing(names, &mut checked).await?;
        let (first, end) = range(part);
        checked.findings.extend(self.compare_with_log(&first, &end).await?);
        Ok(checked)
    }

    /// Adds the objects that are named and were not listed, unless they have been stored or are no
    /// longer named.
    async fn add_missing(&self, names: Names, checked: &mut Checked) -> Result<(), ArchiveError> {
        for (name, named) in names {
            if self.objects.has(&name).await? || !self.is_named(&name).await? {
                continue;
            }
            checked.findings.extend(named.into_iter().map(|named| Finding {
                kind: FindingKind::Missing,
                name: name.clone(),
                subject: named.subject,
            }));
        }
        Ok(())
    }

    fn is_extra(&self, Moment(written_at): Moment) -> bool {
        written_at < self.now().0 - EXTRA_AFTER_MS
    }

    async fn names(&self, part: u8) -> Result<Names, ArchiveError> {
        let (beginning, end) = range(part);
        let rows = self
            .database
            .query(
                "SELECT name, bytes, role, subject FROM named_objects WHERE name >= $1 AND name < $2",
            )
            .bind(beginning)
            .bind(end)
            .fetch_all()
            .await?;
        let mut names = Names::new();
        for row in rows {
            let bytes: Option<i64> = row.try_get("bytes")?;
            let (role, id): (&str, &str) = (row.try_get("role")?, row.try_get("subject")?);
            let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
            let named = Named { bytes, subject: format!("{role} {id}") };
            names.entry(row.try_get("name")?).or_default().push(named);
        }
        Ok(names)
    }

    /// Whether a record names this object.
    pub(crate) async fn is_named(&self, sha256: &str) -> Result<bool, ArchiveError> {
        let found = self
            .database
            .query("SELECT 1 AS one FROM named_objects WHERE name = $1")
            .bind(sha256)
            .fetch_optional()
            .await?;
        Ok(found.is_some())
    }
}

/// The first name of a part, and a text after its last name and before the next part.
pub(crate) fn range(part: u8) -> (String, String) {
    let beginning = hex::encode([part]);
    let end = format!("{beginning}g");
    (beginning, end)
}

fn extra(name: String) -> Finding {
    Finding { kind: FindingKind::Extra, name, subject: String::new() }
}
