//! The verdict on a submitted PDF: its derivation, its revisions and its signatures.

use schemars::JsonSchema;
use serde::Serialize;

use crate::changes::change::{Addition, Change};
use crate::changes::derivation::{Derivation, DerivationKind};
use crate::verdict::indication::{Indication, ValidationResult};
use crate::x509::trust::{RevocationChecking, Trust};
use hongtou_rules::document::moment::Moment;

/// The verdict on a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "对一份PDF的核验结论")]
pub struct Report {
    /// The SHA-256 of the file, in hexadecimal.
    #[schemars(description = "文件的SHA-256，64位小写十六进制")]
    pub sha256: String,
    /// Its size in bytes.
    #[schemars(description = "文件的字节数")]
    pub bytes: usize,
    /// Number of pages.
    #[schemars(description = "页数")]
    pub pages: usize,
    /// The validation time.
    #[schemars(description = "核验时间（RFC 3339，UTC）")]
    #[serde(rename = "judged_at")]
    pub validation_time: Moment,
    /// The program version.
    #[schemars(description = "核验程序的版本")]
    pub program_version: &'static str,
    /// The trust settings.
    #[schemars(description = "所用的信任列表和策略")]
    pub trust: TrustInUse,
    /// The derivation from the original; `None` if the original is unknown.
    #[schemars(description = "与原件的关系；不知道原件时为null")]
    pub derivation: Option<Derivation>,
    /// Its revisions, the oldest first.
    #[schemars(description = "文件的各次修订，最早的在前")]
    pub revisions: Vec<RevisionReport>,
    /// Whether nobody signed, but a page has a picture or a stamp, as a seal without a signature
    /// is. Our PDFs have none.
    #[serde(skip)]
    pub has_seal_picture: bool,
    /// Its signatures, in the order of the fields.
    #[schemars(description = "文件中的签名")]
    pub signatures: Vec<SignatureReport>,
    /// Whether the file passes.
    #[schemars(
        description = "是否通过：所有签名均为TOTAL-PASSED，且（知道原件时）原件一字节未动；没有签名的，须与原件完全相同"
    )]
    pub passed: bool,
}

/// The trust settings of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "核验所用的信任列表和策略")]
pub struct TrustInUse {
    /// The SHA-256 of all certificates and revocation lists, in hexadecimal.
    #[schemars(description = "信任列表的SHA-256，64位小写十六进制")]
    pub sha256: String,
    /// Number of trusted certificates.
    #[schemars(description = "信任的证书数；为0时任何签名都不会通过")]
    pub certificates: usize,
    /// Number of revocation lists.
    #[schemars(description = "吊销列表数")]
    pub crls: usize,
    /// Whether revocation information is required.
    #[schemars(description = "吊销检查：required（必须有有效的吊销信息）、if_present（有则检查）")]
    pub revocation: &'static str,
}

/// A revision of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "文件的一次修订")]
pub struct RevisionReport {
    /// Number, from 1.
    #[schemars(description = "修订，自1起")]
    pub revision: usize,
    /// The offset at which it ends.
    #[schemars(description = "到文件的第几个字节为止")]
    pub end: usize,
    /// Additions that signing permits.
    #[schemars(description = "签署所作的追加")]
    pub additions: Vec<Addition>,
    /// Changes that signing does not permit.
    #[schemars(description = "签署所不允许的改动")]
    pub changes: Vec<Change>,
}

/// What a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    description = "签名的覆盖范围：file（整个文件）、revision（其所在修订及之前的全部内容）、unclear（不完整或不明）"
)]
pub enum Coverage {
    /// The whole file except the signature itself.
    #[serde(rename = "file")]
    File,
    /// The whole revision except the signature itself; later revisions are not covered.
    #[serde(rename = "revision")]
    Revision,
    /// Only a part, or it is unknown.
    #[serde(rename = "unclear")]
    Unclear,
}

/// A signature of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "文件中的一个签名")]
pub struct SignatureReport {
    /// The name of its field; `None` if no field refers to it.
    #[schemars(description = "签名域的名称；不属于任何签名域的为null")]
    pub field: Option<String>,
    /// Its revision, from 1; `None` if it is unclear.
    #[schemars(description = "签名所在的修订，自1起；不明时为null")]
    pub revision: Option<usize>,
    /// The bytes it covers.
    #[schemars(description = "覆盖范围")]
    pub coverage: Coverage,
    /// The page of its field, from 1.
    #[schemars(description = "签名域所在的页，自1起")]
    pub page: Option<usize>,
    /// Whether it is visible on the page.
    #[schemars(description = "在页面上是否可见")]
    pub visible: bool,
    /// Whether the place for its container is still empty: a program prepared the signature, and
    /// nobody signed.
    #[serde(skip)]
    pub is_blank: bool,
    /// The changes after signing.
    #[schemars(description = "签名之后的改动")]
    pub later_changes: Vec<Change>,
    /// The result of validating the signature.
    #[schemars(description = "结论")]
    #[serde(rename = "judgement")]
    pub validation: ValidationResult,
}

impl TrustInUse {
    /// Summarizes the trust settings.
    pub(crate) fn of(trust: &Trust) -> Self {
        Self {
            sha256: trust.sha256(),
            certificates: trust.certificates().count(),
            crls: trust.crls().count(),
            revocation: match trust.policy().revocation {
                RevocationChecking::Required => "required",
                RevocationChecking::IfPresent => "if_present",
            },
        }
    }
}

impl Report {
    /// Whether the file came back signed or sealed, validly or not: with a signature, the picture of a
    /// seal, or as a scan.
    pub fn is_signed(&self) -> bool {
        let kind = self.derivation.as_ref().map(|derivation| derivation.kind);
        self.signatures.iter().any(|signature| !signature.is_blank)
            || self.has_seal_picture
            || kind == Some(DerivationKind::Scan)
    }

    /// Whether the file passes: every signature is valid and the original is intact. A file without
    /// signatures passes only if it is the original.
    pub(crate) fn passes(signatures: &[SignatureReport], derivation: Option<&Derivation>) -> bool {
        let has_passed =
            |one: &SignatureReport| one.validation.indication == Indication::TotalPassed;
        match derivation.map(|derivation| derivation.kind) {
            Some(DerivationKind::Identical) => true,
            Some(kind) if !kind.is_intact() => false,
            _ => !signatures.is_empty() && signatures.iter().all(has_passed),
        }
    }
}
