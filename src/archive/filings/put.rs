//! Writes the objects of a filing, before its record.

use futures_util::future::{join, try_join};

use crate::archive::Archive;
use crate::archive::audit::act::Actor;
use crate::archive::error::ArchiveError;
use crate::archive::filings::store::{NewFiling, StoreError, lead, usage};
use crate::archive::log::enter::{Described, describe};
use crate::archive::quota::Owners;
use crate::log::entry::EntryObject;

impl Archive {
    /// Checks before anything is written what `record` checks again, so that a caller whose filings are
    /// refused does not fill the store.
    pub(super) async fn check_may_store(
        &self,
        filing: NewFiling<'_>,
        actor: Actor<'_>,
    ) -> Result<(), StoreError> {
        let owners = Owners { agency: lead(filing.document), caller: actor.caller };
        self.check_quotas(owners, usage(filing)).await??;
        let number = filing.document.document_number.to_string();
        match self.is_number_signed(lead(filing.document), &number).await? {
            true => Err(StoreError::NumberSigned),
            false => Ok(()),
        }
    }

    /// Writes both objects concurrently, so that the disk syncs them together. Returns them for the log.
    pub(super) async fn put(
        &self,
        filing: NewFiling<'_>,
    ) -> Result<Vec<EntryObject>, ArchiveError> {
        let NewFiling { source, source_sha256, pdf, pdf_sha256, .. } = filing;
        let written = try_join(
            self.objects.put_hashed(source_sha256, source.clone()),
            self.objects.put_hashed(pdf_sha256, pdf.clone()),
        );
        let described = describe(vec![
            Described { role: "source", sha256: source_sha256.to_owned(), bytes: source.clone() },
            Described { role: "pdf", sha256: pdf_sha256.to_owned(), bytes: pdf.clone() },
        ]);
        let (written, objects) = join(written, described).await;
        written?;
        self.release_renderer().await?;
        Ok(objects)
    }

    /// Computes and stores the CRC-32 of the PDF of a filing that an earlier version stored.
    ///
    /// # Errors
    /// As `Objects::get`; also returns `ArchiveError::Database` or `ArchiveError::Deadline` if the
    /// database is unreachable or too slow. Retry later.
    pub async fn sum_pdf(&self, id: &str, pdf_sha256: &str) -> Result<u32, ArchiveError> {
        let crc32 = crc32fast::hash(&self.objects.get(pdf_sha256).await?);
        self.database
            .query("UPDATE filings SET pdf_crc32 = $2 WHERE id = $1")
            .bind(id)
            .bind(i64::from(crc32))
            .execute()
            .await?;
        Ok(crc32)
    }
}
