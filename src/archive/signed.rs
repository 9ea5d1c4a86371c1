//! Keeps the copy of a filing that came back signed.

use bytes::Bytes;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::{Act, Actor};
use crate::archive::deadline::in_time;
use crate::archive::error::ArchiveError;
use crate::archive::filings::series;
use crate::archive::objects::{Object, sha256};
use crate::archive::records::Filed;

/// How a signed copy came from our PDF, as far as its bytes tell. Nobody has judged its signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// It begins with every byte of our PDF: something was appended, as signing does.
    Extended,
    /// It does not: written anew by a sealing tool, scanned, or something else.
    Unverified,
}

/// How a signed copy came to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedHow {
    /// It was kept.
    Kept,
    /// The same file was there.
    AlreadyThere,
}

/// Why a signed copy was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SignedError {
    /// It is our PDF, byte for byte: nobody signed it.
    #[error("the file is the unsigned one")]
    Unsigned,
    /// Another file is archived as the signed copy of the 发文字号.
    #[error("another signed copy is archived under the document number")]
    Other,
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<sqlx::Error> for SignedError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}

impl Derivation {
    /// The word for it in JSON and SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Extended => "extended",
            Self::Unverified => "unverified",
        }
    }

    fn of(file: &[u8], ours: &[u8]) -> Self {
        if file.starts_with(ours) { Self::Extended } else { Self::Unverified }
    }
}

impl Archive {
    /// Keeps the signed copy of a filing, whole. From then on its 发文字号 takes no other content.
    ///
    /// # Errors
    /// A file that is the unsigned one, another that is archived already, or an archive that
    /// fails; nothing is recorded then.
    pub async fn keep_signed(
        &self,
        filing: &Filed,
        file: Bytes,
        actor: Actor<'_>,
    ) -> Result<SignedHow, SignedError> {
        let object = Object { sha256: sha256(&file), bytes: file.len() as u64 };
        if object.sha256 == filing.pdf.sha256 {
            return Err(SignedError::Unsigned);
        }
        if let Some(signed) = &filing.signed {
            return same(&signed.file.sha256, &object);
        }
        let derivation = Derivation::of(&file, &self.objects.get(&filing.pdf.sha256).await?);
        self.objects.put_under(&object.sha256, file).await?;
        in_time(self.record_signed(filing, &object, derivation, actor)).await
    }

    async fn record_signed(
        &self,
        filing: &Filed,
        object: &Object,
        derivation: Derivation,
        actor: Actor<'_>,
    ) -> Result<SignedHow, SignedError> {
        let lead = filing.issuers.first().map(String::as_str).unwrap_or_default();
        let mut transaction = self.database.begin().await?;
        self.database.lock(&mut transaction, &series(lead, &filing.document_number)).await?;
        let row = sqlx::query(
            "SELECT s.filing_id, s.sha256 FROM signed_copies s JOIN filings f ON f.id = s.filing_id \
             WHERE f.lead_issuer = $1 AND f.document_number = $2",
        )
        .bind(lead)
        .bind(filing.document_number.as_str())
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(row) = row {
            return if row.try_get::<&str, _>("filing_id")? == filing.id {
                same(row.try_get("sha256")?, object)
            } else {
                Err(SignedError::Other)
            };
        }
        sqlx::query(
            "INSERT INTO signed_copies (filing_id, sha256, bytes, derivation, archived_by, \
             archived_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(filing.id.as_str())
        .bind(object.sha256.as_str())
        .bind(i64::try_from(object.bytes).unwrap_or(i64::MAX))
        .bind(derivation.name())
        .bind(actor.caller)
        .bind(self.now().0)
        .execute(&mut *transaction)
        .await?;
        self.note(&mut transaction, actor, Act::SignedCopyKept, &filing.id).await?;
        transaction.commit().await?;
        Ok(SignedHow::Kept)
    }
}

fn same(archived: &str, object: &Object) -> Result<SignedHow, SignedError> {
    if archived == object.sha256 { Ok(SignedHow::AlreadyThere) } else { Err(SignedError::Other) }
}
