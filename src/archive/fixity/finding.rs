//! What is wrong with an object.

use serde::Serialize;

use crate::document::moment::Moment;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum FindingKind {
    /// A record names an object that the store does not have.
    #[serde(rename = "missing")]
    Missing,
    /// The bytes of an object have another SHA-256.
    #[serde(rename = "altered")]
    Altered,
    /// A record gives another length.
    #[serde(rename = "other_length")]
    OtherLength,
    /// No record names the object, and it is too old to be part of an upload; or it is no object.
    #[serde(rename = "extra")]
    Extra,
    /// The log names an object that neither a record names nor the store has.
    #[serde(rename = "logged_without_object")]
    LoggedWithoutObject,
    /// A record names a file of a filing that no entry of the log names.
    #[serde(rename = "not_logged")]
    NotLogged,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// The SHA-256 of the object, or the path of what is no object.
    pub name: String,
    /// What names the object: its role and the id of the record. Empty if nothing does.
    pub subject: String,
}

/// The result of a round, which is stored as an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixityReport {
    /// The id of the round.
    pub round: String,
    /// When it began.
    pub started_at: Moment,
    /// When every object had been read.
    pub finished_at: Moment,
    /// How many objects were read.
    pub objects: u64,
    /// How many bytes were read.
    pub bytes: u64,
    /// How many findings there are. The list below has the first of them.
    pub n_findings: u64,
    /// The findings, up to `LISTED`.
    pub findings: Vec<Finding>,
}

/// The most findings that a report lists. The database has all.
pub const LISTED: u32 = 10_000;

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Missing,
        Self::Altered,
        Self::OtherLength,
        Self::Extra,
        Self::LoggedWithoutObject,
        Self::NotLogged,
    ];

    /// Its name in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Altered => "altered",
            Self::OtherLength => "other_length",
            Self::Extra => "extra",
            Self::LoggedWithoutObject => "logged_without_object",
            Self::NotLogged => "not_logged",
        }
    }

    /// Its Chinese name for staff.
    pub fn title(self) -> &'static str {
        match self {
            Self::Missing => "缺失",
            Self::Altered => "被改动",
            Self::OtherLength => "长度与记录不符",
            Self::Extra => "多余（没有记录）",
            Self::LoggedWithoutObject => "存证日志所记的文件缺失",
            Self::NotLogged => "没有记入存证日志",
        }
    }
}
