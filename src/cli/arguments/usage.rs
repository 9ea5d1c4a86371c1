//! Reports wrong arguments in Chinese; clap's own messages are English.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::settings::settings_file::SettingsError;

/// Why no command runs: wrong arguments, or a request for help.
#[derive(Debug, thiserror::Error)]
pub enum Usage {
    /// Wrong arguments, `--help` or `--version`.
    #[error("the arguments name no command to run")]
    Arguments(#[from] clap::Error),
    /// The settings file cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl Usage {
    /// Prints the help on standard output or the error on standard error, and returns exit code 0
    /// for help and 2 for an error.
    pub fn report(&self) -> ExitCode {
        match self {
            Self::Arguments(error) => Self::report_arguments(error),
            Self::Settings(error) => {
                eprintln!("{error}");
                ExitCode::from(2)
            }
        }
    }

    fn report_arguments(error: &clap::Error) -> ExitCode {
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // An error here means that standard output is closed; there is nowhere to report it.
                let _ = error.print();
                ExitCode::SUCCESS
            }
            // Without a command, the help goes to standard error.
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let _ = error.print();
                ExitCode::from(2)
            }
            _ => {
                eprintln!("{}运行hongtou --help查看用法。", Self::sentence(error));
                ExitCode::from(2)
            }
        }
    }

    fn sentence(error: &clap::Error) -> String {
        let context = |kind| Self::context(error, kind);
        let argument = context(ContextKind::InvalidArg);
        let value = context(ContextKind::InvalidValue);
        match error.kind() {
            ErrorKind::MissingRequiredArgument => format!("缺少{argument}。"),
            ErrorKind::UnknownArgument => format!("没有{argument}这个参数。"),
            ErrorKind::ArgumentConflict => format!("{argument}不能重复或同时给出。"),
            ErrorKind::InvalidSubcommand => {
                format!("没有{}这个命令。", context(ContextKind::InvalidSubcommand))
            }
            ErrorKind::MissingSubcommand => "缺少命令。".to_owned(),
            ErrorKind::InvalidValue if value.is_empty() => format!("{argument}缺少取值。"),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                format!("{argument}的取值“{value}”不正确。")
            }
            ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
                format!("{argument}的取值个数不正确。")
            }
            ErrorKind::InvalidUtf8 => "参数不是有效的UTF-8。".to_owned(),
            _ => "参数不正确。".to_owned(),
        }
    }

    fn context(error: &clap::Error, kind: ContextKind) -> String {
        match error.get(kind) {
            Some(ContextValue::String(text)) => text.clone(),
            Some(ContextValue::Strings(texts)) => texts.join("、"),
            _ => String::new(),
        }
    }
}
