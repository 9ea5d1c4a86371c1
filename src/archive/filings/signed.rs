//! Stores the signed copy of a filing.

use bytes::Bytes;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::archive::filings::locks::number_lock;
use crate::archive::filings::records::FilingRecord;
use crate::archive::log::enter::{Described, describe};
use crate::archive::log::evidence::Evidence;
use crate::archive::objects::Object;
use crate::archive::quota::{Owners, QuotaUsed, Usage};
use crate::log::entry::EntryObject;
use crate::signature::changes::derivation::DerivationKind;

/// The signed copy of a 发文字号. Values: 主办机关, 发文字号.
const SIGNED_OF_NUMBER: &str = "SELECT s.filing_id, s.sha256 FROM signed_copies s \
     JOIN filings f ON f.id = s.filing_id WHERE f.lead_issuer = $1 AND f.document_number = $2";

/// A verified signed copy to be stored.
#[derive(Debug, Clone)]
pub struct NewSignedCopy {
    /// The file.
    pub file: Bytes,
    /// The SHA-256 and the length of the file.
    pub object: Object,
    /// How it relates to our PDF.
    pub derivation: DerivationKind,
    /// The verdict, as JSON.
    pub verdict: Bytes,
    /// What the verdict rests on beside the file.
    pub evidence: Vec<Evidence>,
}

/// The objects of a signed copy, for the log.
struct Logged {
    copy: Vec<EntryObject>,
    evidence: Vec<EntryObject>,
}

/// How a signed copy was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedCopyOutcome {
    /// As a new file.
    Stored,
    /// The same file was already stored.
    AlreadyThere,
}

/// Why a signed copy was not stored.
#[derive(Debug, thiserror::Error)]
pub enum SignedCopyError {
    /// The file is our unsigned PDF, byte for byte.
    #[error("the file is the unsigned one")]
    Unsigned,
    /// Another file is archived as the signed copy of the 发文字号.
    #[error("another signed copy is archived under the document number")]
    OtherSignedCopy,
    /// The agency or the caller has stored as much as it may.
    #[error("a quota is used up")]
    QuotaUsed(#[from] QuotaUsed),
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<sqlx::Error> for SignedCopyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}

/// Returns the outcome for a file that needs no verification; `None` if it must be verified.
///
/// # Errors
/// Returns `SignedCopyError::Unsigned` for the unsigned PDF, and
/// `SignedCopyError::OtherSignedCopy` if another signed copy is archived.
pub fn known_outcome(
    filing: &FilingRecord,
    file: &Object,
) -> Result<Option<SignedCopyOutcome>, SignedCopyError> {
    if file.sha256 == filing.pdf.sha256 {
        return Err(SignedCopyError::Unsigned);
    }
    filing.signed.as_ref().map(|signed| same(&signed.file.sha256, file)).transpose()
}

impl Archive {
    /// Stores the signed copy of a filing. From then on, other content under its 发文字号 is refused.
    ///
    /// # Errors
    /// Like `known_outcome`; also returns `SignedCopyError::QuotaUsed` if a quota is used up, and
    /// `SignedCopyError::Archive` if the database or the object
    /// store is unavailable. No record is written then, and the call can be repeated.
    pub async fn store_signed(
        &self,
        filing: &FilingRecord,
        signed: NewSignedCopy,
        actor: Actor<'_>,
    ) -> Result<SignedCopyOutcome, SignedCopyError> {
        let NewSignedCopy { file, object, derivation, verdict, evidence } = signed;
        let verdict_object = Object::of(&verdict).await;
        if let Some(how) = known_outcome(filing, &object)? {
            return Ok(how);
        }
        // Checked again when it is recorded. Here, so that refused files do not fill the store.
        if self.is_number_signed(filing.lead_issuer(), &filing.document_number).await? {
            return Err(SignedCopyError::OtherSignedCopy);
        }
        self.check_quotas(owners(filing, actor), usage(&object, &verdict_object)).await??;
        self.objects.put_hashed(&object.sha256, file.clone()).await?;
        self.objects.put_hashed(&verdict_object.sha256, verdict.clone()).await?;
        let objects = describe(vec![
            Described { role: "signed", sha256: object.sha256.clone(), bytes: file },
            Described { role: "verdict", sha256: verdict_object.sha256.clone(), bytes: verdict },
        ]);
        let logged = Logged { copy: objects.await, evidence: self.put_evidence(evidence).await? };
        let [object, verdict] = [&object, &verdict_object];
        self.record_signed(filing, [object, verdict], &logged, derivation, actor).await
    }

