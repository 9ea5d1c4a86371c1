//! The records of a package: rows of tables as JSON, so that every database can read those of another.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::database::transaction::Transaction;
use crate::archive::package::error::PackageError;

/// How many rows a statement reads.
const ROWS_PER_QUERY: usize = 200;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Number,
}

/// A table of which every row is exported.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// The columns: `name` is text, `name#` a number.
    columns: &'static str,
    /// Which rows, if not all.
    condition: &'static str,
    /// The columns of the primary key.
    key: &'static str,
}

/// The tables, each after those that it refers to. Keys, sessions, batches and the queue belong to a
/// server and stay there. Fonts of the agency are never exported.
pub(crate) const TABLES: [Table; 24] = [
    Table {
        name: "renderers",
        columns: "sha256 bytes# version released_at#",
        condition: "",
        key: "sha256",
    },
    Table {
        name: "renderer_files",
        columns: "renderer_sha256 role name sha256 bytes#",
        condition: " WHERE role <> 'font'",
        key: "renderer_sha256, role, name",
    },
    Table {
        name: "filings",
        columns: "id lead_issuer document_number agency_code year# serial# revision# title \
                  document_date template_version source_sha256 pdf_sha256 source_bytes# pdf_bytes# \
                  pages# warnings posted_by posted_at# seq# renderer_sha256 disposal_id",
        condition: "",
        key: "seq",
    },
    Table {
        name: "filing_issuers",
        columns: "filing_id position# issuer confirmed#",
        condition: "",
        key: "filing_id, position",
    },
    Table { name: "title_grams", columns: "gram seq#", condition: "", key: "gram, seq" },
    Table {
        name: "signed_copies",
        columns: "filing_id sha256 bytes# derivation archived_by archived_at# verdict_sha256 \
                  verdict_bytes#",
        condition: "",
        key: "filing_id",
    },
    Table {
        name: "withdrawn_copies",
        columns: "filing_id sha256 bytes# derivation archived_by archived_at# verdict_sha256 \
                  verdict_bytes# withdrawn_by withdrawn_at#",
        condition: "",
        key: "filing_id, withdrawn_at, sha256",
    },
    Table {
        name: "retentions",
        columns: "filing_id class basis last_year# set_by set_at#",
        condition: "",
        key: "filing_id",
    },
    Table {
        name: "holds",
        columns: "id matter basis placed_by placed_at# released_by released_at#",
        condition: "",
        key: "id",
    },
    Table {
        name: "hold_items",
        columns: "hold_id filing_id",
        condition: "",
        key: "hold_id, filing_id",
    },
    Table {
        name: "disposals",
        columns: "id state appraisal proposed_by proposed_at# decided_by decided_at# first_watcher \
                  second_watcher done_at# register_sha256 register_bytes#",
        condition: "",
        key: "id",
    },
    Table {
        name: "disposal_items",
        columns: "disposal_id filing_id decision last_year#",
        condition: "",
        key: "disposal_id, filing_id",
    },
    Table {
        name: "fixity_rounds",
        columns: "id started_at# next_prefix# objects# bytes# finished_at# report_sha256 \
                  report_bytes#",
        condition: " WHERE finished_at IS NOT NULL",
        key: "id",
    },
    Table {
        name: "fixity_findings",
        columns: "round_id kind name subject found_at#",
        condition: " WHERE round_id IN \
                    (SELECT id FROM fixity_rounds WHERE finished_at IS NOT NULL)",
        key: "round_id, kind, name, subject",
    },
    Table {
        name: "audit_trail",
        columns: "id at# caller act subject request_id address",
        condition: "",
        key: "id",
    },
    Table {
        name: "log_objects",
        columns: "sha256 audit_id role",
        condition: "",
        key: "sha256, audit_id, role",
    },
    Table { name: "log_entries", columns: "idx# audit_id entry", condition: "", key: "idx" },
    Table { name: "log_pending", columns: "audit_id entry", condition: "", key: "audit_id" },
    Table { name: "log_backlog", columns: "audit_id", condition: "", key: "audit_id" },
    Table {
        name: "log_head",
        columns: "one# origin vkey sequenced# integrated# published#",
        condition: "",
        key: "one",
    },
    Table { name: "log_edge", columns: "level# hashes", condition: "", key: "level" },
    Table { name: "log_checkpoints", columns: "size# note signed_at#", condition: "", key: "size" },
    Table {
        name: "log_cosignatures",
        columns: "size# witness line",
        condition: "",
        key: "size, witness",
    },
    Table {
        name: "log_stamps",
        columns: "size# authority sha256 stamped_at#",
        condition: "",
        key: "size, authority",
    },
];

