//! Imports a package into an empty archive.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use sqlx::Row;

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::package::error::PackageError;
use crate::archive::package::export::LOG_FOLDER;
use crate::archive::package::left_log::LeftLog;
use crate::archive::package::reader::{BagFile, BagReader, check_version};
use crate::archive::package::tables::{Record, TABLES, Table, insert};

/// How many rows a transaction adds.
const ROWS_PER_TRANSACTION: usize = 200;

/// The longest object that is in memory as a whole, in bytes. Longer ones are copied part by part.
const WHOLE: u64 = 32 << 20;

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

/// The roles of the files of filings in the log.
const FILING_ROLES: [&str; 4] = ["source", "pdf", "signed", "verdict"];

/// The SHA-256 of objects, as bytes.
type Names = BTreeSet<[u8; 32]>;

impl Archive {
    /// Restores an exported archive: objects and the files of the log first, then records. All of the
    /// package is checked before anything is written.
    ///
    /// # Errors
    /// Returns `PackageError::NotEmpty` if the archive has filings or a log, `PackageError::NotAPackage`
    /// or `PackageError::Damaged` if the package cannot be used, and `PackageError::Archive` if the
    /// archive fails. After that, empty the archive before another try.
    pub async fn import(&self, folder: &Path, actor: Actor<'_>) -> Result<Imported, PackageError> {
        let imported = self.import_all(folder, true).await?;
        self.record_event(actor, Act::Imported, "").await?;
        Ok(imported)
    }

    /// The same without the log of the package. The archive begins a log of its own, which names the last
    /// checkpoint of the log in the package and has the acts from before. So the server that exported the
    /// archive may continue its log.
    ///
    /// # Errors
    /// Like `import`; also `PackageError::Damaged` if that checkpoint is not signed with the key of the log.
    pub async fn import_with_new_log(
        &self,
        folder: &Path,
        actor: Actor<'_>,
    ) -> Result<(Imported, Option<LeftLog>), PackageError> {
        let left = LeftLog::in_package(folder)?;
        let imported = self.import_all(folder, false).await?;
        if let Some(left) = &left {
            self.leave_log(left, actor).await?;
        }
        self.record_event(actor, Act::Imported, "").await?;
        Ok((imported, left))
    }

    /// Checks a package, then restores it, with its log or without.
    async fn import_all(&self, folder: &Path, with_log: bool) -> Result<Imported, PackageError> {
        let sql = "SELECT (SELECT COUNT(*) FROM filings) + (SELECT COUNT(*) FROM log_head) AS n";
        let count = self.database.query(sql).fetch_one().await?;
        if count.try_get::<i64, _>("n")? > 0 {
            return Err(PackageError::NotEmpty);
        }
        check_version(folder)?;
        let mut named = named_objects(folder)?;
        let mut lacking = named.clone();
        let bag = BagReader::open(folder, |file| {
            if let Some(name) = name(&file.sha256) {
                lacking.remove(&name);
            }
        })?;
        if let Some(lost) = lacking.first() {
            return Err(PackageError::Damaged(hex::encode(lost)));
        }
        let mut imported = Imported::default();
        let log = format!("data/{LOG_FOLDER}/");
        for file in bag.files()? {
            let BagFile { path, sha256 } = file?;
            if let Some(name) = path.strip_prefix(&log) {
                if !with_log {
                    continue;
                }
                self.objects.put_named(name, bag.read(&path)?.into()).await?;
            } else if name(&sha256).is_some_and(|name| named.remove(&name)) {
                self.import_object(&bag.place(&path), &sha256).await?;
                imported.objects += 1;
            }
        }
        // Without these rows nothing would name what verdicts rest on.
        let is_kept =
            |table: &&Table| with_log || !table.is_of_log() || table.name == "log_objects";
        for table in TABLES.iter().filter(is_kept) {
            let rows = self.insert_all(table, folder).await?;
            if table.name == "filings" {
                imported.filings = rows;
            }
        }
        if !with_log || !has_log(folder) {
            self.enter_earlier_acts().await?;
        }
        Ok(imported)
    }

    /// Enters acts from before the log into it, as when the log was introduced. Otherwise it would
    /// never name the files of their filings.
    async fn enter_earlier_acts(&self) -> Result<(), PackageError> {
        let sql = "INSERT INTO log_backlog (audit_id) SELECT id FROM audit_trail a \
             WHERE NOT EXISTS (SELECT 1 FROM log_pending p WHERE p.audit_id = a.id) \
             AND NOT EXISTS (SELECT 1 FROM log_backlog b WHERE b.audit_id = a.id) \
             AND NOT EXISTS (SELECT 1 FROM log_entries e WHERE e.audit_id = a.id)";
        self.database.query(sql).execute().await?;
        Ok(())
    }

    async fn import_object(&self, place: &Path, sha256: &str) -> Result<(), PackageError> {
        if fs::metadata(place)?.len() > WHOLE {
            return Ok(self.objects.put_file(place, sha256).await?);
        }
        // The file may have changed since it was checked.
        match self.objects.put(fs::read(place)?.into()).await? {
            stored if stored == sha256 => Ok(()),
            _ => Err(PackageError::Damaged(sha256.to_owned())),
        }
    }

    /// Inserts the rows of a table and returns their number.
    async fn insert_all(&self, table: &Table, folder: &Path) -> Result<u64, PackageError> {
        let (mut records, mut inserted) = (table.records(folder)?.peekable(), 0);
        while records.peek().is_some() {
            let mut transaction = self.database.begin().await?;
            for record in records.by_ref().take(ROWS_PER_TRANSACTION) {
                insert(&mut transaction, table, &record?).await?;
                inserted += 1;
            }
            transaction.commit().await?;
        }
        Ok(inserted)
    }
}

/// Whether a package has a log. Packages of earlier versions do not.
fn has_log(folder: &Path) -> bool {
    let mut of_log = TABLES.iter().filter(|table| table.is_of_log());
    of_log.any(|table| folder.join("data").join(table.path()).exists())
}

/// The objects that the records need: all that they name, except those of destroyed filings.
fn named_objects(folder: &Path) -> Result<Names, PackageError> {
    let (mut named, mut destroyed) = (Names::new(), BTreeSet::new());
    for table in &TABLES {
        // Files of filings are named by records of their own, unless they are destroyed; stamps are files
        // of the log.
        let is_named_elsewhere = |record: &Record| {
            table.name == "log_stamps"
                || table.name == "log_objects" && FILING_ROLES.contains(&text(record, "role"))
        };
        for record in table.records(folder)? {
            let record = record?;
            let id = text(&record, if table.name == "filings" { "id" } else { "filing_id" });
            if table.name == "filings" && record.get("disposal_id").is_some_and(Value::is_string) {
                destroyed.insert(id.to_owned());
            }
            if !destroyed.contains(id) && !is_named_elsewhere(&record) {
                let columns = OBJECT_COLUMNS.iter();
                named.extend(columns.filter_map(|column| name(text(&record, column))));
            }
        }
    }
    Ok(named)
}

fn text<'r>(record: &'r Record, column: &str) -> &'r str {
    record.get(column).and_then(Value::as_str).unwrap_or_default()
}

fn name(sha256: &str) -> Option<[u8; 32]> {
    let mut name = [0; 32];
    hex::decode_to_slice(sha256, &mut name).ok().map(|()| name)
}
