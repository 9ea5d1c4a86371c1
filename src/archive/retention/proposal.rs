//! Proposes disposals, and approves or rejects them.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::retention::disposal::{Decision, DisposalItem};
use crate::archive::retention::error::RetentionError;
use crate::archive::retention::holds::{is_held, living};
use crate::archive::retention::schedule::{LOCK, is_shorter, retention_of};

impl Archive {
    /// Proposes a disposal with the appraisal of its filings (鉴定), and returns its id.
    ///
    /// # Errors
    /// Returns `RetentionError::NotFound` if there is no such filing, and the other variants that name
    /// a filing if it may not be destroyed or kept longer. Nothing is proposed then.
    pub async fn propose_disposal(
        &self,
        appraisal: &str,
        items: &[DisposalItem],
        actor: Actor<'_>,
    ) -> Result<String, RetentionError> {
        let id = self.new_id();
        let mut transaction = self.database.begin().await?;
        transaction.lock(LOCK).await?;
        for item in items {
            self.check_item(&mut transaction, item, &id).await?;
        }
        transaction
            .query(
                "INSERT INTO disposals (id, state, appraisal, proposed_by, proposed_at) \
             VALUES ($1, 'proposed', $2, $3, $4)",
            )
            .bind(id.as_str())
            .bind(appraisal)
            .bind(actor.caller)
            .bind(self.now().0)
            .execute()
            .await?;
        for DisposalItem { filing, decision } in items {
            let (decision, last_year) = match decision {
                Decision::Destroy => ("destroy", None),
                Decision::Keep(last_year) => ("keep", *last_year),
            };
            transaction
                .query(
                    "INSERT INTO disposal_items (disposal_id, filing_id, decision, last_year) \
                 VALUES ($1, $2, $3, $4)",
                )
                .bind(id.as_str())
                .bind(filing.as_str())
                .bind(decision)
                .bind(last_year)
                .execute()
                .await?;
        }
        self.record_act(&mut transaction, actor, Act::DisposalProposed, &id).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Approves or rejects a disposal. The person must not be the one who proposed it.
    ///
    /// # Errors
    /// Returns `RetentionError::NotFound` without such a disposal, `RetentionError::State` if it is
    /// decided already, and `RetentionError::SamePerson` for the person who proposed it.
    pub async fn decide_disposal(
        &self,
        id: &str,
        is_approved: bool,
        actor: Actor<'_>,
    ) -> Result<(), RetentionError> {
        let mut transaction = self.database.begin().await?;
        transaction.lock(LOCK).await?;
        let row = transaction
            .query("SELECT state, proposed_by FROM disposals WHERE id = $1")
            .bind(id)
            .fetch_optional()
            .await?
            .ok_or(RetentionError::NotFound)?;
        if row.try_get::<&str, _>("state")? != "proposed" {
            return Err(RetentionError::State);
        }
        if row.try_get::<&str, _>("proposed_by")? == actor.caller {
            return Err(RetentionError::SamePerson);
        }
        let (state, act) = match is_approved {
            true => ("approved", Act::DisposalApproved),
            false => ("rejected", Act::DisposalRejected),
        };
        transaction
            .query(
                "UPDATE disposals SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1",
            )
            .bind(id)
            .bind(state)
            .bind(actor.caller)
            .bind(self.now().0)
            .execute()
            .await?;
        self.record_act(&mut transaction, actor, act, id).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Refuses what may not be destroyed, or would be kept for a shorter time. Runs when a disposal is
    /// proposed, and again in the transaction that executes it.
    pub(crate) async fn check_item(
        &self,
        transaction: &mut Transaction,
        item: &DisposalItem,
        disposal: &str,
    ) -> Result<(), RetentionError> {
        let filing = item.filing.as_str();
        living(transaction, filing).await?;
        let retention = retention_of(transaction, filing).await?;
        let retention = retention.ok_or_else(|| RetentionError::NoClass(filing.to_owned()))?;
        if is_in_other(transaction, filing, disposal).await? {
            return Err(RetentionError::InOther(filing.to_owned()));
        }
        match item.decision {
            Decision::Keep(last_year) if is_shorter(last_year, retention.last_year) => {
                Err(RetentionError::Shorter)
            }
            Decision::Keep(_) => Ok(()),
            Decision::Destroy => {
                let this_year = i64::from(self.now().year_in_china());
                if retention.last_year.is_none_or(|last_year| last_year >= this_year) {
                    return Err(RetentionError::NotDue(filing.to_owned()));
                }
                if is_held(transaction, filing).await? {
                    return Err(RetentionError::Held(filing.to_owned()));
                }
                Ok(())
            }
        }
    }
}

/// Whether a filing is part of another disposal that is not finished.
async fn is_in_other(
    transaction: &mut Transaction,
    filing: &str,
    disposal: &str,
) -> Result<bool, ArchiveError> {
    let found = transaction
        .query(
            "SELECT 1 AS one FROM disposal_items i JOIN disposals d ON d.id = i.disposal_id \
         WHERE i.filing_id = $1 AND d.id <> $2 AND d.state IN ('proposed', 'approved', 'watched')",
        )
        .bind(filing)
        .bind(disposal)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}
