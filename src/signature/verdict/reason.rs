//! What may be found of a signature: each finding with its verdict, its code and its sentence.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{AlgorithmFault, Digest};
use crate::signature::crypto::public_key::SignatureFault;
use crate::signature::verdict::indication::{Indication, Reason, SubIndication};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The bytes are not what the standard lays down.
    Malformed,
    /// Something other than zeros stands behind the container.
    BytesBehind,
    /// The container is larger, or has more parts, than this program reads.
    TooLarge,
    /// This program does not know what the container is.
    Unsupported,
    /// The content is in the container, where it must be the file.
    ContentInside,
    /// There are no signers in the container, or several.
    NotOneSigner,
    /// What was signed is not said to be a document, or a time stamp's content.
    OtherContent,
    /// An attribute that must be there once is not, or is there more than once.
    Attributes,
    /// The bytes that the signature covers have another digest.
    DocumentChanged,
    /// The signature is not the certificate's.
    SignatureBroken,
    /// The signature's algorithm is not one of the certificate's key.
    OtherKey,
    /// There are no signed attributes.
    NoSignedAttributes,
    /// No signed attribute names the certificate.
    NoCertificateAttribute,
    /// The signer's certificate is not there, or cannot be read.
    NoCertificate,
    /// The signed attribute names another certificate.
    OtherCertificate,
    /// A digest that is broken.
    WeakDigest(&'static str),
    /// A key that is too short.
    WeakKey(usize),
    /// An algorithm that this program does not know.
    UnknownAlgorithm(ObjectIdentifier),
    /// The signature names another digest than the signer.
    DigestsDisagree,
    /// The seal, as its maker signed it, was changed.
    SealBroken,
    /// The certificate is not one of those that may use the seal.
    NotOfSeal,
    /// The seal is not valid any more, and nothing proves that it was used before.
    SealExpired(Moment),
    /// The seal was not valid yet.
    SealNotYetValid(Moment),
    /// Something about the chain of a certificate.
    Chain(Holder, ChainFault),
    /// More would have to be checked than this program does for one signature.
    TooMuchWork,
    /// A time stamp over the signature was not gone by, and why.
    TimestampIgnored(Box<Self>),
    /// The time stamp is over other bytes than the signature's.
    TimestampOfOther,
    /// The time stamp is of a time that is still to come.
    TimestampAhead(Moment),
}

/// Whose certificate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Signer,
    TimeStamper,
    SealMaker,
}

/// What is wrong or wanting with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// No chain leads to an authority that is trusted.
    NoAnchor,
    /// The certificate is not for what it was used for.
    Usage,
    /// An issuer is no authority, or may not issue so far down.
    NotAuthority,
    /// An extension that this program cannot honour.
    UnknownExtension(ObjectIdentifier),
    /// A certificate of the chain is signed in a way that cannot be relied on.
    Weak(AlgorithmWords),
    /// The certificate expired, and nothing proves that the signature was there before.
    Expired(Moment),
    /// The signature was there before the certificate was valid.
    NotYetValid(Moment),
    /// An authority of the chain was not valid.
    IssuerOutOfValidity,
    /// The certificate was revoked, and the signer says to have signed afterwards.
    Revoked(Moment),
    /// The certificate was revoked, and nothing proves that the signature was there before.
    RevokedUnproven(Moment),
    /// An authority of the chain was revoked.
    IssuerRevoked(Moment),
    /// Nothing tells whether a certificate of the chain was revoked.
    RevocationUnknown,
}

/// What is to be said of an algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlgorithmWords {
    Digest(&'static str),
    Key(usize),
    Unknown(ObjectIdentifier),
}

