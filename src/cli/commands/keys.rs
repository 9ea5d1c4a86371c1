//! `hongtou keys`: adds, lists and revokes the keys of callers.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde_json::json;
use tokio::runtime::Builder;

use crate::archive::Archive;
use crate::archive::access::caller::{Grant, GrantError, Role, Roles};
use crate::archive::access::keys::{Key, Revoked, is_key_name};
use crate::archive::audit::act::Actor;
use crate::cli::arguments::help::{HELP, OPTIONS};
use crate::cli::arguments::options::OutputFormat;
use crate::cli::error::CliError;
use crate::cli::outcome::Outcome;
use crate::cli::settings::storage::Storage;
use crate::document::date::DocumentDate;
use crate::document::moment::Moment;
use crate::jobs::{Jobs, webhook};

/// The actor in the audit trail.
pub(crate) const ACTOR: Actor<'static> = Actor { caller: "cli", request_id: "", address: "" };

/// The arguments of `keys`.
#[derive(Debug, Args)]
pub struct KeysArguments {
    /// The command to run.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// The subcommands of `keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Adds a key.
    #[command(
        about = "添加密钥，密钥只显示一次",
        help_template = HELP,
        override_usage = "hongtou keys add [选项] --name <名称> --role <角色>"
    )]
    Add(AddArguments),
    /// Lists the keys.
    #[command(
        about = "列出密钥及其角色、机关和最近使用时间",
        help_template = HELP,
        override_usage = "hongtou keys list [选项]"
    )]
    List(ListArguments),
    /// Revokes a key.
    #[command(
        about = "撤销密钥，立即生效",
        help_template = HELP,
        override_usage = "hongtou keys revoke [选项] <编号>"
    )]
    Revoke(RevokeArguments),
}

/// The arguments of `keys add`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct AddArguments {
    /// The name of the key, for staff.
    #[arg(long, value_name = "名称", value_parser = name, help = "密钥的名称，如所属系统")]
    pub name: String,
    /// The roles of the key.
    #[arg(
        long,
        value_name = "角色",
        help = "以逗号分隔：submit提交、read查阅、archive归档、review审核、approve签发、direct直接生成（不经审签）、metrics监测、admin管理（含direct以外各项）"
    )]
    pub role: Roles,
    /// The agency that the key is limited to.
    #[arg(
        long,
        value_name = "机关",
        help = "所属机关：只能以其为主办机关提交，只能查阅其参与发文的公文（默认不限机关）"
    )]
    pub agency: Option<String>,
    /// The last day on which the key is valid.
    #[arg(
        long,
        value_name = "日期",
        value_parser = last_day,
        help = "有效期的最后一天（北京时间），如2027-12-31（默认长期有效）"
    )]
    pub expires: Option<DocumentDate>,
    /// The storage that holds the keys.
    #[command(flatten)]
    pub storage: Storage,
}

/// The arguments of `keys list`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ListArguments {
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
    /// The storage that holds the keys.
    #[command(flatten)]
    pub storage: Storage,
}

/// The arguments of `keys revoke`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct RevokeArguments {
    /// The id of the key.
    #[arg(value_name = "编号", help = "密钥的编号，见hongtou keys list", help_heading = "参数")]
    pub id: String,
    /// The storage that holds the keys.
    #[command(flatten)]
    pub storage: Storage,
}

/// Manages keys.
///
/// # Errors
/// Returns `CliError::NoArchive` if there is no archive to list or change, and `CliError::Database` or
/// `CliError::Store` if it cannot be opened or queried.
pub fn run(arguments: &KeysArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Serve)?;
    runtime.block_on(async {
        match &arguments.command {
            KeysCommand::Add(arguments) => add(arguments, out).await,
            KeysCommand::List(arguments) => {
                let archive = arguments.storage.open_existing().await?;
                let keys = archive.keys().await.map_err(CliError::Database)?;
                let list = if arguments.format.json { list_for_programs } else { list_for_staff };
                list(&keys, out)?;
                Ok(Outcome::Done)
            }
            KeysCommand::Revoke(arguments) => {
                let archive = arguments.storage.open_existing().await?;
                revoke(&archive, &arguments.id, out).await
            }
        }
    })
}

