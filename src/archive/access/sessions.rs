//! Sessions of signed-in staff, each with a fixed lifetime.

use std::time::Duration;

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Grant, Identity};
use crate::archive::access::keys::roles;
use crate::archive::access::secret::Secret;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;

/// How long a session lasts: a working day with its breaks.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(10 * 60 * 60);

/// Who a session belongs to.
#[derive(Debug, Clone, Copy)]
pub enum SessionOwner<'a> {
    /// A caller with a key. Revoking the key ends the session.
    Key(&'a Identity),
    /// A person whom the sign-in provider authenticated.
    Person {
        /// The caller id.
        id: &'a str,
        /// The display name.
        name: &'a str,
        /// The granted roles and agency.
        grant: &'a Grant,
    },
}

impl Archive {
    /// Starts a session and returns the secret for its cookie. Also deletes expired sessions.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn begin_session(
        &self,
        owner: SessionOwner<'_>,
        request_id: &str,
    ) -> Result<Secret, ArchiveError> {
        let (caller, key_id, name, roles, agency) = match owner {
            SessionOwner::Key(Identity { caller, name }) => {
                (&*caller.id, Some(&*caller.id), &**name, &caller.roles, caller.agency.as_deref())
            }
            SessionOwner::Person { id, name, grant } => {
                (id, None, name, grant.roles(), grant.agency())
            }
        };
        let (id, secret, now) = (self.new_id(), Secret::random(), self.now().0);
        let lifetime = i64::try_from(SESSION_LIFETIME.as_millis()).unwrap_or(i64::MAX);
        let mut transaction = self.database.begin().await?;
        transaction
            .query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now)
            .execute()
            .await?;
        transaction
            .query(
                "INSERT INTO sessions (id, token_sha256, caller, key_id, name, roles, agency, \
             created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(id.as_str())
            .bind(secret.sha256())
            .bind(caller)
            .bind(key_id)
            .bind(name)
            .bind(roles.to_string())
            .bind(agency)
            .bind(now)
            .bind(now.saturating_add(lifetime))
            .execute()
            .await?;
        self.record_act(&mut transaction, Actor { caller, request_id }, Act::SignedIn, &id).await?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// Returns the caller of a session; `None` if the session is unknown or expired, or if its key is
    /// revoked.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn session(&self, secret: &Secret) -> Result<Option<Identity>, ArchiveError> {
        let query = self
            .database
            .query(
                "SELECT s.caller, s.name, s.roles, s.agency FROM sessions s \
             LEFT JOIN api_keys k ON k.id = s.key_id \
             WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND k.revoked_at IS NULL",
            )
            .bind(secret.sha256())
            .bind(self.now().0);
        let Some(row) = query.fetch_optional().await? else { return Ok(None) };
        let caller = Caller {
            id: row.try_get("caller")?,
            roles: roles(&row)?,
            agency: row.try_get("agency")?,
        };
        Ok(Some(Identity { caller, name: row.try_get("name")? }))
    }

    /// Ends a session. Does nothing if there is none.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn end_session(&self, secret: &Secret, request_id: &str) -> Result<(), ArchiveError> {
        let mut transaction = self.database.begin().await?;
        let row = transaction
            .query("DELETE FROM sessions WHERE token_sha256 = $1 RETURNING id, caller")
            .bind(secret.sha256())
            .fetch_optional()
            .await?;
        if let Some(row) = row {
            let actor = Actor { caller: row.try_get("caller")?, request_id };
            self.record_act(&mut transaction, actor, Act::SignedOut, row.try_get("id")?).await?;
        }
        transaction.commit().await
    }
}
