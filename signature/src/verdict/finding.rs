//! The findings on signatures, each with its indication, code and sentence.

use der::asn1::ObjectIdentifier;

use crate::crypto::algorithm::AlgorithmError;
use crate::crypto::public_key::SignatureError;
use crate::verdict::chain_error::{CertificateRole, ChainError};
use crate::verdict::indication::SubIndication as Sub;
use crate::verdict::indication::{Indication, Reason, SubIndication};
use crate::verdict::row::{Row, day};
use hongtou_rules::document::moment::Moment;

/// A finding on a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The encoding does not conform to the standard.
    Malformed,
    /// The container is in BER. It was converted to DER.
    BerEncoding,
    /// The file is encrypted but opens without a password.
    EncryptedFile,
    /// Bytes other than zeros follow the container.
    TrailingBytes,
    /// The container exceeds the size or part limits.
    TooLarge,
    /// The format of the container is not supported.
    Unsupported,
    /// The container encapsulates content instead of signing the file.
    EncapsulatedContent,
    /// The container does not have exactly one signer.
    SignerCount,
    /// The signed content type is neither data nor `TSTInfo`.
    ContentType,
    /// A required signed attribute is missing, repeated or malformed.
    SignedAttributes,
    /// The covered bytes do not match the signed message digest.
    DigestMismatch,
    /// The signature value does not verify with the certificate's key.
    InvalidSignature,
    /// The signature algorithm does not fit the certificate's key.
    KeyMismatch,
    /// There are no signed attributes.
    NoSignedAttributes,
    /// There is no signing-certificate attribute.
    NoSigningCertificateAttribute,
    /// The signing certificate is missing or unreadable.
    NoSigningCertificate,
    /// The signing-certificate attribute identifies another certificate.
    SigningCertificateMismatch,
    /// A broken digest algorithm.
    WeakDigest(&'static str),
    /// A key that is too short.
    WeakKey(usize),
    /// An unsupported algorithm.
    UnsupportedAlgorithm(ObjectIdentifier),
    /// The signature algorithm and `digestAlgorithm` name different digest algorithms.
    DigestAlgorithmMismatch,
    /// The seal does not verify with the key of its maker.
    InvalidSeal,
    /// The seal does not list the signing certificate.
    SignerNotOfSeal,
    /// The seal is expired, and there is no proof that the signature existed before.
    SealExpired(Moment),
    /// The signature existed before the seal became valid.
    SealNotYetValid(Moment),
    /// An error of the chain of a certificate.
    Chain(CertificateRole, ChainError),
    /// The work limit of one signature was exceeded, so not everything was checked.
    WorkLimitExceeded,
    /// A time stamp on the signature was ignored, with the cause.
    TimestampIgnored(Box<Self>),
    /// The time stamp's imprint does not match the stamped bytes.
    TimestampImprintMismatch,
    /// The time stamp is later than the validation time.
    TimestampInFuture(Moment),
}

impl Finding {
    /// The indication that the finding causes; `None` if the signature can still pass.
    pub fn indication(&self) -> Option<(Indication, SubIndication)> {
        self.row().indication
    }

