//! `hongtou witness`: cosigns the logs of others, over the network or from a file.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use crate::archive::clock::{Clock, SystemClock};
use crate::archive::witness::{Witness, WitnessError};
use crate::cli::arguments::help::{HELP, OPTIONS};
use crate::cli::data_folder;
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::log_key;
use crate::cli::outcome::Outcome;
use crate::cli::process::stop_signal::StopSignal;
use crate::cli::settings::log::read_policy;
use crate::http::log::witness::serve_witness;
use crate::log::note::keys::Algorithm;
use crate::log::note::signed_note::is_key_name;
use crate::log::witness::{AddCheckpoint, Refusal};

/// The arguments of `witness`.
#[derive(Debug, Args)]
pub struct WitnessArguments {
    /// The command to run.
    #[command(subcommand)]
    pub command: WitnessCommand,
}

/// The subcommands of `witness`.
#[derive(Debug, Subcommand)]
pub enum WitnessCommand {
    /// Serves HTTP.
    #[command(
        about = "启动见证服务",
        help_template = HELP,
        override_usage = "hongtou witness serve [选项] --name <名称> --logs <文件>"
    )]
    Serve(ServeArguments),
    /// Cosigns a request in a file.
    #[command(
        about = "签署文件中的见证请求，用于不联网的机器",
        help_template = HELP,
        override_usage = "hongtou witness cosign [选项] --name <名称> --logs <文件> <请求>"
    )]
    Cosign(CosignArguments),
}

/// Who the witness is, and which logs it knows.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Identity {
    /// The name of the witness.
    #[arg(
        long,
        value_name = "名称",
        value_parser = name,
        help = "见证方的名称，如daj.example.gov.cn/witness"
    )]
    pub name: String,
    /// A policy with the keys of the logs.
    #[arg(long, value_name = "文件", help = "所见证的日志，每行“log 公钥”，末行“quorum none”")]
    pub logs: PathBuf,
    /// The folder for the key and the last checkpoints.
    #[arg(
        long,
        value_name = "目录",
        default_value = "hongtou-witness",
        hide_default_value = true,
        help = "存放密钥和最近签署的检查点（默认hongtou-witness）；不可丢失或恢复为旧的"
    )]
    pub data: PathBuf,
}

/// The arguments of `witness serve`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ServeArguments {
    /// The witness.
    #[command(flatten)]
    pub identity: Identity,
    /// The address to listen on.
    #[arg(
        long,
        value_name = "地址:端口",
        default_value = "127.0.0.1:8090",
        hide_default_value = true,
        help = "监听地址（默认127.0.0.1:8090）"
    )]
    pub listen: String,
}

/// The arguments of `witness cosign`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct CosignArguments {
    /// The request.
    #[arg(
        value_name = "请求",
        help = "hongtou archive request-cosignature所写的文件；“-”表示标准输入",
        help_heading = "参数"
    )]
    pub file: PathBuf,
    /// The witness.
    #[command(flatten)]
    pub identity: Identity,
}

/// Cosigns logs.
///
/// # Errors
/// Returns `CliError::FolderInUse` if another witness uses the folder, `CliError::Input`,
/// `CliError::Output`, `CliError::LogKey` or `CliError::LogPolicy` if a file cannot be used, and
/// `CliError::Listen` if the server cannot listen on the address.
pub fn run(arguments: &WitnessArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    match &arguments.command {
        WitnessCommand::Serve(arguments) => {
            let runtime =
                Builder::new_multi_thread().enable_all().build().map_err(CliError::Serve)?;
            runtime.block_on(serve(arguments, out))
        }
        WitnessCommand::Cosign(arguments) => cosign(arguments, out),
    }
}

async fn serve(arguments: &ServeArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let ServeArguments { identity, listen } = arguments;
    let _lock = identity.lock()?;
    let (witness, vkey) = identity.witness()?;
    let cannot_listen = |cause| CliError::Listen { address: listen.clone(), cause };
    let stop = StopSignal::install().map_err(CliError::Serve)?;
    let listener = TcpListener::bind(listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let started = format!("见证服务已启动：http://{address}（按Ctrl+C停止）\n公钥：{vkey}\n");
    out.write_all(started.as_bytes())?;
    out.flush()?;
    serve_witness(listener, witness, stop.received()).await.map_err(CliError::Serve)?;
    Ok(Outcome::Done)
}

fn cosign(arguments: &CosignArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let CosignArguments { file, identity } = arguments;
    let _lock = identity.lock()?;
    let (witness, _) = identity.witness()?;
    let body = String::from_utf8_lossy(&input::read(file)?).into_owned();
    let request = AddCheckpoint::parse(&body).map_err(WitnessError::Refused);
    match request.and_then(|request| witness.cosign(&request, SystemClock.now())) {
        Ok(signature) => {
            write!(out, "{}", signature.to_line())?;
            Ok(Outcome::Done)
        }
        Err(WitnessError::Refused(refusal)) => {
            eprintln!("{}", sentence(refusal));
            Ok(Outcome::Refused)
        }
        Err(WitnessError::Io(cause)) => {
            Err(CliError::Output { path: identity.data.clone(), cause })
        }
    }
}

impl Identity {
    /// Creates the folder and locks it, because only one process may sign with it.
    fn lock(&self) -> Result<std::fs::File, CliError> {
        let unwritable = |cause| CliError::Output { path: self.data.clone(), cause };
        data_folder::create(&self.data).map_err(unwritable)?;
        data_folder::lock(&self.data).map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => CliError::FolderInUse { path: self.data.clone() },
            std::fs::TryLockError::Error(cause) => unwritable(cause),
        })
    }

    /// The witness and its public key. Makes the key if there is none.
    fn witness(&self) -> Result<(Witness, String), CliError> {
        let path = self.data.join("witness.key");
        let key = log_key::parse(&path, &log_key::read_or_make(&path)?, &self.name)?;
        let logs = read_policy(&self.logs)?.logs;
        let vkey = key.verifier(Algorithm::Cosignature).to_vkey();
        Ok((Witness::new(&self.data, key, logs), vkey))
    }
}

fn sentence(refusal: Refusal) -> String {
    match refusal {
        Refusal::Malformed => "不是见证请求。".to_owned(),
        Refusal::Unsigned => "检查点没有该日志的有效签名。".to_owned(),
        Refusal::UnknownLog => "不见证这个日志（--logs）。".to_owned(),
        Refusal::OtherSize(size) => {
            format!("上次签署到{size}条，请按此重新生成请求（--old {size}）。")
        }
        Refusal::Inconsistent => "日志不是上次签署的延续：已有条目被改动。请立即查明。".to_owned(),
    }
}

fn name(text: &str) -> Result<String, &'static str> {
    is_key_name(text).then(|| text.to_owned()).ok_or("not a name")
}
