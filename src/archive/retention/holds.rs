//! Holds: a filing with one is not destroyed. It may have several, and all must be released.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::retention::error::RetentionError;
use crate::archive::retention::schedule::LOCK;
use crate::document::moment::Moment;

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// The matter, such as a lawsuit.
    pub matter: String,
    /// The order that it rests on.
    pub basis: String,
    /// The filings.
    pub filings: Vec<String>,
    /// The id of the caller who placed it.
    pub placed_by: String,
    /// When it was placed.
    pub placed_at: Moment,
    /// The id of the caller who released it.
    pub released_by: Option<String>,
    /// When it was released.
    pub released_at: Option<Moment>,
}

impl Archive {
    /// Places a hold on filings, and returns its id.
    ///
    /// # Errors
    /// Returns `RetentionError::NotFound` if there is no such filing, `RetentionError::Disposed` if
    /// the files of one are destroyed, and `RetentionError::Archive` if the database fails.
    pub async fn place_hold(
        &self,
        matter: &str,
        basis: &str,
        filings: &[String],
        actor: Actor<'_>,
    ) -> Result<String, RetentionError> {
        let id = self.new_id();
        let mut transaction = self.database.begin().await?;
        transaction.lock(LOCK).await?;
        transaction
            .query(
                "INSERT INTO holds (id, matter, basis, placed_by, placed_at) \
             VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(id.as_str())
            .bind(matter)
            .bind(basis)
            .bind(actor.caller)
            .bind(self.now().0)
            .execute()
            .await?;
        for filing in filings {
            living(&mut transaction, filing).await?;
            transaction
                .query("INSERT INTO hold_items (hold_id, filing_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(id.as_str())
                .bind(filing.as_str())
                .execute()
                .await?;
        }
        self.record_act(&mut transaction, actor, Act::HoldPlaced, &id).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Releases a hold.
    ///
    /// # Errors
    /// Returns `RetentionError::NotFound` without such a hold, `RetentionError::State` if it is
    /// released already, and `RetentionError::Archive` if the database fails.
    pub async fn release_hold(&self, id: &str, actor: Actor<'_>) -> Result<(), RetentionError> {
        let mut transaction = self.database.begin().await?;
        transaction.lock(LOCK).await?;
        let found = transaction
            .query("SELECT 1 AS one FROM holds WHERE id = $1")
            .bind(id)
            .fetch_optional()
            .await?;
        found.ok_or(RetentionError::NotFound)?;
        let released = transaction
            .query(
                "UPDATE holds SET released_by = $2, released_at = $3 \
             WHERE id = $1 AND released_at IS NULL",
            )
            .bind(id)
            .bind(actor.caller)
            .bind(self.now().0)
            .execute()
            .await?;
        if released == 0 {
            return Err(RetentionError::State);
        }
        self.record_act(&mut transaction, actor, Act::HoldReleased, id).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The holds, newest first, at most `limit`; `filing` limits them to those of one filing.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow.
    pub async fn holds(&self, filing: Option<&str>, limit: u16) -> Result<Vec<Hold>, ArchiveError> {
        let rows = self
            .database
            .query(
                "SELECT * FROM holds h WHERE $1 = '' OR EXISTS \
             (SELECT 1 FROM hold_items i WHERE i.hold_id = h.id AND i.filing_id = $1) \
             ORDER BY id DESC LIMIT $2",
            )
            .bind(filing.unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all()
            .await?;
        let mut holds = rows.iter().map(hold).collect::<Result<Vec<_>, _>>()?;
        for hold in &mut holds {
            let items = self
                .database
                .query("SELECT filing_id FROM hold_items WHERE hold_id = $1 ORDER BY filing_id")
                .bind(hold.id.as_str())
                .fetch_all()
                .await?;
            hold.filings =
                items.iter().map(|row| row.try_get("filing_id")).collect::<Result<_, _>>()?;
        }
        Ok(holds)
    }
}

fn hold(row: &AnyRow) -> Result<Hold, ArchiveError> {
    Ok(Hold {
        id: row.try_get("id")?,
        matter: row.try_get("matter")?,
        basis: row.try_get("basis")?,
        filings: Vec::new(),
        placed_by: row.try_get("placed_by")?,
        placed_at: Moment(row.try_get("placed_at")?),
        released_by: row.try_get("released_by")?,
        released_at: row.try_get::<Option<i64>, _>("released_at")?.map(Moment),
    })
}

/// Refuses a filing that does not exist or whose files are destroyed.
pub(crate) async fn living(
    transaction: &mut Transaction,
    filing: &str,
) -> Result<(), RetentionError> {
    let row = transaction
        .query("SELECT disposal_id FROM filings WHERE id = $1")
        .bind(filing)
        .fetch_optional()
        .await?
        .ok_or(RetentionError::NotFound)?;
    match row.try_get::<Option<String>, _>("disposal_id")? {
        Some(_) => Err(RetentionError::Disposed(filing.to_owned())),
        None => Ok(()),
    }
}

/// Whether a filing has a hold that is not released.
pub(crate) async fn is_held(
    transaction: &mut Transaction,
    filing: &str,
) -> Result<bool, ArchiveError> {
    let found = transaction
        .query(
            "SELECT 1 AS one FROM hold_items i JOIN holds h ON h.id = i.hold_id \
         WHERE i.filing_id = $1 AND h.released_at IS NULL",
        )
        .bind(filing)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}
