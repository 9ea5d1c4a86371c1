//! Creates, looks up, lists and revokes API keys; their rows are never deleted.

use std::str::FromStr;
use std::time::Duration;

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Grant, Identity, LOCAL, Roles};
use crate::archive::access::secret::{Secret, random_text};
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;

/// The prefix of every token, so that secret scanners recognize it.
const PREFIX: &str = "ht";

/// The length of an id, in letters and digits.
const ID_LENGTH: usize = 12;

/// The longest name of a key, in characters.
const LONGEST_NAME: usize = 100;

/// The precision of `last_used_at`. The row of a key is updated at most this often.
const LAST_USED_PRECISION: Duration = Duration::from_secs(60);

/// The record of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id, which is not a secret.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its roles.
    pub roles: Roles,
    /// The agency it is restricted to.
    pub agency: Option<String>,
    /// When it was created.
    pub created_at: Moment,
    /// When it expires.
    pub expires_at: Option<Moment>,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Moment>,
}

/// A key as a client sends it: `ht_ID_SECRET`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The id of the key.
    pub id: String,
    /// The secret; only its SHA-256 is stored.
    pub secret: Secret,
}

/// The outcome of revoking a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// The key is revoked now.
    Now,
    /// It was already revoked.
    Before(Moment),
    /// There is no such key.
    Unknown,
}

impl Token {
    /// A new local token: accepted by one server, as long as there are no keys. It is not stored in
    /// the database.
    pub fn random_local() -> Self {
        Self { id: LOCAL.to_owned(), secret: Secret::random() }
    }

    /// Whether this has the form of a local token. The id of a key is longer.
    pub fn is_local(&self) -> bool {
        self.id == LOCAL
    }

    /// The token as text.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}_{}_{}", self.id, self.secret.reveal())
    }
}

impl FromStr for Token {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('_');
        let (prefix, id, secret) = (parts.next(), parts.next(), parts.next());
        let (Some(PREFIX), Some(id), Some(secret), None) = (prefix, id, secret, parts.next())
        else {
            return Err(());
        };
        let secret = Secret::parse(secret).ok_or(())?;
        Ok(Self { id: id.to_owned(), secret })
    }
}

/// Whether a text may name a key.
pub fn is_key_name(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= LONGEST_NAME
        && !text.chars().any(char::is_control)
}

