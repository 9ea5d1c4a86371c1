//! The faults of certificate chains, each with its verdict, code and sentence.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::Digest;
use crate::signature::verdict::indication::SubIndication as Sub;
use crate::signature::verdict::row::{Row, day};

/// The role of a certificate's holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Signer,
    TimeStamper,
    SealMaker,
}

/// A fault in a certificate chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// No chain leads to a trust anchor.
    NoAnchor,
    /// The key usage does not allow this use.
    Usage,
    /// An issuer is not a CA, or the path length constraint is exceeded.
    NotAuthority,
    /// An unsupported critical extension.
    UnknownExtension(ObjectIdentifier),
    /// A certificate of the chain is signed with a weak or unknown algorithm.
    Weak(AlgorithmWords),
    /// The certificate is expired, and there is no proof that the signature existed before.
    Expired(Moment),
    /// The signature existed before the certificate became valid.
    NotYetValid(Moment),
    /// A CA of the chain is outside its validity period.
    IssuerOutOfValidity,
    /// The certificate was revoked before the claimed signing time.
    Revoked(Moment),
    /// The certificate is revoked, and there is no proof that the signature existed before.
    RevokedUnproven(Moment),
    /// A CA of the chain is revoked.
    IssuerRevoked(Moment),
    /// There is no revocation information for a certificate of the chain.
    RevocationUnknown,
}

/// Why an algorithm is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlgorithmWords {
    Digest(&'static str),
    Key(usize),
    Unknown(ObjectIdentifier),
}

impl ChainFault {
    #[expect(clippy::too_many_lines, reason = "one row for each fault")]
    pub fn row(&self, holder: Holder) -> Row {
        let holder = match holder {
            Holder::Signer => "签名证书",
            Holder::TimeStamper => "时间戳证书",
            Holder::SealMaker => "制章人证书",
        };
        match self {
            Self::NoAnchor => Row::indeterminate(
                Sub::NoCertificateChainFound,
                "no_trusted_authority",
                format!("{holder}不是由本单位信任的机构颁发的。"),
            ),
            Self::Usage => Row::indeterminate(
                Sub::ChainConstraintsFailure,
                "certificate_usage",
                format!("{holder}的用途不符，不能用于此处。"),
            ),
            Self::NotAuthority => Row::indeterminate(
                Sub::CertificateChainGeneralFailure,
                "issuer_not_authority",
                format!("{holder}的上级证书无权颁发它。"),
            ),
            Self::UnknownExtension(oid) => Row::indeterminate(
                Sub::CertificateChainGeneralFailure,
                "unknown_critical_extension",
                format!("{holder}的证书链中有本程序不支持的关键扩展（{oid}）。"),
            ),
            Self::Weak(AlgorithmWords::Digest(name)) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "weak_chain",
                format!("{holder}的证书链使用了已不安全的杂凑算法{name}。"),
            ),
            Self::Weak(AlgorithmWords::Key(bits)) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "weak_chain",
                format!("{holder}的证书链中有只有{bits}位的RSA密钥，已不安全。"),
            ),
            Self::Weak(AlgorithmWords::Unknown(oid)) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "weak_chain",
                format!("{holder}的证书链使用了本程序不支持的算法（{oid}）。"),
            ),
            Self::Expired(at) => Row::indeterminate(
                Sub::OutOfBoundsNoPoe,
                "certificate_expired",
                format!("{holder}已于{}过期，无法证明签名是在有效期内作出的。", day(*at)),
            ),
            Self::NotYetValid(at) => Row::failed(
                Sub::NotYetValid,
                "certificate_not_yet_valid",
                format!("{holder}自{}起才有效。", day(*at)),
            ),
            Self::IssuerOutOfValidity => Row::indeterminate(
                Sub::CertificateChainGeneralFailure,
                "issuer_out_of_validity",
                format!("{holder}的上级证书不在有效期内。"),
            ),
            Self::Revoked(at) => Row::failed(
                Sub::Revoked,
                "certificate_revoked",
                format!("{holder}已于{}被吊销，签名在此之后。", day(*at)),
            ),
            Self::RevokedUnproven(at) => Row::indeterminate(
                Sub::RevokedNoPoe,
                "certificate_revoked_time_unproven",
                format!("{holder}已于{}被吊销，无法证明签名在此之前。", day(*at)),
            ),
            Self::IssuerRevoked(at) => Row::indeterminate(
                Sub::RevokedCaNoPoe,
                "issuer_revoked",
                format!("{holder}的上级证书已于{}被吊销。", day(*at)),
            ),
            Self::RevocationUnknown => Row::indeterminate(
                Sub::TryLater,
                "revocation_unknown",
                format!("没有可用的吊销信息，不能确认{holder}或其上级证书未被吊销。"),
            ),
        }
    }
}

impl From<Digest> for AlgorithmWords {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest.name())
    }
}
