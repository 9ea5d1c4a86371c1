//! `hongtou verify`: reports how a PDF derives from the original, which it remakes unless it is given,
//! and validates its signatures.

pub mod receipt;

use std::io::{self, Write};
use std::path::Path;

use bytes::Bytes;
use serde::Serialize;

use crate::archive::clock::{Clock, SystemClock};
use crate::cli::arguments::VerifyArguments;
use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::generate::remake::{Remake, remake, remake_by_builds};
use crate::generate::renderer::confinement::{Confinement, Limits};
use crate::generate::renderer::kept_builds::builds_in;
use crate::render::typesetter::Typesetter;
use crate::signature::changes::change::Change;
use crate::signature::verdict::indication::{Indication, SubIndication, ValidationResult};
use crate::signature::verdict::report::{Coverage, Report, RevisionReport, SignatureReport};
use crate::signature::verify::verify;

/// Verifies a PDF.
///
/// # Errors
/// Returns `CliError::Input` or `CliError::Fonts` if a file or the fonts cannot be read,
/// `CliError::UnreadablePdf` if the file is not a PDF, `CliError::Render` if typesetting fails, and
/// `CliError::Trust` if a trusted certificate is invalid.
pub fn run(arguments: &VerifyArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let file = input::read(&arguments.file)?;
    let (remake, original) = match &arguments.original {
        Some(original) => (None, Some(Bytes::from(input::read(original)?))),
        None => {
            let typesetter = Typesetter::new(font_set(arguments.fonts.fonts.as_deref())?);
            let (mut remake, mut original) = remake(&file, &typesetter)?;
            if let Some(folder) = arguments.builds.as_deref().filter(|_| original.is_none()) {
                (remake, original) = remake_by_builds_in(folder, &file)?;
            }
            (Some(remake), original)
        }
    };
    let trust = arguments.trust.read()?;
    let validation_time = arguments.at.unwrap_or_else(|| SystemClock.now());
    let report = verify(&file, original.as_deref(), &trust, validation_time)?;
    let passed = report.passed;
    let verified = Verified { report, remake, receipt: "not_checked" };
    if arguments.format.json {
        serde_json::to_writer_pretty(&mut *out, &verified).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print_for_staff(&verified, out)?;
    }
    Ok(if passed { Outcome::Done } else { Outcome::Refused })
}

