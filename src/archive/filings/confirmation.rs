//! Agencies confirm that they issue a filing that another agency has posted.
//!
//! An agency that somebody else names as an issuer does not see the filing among its own before it
//! confirms it, so nobody can fill its archive.

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::query::Query;
use crate::archive::database::value::Value;
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::{FilingRecord, LISTS, SELECT};
use crate::archive::id::Id;

impl Archive {
    /// Returns the record of a filing that names the caller's agency, confirmed or not; `None` if there
    /// is none.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn filing_naming(
        &self,
        caller: &Caller,
        id: &Id,
    ) -> Result<Option<FilingRecord>, ArchiveError> {
        let mut query = Query::naming(caller, SELECT);
        query.push(" AND f.id = ").bind(Value::Text(id.to_string()));
        Ok(self.read(query).await?.pop())
    }

    /// Returns up to `limit` filings that wait for the caller's agency, or for any agency if the caller
    /// belongs to none, newest first.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn unconfirmed(
        &self,
        caller: &Caller,
        limit: u16,
    ) -> Result<Vec<FilingRecord>, ArchiveError> {
        let mut query = match &caller.agency {
            Some(agency) => Query::waiting_for(agency, &LISTS),
            None => {
                let mut query = Query::naming(caller, SELECT);
                query.push(" AND f.id IN (SELECT u.filing_id FROM filing_issuers u");
                query.push(" WHERE u.confirmed = 0)");
                query
            }
        };
        let seq = query.seq();
        query.push(" ORDER BY ").push(seq).push(" DESC LIMIT ").bind(Value::Number(limit.into()));
        self.read(query).await
    }

    /// Confirms a filing for the caller's agency, or for all of its issuers if the caller belongs to
    /// none. Does nothing if it is confirmed already.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn confirm(
        &self,
        caller: &Caller,
        filing: &FilingRecord,
        actor: Actor<'_>,
    ) -> Result<(), ArchiveError> {
        let mut transaction = self.database.begin().await?;
        let n_confirmed = transaction
            .query(
                "UPDATE filing_issuers SET confirmed = 1 \
             WHERE filing_id = $1 AND confirmed = 0 AND ($2 = '' OR issuer = $2)",
            )
            .bind(filing.id.as_str())
            .bind(caller.agency.as_deref().unwrap_or_default())
            .execute()
            .await?;
        if n_confirmed > 0 {
            self.record_act(&mut transaction, actor, Act::FilingConfirmed, &filing.id).await?;
        }
        transaction.commit().await
    }
}
