//! The result of validating one signature (ETSI EN 319 102-1, 5.1.3).

use schemars::JsonSchema;
use serde::Serialize;

use crate::document::moment::Moment;

/// The indication of a signature or a time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "总体结论（ETSI EN 319 102-1）")]
pub enum Indication {
    /// The signature is valid.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// The signature is not valid.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
    /// The available information is not sufficient for a decision.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
}

/// The sub-indication: why a signature is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "具体原因（ETSI EN 319 102-1）")]
pub enum SubIndication {
    /// The signature does not conform to its format.
    #[serde(rename = "FORMAT_FAILURE")]
    FormatFailure,
    /// The signed bytes have been changed.
    #[serde(rename = "HASH_FAILURE")]
    HashFailure,
    /// The signature value does not match the key of the certificate.
    #[serde(rename = "SIG_CRYPTO_FAILURE")]
    SigCryptoFailure,
    /// The certificate was revoked before the claimed signing time.
    #[serde(rename = "REVOKED")]
    Revoked,
    /// The certificate was revoked, and there is no proof that the signature existed before.
    #[serde(rename = "REVOKED_NO_POE")]
    RevokedNoPoe,
    /// An authority of the chain was revoked, and there is no proof that the signature existed before.
    #[serde(rename = "REVOKED_CA_NO_POE")]
    RevokedCaNoPoe,
    /// The certificate was outside its validity period, and there is no proof of an earlier signature.
    #[serde(rename = "OUT_OF_BOUNDS_NO_POE")]
    OutOfBoundsNoPoe,
    /// The signature was created before the validity period of the certificate.
    #[serde(rename = "NOT_YET_VALID")]
    NotYetValid,
    /// An algorithm or a key is too weak or not supported.
    #[serde(rename = "CRYPTO_CONSTRAINTS_FAILURE")]
    CryptoConstraintsFailure,
    /// The signature lacks a required attribute.
    #[serde(rename = "SIG_CONSTRAINTS_FAILURE")]
    SigConstraintsFailure,
    /// The certificate chain is not valid.
    #[serde(rename = "CERTIFICATE_CHAIN_GENERAL_FAILURE")]
    CertificateChainGeneralFailure,
    /// The certificate must not be used to sign documents.
    #[serde(rename = "CHAIN_CONSTRAINTS_FAILURE")]
    ChainConstraintsFailure,
    /// There is no chain to a trust anchor.
    #[serde(rename = "NO_CERTIFICATE_CHAIN_FOUND")]
    NoCertificateChainFound,
    /// The certificate of the signer is missing.
    #[serde(rename = "NO_SIGNING_CERTIFICATE_FOUND")]
    NoSigningCertificateFound,
    /// There is no information on whether the certificate was revoked.
    #[serde(rename = "TRY_LATER")]
    TryLater,
    /// Another cause, which the reasons give.
    #[serde(rename = "GENERIC")]
    Generic,
}

/// The result of validating one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Judgement", description = "对一个签名的结论")]
pub struct ValidationResult {
    /// The indication.
    #[schemars(description = "总体结论")]
    pub indication: Indication,
    /// The sub-indication; `None` if the signature is valid.
    #[schemars(description = "具体原因")]
    pub sub_indication: Option<SubIndication>,
    /// The kind of signature.
    #[schemars(description = "签名的构造")]
    pub scheme: Scheme,
    /// Digest and signature algorithm, such as `ECDSA P-256, SHA-256`.
    #[schemars(description = "算法")]
    pub algorithm: Option<String>,
    /// The signing certificate.
    #[schemars(description = "签名者")]
    pub signer: Option<Signer>,
    /// The claimed signing time, which nothing proves.
    #[schemars(description = "签名者自称的签名时间")]
    pub claimed_at: Option<Moment>,
    /// The signature time stamp, or the document time stamp itself.
    #[schemars(description = "签名上的时间戳")]
    pub timestamp: Option<Timestamp>,
    /// All findings, the most severe first.
    #[schemars(description = "发现的问题，最严重的在前")]
    pub reasons: Vec<Reason>,
}

/// The kind of signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    description = "签名的构造：cms、ses（GB/T 38540电子签章）、timestamp（时间戳）、unknown"
)]
pub enum Scheme {
    /// CMS (RFC 5652), including the object identifiers of GM/T 0010.
    #[serde(rename = "cms")]
    Cms,
    /// An electronic seal (GB/T 38540-2020, GM/T 0031-2014).
    #[serde(rename = "ses")]
    Ses,
    /// A time stamp of the whole file (RFC 3161).
    #[serde(rename = "timestamp")]
    Timestamp,
    /// Another or unreadable format.
    #[serde(rename = "unknown")]
    Unknown,
}

/// A certificate, as reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "签名证书")]
pub struct Signer {
    /// The subject (RFC 4514).
    #[schemars(description = "证书持有者")]
    pub subject: String,
    /// The issuer (RFC 4514).
    #[schemars(description = "颁发者")]
    pub issuer: String,
    /// The serial number, in hexadecimal.
    #[schemars(description = "证书序列号，十六进制")]
    pub serial_number: String,
    /// The SHA-256 of the certificate, in hexadecimal.
    #[schemars(description = "证书的SHA-256")]
    pub certificate_sha256: String,
    /// Start of the validity period.
    #[schemars(description = "有效期起")]
    pub not_before: Moment,
    /// End of the validity period.
    #[schemars(description = "有效期止")]
    pub not_after: Moment,
}

/// A time stamp, as reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "签名上的时间戳")]
pub struct Timestamp {
    /// The time in the time stamp.
    #[schemars(description = "时间戳的时间")]
    pub at: Moment,
    /// The certificate of the time-stamping authority.
    #[schemars(description = "时间戳的颁发者")]
    pub authority: Option<Signer>,
    /// The indication.
    #[schemars(description = "总体结论")]
    pub indication: Indication,
    /// The sub-indication.
    #[schemars(description = "具体原因")]
    pub sub_indication: Option<SubIndication>,
}

/// A finding, as reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "发现的问题")]
pub struct Reason {
    /// A stable code, in `snake_case`.
    #[schemars(description = "固定的代码")]
    pub code: String,
    /// A Chinese sentence for staff.
    #[schemars(description = "说明")]
    pub detail: String,
}
