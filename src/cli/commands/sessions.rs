//! `hongtou sessions`: lists and ends the sessions of signed-in staff.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde_json::json;
use tokio::runtime::Builder;

use crate::archive::access::sessions::{Ending, Session};
use crate::cli::arguments::help::{HELP, OPTIONS};
use crate::cli::arguments::options::OutputFormat;
use crate::cli::commands::keys::{ACTOR, titles};
use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;

/// The arguments of `sessions`.
#[derive(Debug, Args)]
pub struct SessionsArguments {
    /// The command to run.
    #[command(subcommand)]
    pub command: SessionsCommand,
}

/// The subcommands of `sessions`.
#[derive(Debug, Subcommand)]
pub enum SessionsCommand {
    /// Lists the sessions.
    #[command(
        about = "列出登录会话及其人员、角色和最近使用时间",
        help_template = HELP,
        override_usage = "hongtou sessions list [选项]"
    )]
    List(ListArguments),
    /// Ends sessions.
    #[command(
        about = "结束会话，立即生效",
        help_template = HELP,
        override_usage = "hongtou sessions end [选项] <编号>"
    )]
    End(EndArguments),
}

/// The arguments of `sessions list`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ListArguments {
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
    /// The storage that holds the sessions.
    #[command(flatten)]
    pub storage: Storage,
}

/// The arguments of `sessions end`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct EndArguments {
    /// The id of a session, or of the key or person whose sessions all end.
    #[arg(
        value_name = "编号",
        help = "会话的编号，或密钥、人员的编号（结束其全部会话），见hongtou sessions list",
        help_heading = "参数"
    )]
    pub id: String,
    /// The storage that holds the sessions.
    #[command(flatten)]
    pub storage: Storage,
}

/// Manages sessions.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is no archive to list or change, and `CliError::Database` or
/// `CliError::Store` if it cannot be opened or queried.
pub fn run(arguments: &SessionsArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Serve)?;
    runtime.block_on(async {
        match &arguments.command {
            SessionsCommand::List(arguments) => {
                let archive = arguments.storage.open_existing().await?;
                let sessions = archive.sessions().await.map_err(CliError::Database)?;
                let list = if arguments.format.json { list_for_programs } else { list_for_staff };
                list(&sessions, out)?;
                Ok(Outcome::Done)
            }
            SessionsCommand::End(arguments) => end(arguments, out).await,
        }
    })
}

async fn end(arguments: &EndArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let archive = arguments.storage.open_existing().await?;
    let mut n_ended = 0;
    for which in [Ending::Id(&arguments.id), Ending::Caller(&arguments.id)] {
        n_ended += archive.end_sessions(which, ACTOR).await.map_err(CliError::Database)?;
    }
    if n_ended == 0 {
        eprintln!("没有编号为{}的会话，也没有此编号的密钥或人员的会话。", arguments.id);
        return Ok(Outcome::Refused);
    }
    writeln!(out, "已结束{n_ended}个会话。")?;
    Ok(Outcome::Done)
}

fn list_for_staff(sessions: &[Session], out: &mut dyn Write) -> io::Result<()> {
    for session in sessions {
        writeln!(
            out,
            "{}  {}（{}）  角色：{}  机关：{}  始于{}  最近使用{}",
            session.id,
            session.name,
            session.caller,
            titles(&session.roles),
            session.agency.as_deref().unwrap_or("不限"),
            session.created_at,
            session.last_used_at,
        )?;
    }
    writeln!(out, "共{}个会话。", sessions.len())
}

fn list_for_programs(sessions: &[Session], out: &mut dyn Write) -> io::Result<()> {
    let sessions: Vec<_> = sessions
        .iter()
        .map(|session| {
            json!({
                "id": session.id,
                "caller": session.caller,
                "name": session.name,
                "roles": session.roles.names(),
                "agency": session.agency,
                "created_at": session.created_at,
                "last_used_at": session.last_used_at,
                "expires_at": session.expires_at,
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &sessions)?;
    writeln!(out)
}
