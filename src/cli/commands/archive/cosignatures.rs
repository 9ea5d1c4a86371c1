//! `hongtou archive request-cosignature` and `add-cosignature`: a witness that no network reaches.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::cli::arguments::help::OPTIONS;
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;
use crate::log::note::keys::VerifierKey;
use crate::log::note::signed_note::parse_signatures;

/// The arguments of `archive request-cosignature`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct RequestArguments {
    /// The size that the witness cosigned last.
    #[arg(
        long,
        value_name = "条数",
        default_value_t = 0,
        hide_default_value = true,
        help = "见证方上次签署到的条数（默认0，即首次）"
    )]
    pub old: u64,
    /// The storage of the log.
    #[command(flatten)]
    pub storage: Storage,
}

/// The arguments of `archive add-cosignature`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct AddArguments {
    /// The output of `witness cosign`.
    #[arg(
        value_name = "文件",
        help = "hongtou witness cosign的输出；“-”表示标准输入",
        help_heading = "参数"
    )]
    pub file: PathBuf,
    /// The public key of the witness.
    #[arg(long, value_name = "公钥", value_parser = vkey, help = "见证方的公钥")]
    pub witness: VerifierKey,
    /// The storage of the log.
    #[command(flatten)]
    pub storage: Storage,
}

/// Prints the request.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is no archive, `CliError::Database` or `CliError::Store` if it
/// cannot be opened, and `CliError::Log` if the log cannot be read.
pub async fn request(
    arguments: &RequestArguments,
    out: &mut impl Write,
) -> Result<Outcome, CliError> {
    let archive = arguments.storage.open_existing().await?;
    let request = archive.request_for_witness(arguments.old).await;
    let Some(request) = request.map_err(|error| CliError::Log(error.into()))? else {
        eprintln!("存证日志没有新的检查点可供见证。");
        return Ok(Outcome::Refused);
    };
    write!(out, "{}", request.to_text())?;
    Ok(Outcome::Done)
}

/// Adds the signature to the checkpoint that it signs.
///
/// # Errors
/// Like `request`; also `CliError::Input` if the file cannot be read.
pub async fn add(arguments: &AddArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let AddArguments { file, witness, storage } = arguments;
    let text = String::from_utf8_lossy(&input::read(file)?).into_owned();
    let signatures = parse_signatures(&text).unwrap_or_default();
    let archive = storage.open_existing().await?;
    for signature in signatures.iter().filter(|one| witness.is_of(one)) {
        let size = archive.add_cosignature(witness, signature).await;
        if let Some(size) = size.map_err(|error| CliError::Log(error.into()))? {
            writeln!(out, "已存入见证方对{size}条的签名。")?;
            return Ok(Outcome::Done);
        }
    }
    eprintln!("其中没有该见证方对本日志检查点的有效签名。");
    Ok(Outcome::Refused)
}

fn vkey(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text).map_err(|error| error.to_string())
}