impl Finding {
    /// What the finding makes of a signature; none where the signature may hold all the same.
    pub fn verdict(&self) -> Option<(Indication, SubIndication)> {
        use Indication::{Indeterminate, TotalFailed};
        use SubIndication as Sub;
        Some(match self {
            Self::Malformed
            | Self::BytesBehind
            | Self::ContentInside
            | Self::NotOneSigner
            | Self::OtherContent
            | Self::Attributes => (TotalFailed, Sub::FormatFailure),
            Self::DocumentChanged | Self::TimestampOfOther => (TotalFailed, Sub::HashFailure),
            Self::SignatureBroken | Self::OtherKey | Self::SealBroken => {
                (TotalFailed, Sub::SigCryptoFailure)
            }
            Self::Chain(_, fault) => fault.verdict(),
            Self::NoSignedAttributes
            | Self::NoCertificateAttribute
            | Self::DigestsDisagree
            | Self::NotOfSeal => (Indeterminate, Sub::SigConstraintsFailure),
            Self::NoCertificate | Self::OtherCertificate => {
                (Indeterminate, Sub::NoSigningCertificateFound)
            }
            Self::WeakDigest(_) | Self::WeakKey(_) | Self::UnknownAlgorithm(_) => {
                (Indeterminate, Sub::CryptoConstraintsFailure)
            }
            Self::SealExpired(_) => (Indeterminate, Sub::OutOfBoundsNoPoe),
            Self::SealNotYetValid(_) => (TotalFailed, Sub::NotYetValid),
            Self::TooLarge | Self::Unsupported | Self::TooMuchWork | Self::TimestampAhead(_) => {
                (Indeterminate, Sub::Generic)
            }
            Self::TimestampIgnored(_) => return None,
        })
    }

    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::BytesBehind => "bytes_behind_signature",
            Self::TooLarge => "too_large",
            Self::Unsupported => "unsupported_signature",
            Self::ContentInside => "content_inside",
            Self::NotOneSigner => "not_one_signer",
            Self::OtherContent => "other_content",
            Self::Attributes => "signed_attributes_wrong",
            Self::DocumentChanged => "document_changed",
            Self::SignatureBroken => "signature_broken",
            Self::OtherKey => "algorithm_not_of_key",
            Self::NoSignedAttributes => "signed_attributes_missing",
            Self::NoCertificateAttribute => "certificate_attribute_missing",
            Self::NoCertificate => "certificate_missing",
            Self::OtherCertificate => "certificate_not_as_signed",
            Self::WeakDigest(_) => "weak_digest",
            Self::WeakKey(_) => "weak_key",
            Self::UnknownAlgorithm(_) => "unknown_algorithm",
            Self::DigestsDisagree => "digests_disagree",
            Self::SealBroken => "seal_broken",
            Self::NotOfSeal => "signer_not_of_seal",
            Self::SealExpired(_) => "seal_expired",
            Self::SealNotYetValid(_) => "seal_not_yet_valid",
            Self::Chain(_, fault) => fault.code(),
            Self::TooMuchWork => "too_much_work",
            Self::TimestampIgnored(_) => "timestamp_not_relied_on",
            Self::TimestampOfOther => "timestamp_of_other_bytes",
            Self::TimestampAhead(_) => "timestamp_ahead",
        }
    }

    /// What it means, for staff.
    pub fn detail(&self) -> String {
        match self {
            Self::Malformed => "签名数据的结构或编码（应为DER）不符合标准，无法读取。".to_owned(),
            Self::BytesBehind => "签名数据之后还有不属于签名的内容。".to_owned(),
            Self::TooLarge => "签名数据过大或所含证书过多，本程序不予读取。".to_owned(),
            Self::Unsupported => "本程序不能识别这种签名格式，未作验证。".to_owned(),
            Self::ContentInside => "签名数据中夹带了另一份内容，不是对本文件的签名。".to_owned(),
            Self::NotOneSigner => "一个签名中应当恰有一名签名者。".to_owned(),
            Self::OtherContent => "被签名的内容类型不符，不是对文件的签名。".to_owned(),
            Self::Attributes => "签名属性缺失、重复或不符合标准。".to_owned(),
            Self::DocumentChanged => "文件在签名之后被改动过，内容与签名不符。".to_owned(),
            Self::SignatureBroken => "签名值与签名证书不符，签名无效。".to_owned(),
            Self::OtherKey => "签名算法与签名证书的密钥类型不符，签名无效。".to_owned(),
            Self::NoSignedAttributes => "签名没有签名属性，不能确认签的是什么。".to_owned(),
            Self::NoCertificateAttribute => {
                "签名没有写明所用的证书（PAdES要求写明），不能排除证书被调换。".to_owned()
            }
            Self::NoCertificate => "找不到签名者的证书，或者证书无法读取。".to_owned(),
            Self::OtherCertificate => "所附证书不是签名时写明的那张证书。".to_owned(),
            Self::WeakDigest(name) => format!("使用了已不安全的杂凑算法{name}，不能据此认定。"),
            Self::WeakKey(bits) => format!("RSA密钥只有{bits}位，已不安全，不能据此认定。"),
            Self::UnknownAlgorithm(oid) => format!("本程序不支持所用的算法（{oid}），未作验证。"),
            Self::DigestsDisagree => "签名中两处写明的杂凑算法不一致。".to_owned(),
            Self::SealBroken => "电子印章与制章人的签名不符，印章数据被改动过。".to_owned(),
            Self::NotOfSeal => "签名证书不在这枚电子印章准许使用的证书之列。".to_owned(),
            Self::SealExpired(at) => {
                format!("电子印章已于{}过期，无法证明是在有效期内加盖的。", day(*at))
            }
            Self::SealNotYetValid(at) => format!("电子印章自{}起才有效。", day(*at)),
            Self::Chain(holder, fault) => fault.detail(*holder),
            Self::TooMuchWork => "需要核验的证书和吊销信息过多，本程序没有全部核验。".to_owned(),
            Self::TimestampIgnored(cause) => {
                format!("签名上的时间戳未被采信：{}", cause.detail())
            }
            Self::TimestampOfOther => "时间戳不是加盖在这些内容上的。".to_owned(),
            Self::TimestampAhead(at) => format!("时间戳的时间（{}）晚于验证时间。", day(*at)),
        }
    }
}