impl Archive {
    /// Creates a key and returns its token, which cannot be read again later.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn add_key(
        &self,
        name: &str,
        grant: &Grant,
        expires_at: Option<Moment>,
        actor: Actor<'_>,
    ) -> Result<Token, ArchiveError> {
        let token = Token { id: random_text(ID_LENGTH), secret: Secret::random() };
        let mut transaction = self.database.begin().await?;
        transaction
            .query(
                "INSERT INTO api_keys (id, name, secret_sha256, roles, agency, created_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(token.id.as_str())
            .bind(name)
            .bind(token.secret.sha256())
            .bind(grant.roles().to_string())
            .bind(grant.agency())
            .bind(self.now().0)
            .bind(expires_at.map(|Moment(at)| at))
            .execute()
            .await?;
        self.record_act(&mut transaction, actor, Act::KeyAdded, &token.id).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Returns all keys, including revoked ones, in the order of creation.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn keys(&self) -> Result<Vec<Key>, ArchiveError> {
        let rows = self
            .database
            .query("SELECT * FROM api_keys ORDER BY created_at, id")
            .fetch_all()
            .await?;
        rows.iter().map(key).collect()
    }

    /// Revokes a key; the next request with it is refused.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn revoke_key(&self, id: &str, actor: Actor<'_>) -> Result<Revoked, ArchiveError> {
        let mut transaction = self.database.begin().await?;
        let row = transaction
            .query("SELECT revoked_at FROM api_keys WHERE id = $1")
            .bind(id)
            .fetch_optional()
            .await?;
        let Some(row) = row else { return Ok(Revoked::Unknown) };
        if let Some(before) = row.try_get("revoked_at")? {
            return Ok(Revoked::Before(Moment(before)));
        }
        transaction
            .query("UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
            .bind(self.now().0)
            .bind(id)
            .execute()
            .await?;
        self.record_act(&mut transaction, actor, Act::KeyRevoked, id).await?;
        transaction.commit().await?;
        Ok(Revoked::Now)
    }

    /// Whether a caller is a key that is revoked.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn is_revoked(&self, caller: &str) -> Result<bool, ArchiveError> {
        let row = self
            .database
            .query("SELECT id FROM api_keys WHERE id = $1 AND revoked_at IS NOT NULL")
            .bind(caller)
            .fetch_optional()
            .await?;
        Ok(row.is_some())
    }

    /// Whether a key was ever created. Revoked keys count, because otherwise revoking the last key
    /// would open the service to everyone.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn has_keys(&self) -> Result<bool, ArchiveError> {
        let row = self.database.query("SELECT id FROM api_keys LIMIT 1").fetch_optional().await?;
        Ok(row.is_some())
    }

    /// Returns the caller that a token authenticates; `None` if its key is unknown, revoked or
    /// expired, or if the secret is wrong.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn caller_of_key(&self, token: &Token) -> Result<Option<Identity>, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT * FROM api_keys WHERE id = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2)",
            )
            .bind(token.id.as_str())
            .bind(self.now().0)
            .fetch_optional()
            .await?;
        let Some(row) = row else { return Ok(None) };
        if !token.secret.matches_sha256(row.try_get("secret_sha256")?) {
            return Ok(None);
        }
        let key = key(&row)?;
        self.mark_used(&key).await;
        let caller = Caller { id: key.id, roles: key.roles, agency: key.agency };
        Ok(Some(Identity { caller, name: key.name }))
    }

    /// Records a use. An error is only logged, so that reading still works when the disk is full.
    async fn mark_used(&self, key: &Key) {
        let now = self.now().0;
        let stale = now - i64::try_from(LAST_USED_PRECISION.as_millis()).unwrap_or(i64::MAX);
        if key.last_used_at.is_some_and(|Moment(last)| last > stale) {
            return;
        }
        // Only one of several concurrent requests writes.
        let marked = self
            .database
            .query(
                "UPDATE api_keys SET last_used_at = $1 \
             WHERE id = $2 AND (last_used_at IS NULL OR last_used_at <= $3)",
            )
            .bind(now)
            .bind(key.id.as_str())
            .bind(stale)
            .execute()
            .await;
        if let Err(error) = marked {
            tracing::warn!(%error, "could not record the use of a key");
        }
    }
}

fn key(row: &AnyRow) -> Result<Key, ArchiveError> {
    let moment = |column| row.try_get::<Option<i64>, _>(column).map(|at| at.map(Moment));
    Ok(Key {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        roles: roles(row)?,
        agency: row.try_get("agency")?,
        created_at: Moment(row.try_get("created_at")?),
        expires_at: moment("expires_at")?,
        revoked_at: moment("revoked_at")?,
        last_used_at: moment("last_used_at")?,
    })
}

/// The roles in a row.
pub(crate) fn roles(row: &AnyRow) -> Result<Roles, ArchiveError> {
    row.try_get::<&str, _>("roles")?.parse().map_err(|_| ArchiveError::InvalidRecord("roles"))
}

#[cfg(test)]
mod tests {
    use super::Token;
    use crate::archive::access::secret::Secret;

    #[test]
    fn a_revealed_token_parses_to_itself() {
        let token = Token { id: "k1".to_owned(), secret: Secret::random() };
        let revealed = token.reveal();
        assert_eq!(revealed.parse(), Ok(token));
        let secret = "a".repeat(43);
        for text in [
            String::new(),
            revealed.replace("ht_", "HT_"),
            format!("{revealed}_"),
            format!("{revealed}0"),
            format!("ht_{secret}"),
            format!("ht__k1_{secret}"),
        ] {
            assert_eq!(text.parse::<Token>(), Err(()), "{text}");
        }
    }
}
