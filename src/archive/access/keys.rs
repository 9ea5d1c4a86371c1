//! API keys: made, looked up, listed and revoked. A row of one is never deleted.

use std::str::FromStr;
use std::time::Duration;

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::access::caller::{Caller, Grant, Known, Roles};
use crate::archive::access::secret::{Secret, random_text};
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::document::moment::Moment;

/// What every token begins with, so that programs that look for leaked secrets know it.
const PREFIX: &str = "ht";

/// Letters and digits of an id.
const ID_LENGTH: usize = 12;

/// A use is written down when the last one that was lies so far back: not every request writes.
const USE_GRAIN: Duration = Duration::from_secs(60);

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id, which is no secret.
    pub id: String,
    /// What staff call it.
    pub name: String,
    /// What it may.
    pub roles: Roles,
    /// The agency it is bound to.
    pub agency: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// When it ceased to hold.
    pub revoked_at: Option<Moment>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Moment>,
}

/// A key as a client sends it: `ht_ID_SECRET`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The id of the key.
    pub id: String,
    /// What only its holder knows.
    pub secret: Secret,
}

/// How revoking ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// The key holds no more.
    Now,
    /// It was revoked before.
    Before(Moment),
    /// There is no such key.
    Unknown,
}

impl Token {
    /// The text that the holder keeps.
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

impl Archive {
    /// Makes a key; its token is nowhere but in the answer.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn add_key(
        &self,
        name: &str,
        grant: &Grant,
        actor: Actor<'_>,
    ) -> Result<Token, ArchiveError> {
        let token = Token { id: random_text(ID_LENGTH), secret: Secret::random() };
        let mut transaction = self.database.begin().await?;
        transaction
            .query(
                "INSERT INTO api_keys (id, name, secret_sha256, roles, agency, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(token.id.as_str())
            .bind(name)
            .bind(token.secret.sha256())
            .bind(grant.roles().to_string())
            .bind(grant.agency())
            .bind(self.now().0)
            .execute()
            .await?;
        self.note(&mut transaction, actor, Act::KeyAdded, &token.id).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Every key, revoked ones too, in the order they were made.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn keys(&self) -> Result<Vec<Key>, ArchiveError> {
        let rows = self
            .database
            .query("SELECT * FROM api_keys ORDER BY created_at, id")
            .fetch_all()
            .await?;
        rows.iter().map(key).collect()
    }

    /// Makes a key hold no more, from the next request on.
    ///
    /// # Errors
    /// A database that fails.
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
        self.note(&mut transaction, actor, Act::KeyRevoked, id).await?;
        transaction.commit().await?;
        Ok(Revoked::Now)
    }

    /// Whether there ever was a key. Revoking the last one does not count: who held it would
    /// otherwise gain by it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn has_keys(&self) -> Result<bool, ArchiveError> {
        let row = self.database.query("SELECT id FROM api_keys LIMIT 1").fetch_optional().await?;
        Ok(row.is_some())
    }

    /// Who holds a token; `None` where its key is unknown, revoked, or has another secret.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn holder(&self, token: &Token) -> Result<Option<Known>, ArchiveError> {
        let row = self
            .database
            .query("SELECT * FROM api_keys WHERE id = $1 AND revoked_at IS NULL")
            .bind(token.id.as_str())
            .fetch_optional()
            .await?;
        let Some(row) = row else { return Ok(None) };
        if !token.secret.is_kept_as(row.try_get("secret_sha256")?) {
            return Ok(None);
        }
        let key = key(&row)?;
        self.mark_used(&key).await;
        let caller = Caller { id: key.id, roles: key.roles, agency: key.agency };
        Ok(Some(Known { caller, name: key.name }))
    }

    /// Writes a use down. Where that fails the caller is none the worse: a full disk still lets
    /// people read.
    async fn mark_used(&self, key: &Key) {
        let now = self.now().0;
        let stale = now - i64::try_from(USE_GRAIN.as_millis()).unwrap_or(i64::MAX);
        if key.last_used_at.is_some_and(|Moment(last)| last > stale) {
            return;
        }
        // Of requests that come at once, one writes.
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
            tracing::warn!(%error, "the use of a key was not written down");
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
        revoked_at: moment("revoked_at")?,
        last_used_at: moment("last_used_at")?,
    })
}

/// The roles in a row.
pub(crate) fn roles(row: &AnyRow) -> Result<Roles, ArchiveError> {
    row.try_get::<&str, _>("roles")?.parse().map_err(|_| ArchiveError::Record("roles"))
}

#[cfg(test)]
mod tests {
    use super::Token;
    use crate::archive::access::secret::Secret;

    #[test]
    fn a_token_is_read_as_it_is_shown() {
        let token = Token { id: "k1".to_owned(), secret: Secret::random() };
        let shown = token.reveal();
        assert_eq!(shown.parse(), Ok(token));
        let secret = "a".repeat(43);
        for text in [
            String::new(),
            shown.replace("ht_", "HT_"),
            format!("{shown}_"),
            format!("{shown}0"),
            format!("ht_{secret}"),
            format!("ht__k1_{secret}"),
        ] {
            assert_eq!(text.parse::<Token>(), Err(()), "{text}");
        }
    }
}
