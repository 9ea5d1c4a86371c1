//! Executes approved disposals while two people watch (监销). Nothing else destroys the files of filings.

use serde::{Deserialize, Serialize};
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::objects::Object;
use crate::archive::retention::disposal::{Decision, Disposal, DisposalItem, DisposalState};
use crate::archive::retention::error::RetentionError;
use crate::archive::retention::schedule::{LOCK, retention_of};

/// 销毁清册: what is destroyed, by whose decision. It is an object, which is kept for ever.
#[derive(Debug, Serialize, Deserialize)]
struct Register {
    appraisal: String,
    decided_by: Option<String>,
    disposal: String,
    filings: Vec<RegisteredFiling>,
    proposed_by: String,
    watched_at: String,
    watchers: [String; 2],
}

/// A filing in the register.
#[derive(Debug, Serialize, Deserialize)]
struct RegisteredFiling {
    basis: String,
    class: String,
    document_date: String,
    document_number: String,
    id: String,
    last_year: Option<i64>,
    lead_issuer: String,
    objects: Vec<RegisteredObject>,
    title: String,
}

/// A file of a filing in the register.
#[derive(Debug, Serialize, Deserialize)]
struct RegisteredObject {
    bytes: Option<i64>,
    role: String,
    sha256: String,
}

impl Archive {
    /// Watches the execution of an approved disposal. The first of two people only declares it. With
    /// the second the disposal is executed: the records become tombstones, then the files are
    /// destroyed.
    ///
    /// # Errors
    /// Returns `RetentionError::NotFound` without such a disposal, `RetentionError::State` if it is not
    /// approved or done, `RetentionError::SamePerson` for the person who approved it or who watches
    /// already, and the variants that name a filing if one may no longer be destroyed. After
    /// `RetentionError::Archive` the call can be repeated.
    pub async fn watch_disposal(
        &self,
        id: &str,
        actor: Actor<'_>,
    ) -> Result<DisposalState, RetentionError> {
        let disposal = self.disposal(id).await?.ok_or(RetentionError::NotFound)?;
        if disposal.state != DisposalState::Approved {
            return Err(RetentionError::State);
        }
        if disposal.decided_by.as_deref() == Some(actor.caller) {
            return Err(RetentionError::SamePerson);
        }
        match &disposal.watchers[..] {
            [] => self.watch_first(id, actor).await,
            [first] if first == actor.caller => Err(RetentionError::SamePerson),
            [first, ..] => {
                let watchers = [first.clone(), actor.caller.to_owned()];
                self.execute_disposal(&disposal, watchers, actor).await?;
                self.finish_disposal(id).await?;
                Ok(DisposalState::Done)
            }
        }
    }

    async fn watch_first(
        &self,
        id: &str,
        actor: Actor<'_>,
    ) -> Result<DisposalState, RetentionError> {
        let mut transaction = self.database.begin().await?;
        let updated = transaction
            .query(
                "UPDATE disposals SET first_watcher = $2 \
             WHERE id = $1 AND state = 'approved' AND first_watcher IS NULL",
            )
            .bind(id)
            .bind(actor.caller)
            .execute()
            .await?;
        if updated == 0 {
            return Err(RetentionError::State);
        }
        self.record_act(&mut transaction, actor, Act::DisposalWatched, id).await?;
        transaction.commit().await?;
        Ok(DisposalState::Approved)
    }

