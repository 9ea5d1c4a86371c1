//! Moves an archive into another database and another object store: objects first, records last. A
//! move that was interrupted goes on where it stopped.

mod files;
mod rows;
pub mod tables;

use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::archive::transfer::tables::{TABLES, Table};

/// The part of the progress that names the source.
const SOURCE: &str = "source";

/// The part of the progress that says that the move has ended.
const END: &str = "end";

/// The value of a part that is complete.
const COMPLETE: &str = "complete";

/// Sets the progress of a part. Values: part, value.
const SET_PROGRESS: &str = "INSERT INTO move_progress (part, value) VALUES ($1, $2) \
     ON CONFLICT (part) DO UPDATE SET value = excluded.value";

/// Why an archive cannot be moved. Displayed as a Chinese sentence for administrators.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The target has records or objects that no move has put there.
    #[error("目标中已有内容，不能搬入。请指定空的数据库和文件存储。")]
    NotEmpty,
    /// The target has part of another archive.
    #[error("目标中已搬入另一档案的一部分。请指定空的数据库和文件存储。")]
    OtherSource,
    /// The target has all of this archive.
    #[error("此档案已全部搬入目标，无须再搬。")]
    Finished,
    /// The source is itself the target of a move that has not ended.
    #[error("来源本身尚未搬入完毕，请先完成那次搬移。")]
    SourceIncomplete,
    /// The number of rows of a table differs afterwards.
    #[error("搬移期间来源有改动（{0}）。请停止使用来源的服务，清空目标后重新搬移。")]
    SourceChanged(&'static str),
    /// One of the two archives failed; the cause is logged.
    #[error("搬移中断，原因见此提示之前的日志。排除后重新运行同一命令，即从中断处继续。")]
    Archive(#[from] ArchiveError),
}

impl From<sqlx::Error> for MoveError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}

/// What has been moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// The objects of this many groups.
    Groups {
        /// The groups that are complete.
        done: u64,
        /// All groups.
        all: u64,
    },
    /// This table is complete.
    Table {
        /// Its name.
        name: &'static str,
        /// Its rows.
        rows: i64,
    },
}

/// A move from one archive into another.
#[derive(Debug)]
pub struct Transfer<'a> {
    source: &'a Archive,
    target: &'a Archive,
}

impl<'a> Transfer<'a> {
    /// Begins a move, or goes on with the one that put into the target what is there.
    ///
    /// # Errors
    /// Returns `MoveError::NotEmpty`, `MoveError::OtherSource` or `MoveError::Finished` if the target
    /// cannot take the source, `MoveError::SourceIncomplete` if the source is not whole, and
    /// `MoveError::Archive` if one of them is unavailable.
    pub async fn begin(source: &'a Archive, target: &'a Archive) -> Result<Self, MoveError> {
        if source.is_incomplete().await? {
            return Err(MoveError::SourceIncomplete);
        }
        let name = source.name_for_moves().await?;
        match target.progress(SOURCE).await? {
            Some(known) if known != name => return Err(MoveError::OtherSource),
            Some(_) if target.progress(END).await?.is_some() => return Err(MoveError::Finished),
            Some(_) => {}
            None if target.is_empty().await? => target.set_progress(SOURCE, &name).await?,
            None => return Err(MoveError::NotEmpty),
        }
        Ok(Self { source, target })
    }

    /// Copies all objects and then all records. The source must not change meanwhile.
    ///
    /// # Errors
    /// Returns `MoveError::SourceChanged` if a table has other rows afterwards, and
    /// `MoveError::Archive` if an archive is unavailable or an object is damaged.
    pub async fn copy(&self, report: &mut dyn FnMut(Moved)) -> Result<(), MoveError> {
        self.copy_objects(report).await?;
        self.copy_log_files().await?;
        for table in &TABLES {
            self.copy_rows(table).await?;
            let rows = count(self.target, table).await?;
            if rows != count(self.source, table).await? {
                return Err(MoveError::SourceChanged(table.name));
            }
            report(Moved::Table { name: table.name, rows });
        }
        Ok(())
    }

    /// Ends the move: the target can be used from now on.
    ///
    /// # Errors
    /// Returns `MoveError::Archive` if the target is unavailable.
    pub async fn finish(&self, actor: Actor<'_>) -> Result<(), MoveError> {
        let name = self.source.name_for_moves().await?;
        let mut transaction = self.target.database.begin().await?;
        self.target.record_act(&mut transaction, actor, Act::ArchiveMoved, &name).await?;
        transaction.query(SET_PROGRESS).bind(END).bind(COMPLETE).execute().await?;
        transaction.commit().await?;
        Ok(())
    }
}

impl Archive {
    /// Whether a move into this archive has begun and not ended.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow.
    pub async fn is_incomplete(&self) -> Result<bool, ArchiveError> {
        Ok(self.progress(SOURCE).await?.is_some() && self.progress(END).await?.is_none())
    }

    /// What distinguishes this archive from others: its first entry in the audit trail.
    async fn name_for_moves(&self) -> Result<String, ArchiveError> {
        let first = self
            .database
            .query("SELECT COALESCE(MIN(id), '') AS id FROM audit_trail")
            .fetch_one()
            .await?;
        Ok(first.try_get("id")?)
    }

    async fn is_empty(&self) -> Result<bool, ArchiveError> {
        for table in &TABLES {
            if count(self, table).await? > 0 {
                return Ok(false);
            }
        }
        self.objects.is_empty().await
    }

    async fn progress(&self, part: &str) -> Result<Option<String>, ArchiveError> {
        let row = self
            .database
            .query("SELECT value FROM move_progress WHERE part = $1")
            .bind(part)
            .fetch_optional()
            .await?;
        row.map(|row| Ok(row.try_get("value")?)).transpose()
    }

    async fn set_progress(&self, part: &str, value: &str) -> Result<(), ArchiveError> {
        self.database.query(SET_PROGRESS).bind(part).bind(value).execute().await?;
        Ok(())
    }
}

async fn count(archive: &Archive, table: &Table) -> Result<i64, ArchiveError> {
    let sql = format!("SELECT COUNT(*) AS n FROM {}", table.name);
    let row = archive.database.query(AssertSqlSafe(sql)).fetch_one().await?;
    Ok(row.try_get("n")?)
}
