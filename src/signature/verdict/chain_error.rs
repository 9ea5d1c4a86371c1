//! The errors of certificate chains, each with its indication, code and sentence.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::DigestAlgorithm;
use crate::signature::verdict::indication::SubIndication as Sub;
use crate::signature::verdict::row::{Row, day};

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateRole {
    /// It signs the document.
    Signer,
    /// It signs time stamps.
    TimeStampingAuthority,
    /// It signs electronic seals (制章人).
    SealMaker,
}

/// An error of a certificate chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainError {
    /// No chain ends at a trust anchor.
    NoAnchor,
    /// The key usage or extended key usage does not allow the role.
    KeyUsage,
    /// An issuer is not a CA, or the path length constraint is exceeded.
    IssuerNotCa,
    /// An unsupported critical extension.
    UnsupportedExtension(ObjectIdentifier),
    /// A certificate of the chain is signed with a weak or unsupported algorithm.
    UnacceptableAlgorithm(UnacceptableAlgorithm),
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
    /// There is no fresh revocation information for a certificate of the chain.
    RevocationUnknown,
}

/// An algorithm or key that is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnacceptableAlgorithm {
    /// A broken digest algorithm, by name.
    Digest(&'static str),
    /// An RSA key that is too short, with its bits.
    Key(usize),
    /// An unsupported algorithm.
    Unsupported(ObjectIdentifier),
}

impl ChainError {
    #[expect(clippy::too_many_lines, reason = "one row for each error")]
    pub fn row(&self, role: CertificateRole) -> Row {
        let certificate = match role {
            CertificateRole::Signer => "签名证书",
            CertificateRole::TimeStampingAuthority => "时间戳证书",
            CertificateRole::SealMaker => "制章人证书",
        };
        match self {
            Self::NoAnchor => Row::indeterminate(
                Sub::NoCertificateChainFound,
                "no_trusted_authority",
                format!("{certificate}不是由本单位信任的机构颁发的。"),
            ),
            Self::KeyUsage => Row::indeterminate(
                Sub::ChainConstraintsFailure,
                "certificate_usage",
                format!("{certificate}的用途不符，不能用于此处。"),
            ),
            Self::IssuerNotCa => Row::indeterminate(
                Sub::CertificateChainGeneralFailure,
                "issuer_not_authority",
                format!("{certificate}的上级证书无权颁发它。"),
            ),
            Self::UnsupportedExtension(oid) => Row::indeterminate(
                Sub::CertificateChainGeneralFailure,
                "unknown_critical_extension",
                format!("{certificate}的证书链中有本程序不支持的关键扩展（{oid}）。"),
            ),
            Self::UnacceptableAlgorithm(UnacceptableAlgorithm::Digest(name)) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "weak_chain",
                format!("{certificate}的证书链使用了已不安全的杂凑算法{name}。"),
            ),
            Self::UnacceptableAlgorithm(UnacceptableAlgorithm::Key(bits)) => Row::indeterminate(
                Sub::CryptoConstraintsFailure,
                "weak_chain",
                format!("{certificate}的证书链中有只有{bits}位的RSA密钥，已不安全。"),
            ),
            Self::UnacceptableAlgorithm(UnacceptableAlgorithm::Unsupported(oid)) => {
                Row::indeterminate(
                    Sub::CryptoConstraintsFailure,
                    "weak_chain",
                    format!("{certificate}的证书链使用了本程序不支持的算法（{oid}）。"),
                )
            }
            Self::Expired(at) => Row::indeterminate(
                Sub::OutOfBoundsNoPoe,
                "certificate_expired",
                format!("{certificate}已于{}过期，无法证明签名是在有效期内作出的。", day(*at)),
            ),
            Self::NotYetValid(at) => Row::failed(
                Sub::NotYetValid,
                "certificate_not_yet_valid",
                format!("{certificate}自{}起才有效。", day(*at)),
            ),
            Self::IssuerOutOfValidity => Row::indeterminate(
                Sub::CertificateChainGeneralFailure,
                "issuer_out_of_validity",
                format!("{certificate}的上级证书不在有效期内。"),
            ),
            Self::Revoked(at) => Row::failed(
                Sub::Revoked,
                "certificate_revoked",
                format!("{certificate}已于{}被吊销，签名在此之后。", day(*at)),
            ),
            Self::RevokedUnproven(at) => Row::indeterminate(
                Sub::RevokedNoPoe,
                "certificate_revoked_time_unproven",
                format!("{certificate}已于{}被吊销，无法证明签名在此之前。", day(*at)),
            ),
            Self::IssuerRevoked(at) => Row::indeterminate(
                Sub::RevokedCaNoPoe,
                "issuer_revoked",
                format!("{certificate}的上级证书已于{}被吊销。", day(*at)),
            ),
            Self::RevocationUnknown => Row::indeterminate(
                Sub::TryLater,
                "revocation_unknown",
                format!("没有可用的吊销信息，不能确认{certificate}或其上级证书未被吊销。"),
            ),
        }
    }
}

impl From<DigestAlgorithm> for UnacceptableAlgorithm {
    fn from(digest: DigestAlgorithm) -> Self {
        Self::Digest(digest.name())
    }
}
