//! What goes wrong about kept filings: the part of `Problem` that tells of the archive.

use axum::http::StatusCode;

use crate::archive::error::ArchiveError;
use crate::archive::filings::signed::SignedError;
use crate::archive::filings::store::StoreError;
use crate::http::problem::Problem;
use crate::signature::file::unreadable::Unreadable;

/// Why a filing is not kept, found or given.
#[derive(Debug)]
pub enum FilingProblem {
    /// The archive has no answer.
    Archive(ArchiveError),
    /// The filing's 发文字号 is another agency's.
    NotYours,
    /// A signed copy of other content is archived under the 发文字号.
    NumberSigned,
    /// Another file is archived as the signed copy.
    OtherSigned,
    /// What was handed in as signed is the unsigned file.
    Unsigned,
    /// What was handed in is no PDF.
    NotPdf,
    /// What was handed in cannot be read.
    UnreadablePdf(Unreadable),
    /// What was handed in as signed is something else.
    Unrelated,
    /// What was handed in does not say that it is a PDF.
    NotPdfType,
    /// The `Idempotency-Key` is none.
    KeyMalformed,
    /// The request with this `Idempotency-Key` is under way.
    KeyUnderWay,
    /// The `Idempotency-Key` belongs to another request.
    KeyReused,
    /// An `If-Match` names something else.
    PreconditionFailed,
    /// A `Range` lies behind the end.
    RangeUnsatisfiable,
}

impl From<FilingProblem> for Problem {
    fn from(problem: FilingProblem) -> Self {
        Self::Filing(problem)
    }
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        Self::Filing(FilingProblem::Archive(error))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Signed => FilingProblem::NumberSigned.into(),
            StoreError::Archive(error) => error.into(),
            // Only jobs file for lines.
            StoreError::LineEnded => ArchiveError::Record("batch_lines").into(),
        }
    }
}

impl From<SignedError> for Problem {
    fn from(error: SignedError) -> Self {
        match error {
            SignedError::Unsigned => FilingProblem::Unsigned.into(),
            SignedError::Other => FilingProblem::OtherSigned.into(),
            SignedError::Archive(error) => error.into(),
        }
    }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        FilingProblem::UnreadablePdf(unreadable).into()
    }
}

impl FilingProblem {
    /// One of each kind, for the contract.
    pub(crate) fn one_of_each() -> Vec<Self> {
        vec![
            Self::Archive(ArchiveError::Deadline),
            Self::NotYours,
            Self::NumberSigned,
            Self::OtherSigned,
            Self::Unsigned,
            Self::NotPdf,
            Self::UnreadablePdf(Unreadable::Broken),
            Self::Unrelated,
            Self::NotPdfType,
            Self::KeyMalformed,
            Self::KeyUnderWay,
            Self::KeyReused,
            Self::PreconditionFailed,
            Self::RangeUnsatisfiable,
        ]
    }

    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Archive(error) if error.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Archive(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotYours => StatusCode::FORBIDDEN,
            Self::NumberSigned | Self::OtherSigned | Self::KeyUnderWay => StatusCode::CONFLICT,
            Self::Unsigned
            | Self::NotPdf
            | Self::UnreadablePdf(_)
            | Self::Unrelated
            | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotPdfType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::KeyMalformed => StatusCode::BAD_REQUEST,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::RangeUnsatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        }
    }

    /// Its name, which callers may rely on, and its title.
    pub(crate) fn name_and_title(&self) -> (&'static str, &'static str) {
        match self {
            Self::Archive(error) if error.is_outage() => ("storage-unavailable", "存储暂不可用"),
            Self::Archive(_) => ("internal", "服务器内部错误"),
            Self::NotYours => ("not-your-agency", "无权以该机关名义办理"),
            Self::NumberSigned => ("number-signed", "发文字号已有签署件"),
            Self::OtherSigned => ("other-signed-copy", "已有另一份签署件"),
            Self::Unsigned => ("unsigned", "文件未经签署"),
            Self::NotPdf => ("not-a-pdf", "文件不是PDF"),
            Self::UnreadablePdf(_) => ("unreadable-pdf", "PDF无法读取"),
            Self::Unrelated => ("unrelated", "文件不是这份公文"),
            Self::NotPdfType => ("unsupported-media-type", "不支持的内容类型"),
            Self::KeyMalformed => ("malformed-idempotency-key", "Idempotency-Key格式不正确"),
            Self::KeyUnderWay => ("request-under-way", "同一请求正在处理"),
            Self::KeyReused => ("idempotency-key-reused", "Idempotency-Key已用于其他请求"),
            Self::PreconditionFailed => ("precondition-failed", "前提条件不成立"),
            Self::RangeUnsatisfiable => ("range-not-satisfiable", "所要求的范围不存在"),
        }
    }

    /// A sentence for staff.
    pub(crate) fn detail(&self) -> String {
        let sentence = match self {
            Self::UnreadablePdf(unreadable) => return unreadable.to_string(),
            Self::Unrelated => {
                "文件的内容与这份公文不同，不能作为其签署件归档。请核对发文字号和文件。"
            }
            Self::Archive(error) if error.is_outage() => {
                "数据库或文件存储暂时无法使用，请稍后重试。"
            }
            Self::Archive(_) => "操作未能完成，问题已记入日志，请将请求编号告知管理员。",
            Self::NotYours => "发文字号属于主办机关，只能由主办机关办理。",
            Self::NumberSigned => "该发文字号的签署件已经归档，不能再以此字号提交其他内容。",
            Self::OtherSigned => "该发文字号已归档另一份签署件，不能替换。",
            Self::Unsigned => "所提交的是系统生成的原件，未经签署，请提交签署后的文件。",
            Self::NotPdf => "所提交的文件不以“%PDF-”开头，不是PDF。",
            Self::NotPdfType => "请以application/pdf提交，且不要压缩。",
            Self::KeyMalformed => "Idempotency-Key应为1至255个字符的字符串，如\"8e03978e-40d5\"。",
            Self::KeyUnderWay => "以此Idempotency-Key提交的请求正在处理，请稍后重试。",
            Self::KeyReused => "此Idempotency-Key已用于另一请求，请换用新的。",
            Self::PreconditionFailed => "所要求的版本（If-Match）与现有文件不一致。",
            Self::RangeUnsatisfiable => "所要求的范围（Range）超出文件长度，长度见Content-Range。",
        };
        sentence.to_owned()
    }

    /// Seconds after which another try may succeed.
    pub(crate) fn retry_after(&self) -> Option<u16> {
        match self {
            Self::Archive(error) if error.is_outage() => Some(10),
            Self::KeyUnderWay => Some(2),
            _ => None,
        }
    }

    /// Logs what is not the client's doing.
    pub(crate) fn log(&self) {
        if let Self::Archive(error) = self {
            let cause = std::error::Error::source(error);
            if error.is_outage() {
                tracing::warn!(error = %error, cause, "the archive does not serve for now");
            } else {
                tracing::error!(error = %error, cause, "the archive failed");
            }
        }
    }
}