/// A row: its columns by name.
pub(crate) type Record = Map<String, Value>;

impl Table {
    /// The path of its rows in a package, below `data/`.
    pub(crate) fn path(&self) -> String {
        format!("其他/records/{}.ndjson", self.name)
    }

    /// Whether it has a part of the log.
    pub(crate) fn is_of_log(&self) -> bool {
        self.name.starts_with("log_")
    }

    /// Its rows in a package, read one by one. Packages of earlier versions have no log.
    pub(crate) fn records(
        &self,
        folder: &Path,
    ) -> Result<Box<dyn Iterator<Item = Result<Record, PackageError>>>, PackageError> {
        let path = self.path();
        let place = folder.join("data").join(&path);
        let not_a_package = move || PackageError::NotAPackage(path.clone());
        if self.is_of_log() && !place.exists() {
            return Ok(Box::new(std::iter::empty()));
        }
        let file = File::open(place).map_err(|_| not_a_package())?;
        Ok(Box::new(
            BufReader::new(file)
                .lines()
                .map(move |line| serde_json::from_str(&line?).map_err(|_| not_a_package())),
        ))
    }

    fn columns(&self) -> impl Iterator<Item = (&'static str, Type)> {
        self.columns.split_whitespace().map(|column| match column.strip_suffix('#') {
            Some(name) => (name, Type::Number),
            None => (column, Type::Text),
        })
    }

    fn names(&self) -> String {
        self.columns().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    }

    fn record(&self, row: &AnyRow) -> Result<Record, PackageError> {
        let mut record = Record::new();
        for (name, kind) in self.columns() {
            let value = match kind {
                Type::Text => Value::from(row.try_get::<Option<String>, _>(name)?),
                Type::Number => Value::from(row.try_get::<Option<i64>, _>(name)?),
            };
            record.insert(name.to_owned(), value);
        }
        Ok(record)
    }
}

impl Archive {
    /// The next rows of a table behind a row, or its first ones, in the order of its key.
    pub(crate) async fn rows(
        &self,
        table: &Table,
        last: Option<&Record>,
    ) -> Result<Vec<Record>, PackageError> {
        let Table { name, condition, key, .. } = table;
        let (columns, keys) = (table.names(), key.split(", "));
        let behind = last.map(|_| {
            let parameters: Vec<String> =
                (1..=keys.clone().count()).map(|n| format!("${n}")).collect();
            let word = if condition.is_empty() { "WHERE" } else { "AND" };
            format!(" {word} ({key}) > ({})", parameters.join(", "))
        });
        let behind = behind.unwrap_or_default();
        let sql = format!(
            "SELECT {columns} FROM {name}{condition}{behind} ORDER BY {key} LIMIT {ROWS_PER_QUERY}"
        );
        let mut statement = self.database.query(AssertSqlSafe(sql));
        if let Some(last) = last {
            for name in keys {
                let value = last.get(name).unwrap_or(&Value::Null);
                statement = match value.as_str() {
                    Some(text) => statement.bind(text.to_owned()),
                    None => statement.bind(value.as_i64().unwrap_or_default()),
                };
            }
        }
        let rows = statement.fetch_all().await?;
        rows.iter().map(|row| table.record(row)).collect()
    }
}

/// Adds a row to a table. Members that the table does not have are ignored.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    table: &Table,
    record: &Record,
) -> Result<(), PackageError> {
    let parameters: Vec<String> = (1..=table.columns().count()).map(|n| format!("${n}")).collect();
    let (name, columns) = (table.name, table.names());
    let sql = format!("INSERT INTO {name} ({columns}) VALUES ({})", parameters.join(", "));
    let mut statement = transaction.query(AssertSqlSafe(sql));
    for (name, kind) in table.columns() {
        let value = record.get(name).unwrap_or(&Value::Null);
        statement = match kind {
            Type::Text => statement.bind(value.as_str().map(str::to_owned)),
            Type::Number => statement.bind(value.as_i64()),
        };
    }
    statement.execute().await?;
    Ok(())
}
