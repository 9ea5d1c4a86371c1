//! 四性检测 of a filing in the archive.

use std::panic::catch_unwind;

use bytes::Bytes;
use serde_json::Value;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::error::ArchiveError;
use crate::archive::filings::records::FilingRecord;
use crate::archive::id::Id;
use crate::archive::log::receipts::ReceiptState;
use crate::archive::objects::Object;
use crate::archive::package::inspection::items::{Checks, Item};
use crate::archive::package::inspection::metadata::{
    Content, LOOKED_AT, Step, check_metadata, elements,
};
use crate::archive::package::metadata::{Packaged, metadata};
use crate::log::entry::Entry;
use crate::log::note::checkpoint::Checkpoint;
use crate::log::receipt::Receipt;
use crate::signature::file::PdfFile;

/// The items about packages.
const OF_PACKAGES: [&str; 9] = ["1-12", "1-13", "1-14", "2-1", "2-2", "2-10", "2-11", "3-1", "3-8"];

/// The name of the file in the metadata of an inspection.
const FILE: &str = "公文.pdf";

/// What was found about a filing without reading the structure of its file.
#[derive(Debug)]
pub struct InspectedFiling {
    checks: Checks,
    /// The signed copy, or the PDF if there is none; `None` if it is missing or damaged.
    pub file: Option<Bytes>,
    /// Our PDF; `None` if it is missing or damaged.
    pub original: Option<Bytes>,
}

impl InspectedFiling {
    /// The items, with whether the file can be read as a PDF; `None` if there is no file.
    pub fn items(self, is_readable: Option<bool>) -> Vec<Item> {
        let mut checks = self.checks;
        if let Some(is_readable) = is_readable {
            checks.look_at(&["3-4"], "能够读取");
            if !is_readable {
                checks.fail("3-4", "不能作为PDF读取");
            }
        }
        checks.items()
    }
}

/// Whether a file can be read as a PDF. This may take seconds.
pub fn is_readable(file: &[u8]) -> bool {
    catch_unwind(|| PdfFile::open(file).is_ok()).unwrap_or(false)
}

impl Archive {
    /// Inspects a filing whose files exist.
    ///
    /// # Errors
    /// Returns an `ArchiveError` if the database or the store is unavailable. What is missing or damaged
    /// is a result of the inspection.
    pub async fn inspect_filing(
        &self,
        filing: &FilingRecord,
    ) -> Result<InspectedFiling, ArchiveError> {
        let mut checks = Checks::default();
        checks.skip(&OF_PACKAGES, "公文不在信息包中");
        checks.look_at(&LOOKED_AT, "");
        checks.look_at(&["2-7"], "各文件的SHA-256与记录相符");
        checks.look_at(&["3-2"], "");
        let main = filing.signed.as_ref().map_or(&filing.pdf, |signed| &signed.file);
        let file = self.inspected(main, "公文", &mut checks).await?;
        let source = self.inspected(&filing.source, "source.json", &mut checks).await?;
        let original = match &filing.signed {
            Some(_) => self.inspected(&filing.pdf, "原件", &mut checks).await?,
            None => file.clone(),
        };
        self.check_verdict(filing, &mut checks).await?;
        self.check_receipt(main, file.as_ref(), &mut checks).await?;
        let retention = self.retention(&filing.id).await?;
        let source = source.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let packaged = Packaged {
            filing,
            source: &source.unwrap_or(Value::Null),
            retention: retention.as_ref(),
            folder: "",
            file: FILE,
        };
        let elements = elements(metadata(&packaged).as_bytes()).unwrap_or_default();
        let content = file.as_deref().map(Content::of);
        let number = &filing.document_number;
        check_metadata(&elements, Step::Kept, number, |_| content, &mut checks);
        Ok(InspectedFiling { checks, file, original })
    }