    /// Turns the records into tombstones, after every check has passed again.
    async fn execute_disposal(
        &self,
        disposal: &Disposal,
        watchers: [String; 2],
        actor: Actor<'_>,
    ) -> Result<(), RetentionError> {
        let mut transaction = self.database.begin().await?;
        transaction.lock(LOCK).await?;
        let mut filings = Vec::new();
        for item in &disposal.items {
            self.check_item(&mut transaction, item, &disposal.id).await?;
            if item.decision == Decision::Destroy {
                filings.push(registered(&mut transaction, &item.filing).await?);
            }
        }
        let register = Register {
            appraisal: disposal.appraisal.clone(),
            decided_by: disposal.decided_by.clone(),
            disposal: disposal.id.clone(),
            filings,
            proposed_by: disposal.proposed_by.clone(),
            watched_at: self.now().to_string(),
            watchers,
        };
        // Strings, numbers and lists always serialize.
        let json = serde_json_canonicalizer::to_vec(&register).unwrap_or_default().into();
        let object = Object::of(&json).await;
        self.objects.put_hashed(&object.sha256, json).await?;
        for item in &disposal.items {
            carry_out(&mut transaction, item, &disposal.id).await?;
        }
        let updated = transaction
            .query(
                "UPDATE disposals SET state = 'watched', second_watcher = $2, register_sha256 = $3, \
             register_bytes = $4 WHERE id = $1 AND state = 'approved' AND second_watcher IS NULL",
            )
            .bind(disposal.id.as_str())
            .bind(actor.caller)
            .bind(object.sha256)
            .bind(i64::try_from(object.bytes).unwrap_or(i64::MAX))
            .execute()
            .await?;
        if updated == 0 {
            return Err(RetentionError::State);
        }
        self.record_act(&mut transaction, actor, Act::DisposalWatched, &disposal.id).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Destroys the files of a disposal whose records are tombstones, except those that another record
    /// names, and checks that they are gone.
    ///
    /// # Errors
    /// Returns `ArchiveError::Store`, `ArchiveError::Database` or `ArchiveError::Deadline` if the
    /// store or the database is unavailable, and `ArchiveError::InvalidRecord` if the store keeps a
    /// file that was to be destroyed, for example under a lock. The call can be repeated.
    pub async fn finish_disposal(&self, id: &str) -> Result<(), ArchiveError> {
        let Some(Disposal { state: DisposalState::Watched, register: Some(register), .. }) =
            self.disposal(id).await?
        else {
            return Ok(());
        };
        let register = self.objects.get(&register.sha256).await?;
        let register: Register = serde_json::from_slice(&register)
            .map_err(|_| ArchiveError::InvalidRecord("the register of a disposal"))?;
        for object in register.filings.iter().flat_map(|filing| &filing.objects) {
            if self.is_named(&object.sha256).await? {
                continue;
            }
            self.objects.destroy(&object.sha256).await?;
            if self.objects.has(&object.sha256).await? {
                return Err(ArchiveError::InvalidRecord("a file that cannot be destroyed"));
            }
        }
        let mut transaction = self.database.begin().await?;
        let done = transaction
            .query("UPDATE disposals SET state = 'done', done_at = $2 WHERE id = $1 AND state = 'watched'")
            .bind(id)
            .bind(self.now().0)
            .execute()
            .await?;
        if done == 1 {
            let actor = Actor { caller: &register.watchers[1], request_id: "", address: "" };
            self.record_act(&mut transaction, actor, Act::DisposalDone, id).await?;
        }
        transaction.commit().await
    }

    /// Finishes the disposals that were interrupted.
    ///
    /// # Errors
    /// Like `finish_disposal`.
    pub async fn finish_disposals(&self) -> Result<(), ArchiveError> {
        let rows = self
            .database
            .query("SELECT id FROM disposals WHERE state = 'watched'")
            .fetch_all()
            .await?;
        for row in &rows {
            self.finish_disposal(row.try_get("id")?).await?;
        }
        Ok(())
    }
}

/// A filing as the register lists it.
async fn registered(
    transaction: &mut Transaction,
    filing: &str,
) -> Result<RegisteredFiling, RetentionError> {
    let retention = retention_of(transaction, filing).await?;
    let retention = retention.ok_or_else(|| RetentionError::NoClass(filing.to_owned()))?;
    let rows = transaction
        .query("SELECT name, bytes, role FROM named_objects WHERE subject = $1 ORDER BY role, name")
        .bind(filing)
        .fetch_all()
        .await?;
    let object = |row: &sqlx::any::AnyRow| {
        let (bytes, role) = (row.try_get("bytes")?, row.try_get("role")?);
        Ok(RegisteredObject { bytes, role, sha256: row.try_get("name")? })
    };
    let objects = rows.iter().map(object).collect::<Result<_, ArchiveError>>()?;
    let row = transaction
        .query(
            "SELECT document_number, document_date, lead_issuer, title FROM filings WHERE id = $1",
        )
        .bind(filing)
        .fetch_one()
        .await?;
    Ok(RegisteredFiling {
        basis: retention.basis,
        class: retention.class.name().to_owned(),
        document_date: row.try_get("document_date")?,
        document_number: row.try_get("document_number")?,
        id: filing.to_owned(),
        last_year: retention.last_year,
        lead_issuer: row.try_get("lead_issuer")?,
        objects,
        title: row.try_get("title")?,
    })
}

async fn carry_out(
    transaction: &mut Transaction,
    item: &DisposalItem,
    disposal: &str,
) -> Result<(), ArchiveError> {
    let filing = item.filing.as_str();
    let changed = match item.decision {
        Decision::Destroy => {
            transaction
                .query("UPDATE filings SET disposal_id = $2 WHERE id = $1 AND disposal_id IS NULL")
                .bind(filing)
                .bind(disposal)
                .execute()
                .await?
        }
        Decision::Keep(last_year) => {
            transaction
                .query("UPDATE retentions SET last_year = $2 WHERE filing_id = $1")
                .bind(filing)
                .bind(last_year)
                .execute()
                .await?
        }
    };
    if changed == 1 { Ok(()) } else { Err(ArchiveError::InvalidRecord("an item of a disposal")) }
}
