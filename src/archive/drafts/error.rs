//! The errors of drafts.

use crate::archive::access::caller::Role;
use crate::archive::drafts::version::Version;
use crate::archive::error::ArchiveError;

/// Why a draft cannot be found, changed, numbered, approved or filed.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// There is no such draft, or the caller may not see it.
    #[error("there is no such draft")]
    Unknown,
    /// Another content was saved in the meantime.
    #[error("the draft has changed")]
    Changed(Box<Version>),
    /// It is under approval.
    #[error("the draft is under approval")]
    Locked,
    /// It has become a filing.
    #[error("the draft has become a filing")]
    Filed,
    /// The caller or its agency has too many drafts, or they are too large.
    #[error("a limit of drafts is reached: {0:?}")]
    Full(Quota),
    /// The caller lacks the role for the step.
    #[error("the caller lacks a role")]
    MissingRole(Role),
    /// The caller sent or saved the content that it would approve.
    #[error("nobody approves an own draft")]
    OwnDraft,
    /// The caller neither sent nor created the draft.
    #[error("only who sent a draft withdraws it")]
    NotSender,
    /// The step is not possible in this state.
    #[error("the step is not possible in this state")]
    StepImpossible,
    /// Approval is not switched on.
    #[error("approval is not switched on")]
    ApprovalOff,
    /// The draft is not approved.
    #[error("the draft is not approved")]
    NotApproved,
    /// The posted content is not the approved one.
    #[error("another content was approved")]
    OtherContent,
    /// The lead agency, the agency code or the year of the number is missing or invalid.
    #[error("the number cannot be determined")]
    NumberUnclear,
    /// The number is in use or reserved.
    #[error("the number is in use")]
    NumberTaken,
    /// The year has no number left.
    #[error("no number is left")]
    NumbersExhausted,
    /// The number would belong to another agency.
    #[error("the number belongs to another agency")]
    NotYours,
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// A limit of drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// The most drafts that a caller has.
    OfCaller(i64),
    /// The most drafts that an agency has.
    OfAgency(i64),
    /// The most bytes of the drafts of an agency.
    Bytes(i64),
}

impl From<sqlx::Error> for DraftError {
    fn from(error: sqlx::Error) -> Self {
        Self::Archive(error.into())
    }
}