impl ChainFault {
    fn verdict(&self) -> (Indication, SubIndication) {
        use Indication::{Indeterminate, TotalFailed};
        use SubIndication as Sub;
        match self {
            Self::NoAnchor => (Indeterminate, Sub::NoCertificateChainFound),
            Self::Usage => (Indeterminate, Sub::ChainConstraintsFailure),
            Self::NotAuthority | Self::UnknownExtension(_) | Self::IssuerOutOfValidity => {
                (Indeterminate, Sub::CertificateChainGeneralFailure)
            }
            Self::Weak(_) => (Indeterminate, Sub::CryptoConstraintsFailure),
            Self::Expired(_) => (Indeterminate, Sub::OutOfBoundsNoPoe),
            Self::NotYetValid(_) => (TotalFailed, Sub::NotYetValid),
            Self::Revoked(_) => (TotalFailed, Sub::Revoked),
            Self::RevokedUnproven(_) => (Indeterminate, Sub::RevokedNoPoe),
            Self::IssuerRevoked(_) => (Indeterminate, Sub::RevokedCaNoPoe),
            Self::RevocationUnknown => (Indeterminate, Sub::TryLater),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAnchor => "no_trusted_authority",
            Self::Usage => "certificate_usage",
            Self::NotAuthority => "issuer_not_authority",
            Self::UnknownExtension(_) => "unknown_critical_extension",
            Self::Weak(_) => "weak_chain",
            Self::Expired(_) => "certificate_expired",
            Self::NotYetValid(_) => "certificate_not_yet_valid",
            Self::IssuerOutOfValidity => "issuer_out_of_validity",
            Self::Revoked(_) => "certificate_revoked",
            Self::RevokedUnproven(_) => "certificate_revoked_time_unproven",
            Self::IssuerRevoked(_) => "issuer_revoked",
            Self::RevocationUnknown => "revocation_unknown",
        }
    }

    fn detail(&self, holder: Holder) -> String {
        let holder = match holder {
            Holder::Signer => "签名证书",
            Holder::TimeStamper => "时间戳证书",
            Holder::SealMaker => "制章人证书",
        };
        match self {
            Self::NoAnchor => format!("{holder}不是由本单位信任的机构颁发的。"),
            Self::Usage => format!("{holder}的用途不符，不能用于此处。"),
            Self::NotAuthority => format!("{holder}的上级证书无权颁发它。"),
            Self::UnknownExtension(oid) => {
                format!("{holder}的证书链中有本程序不支持的关键扩展（{oid}）。")
            }
            Self::Weak(AlgorithmWords::Digest(name)) => {
                format!("{holder}的证书链使用了已不安全的杂凑算法{name}。")
            }
            Self::Weak(AlgorithmWords::Key(bits)) => {
                format!("{holder}的证书链中有只有{bits}位的RSA密钥，已不安全。")
            }
            Self::Weak(AlgorithmWords::Unknown(oid)) => {
                format!("{holder}的证书链使用了本程序不支持的算法（{oid}）。")
            }
            Self::Expired(at) => {
                format!("{holder}已于{}过期，无法证明签名是在有效期内作出的。", day(*at))
            }
            Self::NotYetValid(at) => format!("{holder}自{}起才有效。", day(*at)),
            Self::IssuerOutOfValidity => format!("{holder}的上级证书不在有效期内。"),
            Self::Revoked(at) => format!("{holder}已于{}被吊销，签名在此之后。", day(*at)),
            Self::RevokedUnproven(at) => {
                format!("{holder}已于{}被吊销，无法证明签名在此之前。", day(*at))
            }
            Self::IssuerRevoked(at) => format!("{holder}的上级证书已于{}被吊销。", day(*at)),
            Self::RevocationUnknown => {
                format!("没有可用的吊销信息，不能确认{holder}或其上级证书未被吊销。")
            }
        }
    }
}

/// The day in China, where the staff reads it.
fn day(moment: Moment) -> String {
    let beijing = chrono::FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");
    let time = chrono::DateTime::from_timestamp_millis(moment.0).unwrap_or_default();
    time.with_timezone(&beijing).format("%Y年%-m月%-d日").to_string()
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

impl From<Digest> for AlgorithmWords {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest.name())
    }
}

/// How grave findings are together, and the reasons in order: what makes a signature fail, then
/// what leaves it open, then what is only said.
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

/// 0 is the gravest.
pub fn gravity(finding: &Finding) -> u8 {
    match finding.verdict() {
        Some((Indication::TotalFailed, _)) => 0,
        Some(_) => 1,
        None => 2,
    }
}
