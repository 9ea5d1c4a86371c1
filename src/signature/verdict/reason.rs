//! The findings on signatures, each with its verdict, code and sentence.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::AlgorithmFault;
use crate::signature::crypto::public_key::SignatureFault;
use crate::signature::verdict::chain_fault::{ChainFault, Holder};
use crate::signature::verdict::indication::SubIndication as Sub;
use crate::signature::verdict::indication::{Indication, Reason, SubIndication};
use crate::signature::verdict::row::{Row, day};

/// A finding on a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The encoding does not conform to the standard.
    Malformed,
    /// Bytes other than zeros follow the container.
    BytesBehind,
    /// The container exceeds the size or part limits.
    TooLarge,
    /// The format of the container is not supported.
    Unsupported,
    /// The container encapsulates content instead of signing the file.
    ContentInside,
    /// The container does not have exactly one signer.
    NotOneSigner,
    /// The signed content type is neither data nor `TSTInfo`.
    OtherContent,
    /// A required attribute is missing or repeated.
    Attributes,
    /// The covered bytes do not match the signed digest.
    DocumentChanged,
    /// The signature value does not verify with the certificate's key.
    SignatureBroken,
    /// The signature algorithm does not fit the certificate's key.
    OtherKey,
    /// There are no signed attributes.
    NoSignedAttributes,
    /// No signed attribute names the certificate.
    NoCertificateAttribute,
    /// The signer's certificate is missing or unreadable.
    NoCertificate,
    /// The signed attribute names another certificate.
    OtherCertificate,
    /// A broken digest algorithm.
    WeakDigest(&'static str),
    /// A key that is too short.
    WeakKey(usize),
    /// An unsupported algorithm.
    UnknownAlgorithm(ObjectIdentifier),
    /// The signature algorithm and the signer name different digests.
    DigestsDisagree,
    /// The seal does not verify with its maker's signature.
    SealBroken,
    /// The seal does not list the signer's certificate.
    NotOfSeal,
    /// The seal is expired, and there is no proof of earlier use.
    SealExpired(Moment),
    /// The seal was not valid yet.
    SealNotYetValid(Moment),
    /// A fault in the chain of a certificate.
    Chain(Holder, ChainFault),
    /// The work limit for one signature was exceeded.
    TooMuchWork,
    /// A time stamp on the signature was ignored, with the cause.
    TimestampIgnored(Box<Self>),
    /// The time stamp's imprint does not match the stamped bytes.
    TimestampOfOther,
    /// The time stamp is in the future.
    TimestampAhead(Moment),
}

impl Finding {
    /// What the finding makes of a signature; `None` if the signature can still pass.
    pub fn verdict(&self) -> Option<(Indication, SubIndication)> {
        self.row().verdict
    }

