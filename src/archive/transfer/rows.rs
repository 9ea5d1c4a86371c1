//! Copies the rows of a table, page by page. Each page and its place are committed together.

use serde_json::Value as Json;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Column, Row};

use crate::archive::database::statement::Statement;
use crate::archive::error::ArchiveError;
use crate::archive::transfer::tables::Table;
use crate::archive::transfer::{COMPLETE, SET_PROGRESS, Transfer};

/// The rows of a page. Databases limit the values of a statement.
const ROWS: i64 = 500;

/// A value of a row.
#[derive(Debug)]
enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Transfer<'_> {
    /// Copies the rows of a table that are not copied yet.
    pub(super) async fn copy_rows(&self, table: &Table) -> Result<(), ArchiveError> {
        let mut after = self.target.progress(table.name).await?;
        while after.as_deref() != Some(COMPLETE) {
            let rows = self.page(table, after.as_deref()).await?;
            let place = match rows.last() {
                Some(last) => place_of(table, last)?,
                None => COMPLETE.to_owned(),
            };
            let mut transaction = self.target.database.begin().await?;
            if !rows.is_empty() {
                let (sql, cells) = insert(table, &rows)?;
                let statement = transaction.query(AssertSqlSafe(sql));
                cells.into_iter().fold(statement, bound).execute().await?;
            }
            transaction.query(SET_PROGRESS).bind(table.name).bind(&*place).execute().await?;
            transaction.commit().await?;
            after = Some(place);
        }
        Ok(())
    }

    /// The rows behind a place.
    async fn page(&self, table: &Table, after: Option<&str>) -> Result<Vec<AnyRow>, ArchiveError> {
        let Table { name, key } = table;
        let columns = key.join(", ");
        let values: Vec<Json> = match after {
            Some(place) => serde_json::from_str(place)
                .map_err(|_| ArchiveError::InvalidRecord("move_progress"))?,
            None => Vec::new(),
        };
        let condition = if values.is_empty() {
            String::new()
        } else {
            let parameters: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
            format!("WHERE ({columns}) > ({})", parameters.join(", "))
        };
        let sql = format!("SELECT * FROM {name} {condition} ORDER BY {columns} LIMIT {ROWS}");
        let statement = self.source.database.query(AssertSqlSafe(sql));
        let cells = values.into_iter().map(|value| match value {
            Json::Number(number) => Cell::Number(number.as_i64().unwrap_or_default()),
            value => Cell::Text(value.as_str().unwrap_or_default().to_owned()),
        });
        cells.fold(statement, bound).fetch_all().await
    }
}

/// The place of a row in the order of the table, as JSON.
fn place_of(table: &Table, row: &AnyRow) -> Result<String, ArchiveError> {
    let values = table.key.iter().map(|name| {
        let index = row.columns().iter().position(|column| column.name() == *name);
        let index = index.ok_or(ArchiveError::InvalidRecord(table.name))?;
        match cell(row, index)? {
            Cell::Number(number) => Ok(Json::from(number)),
            Cell::Text(text) => Ok(Json::from(text)),
            Cell::Null | Cell::Bytes(_) => Err(ArchiveError::InvalidRecord(table.name)),
        }
    });
    Ok(Json::Array(values.collect::<Result<_, _>>()?).to_string())
}

/// The statement that inserts rows, and its values. NULL is part of the statement, because a bound NULL
/// has a type.
fn insert(table: &Table, rows: &[AnyRow]) -> Result<(String, Vec<Cell>), ArchiveError> {
    let names: Vec<&str> = rows[0].columns().iter().map(Column::name).collect();
    let mut cells = Vec::new();
    let mut tuples = Vec::new();
    for row in rows {
        let mut tuple = Vec::new();
        for index in 0..names.len() {
            match cell(row, index)? {
                Cell::Null => tuple.push("NULL".to_owned()),
                cell => {
                    cells.push(cell);
                    tuple.push(format!("${}", cells.len()));
                }
            }
        }
        tuples.push(format!("({})", tuple.join(", ")));
    }
    let (name, names, tuples) = (table.name, names.join(", "), tuples.join(", "));
    Ok((format!("INSERT INTO {name} ({names}) VALUES {tuples}"), cells))
}

fn cell(row: &AnyRow, index: usize) -> Result<Cell, ArchiveError> {
    if let Ok(text) = row.try_get::<Option<String>, _>(index) {
        return Ok(text.map_or(Cell::Null, Cell::Text));
    }
    if let Ok(number) = row.try_get::<Option<i64>, _>(index) {
        return Ok(number.map_or(Cell::Null, Cell::Number));
    }
    Ok(row.try_get::<Option<Vec<u8>>, _>(index)?.map_or(Cell::Null, Cell::Bytes))
}

fn bound(statement: Statement<'_>, cell: Cell) -> Statement<'_> {
    match cell {
        // Callers write NULL into the statement.
        Cell::Null => statement,
        Cell::Number(number) => statement.bind(number),
        Cell::Text(text) => statement.bind(text),
        Cell::Bytes(bytes) => statement.bind(bytes),
    }
}
