//! Gives entries their numbers. This is committed before any tile is written, so that tiles depend only
//! on numbered entries, and a repeated step writes the same bytes.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::audit::act::{Act, Actor};
use crate::archive::audit::trail;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::log::enter::{entry_json, name_objects};
use crate::archive::log::error::LogError;
use crate::archive::log::head::{lock, signed};
use crate::archive::log::steps::keeper::LogKeeper;
use crate::log::entry::EntryObject;

/// The most entries that a transaction numbers.
const ENTRIES: i64 = 200;

/// Who continues the log, in the audit trail.
const SERVER: Actor<'static> = Actor { caller: "server", request_id: "", address: "" };

/// An entry without a number.
struct Waiting {
    audit_id: String,
    entry: String,
}

impl LogKeeper {
    /// Numbers up to `ENTRIES` entries and returns how many.
    pub(super) async fn sequence(&self) -> Result<u64, LogError> {
        let mut transaction = self.archive.database.begin().await?;
        let Some(head) = lock(&mut transaction).await? else { return Ok(0) };
        let mut waiting = self.backlog(&mut transaction, head.sequenced).await?;
        if waiting.is_empty() {
            waiting = pending(&mut transaction).await?;
        }
        if waiting.is_empty() {
            return Ok(0);
        }
        number_entries(&mut transaction, head.sequenced, &waiting).await?;
        let count = waiting.len() as u64;
        transaction
            .query("UPDATE log_head SET sequenced = $1")
            .bind(signed(head.sequenced + count))
            .execute()
            .await?;
        transaction.commit().await?;
        Ok(count)
    }

    /// Takes acts from before the log, oldest first. The first entry of the log says that it continues
    /// the audit trail.
    async fn backlog(
        &self,
        transaction: &mut Transaction,
        sequenced: u64,
    ) -> Result<Vec<Waiting>, ArchiveError> {
        let rows = transaction
            .query(
                "SELECT a.*, f.source_sha256, f.source_bytes, f.pdf_sha256, f.pdf_bytes, f.renderer_sha256, \
                 s.sha256 AS signed_sha256, s.bytes AS signed_bytes, s.verdict_sha256, \
                 s.verdict_bytes FROM log_backlog b JOIN audit_trail a ON a.id = b.audit_id \
                 LEFT JOIN filings f ON f.id = a.subject AND a.act IN ('filing_kept', 'filing_revised') \
                 LEFT JOIN signed_copies s ON s.filing_id = a.subject AND a.act = 'signed_copy_kept' \
                 ORDER BY a.id LIMIT $1",
            )
            .bind(ENTRIES)
            .fetch_all()
            .await?;
        if !rows.is_empty() && sequenced == 0 {
            let (act, origin) = (Act::LogContinued, self.key.name());
            let id = self.archive.record_act_with(transaction, SERVER, act, origin, &[]).await?;
            let sql = "SELECT audit_id, entry FROM log_pending WHERE audit_id = $1";
            let row = transaction.query(sql).bind(id).fetch_one().await?;
            return remove(transaction, "log_pending", vec![waiting(&row)?]).await;
        }
        let mut found = Vec::new();
        for row in &rows {
            let (act, objects) = (trail::entry(row)?, earlier_objects(row)?);
            name_objects(transaction, &act.id, &objects).await?;
            let renderer: Option<String> = row.try_get("renderer_sha256")?;
            let entry = entry_json(&act, objects, renderer.as_deref());
            found.push(Waiting { entry, audit_id: act.id });
        }
        remove(transaction, "log_backlog", found).await
    }
}

/// Takes entries of acts, oldest first. One that commits late comes in the next round.
async fn pending(transaction: &mut Transaction) -> Result<Vec<Waiting>, ArchiveError> {
    let rows = transaction
        .query("SELECT audit_id, entry FROM log_pending ORDER BY audit_id LIMIT $1")
        .bind(ENTRIES)
        .fetch_all()
        .await?;
    let found = rows.iter().map(waiting).collect::<Result<Vec<_>, _>>()?;
    remove(transaction, "log_pending", found).await
}

fn waiting(row: &AnyRow) -> Result<Waiting, ArchiveError> {
    Ok(Waiting { audit_id: row.try_get("audit_id")?, entry: row.try_get("entry")? })
}

/// Removes entries from where they waited, and returns them.
async fn remove(
    transaction: &mut Transaction,
    table: &'static str,
    entries: Vec<Waiting>,
) -> Result<Vec<Waiting>, ArchiveError> {
    if entries.is_empty() {
        return Ok(entries);
    }
    let names: Vec<String> = (1..=entries.len()).map(|n| format!("${n}")).collect();
    let sql = format!("DELETE FROM {table} WHERE audit_id IN ({})", names.join(", "));
    let mut query = transaction.query(AssertSqlSafe(sql));
    for entry in &entries {
        query = query.bind(entry.audit_id.as_str());
    }
    query.execute().await?;
    Ok(entries)
}

async fn number_entries(
    transaction: &mut Transaction,
    first: u64,
    entries: &[Waiting],
) -> Result<(), ArchiveError> {
    let rows: Vec<String> = (0..entries.len())
        .map(|row| format!("(${}, ${}, ${})", 3 * row + 1, 3 * row + 2, 3 * row + 3))
        .collect();
    let sql = format!("INSERT INTO log_entries (idx, audit_id, entry) VALUES {}", rows.join(", "));
    let mut query = transaction.query(AssertSqlSafe(sql));
    for (index, Waiting { audit_id, entry }) in (first..).zip(entries) {
        query = query.bind(signed(index)).bind(audit_id.as_str()).bind(entry.as_str());
    }
    query.execute().await?;
    Ok(())
}

/// The objects that an act from before the log stored, without their SM3.
fn earlier_objects(row: &AnyRow) -> Result<Vec<EntryObject>, ArchiveError> {
    let mut objects = Vec::new();
    for role in ["source", "pdf", "signed", "verdict"] {
        let sha256: Option<String> = row.try_get(format!("{role}_sha256").as_str())?;
        let bytes: Option<i64> = row.try_get(format!("{role}_bytes").as_str())?;
        if let (Some(sha256), Some(bytes)) = (sha256, bytes) {
            let bytes = u64::try_from(bytes).unwrap_or_default();
            objects.push(EntryObject { bytes, role: role.to_owned(), sha256, sm3: None });
        }
    }
    Ok(objects)
}