    /// Its stable code.
    pub fn code(&self) -> &'static str {
        self.row().code
    }

    /// Its sentence for staff.
    pub fn detail(&self) -> String {
        self.row().detail.into_owned()
    }

    #[expect(clippy::too_many_lines, reason = "one row for each finding")]
    fn row(&self) -> Row {
        match self {
            Self::Malformed => Row::failed(
                Sub::FormatFailure,
                "malformed",
                "签名数据的结构或编码（应为DER）不符合标准，无法读取。",
            ),
            Self::BytesBehind => Row::failed(
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
            Self::ContentInside => Row::failed(
                Sub::FormatFailure,
                "content_inside",
                "签名数据中夹带了另一份内容，不是对本文件的签名。",
            ),
            Self::NotOneSigner => {
                Row::failed(Sub::FormatFailure, "not_one_signer", "一个签名中应当恰有一名签名者。")
            }
            Self::OtherContent => Row::failed(
                Sub::FormatFailure,
                "other_content",
                "被签名的内容类型不符，不是对文件的签名。",
            ),
            Self::Attributes => Row::failed(
                Sub::FormatFailure,
                "signed_attributes_wrong",
                "签名属性缺失、重复或不符合标准。",
            ),
            Self::DocumentChanged => Row::failed(
                Sub::HashFailure,
                "document_changed",
                "文件在签名之后被改动过，内容与签名不符。",
            ),
            Self::SignatureBroken => Row::failed(
                Sub::SigCryptoFailure,
                "signature_broken",
                "签名值与签名证书不符，签名无效。",
            ),
            Self::OtherKey => Row::failed(
                Sub::SigCryptoFailure,
                "algorithm_not_of_key",
                "签名算法与签名证书的密钥类型不符，签名无效。",
            ),
            Self::NoSignedAttributes => Row::indeterminate(
                Sub::SigConstraintsFailure,
                "signed_attributes_missing",
                "签名没有签名属性，不能确认签的是什么。",
            ),
            Self::NoCertificateAttribute => Row::indeterminate(
                Sub::SigConstraintsFailure,
                "certificate_attribute_missing",
                "签名没有写明所用的证书（PAdES要求写明），不能排除证书被调换。",
            ),
            Self::NoCertificate => Row::indeterminate(
                Sub::NoSigningCertificateFound,
                "certificate_missing",
                "找不到签名者的证书，或者证书无法读取。",
            ),
            Self::OtherCertificate => Row::indeterminate(
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
            Self::UnknownAlgorithm(oid) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "unknown_algorithm",
                format!("本程序不支持所用的算法（{oid}），未作验证。"),
            ),
            Self::DigestsDisagree => Row::indeterminate(
                Sub::SigConstraintsFailure,
                "digests_disagree",
                "签名中两处写明的杂凑算法不一致。",
            ),
            Self::SealBroken => Row::failed(
                Sub::SigCryptoFailure,
                "seal_broken",
                "电子印章与制章人的签名不符，印章数据被改动过。",
            ),
            Self::NotOfSeal => Row::indeterminate(
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
            Self::TooMuchWork => Row::indeterminate(
                Sub::Generic,
                "too_much_work",
                "需要核验的证书和吊销信息过多，本程序没有全部核验。",
            ),
            Self::TimestampIgnored(cause) => Row::remark(
                "timestamp_not_relied_on",
                format!("签名上的时间戳未被采信：{}", cause.detail()),
            ),
            Self::TimestampOfOther => Row::failed(
                Sub::HashFailure,
                "timestamp_of_other_bytes",
                "时间戳不是加盖在这些内容上的。",
            ),
            Self::TimestampAhead(at) => Row::indeterminate(
                Sub::Generic,
                "timestamp_ahead",
                format!("时间戳的时间（{}）晚于验证时间。", day(*at)),
            ),
            Self::Chain(holder, fault) => fault.row(*holder),
        }
    }
}

impl From<AlgorithmFault> for Finding {
    fn from(fault: AlgorithmFault) -> Self {
        match fault {
            AlgorithmFault::Weak(name) => Self::WeakDigest(name),
            AlgorithmFault::Unknown(oid) => Self::UnknownAlgorithm(oid),
            AlgorithmFault::Disagrees => Self::DigestsDisagree,
            AlgorithmFault::Malformed => Self::Malformed,
        }
    }
}

impl From<SignatureFault> for Finding {
    fn from(fault: SignatureFault) -> Self {
        match fault {
            SignatureFault::Broken => Self::SignatureBroken,
            SignatureFault::OtherKey => Self::OtherKey,
            SignatureFault::WeakKey(bits) => Self::WeakKey(bits),
            SignatureFault::WeakDigest(digest) => Self::WeakDigest(digest.name()),
            SignatureFault::Unknown(oid) => Self::UnknownAlgorithm(oid),
        }
    }
}

/// The overall result of findings, and the reasons in order: failures, then indeterminate findings,
/// then remarks.
pub fn conclude(mut findings: Vec<Finding>) -> (Indication, Option<SubIndication>, Vec<Reason>) {
    findings.sort_by_key(gravity);
    let verdict = findings.first().and_then(Finding::verdict);
    let mut reasons: Vec<Reason> = Vec::new();
    for finding in &findings {
        let reason = Reason { code: finding.code().to_owned(), detail: finding.detail() };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    match verdict {
        Some((indication, sub_indication)) => (indication, Some(sub_indication), reasons),
        None => (Indication::TotalPassed, None, reasons),
    }
}

/// The severity; 0 is the most serious.
pub fn gravity(finding: &Finding) -> u8 {
    match finding.verdict() {
        Some((Indication::TotalFailed, _)) => 0,
        Some(_) => 1,
        None => 2,
    }
}
