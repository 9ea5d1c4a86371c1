//! Converts the errors of other layers into problems.

use crate::archive::drafts::content::ContentError;
use crate::archive::drafts::error::DraftError;
use crate::archive::error::ArchiveError;
use crate::archive::filings::signed::SignedCopyError;
use crate::archive::filings::store::StoreError;
use crate::archive::quota::QuotaUsed;
use crate::archive::renderers::agency_fonts::AddFontError;
use crate::archive::retention::error::RetentionError;
use crate::generate::GenerateError;
use crate::generate::permits::RunError;
use crate::generate::remake::RemakeError;
use crate::generate::room::NoRoom;
use crate::http::access::error::AccessError;
use crate::http::access::sign_in::error::SignInError;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::http::problem::draft::DraftProblem;
use crate::http::problem::filing::FilingProblem;
use crate::http::problem::font::FontProblem;
use crate::http::problem::import::ImportProblem;
use crate::http::problem::retention::RetentionProblem;
use crate::http::problem::signing::SigningProblem;
use crate::http::request::bodies::BodyError;
use crate::jobs::error::JobsError;
use crate::signature::file::unreadable_pdf::UnreadablePdf;
use crate::signature::signing::request::UnusableCertificates;

impl From<GenerateError> for Problem {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Unreadable(unreadable) => Self::Unreadable(unreadable),
            GenerateError::Refused(findings) => Self::Refused(findings),
            GenerateError::Render(error) => Self::Render(error),
        }
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::NoMemory => Self::Busy(RunError::QueueFull),
            BodyError::NoShare => Self::Access(AccessError::TooManyConcurrent),
            error => Self::Body(error),
        }
    }
}

impl From<NoRoom> for Problem {
    fn from(reason: NoRoom) -> Self {
        BodyError::from(reason).into()
    }
}

impl From<FilingProblem> for Problem {
    fn from(problem: FilingProblem) -> Self {
        Self::Filing(problem)
    }
}

impl From<FontProblem> for Problem {
    fn from(problem: FontProblem) -> Self {
        Self::Font(problem)
    }
}

impl From<AddFontError> for Problem {
    fn from(error: AddFontError) -> Self {
        match error {
            AddFontError::FamilyThere(family) => FontProblem::FamilyThere(family).into(),
            AddFontError::TooMany => FontProblem::TooMany.into(),
            AddFontError::TooLong => FontProblem::TooLong.into(),
            AddFontError::Archive(error) => error.into(),
        }
    }
}

impl From<ImportProblem> for Problem {
    fn from(problem: ImportProblem) -> Self {
        Self::Import(problem)
    }
}

impl From<SigningProblem> for Problem {
    fn from(problem: SigningProblem) -> Self {
        Self::Signing(problem)
    }
}

impl From<UnusableCertificates> for Problem {
    fn from(reason: UnusableCertificates) -> Self {
        Self::Signing(reason.into())
    }
}

impl From<BatchProblem> for Problem {
    fn from(problem: BatchProblem) -> Self {
        Self::Batch(problem)
    }
}

impl From<DraftProblem> for Problem {
    fn from(problem: DraftProblem) -> Self {
        Self::Draft(problem)
    }
}

impl From<ContentError> for Problem {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Unreadable(error) => GenerateError::from(error).into(),
            ContentError::NotAnObject => DraftProblem::NotAnObject.into(),
        }
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        Self::Draft(match error {
            DraftError::Archive(error) => return error.into(),
            DraftError::MissingRole(role) => return AccessError::MissingRole(role).into(),
            DraftError::NotYours => return FilingProblem::NotYours.into(),
            DraftError::Unknown => DraftProblem::Unknown,
            DraftError::Changed(current) => DraftProblem::Changed(Box::new((*current).into())),
            DraftError::Locked => DraftProblem::Locked,
            DraftError::Filed => DraftProblem::Filed,
            DraftError::Full(quota) => DraftProblem::Full(quota),
            DraftError::OwnDraft => DraftProblem::OwnDraft,
            DraftError::NotSender => DraftProblem::NotSender,
            DraftError::StepImpossible => DraftProblem::StepImpossible,
            DraftError::ApprovalOff => DraftProblem::ApprovalOff,
            DraftError::NotApproved => DraftProblem::NotApproved,
            DraftError::OtherContent => DraftProblem::OtherContent,
            DraftError::NumberUnclear => DraftProblem::NumberUnclear,
            DraftError::NumberTaken => DraftProblem::NumberTaken,
            DraftError::NumbersExhausted => DraftProblem::NumbersExhausted,
        })
    }
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        Self::Filing(FilingProblem::Archive(error))
    }
}

