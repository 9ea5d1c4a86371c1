//! Compares the objects that the log names with those of the records and of the store.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::fixity::finding::{Finding, FindingKind};

/// The objects that only the log still names, without those of destroyed filings. Values: the first
/// name, the end of the names.
const ONLY_LOGGED: &str = "SELECT o.sha256 AS name, o.role, o.audit_id AS subject FROM log_objects o \
     LEFT JOIN audit_trail a ON a.id = o.audit_id LEFT JOIN filings f ON f.id = a.subject \
     WHERE o.sha256 >= $1 AND o.sha256 < $2 AND f.disposal_id IS NULL \
     AND NOT EXISTS (SELECT 1 FROM named_objects n WHERE n.name = o.sha256)";

/// The files of filings that the log does not name. Those from before the log wait to be entered.
const NOT_LOGGED: &str = "SELECT n.name, n.role, n.subject FROM named_objects n \
     WHERE n.name >= $1 AND n.name < $2 AND n.role IN ('source', 'pdf', 'signed', 'verdict') \
     AND NOT EXISTS (SELECT 1 FROM log_objects o WHERE o.sha256 = n.name) \
     AND NOT EXISTS (SELECT 1 FROM log_backlog)";

impl Archive {
    /// What the log and the records say differently about objects whose names are in this range.
    pub(super) async fn compare_with_log(
        &self,
        first: &str,
        end: &str,
    ) -> Result<Vec<Finding>, ArchiveError> {
        let mut findings = Vec::new();
        for finding in self.found(ONLY_LOGGED, first, end, FindingKind::LoggedWithoutObject).await?
        {
            if !self.objects.has(&finding.name).await? {
                findings.push(finding);
            }
        }
        findings.extend(self.found(NOT_LOGGED, first, end, FindingKind::NotLogged).await?);
        Ok(findings)
    }

    async fn found(
        &self,
        sql: &'static str,
        first: &str,
        end: &str,
        kind: FindingKind,
    ) -> Result<Vec<Finding>, ArchiveError> {
        let rows = self.database.query(sql).bind(first).bind(end).fetch_all().await?;
        let finding = |row: &sqlx::any::AnyRow| {
            let (role, id): (&str, &str) = (row.try_get("role")?, row.try_get("subject")?);
            Ok(Finding { kind, name: row.try_get("name")?, subject: format!("{role} {id}") })
        };
        rows.iter().map(finding).collect()
    }
}