async fn add(arguments: &AddArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let grant = match Grant::new(arguments.role.clone(), arguments.agency.clone()) {
        Ok(grant) => grant,
        Err(error) => {
            eprintln!("{}", sentence(error));
            return Ok(Outcome::Refused);
        }
    };
    let archive = arguments.storage.open().await?;
    let expires_at = arguments.expires.map(Moment::end_of_day_in_china);
    if expires_at.is_some_and(|at| at <= archive.now()) {
        eprintln!("--expires的日期已过。");
        return Ok(Outcome::Refused);
    }
    let token = archive.add_key(&arguments.name, &grant, expires_at, ACTOR).await;
    let token = token.map_err(CliError::Database)?;
    let agency = grant.agency().unwrap_or("不限");
    let roles = titles(grant.roles());
    writeln!(out, "已添加密钥{}（{}；角色：{roles}；机关：{agency}）。", token.id, arguments.name)?;
    writeln!(out, "密钥只显示这一次，请妥善保存：")?;
    writeln!(out, "{}", token.reveal())?;
    Ok(Outcome::Done)
}

fn list_for_staff(keys: &[Key], out: &mut dyn Write) -> io::Result<()> {
    for key in keys {
        let state = match (key.revoked_at, key.expires_at) {
            (Some(at), _) => format!("已于{at}撤销"),
            (None, Some(at)) => format!("有效期至{at}"),
            (None, None) => "有效".to_owned(),
        };
        let used =
            key.last_used_at.map_or_else(|| "从未使用".to_owned(), |at| format!("最近使用{at}"));
        writeln!(
            out,
            "{}  {}  角色：{}  机关：{}  {state}  {used}",
            key.id,
            key.name,
            titles(&key.roles),
            key.agency.as_deref().unwrap_or("不限"),
        )?;
    }
    writeln!(out, "共{}个密钥。", keys.len())
}

fn list_for_programs(keys: &[Key], out: &mut dyn Write) -> io::Result<()> {
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id,
                "name": key.name,
                "roles": key.roles.names(),
                "agency": key.agency,
                "created_at": key.created_at,
                "expires_at": key.expires_at,
                "revoked_at": key.revoked_at,
                "last_used_at": key.last_used_at,
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &keys)?;
    writeln!(out)
}

async fn revoke(archive: &Archive, id: &str, out: &mut impl Write) -> Result<Outcome, CliError> {
    match archive.revoke_key(id, ACTOR).await.map_err(CliError::Database)? {
        Revoked::Now => {
            // A server that receives a batch at this moment cancels it itself.
            let jobs = Jobs::open(archive, webhook::Settings::default()).await;
            let jobs = jobs.map_err(CliError::Jobs)?;
            let n_cancelled = jobs.cancel_batches_of(id, ACTOR).await.map_err(CliError::Jobs)?;
            writeln!(out, "已撤销密钥{id}。")?;
            if n_cancelled > 0 {
                writeln!(out, "其未完成的{n_cancelled}个批次已取消。")?;
            }
        }
        Revoked::Before(at) => writeln!(out, "密钥{id}已于{at}撤销。")?,
        Revoked::Unknown => {
            eprintln!("没有编号为{id}的密钥。");
            return Ok(Outcome::Refused);
        }
    }
    Ok(Outcome::Done)
}

pub(crate) fn titles(roles: &Roles) -> String {
    let held = Role::ALL.into_iter().filter(|role| roles.names().contains(&role.name()));
    held.map(Role::title).collect::<Vec<_>>().join("、")
}

fn sentence(error: GrantError) -> &'static str {
    match error {
        GrantError::NoRole => "请以--role指定至少一个角色。",
        GrantError::AdminOfAgency => "管理角色可查看各机关的操作记录，不能限定机关。",
        GrantError::AgencyName => "机关名称为空、首尾有空格、含控制字符或超过100字。",
    }
}

fn last_day(text: &str) -> Result<DocumentDate, &'static str> {
    DocumentDate::parse(text).map_err(|_| "not a date")
}

fn name(text: &str) -> Result<String, &'static str> {
    is_key_name(text).then(|| text.to_owned()).ok_or("not a valid name")
}