impl From<QuotaUsed> for Problem {
    fn from(quota: QuotaUsed) -> Self {
        FilingProblem::QuotaUsed(quota).into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NumberSigned => FilingProblem::NumberSigned.into(),
            StoreError::NumberReserved => DraftProblem::NumberReserved.into(),
            StoreError::Draft(error) => error.into(),
            StoreError::QuotaUsed(quota) => quota.into(),
            StoreError::NumberDestroyed => RetentionProblem::NumberDestroyed.into(),
            StoreError::Archive(error) => error.into(),
            // Only jobs store filings for lines.
            StoreError::LineEnded => ArchiveError::InvalidRecord("batch_lines").into(),
        }
    }
}

impl From<RetentionProblem> for Problem {
    fn from(problem: RetentionProblem) -> Self {
        Self::Retention(problem)
    }
}

impl From<RetentionError> for Problem {
    fn from(error: RetentionError) -> Self {
        let sentence = match error {
            RetentionError::NotFound => return Self::NotFound,
            RetentionError::Archive(error) => return error.into(),
            RetentionError::NoClass(id) => format!("公文{id}没有定保管期限。"),
            RetentionError::NotDue(id) => format!("公文{id}的保管期限未满。"),
            RetentionError::Held(id) => format!("公文{id}暂停销毁，尚未解除。"),
            RetentionError::Disposed(id) => format!("公文{id}已经销毁。"),
            RetentionError::InOther(id) => format!("公文{id}已列入另一次销毁。"),
            RetentionError::Shorter => "保管期限只能延长，不能缩短。".to_owned(),
            RetentionError::SamePerson => {
                "提请和审批须由两人，监销须由审批者以外的两人，请由他人办理。".to_owned()
            }
            RetentionError::State => "已经办理，或前一步尚未办理。".to_owned(),
        };
        RetentionProblem::Refused(sentence).into()
    }
}

impl From<SignedCopyError> for Problem {
    fn from(error: SignedCopyError) -> Self {
        match error {
            SignedCopyError::Unsigned => FilingProblem::Unsigned.into(),
            SignedCopyError::OtherSignedCopy => FilingProblem::OtherSigned.into(),
            SignedCopyError::QuotaUsed(quota) => quota.into(),
            SignedCopyError::Archive(error) => error.into(),
        }
    }
}

impl From<UnreadablePdf> for Problem {
    fn from(unreadable: UnreadablePdf) -> Self {
        FilingProblem::UnreadablePdf(unreadable).into()
    }
}

impl From<RemakeError> for Problem {
    fn from(error: RemakeError) -> Self {
        match error {
            RemakeError::Unreadable(unreadable) => unreadable.into(),
            RemakeError::Render(error) => Self::Render(error),
        }
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        Self::Access(error)
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        Self::SignIn(error)
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Panicked => Self::Panicked,
            RunError::ShareUsed => Self::Access(AccessError::TooManyConcurrent),
            busy => Self::Busy(busy),
        }
    }
}

impl From<JobsError> for Problem {
    fn from(error: JobsError) -> Self {
        match error {
            JobsError::Archive(error) => error.into(),
            JobsError::NotReceiving => Self::Batch(BatchProblem::Stalled),
            error => Self::Jobs(error),
        }
    }
}
