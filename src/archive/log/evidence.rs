//! Stores what a verdict rests on beside the file: the trusted certificates and the revocation lists of that
//! day, which cannot be fetched decades later. What is inside the file is stored with it.

use std::collections::BTreeSet;

use bytes::Bytes;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;
use crate::archive::log::enter::{Described, describe};
use crate::archive::objects::sha256;
use crate::log::entry::EntryObject;

/// The most objects of an entry, whose length is limited.
const OBJECTS: usize = 100;

/// A piece of evidence.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// What it is: `trusted_certificate`, `revocation_list`, or `trust_list`, which names the others.
    pub role: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Archive {
    /// Stores the evidence that the log does not name yet, and returns it for its entry.
    pub(crate) async fn put_evidence(
        &self,
        evidence: Vec<Evidence>,
    ) -> Result<Vec<EntryObject>, ArchiveError> {
        let mut found: Vec<Described> = Vec::new();
        for Evidence { role, bytes } in evidence {
            found.push(Described { role, sha256: sha256(&bytes), bytes });
        }
        let known = self.named_by_log(&found).await?;
        found.retain(|one| !known.contains(&one.sha256));
        for one in &found {
            self.objects.put_hashed(&one.sha256, one.bytes.clone()).await?;
        }
        Ok(describe(found).await)
    }

    /// Enters evidence for the verdict on a filing.
    pub(crate) async fn record_evidence(
        &self,
        transaction: &mut Transaction,
        actor: Actor<'_>,
        filing: &str,
        evidence: &[EntryObject],
    ) -> Result<(), ArchiveError> {
        for objects in evidence.chunks(OBJECTS) {
            let act = Act::EvidenceStored;
            self.record_act_with(transaction, actor, act, filing, objects).await?;
        }
        Ok(())
    }

    /// Those of the objects that an entry names.
    async fn named_by_log(&self, objects: &[Described]) -> Result<BTreeSet<String>, ArchiveError> {
        let mut known = BTreeSet::new();
        for objects in objects.chunks(OBJECTS) {
            let names: Vec<String> = (1..=objects.len()).map(|n| format!("${n}")).collect();
            let sql = format!(
                "SELECT DISTINCT sha256 FROM log_objects WHERE sha256 IN ({})",
                names.join(", ")
            );
            let mut query = self.database.query(AssertSqlSafe(sql));
            for object in objects {
                query = query.bind(object.sha256.as_str());
            }
            for row in query.fetch_all().await? {
                known.insert(row.try_get("sha256")?);
            }
        }
        Ok(known)
    }
}
