//! What verdicts rested on: the trust lists that the log names, each with its certificates and
//! revocation lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;

/// A trust list: the SHA-256 of its objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TrustList {
    /// The list itself.
    trust_list: String,
    /// The trusted certificates (DER).
    certificates: Vec<String>,
    /// The revocation lists (DER).
    revocation_lists: Vec<String>,
}

/// A list as it is stored.
#[derive(Debug, Deserialize)]
struct Stored {
    certificates: Vec<String>,
    crls: Vec<String>,
    sha256: String,
}

impl Archive {
    /// The trust lists, by the SHA-256 with which verdicts name them.
    pub(crate) async fn trust_lists(&self) -> Result<BTreeMap<String, TrustList>, ArchiveError> {
        let sql = "SELECT DISTINCT sha256 FROM log_objects WHERE role = 'trust_list'";
        let mut lists = BTreeMap::new();
        for row in self.database.query(sql).fetch_all().await? {
            let trust_list: String = row.try_get("sha256")?;
            let stored: Stored = serde_json::from_slice(&self.objects.get(&trust_list).await?)
                .map_err(|_| ArchiveError::Corrupt(trust_list.clone()))?;
            let Stored { certificates, crls: revocation_lists, sha256 } = stored;
            lists.insert(sha256, TrustList { trust_list, certificates, revocation_lists });
        }
        Ok(lists)
    }
}
