//! Sessions of signed-in staff. A session ends after its lifetime, or after a time without requests.

use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Grant, Identity, LOCAL, Roles};
use crate::archive::access::keys::roles;
use crate::archive::access::secret::Secret;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;

/// How long a session lasts: a working day with its breaks.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(10 * 60 * 60);

/// How long a session lasts without requests.
pub const SESSION_IDLE: Duration = Duration::from_secs(60 * 60);

/// The precision of `last_used_at`. The row of a session is updated at most this often.
const LAST_USED_PRECISION: Duration = Duration::from_secs(60);

/// The condition on sessions `s` with their keys `k` that have not ended. Values: now, and the time
/// before which the last use is too long ago.
const LIVE: &str = "s.expires_at > $1 AND COALESCE(s.last_used_at, s.created_at) > $2 \
     AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $1)";

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which is not a secret.
    pub id: String,
    /// The id of the key or of the person.
    pub caller: String,
    /// The name of the key or of the person.
    pub name: String,
    /// The roles.
    pub roles: Roles,
    /// The agency it is restricted to.
    pub agency: Option<String>,
    /// When it began.
    pub created_at: Moment,
    /// When it was last used, to the minute.
    pub last_used_at: Moment,
    /// When it ends, unless it is idle before.
    pub expires_at: Moment,
}

/// Which sessions to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending<'a> {
    /// The one with this id.
    Id(&'a str),
    /// All of this key or person.
    Caller(&'a str),
}

/// Who a session belongs to.
#[derive(Debug, Clone, Copy)]
pub enum SessionOwner<'a> {
    /// A caller with a key, or with the local token. Revoking the key ends the session.
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

const SELECT: &str = "SELECT s.id, s.caller, s.name, s.roles, s.agency, s.created_at, \
     s.expires_at, COALESCE(s.last_used_at, s.created_at) AS last_used_at FROM sessions s \
     LEFT JOIN api_keys k ON k.id = s.key_id";

fn session(row: &AnyRow) -> Result<Session, ArchiveError> {
    let moment = |column| row.try_get(column).map(Moment);
    Ok(Session {
        id: row.try_get("id")?,
        caller: row.try_get("caller")?,
        name: row.try_get("name")?,
        roles: roles(row)?,
        agency: row.try_get("agency")?,
        created_at: moment("created_at")?,
        last_used_at: moment("last_used_at")?,
        expires_at: moment("expires_at")?,
    })
}

/// The time this long before `now`, in milliseconds.
fn before(Moment(now): Moment, duration: Duration) -> i64 {
    now.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
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
        address: &str,
    ) -> Result<Secret, ArchiveError> {
        let (caller, key_id, name, roles, agency) = match owner {
            SessionOwner::Key(Identity { caller, name }) => {
                // The local token has no record.
                let key_id = (!caller.is_local()).then_some(&*caller.id);
                (&*caller.id, key_id, &**name, &caller.roles, caller.agency.as_deref())
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
             created_at, expires_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)",
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
        self.record_act(
            &mut transaction,
            Actor { caller, request_id, address },
            Act::SignedIn,
            &id,
        )
        .await?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// Returns the caller of a session; `None` if the session is unknown or has ended, or if its key is
    /// revoked or expired.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn session(&self, secret: &Secret) -> Result<Option<Identity>, ArchiveError> {
        let now = self.now();
        let sql = format!("{SELECT} WHERE {LIVE} AND s.token_sha256 = $3");
        let query = self
            .database
            .query(AssertSqlSafe(sql))
            .bind(now.0)
            .bind(before(now, SESSION_IDLE))
            .bind(secret.sha256());
        let Some(row) = query.fetch_optional().await? else { return Ok(None) };
        let Session { id, caller, name, roles, agency, last_used_at, .. } = session(&row)?;
        if last_used_at.0 <= before(now, LAST_USED_PRECISION) {
            self.mark_session_used(&id, now).await;
        }
        Ok(Some(Identity { caller: Caller { id: caller, roles, agency }, name }))
    }

    /// Records a use. An error is only logged, so that reading still works when the disk is full.
    async fn mark_session_used(&self, id: &str, now: Moment) {
        // Only one of several concurrent requests writes.
        let marked = self
            .database
            .query(
                "UPDATE sessions SET last_used_at = $1 \
             WHERE id = $2 AND COALESCE(last_used_at, created_at) <= $3",
            )
            .bind(now.0)
            .bind(id)
            .bind(before(now, LAST_USED_PRECISION))
            .execute()
            .await;
        if let Err(error) = marked {
            tracing::warn!(%error, "could not record the use of a session");
        }
    }

    /// Returns the sessions that have not ended, in the order in which they began.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn sessions(&self) -> Result<Vec<Session>, ArchiveError> {
        let now = self.now();
        let rows = self
            .database
            .query(AssertSqlSafe(format!("{SELECT} WHERE {LIVE} ORDER BY s.created_at, s.id")))
            .bind(now.0)
            .bind(before(now, SESSION_IDLE))
            .fetch_all()
            .await?;
        rows.iter().map(session).collect()
    }

    /// Ends sessions, and returns how many.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn end_sessions(
        &self,
        which: Ending<'_>,
        actor: Actor<'_>,
    ) -> Result<usize, ArchiveError> {
        let mut transaction = self.database.begin().await?;
        let (sql, value) = match which {
            Ending::Id(id) => ("DELETE FROM sessions WHERE id = $1 RETURNING id", id),
            Ending::Caller(caller) => {
                ("DELETE FROM sessions WHERE caller = $1 RETURNING id", caller)
            }
        };
        let rows = transaction.query(sql).bind(value).fetch_all().await?;
        for row in &rows {
            let id = row.try_get("id")?;
            self.record_act(&mut transaction, actor, Act::SessionEnded, id).await?;
        }
        transaction.commit().await?;
        Ok(rows.len())
    }

    /// Ends the sessions of local tokens. A server calls this when it starts, because its token is
    /// new.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn end_local_sessions(&self) -> Result<(), ArchiveError> {
        self.database.query("DELETE FROM sessions WHERE caller = $1").bind(LOCAL).execute().await?;
        Ok(())
    }

    /// Ends a session. Does nothing if there is none.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn end_session(
        &self,
        secret: &Secret,
        request_id: &str,
        address: &str,
    ) -> Result<(), ArchiveError> {
        let mut transaction = self.database.begin().await?;
        let row = transaction
            .query("DELETE FROM sessions WHERE token_sha256 = $1 RETURNING id, caller")
            .bind(secret.sha256())
            .fetch_optional()
            .await?;
        if let Some(row) = row {
            let actor = Actor { caller: row.try_get("caller")?, request_id, address };
            self.record_act(&mut transaction, actor, Act::SignedOut, row.try_get("id")?).await?;
        }
        transaction.commit().await
    }
}
