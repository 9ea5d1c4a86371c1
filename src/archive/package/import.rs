//! Imports a package into an empty archive.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::package::error::PackageError;
use crate::archive::package::reader::BagReader;
use crate::archive::package::tables::{Record, TABLES, Table, insert};

/// How many rows a transaction adds.
const ROWS_PER_TRANSACTION: usize = 200;

/// What was imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// The filings.
    pub filings: u64,
    /// The objects.
    pub objects: u64,
}

/// The columns that name an object.
const OBJECT_COLUMNS: [&str; 6] =
    ["sha256", "source_sha256", "pdf_sha256", "verdict_sha256", "report_sha256", "register_sha256"];

impl Archive {
    /// Restores an exported archive: objects first, then records. All of the package is checked before
    /// anything is written.
    ///
    /// # Errors
    /// Returns `PackageError::NotEmpty` if the archive has filings, `PackageError::NotAPackage` or
    /// `PackageError::Damaged` if the package cannot be used, and `PackageError::Archive` if the
    /// archive fails. After that, empty the archive before another try.
    pub async fn import(&self, folder: &Path, actor: Actor<'_>) -> Result<Imported, PackageError> {
        let count = self.database.query("SELECT COUNT(*) AS n FROM filings").fetch_one().await?;
        if count.try_get::<i64, _>("n")? > 0 {
            return Err(PackageError::NotEmpty);
        }
        let bag = BagReader::open(folder)?;
        let tables = TABLES
            .iter()
            .map(|table| Ok((table, records(&bag, table)?)))
            .collect::<Result<Vec<_>, PackageError>>()?;
        let named = named_objects(&tables);
        let places: BTreeMap<&str, &str> =
            bag.files().map(|(path, sha256)| (sha256, path)).collect();
        if let Some(lost) = named.iter().find(|sha256| !places.contains_key(sha256.as_str())) {
            return Err(PackageError::Damaged(lost.clone()));
        }
        let mut imported = Imported::default();
        for sha256 in &named {
            let content = bag.read(places[sha256.as_str()])?;
            if self.objects.put(content.into()).await? != *sha256 {
                return Err(PackageError::Damaged(sha256.clone()));
            }
            imported.objects += 1;
        }
        for (table, records) in &tables {
            self.insert_all(table, records).await?;
            if table.name == "filings" {
                imported.filings = records.len() as u64;
            }
        }
        self.record_event(actor, Act::Imported, "").await?;
        Ok(imported)
    }

    async fn insert_all(&self, table: &Table, records: &[Record]) -> Result<(), PackageError> {
        for chunk in records.chunks(ROWS_PER_TRANSACTION) {
            let mut transaction = self.database.begin().await?;
            for record in chunk {
                insert(&mut transaction, table, record).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }
}

fn records(bag: &BagReader, table: &Table) -> Result<Vec<Record>, PackageError> {
    let path = format!("data/其他/records/{}.ndjson", table.name);
    let text = bag.read(&path).map_err(|_| PackageError::NotAPackage(path.clone()))?;
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| {
            serde_json::from_slice(line).map_err(|_| PackageError::NotAPackage(path.clone()))
        })
        .collect()
}

/// The objects that the records need: all that they name, except those of destroyed filings.
fn named_objects(tables: &[(&Table, Vec<Record>)]) -> BTreeSet<String> {
    let filings = tables.iter().filter(|(table, _)| table.name == "filings");
    let destroyed: BTreeSet<&str> = filings
        .flat_map(|(_, records)| records)
        .filter(|filing| !filing["disposal_id"].is_null())
        .filter_map(|filing| filing["id"].as_str())
        .collect();
    let is_destroyed = |table: &Table, record: &Record| {
        let key = if table.name == "filings" { "id" } else { "filing_id" };
        record.get(key).and_then(|id| id.as_str()).is_some_and(|id| destroyed.contains(id))
    };
    tables
        .iter()
        .flat_map(|(table, records)| records.iter().map(move |record| (*table, record)))
        .filter(|(table, record)| !is_destroyed(table, record))
        .flat_map(|(_, record)| OBJECT_COLUMNS.iter().filter_map(|column| record.get(*column)))
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}
