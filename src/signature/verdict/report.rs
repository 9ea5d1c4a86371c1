//! The verdict on a PDF handed in: where it came from, what was added, what each signature is worth.

use schemars::JsonSchema;
use serde::Serialize;

use crate::document::moment::Moment;
use crate::signature::changes::derivation::Derivation;
use crate::signature::changes::what::{Addition, Change};
use crate::signature::verdict::indication::{Indication, Judgement};
use crate::signature::x509::trust::{Revocation, Trust};

/// The verdict on a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "对一份PDF的核验结论")]
pub struct Report {
    /// The SHA-256 of the file, in hexadecimal.
    #[schemars(description = "文件的SHA-256，64位小写十六进制")]
    pub sha256: String,
    /// Its length.
    #[schemars(description = "文件的字节数")]
    pub bytes: usize,
    /// Number of its page sides.
    #[schemars(description = "页数")]
    pub pages: usize,
    /// When it was judged.
    #[schemars(description = "核验时间（RFC 3339，UTC）")]
    pub judged_at: Moment,
    /// The version of the program that judged it.
    #[schemars(description = "核验程序的版本")]
    pub program_version: &'static str,
    /// What was trusted.
    #[schemars(description = "所用的信任列表和策略")]
    pub trust: TrustInUse,
    /// How it came from ours; none where none of ours is known.
    #[schemars(description = "与原件的关系；不知道原件时为null")]
    pub derivation: Option<Derivation>,
    /// Its revisions, the oldest first.
    #[schemars(description = "文件的各次修订，最早的在前")]
    pub revisions: Vec<RevisionReport>,
    /// Its signatures, in the order of the form.
    #[schemars(description = "文件中的签名")]
    pub signatures: Vec<SignatureReport>,
    /// Whether all is as it should be.
    #[schemars(
        description = "是否通过：所有签名均为TOTAL-PASSED，且（知道原件时）原件一字节未动；没有签名的，须与原件完全相同"
    )]
    pub passed: bool,
}

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "核验所用的信任列表和策略")]
pub struct TrustInUse {
    /// The SHA-256 of all certificates and revocation lists, in hexadecimal.
    #[schemars(description = "信任列表的SHA-256，64位小写十六进制")]
    pub sha256: String,
    /// How many certificates.
    #[schemars(description = "信任的证书数；为0时任何签名都不会通过")]
    pub certificates: usize,
    /// How many revocation lists.
    #[schemars(description = "吊销列表数")]
    pub crls: usize,
    /// Whether something must tell that no certificate was revoked.
    #[schemars(description = "吊销检查：required（必须有有效的吊销信息）、if_present（有则检查）")]
    pub revocation: &'static str,
}

/// A revision of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "文件的一次修订")]
pub struct RevisionReport {
    /// Counted from 1.
    #[schemars(description = "修订，自1起")]
    pub revision: usize,
    /// Where it ends, in bytes.
    #[schemars(description = "到文件的第几个字节为止")]
    pub end: usize,
    /// What it adds, as signing does.
    #[schemars(description = "签署所作的追加")]
    pub additions: Vec<Addition>,
    /// What it changes otherwise.
    #[schemars(description = "签署所不允许的改动")]
    pub changes: Vec<Change>,
}

/// What a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    description = "签名的覆盖范围：file（整个文件）、revision（其所在修订及之前的全部内容）、unclear（不完整或不明）"
)]
pub enum Coverage {
    /// All of the file but itself.
    #[serde(rename = "file")]
    File,
    /// The same of its revision; something came later.
    #[serde(rename = "revision")]
    Revision,
    /// Less, or nobody knows.
    #[serde(rename = "unclear")]
    Unclear,
}

/// A signature of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "文件中的一个签名")]
pub struct SignatureReport {
    /// Its field; none where no field leads to it.
    #[schemars(description = "签名域的名称；不属于任何签名域的为null")]
    pub field: Option<String>,
    /// The revision that it was written in, counted from 1.
    #[schemars(description = "签名所在的修订，自1起；不明时为null")]
    pub revision: Option<usize>,
    /// What it covers.
    #[schemars(description = "覆盖范围")]
    pub coverage: Coverage,
    /// The page side that it shows itself on, counted from 1.
    #[schemars(description = "签名域所在的页，自1起")]
    pub page: Option<usize>,
    /// Whether anything of it shows there.
    #[schemars(description = "在页面上是否可见")]
    pub visible: bool,
    /// What was changed after it.
    #[schemars(description = "签名之后的改动")]
    pub later_changes: Vec<Change>,
    /// What is to be held of it.
    #[schemars(description = "结论")]
    pub judgement: Judgement,
}

impl TrustInUse {
    /// What is trusted.
    pub(crate) fn of(trust: &Trust) -> Self {
        Self {
            sha256: trust.sha256(),
            certificates: trust.certificates().count(),
            crls: trust.crls().count(),
            revocation: match trust.policy().revocation {
                Revocation::Required => "required",
                Revocation::IfPresent => "if_present",
            },
        }
    }
}

impl Report {
    /// Whether all is as it should be: every signature holds, and ours is intact. Without a
    /// signature nothing vouches for a file but that it is ours.
    pub(crate) fn holds(signatures: &[SignatureReport], derivation: Option<&Derivation>) -> bool {
        use crate::signature::changes::derivation::Kind;
        let has_passed =
            |one: &SignatureReport| one.judgement.indication == Indication::TotalPassed;
        match derivation.map(|derivation| derivation.kind) {
            Some(Kind::Identical) => true,
            Some(kind) if !kind.is_intact() => false,
            _ => !signatures.is_empty() && signatures.iter().all(has_passed),
        }
    }
}
