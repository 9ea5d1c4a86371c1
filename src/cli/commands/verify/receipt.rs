//! `hongtou verify --receipt`: verifies offline that a file is in a trusted log.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::cli::arguments::VerifyArguments;
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::cli::settings::log::read_policy;
use crate::log::entry::Entry;
use crate::log::note::policy::{Policy, Untrusted};
use crate::log::receipt::{Receipt, ReceiptError};

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Verified {
    valid: bool,
    reason: Option<&'static str>,
    origin: Option<String>,
    size: Option<u64>,
    index: u64,
    act: Option<String>,
    at: Option<String>,
    role: Option<String>,
    witnesses: Vec<String>,
}

/// Verifies a receipt: the file is an object of its entry, the entry is in the log, and the policy
/// trusts the checkpoint.
///
/// # Errors
/// Returns `CliError::Input` if a file cannot be read, `CliError::Receipt` if the receipt is malformed,
/// and `CliError::LogPolicy` if the policy is.
pub fn run(
    arguments: &VerifyArguments,
    receipt: &Path,
    policy: &Path,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let file = input::read(&arguments.file)?;
    let receipt = read_receipt(receipt)?;
    let policy = read_policy(policy)?;
    let verified = verify(&file, &receipt, &policy);
    if arguments.format.json {
        serde_json::to_writer_pretty(&mut *out, &verified).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print_for_staff(&verified, out)?;
    }
    Ok(if verified.valid { Outcome::Done } else { Outcome::Refused })
}

fn read_receipt(path: &Path) -> Result<Receipt, CliError> {
    let malformed = || CliError::Receipt { path: path.to_owned() };
    let text = String::from_utf8(input::read(path)?).map_err(|_| malformed())?;
    Receipt::parse(&text).map_err(|_| malformed())
}

fn verify(file: &[u8], receipt: &Receipt, policy: &Policy) -> Verified {
    let trusted = receipt.verify(policy);
    let entry = Entry::parse(&receipt.entry);
    let object = entry.as_ref().and_then(|entry| entry.object(file));
    let reason = match (&trusted, &object) {
        (Err(error), _) => Some(sentence(*error)),
        (Ok(_), None) => Some("回执不是这个文件的，或文件已有改动"),
        (Ok(_), Some(_)) => None,
    };
    let trusted = trusted.ok();
    let checkpoint = trusted.as_ref().map(|trusted| &trusted.checkpoint);
    Verified {
        valid: reason.is_none(),
        reason,
        origin: checkpoint.map(|checkpoint| checkpoint.origin.clone()),
        size: checkpoint.map(|checkpoint| checkpoint.size),
        index: receipt.index,
        role: object.map(|object| object.role.clone()),
        act: entry.as_ref().map(|entry| entry.act.clone()),
        at: entry.map(|entry| entry.at),
        witnesses: trusted.map(|trusted| trusted.witnesses).unwrap_or_default(),
    }
}

fn sentence(error: ReceiptError) -> &'static str {
    match error {
        ReceiptError::NotIncluded => "条目不在检查点所示的日志中",
        ReceiptError::Untrusted(Untrusted::Log(_)) => "检查点没有所信任的日志的有效签名",
        ReceiptError::Untrusted(Untrusted::InvalidCosignature) => "见证方的签名无效",
        ReceiptError::Untrusted(Untrusted::NoQuorum) => "所信任的见证方不足",
    }
}

fn print_for_staff(verified: &Verified, out: &mut impl Write) -> io::Result<()> {
    let Verified { reason, origin, size, index, at, witnesses, .. } = verified;
    let (Some(origin), Some(size), Some(at), None) = (origin, size, at, reason) else {
        return writeln!(out, "存证回执无效：{}。", reason.unwrap_or("条目无法识别"));
    };
    let number = index + 1;
    writeln!(out, "存证回执有效：文件于{at}存入，未经改动。")?;
    writeln!(out, "存证日志：{origin}，第{number}条，检查点共{size}条。")?;
    match witnesses.as_slice() {
        [] => writeln!(out, "见证方：无。"),
        names => writeln!(out, "见证方：{}。", names.join("、")),
    }
}
