//! A batch: its state, its counts and its webhook.

use reqwest::Url;
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use crate::archive::access::caller::{Caller, Roles};
use crate::document::moment::Moment;

/// The most batches on a page of the list.
pub const MAX_PAGE_LENGTH: i64 = 100;

/// The state of a batch. The descriptions of the variants are part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "BatchState", description = "批次的状态")]
pub enum State {
    /// The batch is stored and no line has started.
    #[serde(rename = "queued")]
    Queued,
    /// At least one line has started.
    #[serde(rename = "running")]
    Running,
    /// All lines are finished.
    #[serde(rename = "done")]
    Done,
    /// The batch was cancelled; filings made before are kept.
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// The number of lines in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "各状态的公文数")]
pub struct Counts {
    /// Not ended.
    #[schemars(description = "待处理")]
    pub waiting: i64,
    /// Became filings.
    #[schemars(description = "已生成公文")]
    pub filed: i64,
    /// Not JSON, against the rules, or of an agency that the caller may not file for.
    #[schemars(description = "不符合规定或无权提交")]
    pub refused: i64,
    /// Could not be generated, because of a bug.
    #[schemars(description = "未能生成（服务器内部错误）")]
    pub failed: i64,
    /// Waiting when the batch was cancelled.
    #[schemars(description = "已取消")]
    pub cancelled: i64,
}

/// The webhook of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its address.
    pub url: String,
    /// `waiting`, `delivered` or `given_up`.
    pub state: String,
    /// The number of attempts.
    pub attempts: i64,
    /// The status code of the last response; `None` if the last attempt got none.
    pub last_status: Option<i64>,
}

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: State,
    /// The id of the caller who posted it.
    pub posted_by: String,
    /// The agency of the caller who posted it.
    pub agency: Option<String>,
    /// When it was posted.
    pub created_at: Moment,
    /// When its first line started.
    pub started_at: Option<Moment>,
    /// When it ended.
    pub finished_at: Option<Moment>,
    /// The number of its lines.
    pub total: i64,
    /// The number of lines in each state.
    pub counts: Counts,
    /// Its webhook, if it has one.
    pub webhook: Option<Webhook>,
}

impl Webhook {
    /// The host of its address. The rest of the address may be a secret of the receiver.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl Counts {
    /// The number of lines that have ended.
    pub fn ended(&self) -> i64 {
        self.filed + self.refused + self.failed + self.cancelled
    }
}

impl Batch {
    /// The caller who posted it. The roles were checked then.
    pub(crate) fn poster(&self) -> Caller {
        Caller { id: self.posted_by.clone(), roles: Roles::new([]), agency: self.agency.clone() }
    }

    /// Whether it is done or cancelled.
    pub fn has_ended(&self) -> bool {
        matches!(self.state, State::Done | State::Cancelled)
    }
}

impl<'r> FromRow<'r, AnyRow> for Batch {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let state = match row.try_get("state")? {
            "queued" => State::Queued,
            "running" => State::Running,
            "done" => State::Done,
            "cancelled" => State::Cancelled,
            other => {
                return Err(sqlx::Error::Decode(format!("not a state of a batch: {other}").into()));
            }
        };
        let url: Option<String> = row.try_get("webhook_url")?;
        let webhook = match url {
            Some(url) => Some(Webhook {
                url,
                state: row.try_get::<Option<String>, _>("webhook_state")?.unwrap_or_default(),
                attempts: row.try_get("webhook_attempts")?,
                last_status: row.try_get("webhook_status")?,
            }),
            None => None,
        };
        Ok(Self {
            id: row.try_get("id")?,
            state,
            posted_by: row.try_get("posted_by")?,
            agency: row.try_get("agency")?,
            created_at: Moment(row.try_get("created_at")?),
            started_at: row.try_get::<Option<i64>, _>("started_at")?.map(Moment),
            finished_at: row.try_get::<Option<i64>, _>("finished_at")?.map(Moment),
            total: row.try_get("total")?,
            counts: Counts::default(),
            webhook,
        })
    }
}
