//! The settings file, which provides defaults for flags that neither the command line nor the
//! environment sets.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::{OsStr, Resettable};
use clap::{Arg, ArgAction, ArgMatches, Args, Command};
use toml::{Table, Value};

use crate::cli::arguments::help::OPTIONS;
use crate::cli::error::reason;

/// The flag that names the file, and its id in clap.
const CONFIG: &str = "config";

/// The command whose flags are the settings; other commands share some of them.
const SERVE: &str = "serve";

/// Flags that cannot be set in the file, because they concern a single run.
const NOT_SETTINGS: [&str; 4] = [CONFIG, "check-config", "help", "version"];

/// The flag of the commands that read the settings file.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct SettingsFile {
    /// The path of the settings file (TOML); its keys are the names of the flags.
    #[arg(
        long,
        value_name = "文件",
        env = "HONGTOU_CONFIG",
        hide_env = true,
        help = "设置文件（TOML），键即参数名；参数优先，其次环境变量（环境变量HONGTOU_CONFIG）"
    )]
    pub config: Option<PathBuf>,
}

/// Why the settings file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("无法读取设置文件{}：{}。", path.display(), reason(cause))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// It is not TOML.
    #[error("设置文件{}第{line}行不是有效的TOML。", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// No command has a setting of this name.
    #[error("设置文件{}中没有{key}这项设置。", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// The setting does not accept the value. The value is not shown, because it may be a secret.
    #[error("设置文件{}中{key}的取值不正确。", path.display())]
    WrongValue {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
    },
}

/// Returns the path of the settings file, if the arguments or the environment name one.
pub fn named_by(matches: &ArgMatches) -> Option<PathBuf> {
    match matches.subcommand() {
        Some((_, deeper)) => named_by(deeper),
        None => matches.try_get_one::<PathBuf>(CONFIG).ok().flatten().cloned(),
    }
}

/// Makes the values of the file the defaults of the command line.
///
/// # Errors
/// Returns `SettingsError` if the file cannot be read or has a key or value that no command
/// accepts.
pub fn with_defaults(mut command: Command, path: &Path) -> Result<Command, SettingsError> {
    let unreadable = |cause| SettingsError::Unreadable { path: path.to_owned(), cause };
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let settings: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        SettingsError::NotToml { path: path.to_owned(), line: before.split('\n').count() }
    })?;
    for (key, value) in &settings {
        let args = command.find_subcommand(SERVE).into_iter().flat_map(Command::get_arguments);
        let arg = args.filter(|arg| arg.get_long() == Some(key.as_str())).last();
        let Some(arg) = arg.filter(|_| !NOT_SETTINGS.contains(&key.as_str())) else {
            return Err(SettingsError::UnknownKey { path: path.to_owned(), key: key.clone() });
        };
        let words = words(value).filter(|words| takes(arg, words));
        let Some(words) = words else {
            return Err(SettingsError::WrongValue { path: path.to_owned(), key: key.clone() });
        };
        command = with_default(command, key, &words);
    }
    Ok(command)
}

fn reads_the_file(command: &Command) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == CONFIG)
}

/// A value as its words on the command line.
fn words(value: &Value) -> Option<Vec<&'static str>> {
    let word = |value: &Value| -> Option<&'static str> {
        let word = match value {
            Value::String(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Boolean(yes) => yes.to_string(),
            _ => return None,
        };
        // clap requires static defaults; settings are read once, so the leak is bounded.
        Some(word.leak())
    };
    match value {
        Value::Array(items) => items.iter().map(word).collect(),
        one => Some(vec![word(one)?]),
    }
}

/// Whether an argument accepts these words, regardless of the environment.
fn takes(arg: &Arg, words: &[&str]) -> bool {
    let long = arg.get_long().unwrap_or_default();
    match arg.get_action() {
        ArgAction::SetTrue => matches!(words, ["true" | "false"]),
        ArgAction::Set if words.len() != 1 => false,
        _ => {
            let alone = arg.clone().env(Resettable::<OsStr>::Reset).required(false);
            let words = words.iter().map(|word| format!("--{long}={word}"));
            let line = std::iter::once(String::new()).chain(words);
            Command::new("").disable_help_flag(true).arg(alone).try_get_matches_from(line).is_ok()
        }
    }
}

fn with_default(mut command: Command, key: &str, words: &[&'static str]) -> Command {
    let ids = command.get_arguments().filter(|arg| arg.get_long() == Some(key));
    let id = ids.map(|arg| arg.get_id().clone()).next().filter(|_| reads_the_file(&command));
    if let Some(id) = id {
        command = command.mut_arg(id, |arg| arg.default_values(words.to_vec()));
    }
    command.mut_subcommands(|deeper| with_default(deeper, key, words))
}