    /// Whether a signed copy is archived under a 发文字号 of a 主办机关, of any revision.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn is_number_signed(
        &self,
        lead_issuer: &str,
        document_number: &str,
    ) -> Result<bool, ArchiveError> {
        let query = self.database.query(SIGNED_OF_NUMBER).bind(lead_issuer).bind(document_number);
        Ok(query.fetch_optional().await?.is_some())
    }

    /// Withdraws the signed copy of a filing. Its record moves to `withdrawn_copies` and its objects stay.
    /// Returns whether this file was the archived copy.
    ///
    /// # Errors
    /// Fails if the database is unavailable. Nothing is withdrawn then.
    pub async fn withdraw_signed(
        &self,
        filing: &FilingRecord,
        file: &Object,
        actor: Actor<'_>,
    ) -> Result<bool, ArchiveError> {
        let mut transaction = self.database.begin().await?;
        transaction.lock(&number_lock(filing.lead_issuer(), &filing.document_number)).await?;
        transaction
            .query(
                "INSERT INTO withdrawn_copies (filing_id, sha256, bytes, derivation, archived_by, \
                 archived_at, verdict_sha256, verdict_bytes, withdrawn_by, withdrawn_at) \
                 SELECT filing_id, sha256, bytes, derivation, archived_by, archived_at, \
                 verdict_sha256, verdict_bytes, CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM signed_copies \
                 WHERE filing_id = $1 AND sha256 = $2",
            )
            .bind(filing.id.as_str())
            .bind(file.sha256.as_str())
            .bind(actor.caller)
            .bind(self.now().0)
            .execute()
            .await?;
        let removed = transaction
            .query("DELETE FROM signed_copies WHERE filing_id = $1 AND sha256 = $2")
            .bind(filing.id.as_str())
            .bind(file.sha256.as_str())
            .execute()
            .await?;
        if removed == 0 {
            return Ok(false);
        }
        self.record_act(&mut transaction, actor, Act::SignedCopyWithdrawn, &filing.id).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn record_signed(
        &self,
        filing: &FilingRecord,
        [object, verdict]: [&Object; 2],
        logged: &Logged,
        derivation: DerivationKind,
        actor: Actor<'_>,
    ) -> Result<SignedCopyOutcome, SignedCopyError> {
        let mut transaction = self.database.begin().await?;
        transaction.lock(&number_lock(filing.lead_issuer(), &filing.document_number)).await?;
        let row = transaction
            .query(SIGNED_OF_NUMBER)
            .bind(filing.lead_issuer())
            .bind(filing.document_number.as_str())
            .fetch_optional()
            .await?;
        if let Some(row) = row {
            return if row.try_get::<&str, _>("filing_id")? == filing.id {
                same(row.try_get("sha256")?, object)
            } else {
                Err(SignedCopyError::OtherSignedCopy)
            };
        }
        transaction
            .query(
                "INSERT INTO signed_copies (filing_id, sha256, bytes, derivation, archived_by, \
             archived_at, verdict_sha256, verdict_bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(filing.id.as_str())
            .bind(object.sha256.as_str())
            .bind(i64::try_from(object.bytes).unwrap_or(i64::MAX))
            .bind(derivation.name())
            .bind(actor.caller)
            .bind(self.now().0)
            .bind(verdict.sha256.as_str())
            .bind(i64::try_from(verdict.bytes).unwrap_or(i64::MAX))
            .execute()
            .await?;
        self.charge(&mut transaction, owners(filing, actor), usage(object, verdict)).await??;
        let (act, id) = (Act::SignedCopyStored, &filing.id);
        self.record_act_with(&mut transaction, actor, act, id, &logged.copy).await?;
        self.record_evidence(&mut transaction, actor, id, &logged.evidence).await?;
        transaction.commit().await?;
        Ok(SignedCopyOutcome::Stored)
    }
}

fn owners<'a>(filing: &'a FilingRecord, actor: Actor<'a>) -> Owners<'a> {
    Owners { agency: filing.lead_issuer(), caller: actor.caller }
}

/// What a signed copy and its verdict add to the usage of their owners.
fn usage(file: &Object, verdict: &Object) -> Usage {
    let bytes = i64::try_from(file.bytes + verdict.bytes).unwrap_or(i64::MAX);
    Usage { filings: 0, bytes }
}

fn same(archived: &str, object: &Object) -> Result<SignedCopyOutcome, SignedCopyError> {
    if archived == object.sha256 {
        Ok(SignedCopyOutcome::AlreadyThere)
    } else {
        Err(SignedCopyError::OtherSignedCopy)
    }
}
