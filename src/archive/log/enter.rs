//! Adds the entry of an act to the log, in the transaction of the act. It has no number yet.

use bytes::Bytes;
use sqlx::AssertSqlSafe;
use tokio::task::spawn_blocking;

use crate::archive::audit::trail;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::objects::sha256;
use crate::log::entry::{Entry, EntryObject};

/// An object of an act, before its SM3 is computed.
#[derive(Debug, Clone)]
pub struct Described {
    /// What it is for the act.
    pub role: &'static str,
    /// Its SHA-256.
    pub sha256: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Computes the SM3 of objects off the async threads.
pub async fn describe(objects: Vec<Described>) -> Vec<EntryObject> {
    let work = move || {
        let entry = |one: &Described| EntryObject::hashed(one.role, &one.sha256, &one.bytes);
        objects.iter().map(entry).collect()
    };
    // The task is cancelled only while the runtime shuts down, and then no act is recorded.
    spawn_blocking(work).await.unwrap_or_default()
}

/// Adds the entry of an act that stored these objects. `renderer` rendered them.
pub(crate) async fn enter(
    transaction: &mut Transaction,
    act: &trail::Entry,
    objects: &[EntryObject],
    renderer: Option<&str>,
) -> Result<(), ArchiveError> {
    transaction
        .query("INSERT INTO log_pending (audit_id, entry) VALUES ($1, $2)")
        .bind(act.id.as_str())
        .bind(entry_json(act, objects.to_vec(), renderer))
        .execute()
        .await?;
    name_objects(transaction, &act.id, objects).await
}

/// The entry of an act, as canonical JSON.
pub(crate) fn entry_json(
    act: &trail::Entry,
    objects: Vec<EntryObject>,
    renderer: Option<&str>,
) -> String {
    // Strings always serialize.
    let row = serde_json_canonicalizer::to_vec(act).unwrap_or_default();
    let mut entry = Entry::new(&act.act, act.at.to_string(), &act.id);
    entry.record = Some(sha256(&row));
    entry.objects = objects;
    entry.renderer = renderer.map(str::to_owned);
    entry.to_json()
}

/// Records which objects an entry names, so that they are found and never removed.
pub(crate) async fn name_objects(
    transaction: &mut Transaction,
    audit_id: &str,
    objects: &[EntryObject],
) -> Result<(), ArchiveError> {
    if objects.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> =
        (0..objects.len()).map(|row| format!("($1, ${}, ${})", 2 * row + 2, 2 * row + 3)).collect();
    let sql = format!(
        "INSERT INTO log_objects (audit_id, sha256, role) VALUES {} ON CONFLICT DO NOTHING",
        rows.join(", ")
    );
    let mut query = transaction.query(AssertSqlSafe(sql)).bind(audit_id);
    for object in objects {
        query = query.bind(object.sha256.as_str()).bind(object.role.as_str());
    }
    query.execute().await?;
    Ok(())
}