    /// The filings with this id or 发文字号: the last revision of each 主办机关.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub async fn filings_named(&self, name: &str) -> Result<Vec<FilingRecord>, ArchiveError> {
        let ids = match Id::parse(name) {
            Some(id) => vec![id],
            None => self.last_revisions(name).await?,
        };
        let mut found = Vec::new();
        for id in ids {
            found.extend(self.filing(&Caller::local(), &id).await?);
        }
        Ok(found)
    }

    async fn last_revisions(&self, number: &str) -> Result<Vec<Id>, ArchiveError> {
        let rows = self
            .database
            .query(
                "SELECT f.id FROM filings f WHERE f.document_number = $1 AND f.revision = \
             (SELECT MAX(o.revision) FROM filings o WHERE o.document_number = f.document_number \
             AND o.lead_issuer = f.lead_issuer) ORDER BY f.id",
            )
            .bind(number)
            .fetch_all()
            .await?;
        let ids = rows.iter().map(|row| Ok(Id::parse(row.try_get("id")?)));
        Ok(ids.collect::<Result<Vec<_>, ArchiveError>>()?.into_iter().flatten().collect())
    }

    /// Reads a file of the filing. Returns `None` and records the fault if it is missing or damaged.
    async fn inspected(
        &self,
        object: &Object,
        name: &str,
        checks: &mut Checks,
    ) -> Result<Option<Bytes>, ArchiveError> {
        let fault = match self.objects.get(&object.sha256).await {
            Ok(bytes) => return Ok(Some(bytes)),
            Err(ArchiveError::Missing(_)) => format!("{name}缺失"),
            Err(ArchiveError::Corrupt(_)) => format!("{name}被改动"),
            Err(error) => return Err(error),
        };
        checks.fail("1-1", &fault);
        checks.fail("2-7", &fault);
        Ok(None)
    }

    /// What the verdict of the day of archiving says about the signatures.
    async fn check_verdict(
        &self,
        filing: &FilingRecord,
        checks: &mut Checks,
    ) -> Result<(), ArchiveError> {
        let Some(signed) = &filing.signed else {
            checks.look_at(&["1-1"], "数字摘要相符；公文没有签署件");
            return Ok(());
        };
        let Some(verdict) = &signed.verdict else {
            checks.skip(&["1-1"], "签署件归档时未经核验");
            return Ok(());
        };
        let verdict = self.inspected(verdict, "核验结论", checks).await?;
        let verdict = verdict.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
        checks.look_at(&["1-1"], "数字摘要相符；签名按归档时的核验结论");
        if verdict.is_none_or(|verdict| verdict["passed"] != Value::Bool(true)) {
            checks.fail("1-1", "归档时的核验结论不是通过");
        }
        Ok(())
    }

    /// Verifies the receipt of a file with the keys of the log. The file has the SHA-256 of the object.
    async fn check_receipt(
        &self,
        object: &Object,
        file: Option<&Bytes>,
        checks: &mut Checks,
    ) -> Result<(), ArchiveError> {
        let receipt = match self.receipt(&object.sha256).await {
            Ok(ReceiptState::Ready(receipt)) => receipt,
            // The act has no number yet, or is from before the log; the digest was compared.
            Ok(ReceiptState::Waiting | ReceiptState::NotLogged) => return Ok(()),
            Err(ArchiveError::Missing(_) | ArchiveError::Corrupt(_)) => {
                checks.fail("1-1", "存证日志的文件缺失或被改动");
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let is_of_file = file.is_none_or(|file| names(&receipt.entry, &object.sha256, file.len()));
        let is_valid = self.is_trusted(&receipt).await?;
        if !is_valid || !is_of_file {
            checks.fail("1-1", "存证回执无效");
        }
        Ok(())
    }

    /// Whether the log had the key that signed the checkpoint of a receipt, at its size.
    async fn is_trusted(&self, receipt: &Receipt) -> Result<bool, ArchiveError> {
        let Ok(Checkpoint { size, .. }) = Checkpoint::parse(&receipt.checkpoint.text) else {
            return Ok(false);
        };
        let policy = self.log_policy(size).await?;
        Ok(policy.is_some_and(|policy| receipt.verify(&policy).is_ok()))
    }
}

/// Whether an entry of the log names an object of this SHA-256 and length.
fn names(entry: &[u8], sha256: &str, length: usize) -> bool {
    Entry::parse(entry).is_some_and(|entry| {
        let mut objects = entry.objects.iter();
        objects.any(|object| object.sha256 == sha256 && object.bytes == length as u64)
    })
}
