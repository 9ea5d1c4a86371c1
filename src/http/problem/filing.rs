//! Problems of stored filings and of uploaded PDFs.

use std::error::Error;

use axum::http::StatusCode;

use crate::archive::error::ArchiveError;
use crate::archive::quota::QuotaUsed;
use crate::http::problem::row::Row;
use crate::signature::file::unreadable_pdf::UnreadablePdf;

/// Why a filing or a signed copy cannot be stored, found or sent.
#[derive(Debug)]
pub enum FilingProblem {
    /// The archive failed.
    Archive(ArchiveError),
    /// The 发文字号 belongs to another agency.
    NotYours,
    /// The agency or the caller has stored as much as it may.
    QuotaUsed(QuotaUsed),
    /// A signed copy of other content is archived under the 发文字号.
    NumberSigned,
    /// Another file is archived as the signed copy.
    OtherSigned,
    /// The file uploaded as signed is the unsigned PDF.
    Unsigned,
    /// The uploaded file is not a PDF.
    NotPdf,
    /// The uploaded PDF cannot be read.
    UnreadablePdf(UnreadablePdf),
    /// The file uploaded as signed has other content than the filing.
    Unrelated,
    /// The filing is of an older version, and the rules of this one refuse its content.
    NoWordCopy,
    /// The `Content-Type` of the upload is not that of a PDF.
    NotPdfType,
    /// The `Idempotency-Key` is malformed.
    KeyMalformed,
    /// The request with this `Idempotency-Key` is still running.
    KeyUnderWay,
    /// The `Idempotency-Key` was used for another request.
    KeyReused,
    /// `If-Match` does not match.
    PreconditionFailed,
    /// `Range` is beyond the end of the file.
    RangeUnsatisfiable,
}

impl FilingProblem {
    /// One of each kind, for the contract.
    pub(crate) fn one_of_each() -> Vec<Self> {
        vec![
            Self::Archive(ArchiveError::Deadline),
            Self::NotYours,
            Self::QuotaUsed(QuotaUsed::AgencyFilings),
            Self::NumberSigned,
            Self::OtherSigned,
            Self::Unsigned,
            Self::NotPdf,
            Self::UnreadablePdf(UnreadablePdf::Broken),
            Self::Unrelated,
            Self::NoWordCopy,
            Self::NotPdfType,
            Self::KeyMalformed,
            Self::KeyUnderWay,
            Self::KeyReused,
            Self::PreconditionFailed,
            Self::RangeUnsatisfiable,
        ]
    }

    /// The content of the response.
    #[expect(clippy::too_many_lines, reason = "a table with one row per problem")]
    pub(crate) fn row(&self) -> Row {
        match self {
            Self::Archive(error) if error.is_outage() => Row::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "storage-unavailable",
                "存储暂不可用",
                "数据库或文件存储暂时无法使用，请稍后重试。",
            )
            .retry_after(10),
            Self::Archive(_) => Row::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "服务器内部错误",
                "操作未能完成，问题已记入日志，请将请求编号告知管理员。",
            ),
            Self::NotYours => Row::new(
                StatusCode::FORBIDDEN,
                "not-your-agency",
                "无权以该机关名义办理",
                "发文字号属于主办机关，只能由主办机关办理。",
            ),
            Self::QuotaUsed(quota) => Row::new(
                StatusCode::FORBIDDEN,
                "quota-used",
                "保存的公文已达上限",
                quota.to_string(),
            ),
            Self::NumberSigned => Row::new(
                StatusCode::CONFLICT,
                "number-signed",
                "发文字号已有签署件",
                "该发文字号的签署件已经归档，不能再以此字号提交其他内容。",
            ),
            Self::OtherSigned => Row::new(
                StatusCode::CONFLICT,
                "other-signed-copy",
                "已有另一份签署件",
                "该发文字号已归档另一份签署件，不能替换。",
            ),
            Self::Unsigned => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unsigned",
                "文件未经签署",
                "所提交的是系统生成的原件，未经签署，请提交签署后的文件。",
            ),
            Self::NotPdf => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "not-a-pdf",
                "文件不是PDF",
                "所提交的文件不以“%PDF-”开头，不是PDF。",
            ),
            Self::UnreadablePdf(unreadable) => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unreadable-pdf",
                "PDF无法读取",
                unreadable.to_string(),
            ),
            Self::Unrelated => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unrelated",
                "文件不是这份公文",
                "文件的内容与这份公文不同，不能作为其签署件归档。请核对发文字号和文件。",
            ),
            Self::NoWordCopy => Row::new(
                StatusCode::CONFLICT,
                "no-word-copy",
                "不能给出Word副本",
                "公文由较早的版本生成，其内容不符合现行规定，不能给出Word副本；请下载PDF或原始数据。",
            ),
            Self::NotPdfType => Row::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "不支持的内容类型",
                "请以application/pdf提交，且不要压缩。",
            ),
            Self::KeyMalformed => Row::new(
                StatusCode::BAD_REQUEST,
                "malformed-idempotency-key",
                "Idempotency-Key格式不正确",
                "Idempotency-Key应为1至255个字符的字符串，如\"8e03978e-40d5\"。",
            ),
            Self::KeyUnderWay => Row::new(
                StatusCode::CONFLICT,
                "request-under-way",
                "同一请求正在处理",
                "以此Idempotency-Key提交的请求正在处理，请稍后重试。",
            )
            .retry_after(2),
            Self::KeyReused => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "Idempotency-Key已用于其他请求",
                "此Idempotency-Key已用于另一请求，请换用新的。",
            ),
            Self::PreconditionFailed => Row::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition-failed",
                "前提条件不成立",
                "所要求的版本（If-Match）与现有文件不一致。",
            ),
            Self::RangeUnsatisfiable => Row::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range-not-satisfiable",
                "所要求的范围不存在",
                "所要求的范围（Range）超出文件长度，长度见Content-Range。",
            ),
        }
    }

    /// Logs the failures of the archive; the rest are the client's.
    pub(crate) fn log(&self) {
        let Self::Archive(error) = self else { return };
        let cause = error.source();
        if error.is_outage() {
            tracing::warn!(error = %error, cause, "the archive is unavailable");
        } else {
            tracing::error!(error = %error, cause, "the archive failed");
        }
    }
}
