//! Disposals: what they are, and reading them.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::archive::Archive;
use crate::archive::error::ArchiveError;
use crate::archive::objects::Object;
use crate::document::moment::Moment;

/// How far a disposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisposalState {
    /// Proposed with an appraisal (鉴定意见).
    Proposed,
    /// Approved by another person; two have yet to watch.
    Approved,
    /// Rejected.
    Rejected,
    /// Two watch (监销): the records are tombstones, and the files are being destroyed.
    Watched,
    /// The files are destroyed.
    Done,
}

/// What is decided about a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalItem {
    /// The id of the filing.
    pub filing: String,
    /// What happens to it.
    pub decision: Decision,
}

/// What happens to a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// 销毁.
    Destroy,
    /// 续存: kept until the end of this year, or for ever.
    Keep(Option<i64>),
}

/// A disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub state: DisposalState,
    /// 鉴定意见.
    pub appraisal: String,
    /// The id of the caller who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Moment,
    /// The id of the caller who approved or rejected it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Moment>,
    /// The ids of those who watch.
    pub watchers: Vec<String>,
    /// When the files were destroyed.
    pub done_at: Option<Moment>,
    /// 销毁清册, the list of what is destroyed.
    pub register: Option<Object>,
    /// The filings.
    pub items: Vec<DisposalItem>,
}

impl DisposalState {
    const ALL: [Self; 5] =
        [Self::Proposed, Self::Approved, Self::Rejected, Self::Watched, Self::Done];

    /// Its name in the database and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Watched => "watched",
            Self::Done => "done",
        }
    }
}

impl Archive {
    /// A disposal; `None` if there is none with this id.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow.
    pub async fn disposal(&self, id: &str) -> Result<Option<Disposal>, ArchiveError> {
        let row = self
            .database
            .query("SELECT * FROM disposals WHERE id = $1")
            .bind(id)
            .fetch_optional()
            .await?;
        let Some(mut disposal) = row.map(|row| disposal(&row)).transpose()? else {
            return Ok(None);
        };
        let items = self
            .database
            .query(
                "SELECT filing_id, decision, last_year FROM disposal_items WHERE disposal_id = $1 \
             ORDER BY filing_id",
            )
            .bind(id)
            .fetch_all()
            .await?;
        disposal.items = items.iter().map(item).collect::<Result<_, _>>()?;
        Ok(Some(disposal))
    }

    /// The disposals without their items, newest first, at most `limit`.
    ///
    /// # Errors
    /// Like `disposal`.
    pub async fn disposals(&self, limit: u16) -> Result<Vec<Disposal>, ArchiveError> {
        let rows = self
            .database
            .query("SELECT * FROM disposals ORDER BY id DESC LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all()
            .await?;
        rows.iter().map(disposal).collect()
    }
}

fn disposal(row: &AnyRow) -> Result<Disposal, ArchiveError> {
    let name: &str = row.try_get("state")?;
    let state = DisposalState::ALL.into_iter().find(|state| state.name() == name);
    let watchers: [Option<String>; 2] =
        [row.try_get("first_watcher")?, row.try_get("second_watcher")?];
    let register: Option<String> = row.try_get("register_sha256")?;
    let register = match register {
        Some(sha256) => {
            let bytes: i64 = row.try_get("register_bytes")?;
            Some(Object { sha256, bytes: u64::try_from(bytes).unwrap_or_default() })
        }
        None => None,
    };
    Ok(Disposal {
        id: row.try_get("id")?,
        state: state.ok_or(ArchiveError::InvalidRecord("the state of a disposal"))?,
        appraisal: row.try_get("appraisal")?,
        proposed_by: row.try_get("proposed_by")?,
        proposed_at: Moment(row.try_get("proposed_at")?),
        decided_by: row.try_get("decided_by")?,
        decided_at: row.try_get::<Option<i64>, _>("decided_at")?.map(Moment),
        watchers: watchers.into_iter().flatten().collect(),
        done_at: row.try_get::<Option<i64>, _>("done_at")?.map(Moment),
        register,
        items: Vec::new(),
    })
}

fn item(row: &AnyRow) -> Result<DisposalItem, ArchiveError> {
    let decision = match row.try_get("decision")? {
        "destroy" => Decision::Destroy,
        "keep" => Decision::Keep(row.try_get("last_year")?),
        _ => return Err(ArchiveError::InvalidRecord("a decision on a filing")),
    };
    Ok(DisposalItem { filing: row.try_get("filing_id")?, decision })
}
