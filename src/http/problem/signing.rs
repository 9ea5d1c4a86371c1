//! Problems of signing.

use axum::http::StatusCode;

use crate::http::problem::row::Row;
use crate::signature::signing::prepared::TooLong;
use crate::signature::signing::request::UnusableCertificates;
use crate::signature::verdict::indication::Reason;

/// Why a filing cannot be prepared, or a signature is refused.
#[derive(Debug)]
pub enum SigningProblem {
    /// The certificates cannot be used.
    Certificates(UnusableCertificates),
    /// The signing was prepared too long ago.
    Expired,
    /// The signature is longer than the space for it.
    TooLong(TooLong),
    /// The signature is not one of the prepared file; the sentence explains why.
    Refused(String),
}

impl SigningProblem {
    /// One of each kind, for the contract.
    pub(crate) fn one_of_each() -> [Self; 4] {
        [
            Self::Certificates(UnusableCertificates::Count),
            Self::Expired,
            Self::TooLong(TooLong { length: 0 }),
            Self::Refused(String::new()),
        ]
    }

    /// The problem of a signature with these defects, the most severe first.
    pub(crate) fn of_reasons(reasons: Vec<Reason>) -> Self {
        Self::Refused(reasons.into_iter().next().map(|reason| reason.detail).unwrap_or_default())
    }

    /// The content of the response.
    pub(crate) fn row(&self) -> Row {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        match self {
            Self::Certificates(reason) => {
                let sentence = match reason {
                    UnusableCertificates::Count => "签名证书应为1至16张，签名者的在前。",
                    UnusableCertificates::Unreadable => "有证书无法读取，应为DER的base64。",
                    UnusableCertificates::Key => "不支持签名证书的密钥算法。",
                };
                Row::new(status, "unusable-certificates", "签名证书不能使用", sentence)
            }
            Self::Expired => Row::new(
                StatusCode::GONE,
                "signing-expired",
                "备签已过期",
                "备签后24小时内没有提交签名，请重新备签。",
            ),
            Self::TooLong(TooLong { length }) => Row::new(
                status,
                "signature-too-long",
                "签名过长",
                format!(
                    "签名有{length}字节，超出备签时预留的字节数，请以更大的contents_max重新备签。"
                ),
            ),
            Self::Refused(sentence) => Row::new(
                status,
                "signature-refused",
                "不是对该文件的有效签名",
                format!("签名未通过校验：{sentence}"),
            ),
        }
    }
}

impl From<UnusableCertificates> for SigningProblem {
    fn from(reason: UnusableCertificates) -> Self {
        Self::Certificates(reason)
    }
}

impl From<TooLong> for SigningProblem {
    fn from(too_long: TooLong) -> Self {
        Self::TooLong(too_long)
    }
}