fn remake_by_builds_in(folder: &Path, file: &[u8]) -> Result<(Remake, Option<Bytes>), CliError> {
    let unreadable = |cause| CliError::Input { path: folder.to_owned(), cause };
    let builds = builds_in(folder).map_err(unreadable)?;
    let launcher = std::env::current_exe().map_err(unreadable)?;
    let confinement = Confinement { launcher, limits: Limits::default() };
    Ok(remake_by_builds(file, &builds, &confinement)?)
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Verified {
    #[serde(flatten)]
    report: Report,
    /// `None` if the original is given.
    remake: Option<Remake>,
    /// The log is not asked: only `--receipt` proves that the file is in it.
    receipt: &'static str,
}

fn print_for_staff(verified: &Verified, out: &mut impl Write) -> io::Result<()> {
    let Verified { report, remake, .. } = verified;
    if let Some(remake) = remake {
        writeln!(out, "{}：{}。", remake.outcome.title(), remake.detail)?;
    }
    match &report.derivation {
        Some(derivation) => {
            writeln!(out, "与原件的关系：{}。{}", derivation.kind.title(), derivation.detail)?;
            print_changes(&derivation.changes, out)?;
        }
        None => {
            writeln!(out, "与原件的关系：没有原件（--original），未作比较。")?;
            for revision in &report.revisions {
                print_changes(&revision.changes, out)?;
            }
        }
    }
    print_additions(&report.revisions, out)?;
    if report.trust.certificates == 0 {
        writeln!(out, "没有设置信任的证书（--trust），任何签名都不会通过。")?;
    }
    for (index, signature) in report.signatures.iter().enumerate() {
        writeln!(out)?;
        print_signature(index + 1, signature, out)?;
    }
    writeln!(out)?;
    writeln!(out, "存证回执：未核验（用--receipt和--policy）。")?;
    let n_signatures = report.signatures.len();
    let conclusion = if report.passed { "通过" } else { "未通过" };
    match n_signatures {
        0 if report.passed => {
            writeln!(out, "文件是本系统生成的原件，尚未签署。结论：{conclusion}。")
        }
        0 => writeln!(out, "文件没有签名。结论：{conclusion}。"),
        _ => writeln!(out, "共{n_signatures}个签名。结论：{conclusion}。"),
    }
}

fn print_changes(changes: &[Change], out: &mut impl Write) -> io::Result<()> {
    for change in changes {
        let page = change.page.map(|page| format!("，第{page}页")).unwrap_or_default();
        let object = change.object.as_ref().map(|id| format!("，对象{id}")).unwrap_or_default();
        let Change { revision, detail, .. } = change;
        writeln!(out, "  改动（第{revision}次修订{page}{object}）：{detail}")?;
    }
    Ok(())
}

/// Prints what later revisions added as signing permits.
fn print_additions(revisions: &[RevisionReport], out: &mut impl Write) -> io::Result<()> {
    for RevisionReport { revision, additions, .. } in revisions {
        let titles: Vec<&str> = additions.iter().map(|addition| addition.title()).collect();
        if !titles.is_empty() {
            writeln!(out, "  允许的追加（第{revision}次修订）：{}。", titles.join("、"))?;
        }
    }
    Ok(())
}

fn print_signature(
    number: usize,
    signature: &SignatureReport,
    out: &mut impl Write,
) -> io::Result<()> {
    let ValidationResult {
        indication, sub_indication, signer, claimed_at, timestamp, reasons, ..
    } = &signature.validation;
    let field = signature.field.as_deref().unwrap_or("不属于任何签名域");
    writeln!(out, "签名{number}（{field}）：{}", indication_text(*indication, *sub_indication))?;
    if let Some(signer) = signer {
        writeln!(out, "  签名者：{}（颁发者：{}）", signer.subject, signer.issuer)?;
    }
    match (timestamp, claimed_at) {
        (Some(timestamp), _) => writeln!(out, "  时间：{}（时间戳）", timestamp.at)?,
        (None, Some(claimed_at)) => writeln!(out, "  时间：{claimed_at}（签名者自称）")?,
        (None, None) => {}
    }
    if let Some(algorithm) = &signature.validation.algorithm {
        writeln!(out, "  算法：{algorithm}")?;
    }
    let coverage = match signature.coverage {
        Coverage::File => "整个文件",
        Coverage::Revision => "其所在修订及之前的全部内容",
        Coverage::Unclear => "不完整或不明",
    };
    writeln!(out, "  覆盖范围：{coverage}")?;
    match (signature.page, signature.visible) {
        (Some(page), true) => writeln!(out, "  位置：第{page}页，在页面上可见")?,
        (Some(page), false) => writeln!(out, "  位置：第{page}页，在页面上不可见")?,
        (None, _) => writeln!(out, "  位置：不在页面上")?,
    }
    for reason in reasons {
        writeln!(out, "  原因：{}（{}）", reason.detail, reason.code)?;
    }
    Ok(())
}

/// An indication in Chinese, followed by the terms of ETSI EN 319 102-1.
fn indication_text(indication: Indication, sub_indication: Option<SubIndication>) -> String {
    let word = |value: serde_json::Result<serde_json::Value>| {
        let text = value.ok().and_then(|value| value.as_str().map(str::to_owned));
        text.unwrap_or_default()
    };
    let title = match indication {
        Indication::TotalPassed => "有效",
        Indication::TotalFailed => "无效",
        Indication::Indeterminate => "不能确定",
    };
    let indication = word(serde_json::to_value(indication));
    match sub_indication {
        Some(sub) => format!("{title}（{indication}/{}）", word(serde_json::to_value(sub))),
        None => format!("{title}（{indication}）"),
    }
}