    /// The stable code, in `snake_case`.
    pub fn code(&self) -> &'static str {
        self.row().code
    }

    /// The Chinese sentence for staff.
    pub fn detail(&self) -> String {
        self.row().detail.into_owned()
    }

    /// The finding as reported.
    pub fn reason(&self) -> Reason {
        Reason { code: self.code().to_owned(), detail: self.detail() }
    }

    #[expect(clippy::too_many_lines, reason = "one row for each finding")]
    fn row(&self) -> Row {
        match self {
            Self::Malformed => Row::failed(
                Sub::FormatFailure,
                "malformed",
                "签名数据的结构或编码（应为DER）不符合标准，无法读取。",
            ),
            Self::BerEncoding => {
                Row::remark("ber_encoding", "签名数据的外层编码是BER而不是DER，已转换为DER后核验。")
            }
            Self::EncryptedFile => {
                Row::remark("encrypted_file", "文件已加密，不用口令即可打开，已解密后核验。")
            }
            Self::TrailingBytes => Row::failed(
                Sub::FormatFailure,
                "bytes_behind_signature",
                "签名数据之后还有不属于签名的内容。",
            ),
            Self::TooLarge => Row::indeterminate(
                Sub::Generic,
                "too_large",
                "签名数据过大或所含证书过多，本程序不予读取。",
            ),
            Self::Unsupported => Row::indeterminate(
                Sub::Generic,
                "unsupported_signature",
                "本程序不能识别这种签名格式，未作验证。",
            ),
            Self::EncapsulatedContent => Row::failed(
                Sub::FormatFailure,
                "content_inside",
                "签名数据中夹带了另一份内容，不是对本文件的签名。",
            ),
            Self::SignerCount => {
                Row::failed(Sub::FormatFailure, "not_one_signer", "一个签名中应当恰有一名签名者。")
            }
            Self::ContentType => Row::failed(
                Sub::FormatFailure,
                "other_content",
                "被签名的内容类型不符，不是对文件的签名。",
            ),
            Self::SignedAttributes => Row::failed(
                Sub::FormatFailure,
                "signed_attributes_wrong",
                "签名属性缺失、重复或不符合标准。",
            ),
            Self::DigestMismatch => Row::failed(
                Sub::HashFailure,
                "document_changed",
                "文件在签名之后被改动过，内容与签名不符。",
            ),
            Self::InvalidSignature => Row::failed(
                Sub::SigCryptoFailure,
                "signature_broken",
                "签名值与签名证书不符，签名无效。",
            ),
            Self::KeyMismatch => Row::failed(
                Sub::SigCryptoFailure,
                "algorithm_not_of_key",
                "签名算法与签名证书的密钥类型不符，签名无效。",
            ),
            Self::NoSignedAttributes => Row::indeterminate(
                Sub::SigConstraintsFailure,
                "signed_attributes_missing",
                "签名没有签名属性，不能确认签的是什么。",
            ),
            Self::NoSigningCertificateAttribute => Row::indeterminate(
                Sub::SigConstraintsFailure,
                "certificate_attribute_missing",
                "签名没有写明所用的证书（PAdES要求写明），不能排除证书被调换。",
            ),
            Self::NoSigningCertificate => Row::indeterminate(
                Sub::NoSigningCertificateFound,
                "certificate_missing",
                "找不到签名者的证书，或者证书无法读取。",
            ),
            Self::SigningCertificateMismatch => Row::indeterminate(
                Sub::NoSigningCertificateFound,
                "certificate_not_as_signed",
                "所附证书不是签名时写明的那张证书。",
            ),
            Self::WeakDigest(name) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "weak_digest",
                format!("使用了已不安全的杂凑算法{name}，不能据此认定。"),
            ),
            Self::WeakKey(bits) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "weak_key",
                format!("RSA密钥只有{bits}位，已不安全，不能据此认定。"),
            ),
            Self::UnsupportedAlgorithm(oid) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "unknown_algorithm",
                format!("本程序不支持所用的算法（{oid}），未作验证。"),
            ),
            Self::DigestAlgorithmMismatch => Row::indeterminate(
                Sub::SigConstraintsFailure,
                "digests_disagree",
                "签名中两处写明的杂凑算法不一致。",
            ),
            Self::InvalidSeal => Row::failed(
                Sub::SigCryptoFailure,
                "seal_broken",
                "电子印章与制章人的签名不符，印章数据被改动过。",
            ),
            Self::SignerNotOfSeal => Row::indeterminate(
                Sub::SigConstraintsFailure,
                "signer_not_of_seal",
                "签名证书不在这枚电子印章准许使用的证书之列。",
            ),
            Self::SealExpired(at) => Row::indeterminate(
                Sub::OutOfBoundsNoPoe,
                "seal_expired",
                format!("电子印章已于{}过期，无法证明是在有效期内加盖的。", day(*at)),
            ),
            Self::SealNotYetValid(at) => Row::failed(
                Sub::NotYetValid,
                "seal_not_yet_valid",
                format!("电子印章自{}起才有效。", day(*at)),
            ),
            Self::WorkLimitExceeded => Row::indeterminate(
                Sub::Generic,
                "too_much_work",
                "需要核验的证书和吊销信息过多，本程序没有全部核验。",
            ),
            Self::TimestampIgnored(cause) => Row::remark(
                "timestamp_not_relied_on",
                format!("签名上的时间戳未被采信：{}", cause.detail()),
            ),
            Self::TimestampImprintMismatch => Row::failed(
                Sub::HashFailure,
                "timestamp_of_other_bytes",
                "时间戳不是加盖在这些内容上的。",
            ),
            Self::TimestampInFuture(at) => Row::indeterminate(
                Sub::Generic,
                "timestamp_ahead",
                format!("时间戳的时间（{}）晚于验证时间。", day(*at)),
            ),
            Self::Chain(role, error) => error.row(*role),
        }
    }
}

impl From<AlgorithmError> for Finding {
    fn from(error: AlgorithmError) -> Self {
        match error {
            AlgorithmError::Weak(name) => Self::WeakDigest(name),
            AlgorithmError::Unsupported(oid) => Self::UnsupportedAlgorithm(oid),
            AlgorithmError::DigestMismatch => Self::DigestAlgorithmMismatch,
            AlgorithmError::Malformed => Self::Malformed,
        }
    }
}

impl From<SignatureError> for Finding {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Invalid => Self::InvalidSignature,
            SignatureError::KeyMismatch => Self::KeyMismatch,
            SignatureError::WeakKey(bits) => Self::WeakKey(bits),
            SignatureError::WeakDigest(digest) => Self::WeakDigest(digest.name()),
            SignatureError::Unsupported(oid) => Self::UnsupportedAlgorithm(oid),
        }
    }
}

/// The indication that follows from all findings, with the reasons in order: failures first, then
/// indeterminate findings, then remarks.
pub fn overall_indication(
    mut findings: Vec<Finding>,
) -> (Indication, Option<SubIndication>, Vec<Reason>) {
    findings.sort_by_key(severity_rank);
    let indication = findings.first().and_then(Finding::indication);
    let mut reasons: Vec<Reason> = Vec::new();
    for finding in &findings {
        let reason = finding.reason();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    match indication {
        Some((indication, sub_indication)) => (indication, Some(sub_indication), reasons),
        None => (Indication::TotalPassed, None, reasons),
    }
}

/// The rank by severity; 0 is the most severe.
pub fn severity_rank(finding: &Finding) -> u8 {
    match finding.indication() {
        Some((Indication::TotalFailed, _)) => 0,
        Some(_) => 1,
        None => 2,
    }
}
