//! The bodies of requests and responses on signing, and the base64 in them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::moment::Moment;
use crate::http::problem::Problem;
use crate::signature::signing::preparation::Encoding;

/// What the signing system will return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    description = "签名的构造：cms（CMS，PAdES基本级，ETSI.CAdES.detached）、ses（电子签章，GB/T 38540）"
)]
#[serde(rename_all = "lowercase")]
pub enum SigningContainer {
    /// A CMS container, or a signature value for one.
    Cms,
    /// A seal.
    Ses,
}

impl From<SigningContainer> for Encoding {
    fn from(container: SigningContainer) -> Self {
        match container {
            SigningContainer::Cms => Self::Cms,
            SigningContainer::Ses => Self::Seal,
        }
    }
}

impl From<Encoding> for SigningContainer {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Cms => Self::Cms,
            Encoding::Seal => Self::Ses,
        }
    }
}

/// How a filing is to be signed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "请备签")]
pub struct NewSigning {
    /// What the signing system will return.
    #[schemars(description = "签名的构造")]
    pub container: SigningContainer,
    /// The space for the signature, in bytes.
    #[serde(default)]
    #[schemars(
        description = "为签名预留的字节数，4096至262144；不给出时cms为16384，ses为65536",
        range(min = 4096, max = 262_144)
    )]
    pub contents_max: Option<u32>,
    /// The chain of certificates, for signing systems that return a signature value.
    #[serde(default)]
    #[schemars(
        description = "签名证书及其上级证书（DER的base64），签名证书在前，至多16张；签名系统只返回签名值的须给出，只用于cms"
    )]
    pub certificates: Option<Vec<String>>,
}

/// A filing that is ready to be signed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "备签：待签的文件及其杂凑值")]
pub struct Signing {
    /// The id, which is the last part of the address for the signature.
    #[schemars(description = "备签的编号")]
    pub id: String,
    /// What the signing system returns.
    #[schemars(description = "签名的构造")]
    pub container: SigningContainer,
    /// The digests of the document.
    #[schemars(
        description = "待签文件（不含签名所占之处）的杂凑值，供返回CMS或电子签章的签名系统选用"
    )]
    pub document_digests: Vec<DocumentDigest>,
    /// What a signer signs who returns a signature value.
    #[schemars(description = "供只返回签名值的签名系统签署；没有给出证书的为null")]
    pub to_be_signed: Option<ToBeSigned>,
    /// `/ByteRange` of the signature.
    #[schemars(description = "签名覆盖的范围（ByteRange）")]
    pub byte_range: [usize; 4],
    /// The space for the signature, in bytes.
    #[schemars(description = "签名至多多少字节")]
    pub contents_max: usize,
    /// Until when the signature may be handed in.
    #[schemars(description = "签名应在此前提交（RFC 3339，UTC）", with = "String")]
    pub expires_at: Moment,
}

/// A digest of the document.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "文件的杂凑值")]
pub struct DocumentDigest {
    /// The name of the digest algorithm.
    #[schemars(description = "杂凑算法")]
    pub algorithm: &'static str,
    /// Its object identifier.
    #[schemars(description = "杂凑算法的对象标识符")]
    pub hash_algorithm_oid: &'static str,
    /// The digest, in base64.
    #[schemars(description = "杂凑值（base64）")]
    pub digest: String,
}

/// What a signer signs who returns a signature value.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "待签的签名属性")]
pub struct ToBeSigned {
    /// The signed attributes, in base64.
    #[schemars(description = "签名属性（DER的base64），供自行计算杂凑值的签名系统签署")]
    pub data: String,
    /// Their digest, in base64.
    #[schemars(
        description = "签名属性的杂凑值（base64），供对杂凑值签名的签名系统签署；SM2的为e，已含签名者标识和公钥（ZA）；Ed25519的为null"
    )]
    pub hash: Option<String>,
    /// The object identifier of the digest algorithm.
    #[schemars(description = "杂凑算法的对象标识符")]
    pub hash_algorithm_oid: String,
    /// The object identifier of the signature algorithm.
    #[schemars(description = "签名算法的对象标识符")]
    pub sign_algorithm_oid: String,
}

/// A signature from the signing system. Exactly one of `signature`, `cms` and `ses` is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "签名：signature、cms、ses给出且只给出一项")]
pub struct NewSignature {
    /// The signature value, in base64.
    #[serde(default)]
    #[schemars(description = "签名值（base64）；ECDSA和SM2的可为DER，也可为r‖s")]
    pub signature: Option<String>,
    /// The chain of certificates that the signing was prepared with.
    #[serde(default)]
    #[schemars(description = "备签时给出的证书，只用于signature")]
    pub certificates: Option<Vec<String>>,
    /// A CMS container, in base64.
    #[serde(default)]
    #[schemars(description = "CMS（DER的base64），对文件的杂凑值签署")]
    pub cms: Option<String>,
    /// A seal, in base64.
    #[serde(default)]
    #[schemars(description = "GB/T 38540的电子签章数据（DER的base64）")]
    pub ses: Option<String>,
}

/// The problem of an invalid body.
pub(crate) fn refused(sentence: impl Into<String>) -> Problem {
    Problem::InvalidBody(sentence.into())
}

/// Encodes bytes in base64.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes base64 with padding and without line breaks.
pub(crate) fn decoded(name: &str, text: &str) -> Result<Vec<u8>, Problem> {
    STANDARD.decode(text).map_err(|_| refused(format!("{name}不是正确的base64。")))
}

/// Decodes certificates.
pub(crate) fn decoded_all(texts: &[String]) -> Result<Vec<Vec<u8>>, Problem> {
    texts.iter().map(|text| decoded("certificates", text)).collect()
}
