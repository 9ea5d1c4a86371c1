//! Takes the steps of 审签 and lists them.

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Identity};
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::query::Query;
use crate::archive::database::transaction::Transaction;
use crate::archive::database::value::Value;
use crate::archive::drafts::approval::Step;
use crate::archive::drafts::error::DraftError;
use crate::archive::drafts::save::lock_draft;
use crate::archive::drafts::version::Person;
use crate::archive::error::ArchiveError;
use crate::archive::id::Id;
use crate::document::moment::Moment;

/// A step that a caller wants to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// The step.
    pub step: Step,
    /// The version that the caller has seen.
    pub version: i64,
    /// A remark for the others.
    pub remark: String,
    /// For `Step::Send`, the SHA-256 of the canonical JSON of that version.
    pub source_sha256: Option<String>,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenStep {
    /// The name of the step; `file` for the filing.
    pub step: String,
    /// The name of the state that it led to.
    pub state: String,
    /// The version of the content.
    pub version: i64,
    /// The SHA-256 of the content.
    pub sha256: String,
    /// Who took it.
    pub taken_by: Person,
    /// When it was taken.
    pub taken_at: Moment,
    /// The remark.
    pub remark: String,
}

const SELECT_STEPS: &str = "SELECT s.step, s.state, s.version, s.sha256, s.taken_by, \
     s.taken_by_name, s.taken_at, s.remark FROM drafts d JOIN draft_steps s ON s.draft_id = d.id";

impl Archive {
    /// Takes a step of 审签.
    ///
    /// # Errors
    /// Returns `DraftError::Unknown`, `DraftError::Changed` if the caller has not seen the current
    /// version, the errors of `Position::after`, and `DraftError::Archive` if the database is
    /// unavailable. Nothing changes then.
    pub async fn take_step(
        &self,
        author: &Identity,
        id: &Id,
        new: &NewStep,
        requires_approval: bool,
        actor: Actor<'_>,
    ) -> Result<(), DraftError> {
        let mut transaction = self.database.begin().await?;
        let draft = lock_draft(&mut transaction, &author.caller, id).await?;
        let next = draft.position().after(new.step, &author.caller, requires_approval)?;
        if draft.current.version != new.version {
            return Err(DraftError::Changed(Box::new(draft.current)));
        }
        let (sent_by, source_sha256) = match new.step {
            Step::Send => (Some(author.caller.id.as_str()), new.source_sha256.as_deref()),
            Step::Agree | Step::Approve => {
                (draft.sent_by.as_deref(), draft.source_sha256.as_deref())
            }
            Step::Return | Step::Withdraw => (None, None),
        };
        transaction
            .query(
                "UPDATE drafts SET state = $2, sent_by = $3, source_sha256 = $4, \
             seq = (SELECT MAX(seq) + 1 FROM drafts) WHERE id = $1",
            )
            .bind(draft.id.as_str())
            .bind(next.name())
            .bind(sent_by)
            .bind(source_sha256)
            .execute()
            .await?;
        let (name, now) = (new.step.name(), self.now());
        insert_step(&mut transaction, &draft.id, name, &new.remark, author, now).await?;
        let subject = format!("{} {}", draft.id, draft.current.sha256);
        self.record_act(&mut transaction, actor, act(new.step), &subject).await?;
        Ok(transaction.commit().await?)
    }

    /// Returns the steps of a draft, oldest first; none if the caller may not see it.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn steps(&self, caller: &Caller, id: &Id) -> Result<Vec<TakenStep>, ArchiveError> {
        let mut query = Query::drafts_of(caller, SELECT_STEPS);
        query.push(" AND d.id = ").bind(Value::Text(id.to_string()));
        query.push(" ORDER BY s.position");
        let rows = query.rows(&self.database).await?;
        rows.iter()
            .map(|row| {
                Ok(TakenStep {
                    step: row.try_get("step")?,
                    state: row.try_get("state")?,
                    version: row.try_get("version")?,
                    sha256: row.try_get("sha256")?,
                    taken_by: Person {
                        id: row.try_get("taken_by")?,
                        name: row.try_get("taken_by_name")?,
                    },
                    taken_at: Moment(row.try_get("taken_at")?),
                    remark: row.try_get("remark")?,
                })
            })
            .collect()
    }
}

/// Adds a step to the history of a locked draft, which has its new state already.
pub(crate) async fn insert_step(
    transaction: &mut Transaction,
    draft_id: &str,
    step: &str,
    remark: &str,
    author: &Identity,
    Moment(now): Moment,
) -> Result<(), ArchiveError> {
    transaction
        .query(
            "INSERT INTO draft_steps (draft_id, position, step, state, version, sha256, taken_by, \
         taken_by_name, taken_at, remark) SELECT d.id, (SELECT COUNT(*) FROM draft_steps s \
         WHERE s.draft_id = d.id), $2, d.state, d.version, d.sha256, $3, $4, $5, $6 \
         FROM drafts d WHERE d.id = $1",
        )
        .bind(draft_id)
        .bind(step)
        .bind(author.caller.id.as_str())
        .bind(author.name.as_str())
        .bind(now)
        .bind(remark)
        .execute()
        .await?;
    Ok(())
}

fn act(step: Step) -> Act {
    match step {
        Step::Send => Act::DraftSent,
        Step::Withdraw => Act::DraftWithdrawn,
        Step::Return => Act::DraftReturned,
        Step::Agree => Act::DraftAgreed,
        Step::Approve => Act::DraftApproved,
    }
}
