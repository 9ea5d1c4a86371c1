//! The secrets of `hongtou sign`: from files or from the environment, never logged.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::arguments::help::OPTIONS;
use crate::cli::commands::sign::error::SigningError;
use crate::cli::error::CliError;
use crate::cli::input;

/// A secret. Debug output does not show it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret as text, to be sent.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The API key of the server. Other users of the machine can see flags, so a file or the variable is
/// better.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct KeyArguments {
    /// The key.
    #[arg(
        long,
        value_name = "密钥",
        env = "HONGTOU_KEY",
        hide_env = true,
        hide_env_values = true,
        help = "hongtou服务的密钥，须有archive角色；宜用环境变量HONGTOU_KEY或文件，以免他人从进程列表看到"
    )]
    pub key: Option<Secret>,
    /// A file with the key.
    #[arg(long, value_name = "文件", help = "存有密钥的文件")]
    pub key_file: Option<PathBuf>,
}

/// The secrets of the signing service.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ServiceCredentials {
    /// The access token.
    #[arg(
        long,
        value_name = "令牌",
        env = "HONGTOU_CSC_TOKEN",
        hide_env = true,
        hide_env_values = true,
        help = "签名服务的访问令牌（OAuth 2.0 Bearer）；宜用环境变量HONGTOU_CSC_TOKEN或文件"
    )]
    pub token: Option<Secret>,
    /// A file with the access token.
    #[arg(long, value_name = "文件", help = "存有访问令牌的文件")]
    pub token_file: Option<PathBuf>,
    /// The PIN of the credential.
    #[arg(
        long,
        value_name = "口令",
        env = "HONGTOU_CSC_PIN",
        hide_env = true,
        hide_env_values = true,
        help = "签名证书的口令（PIN）；宜用环境变量HONGTOU_CSC_PIN或文件"
    )]
    pub pin: Option<Secret>,
    /// A file with the PIN.
    #[arg(long, value_name = "文件", help = "存有口令的文件")]
    pub pin_file: Option<PathBuf>,
}

impl KeyArguments {
    /// The API key.
    pub(super) fn key(&self) -> Result<Option<Secret>, CliError> {
        one(self.key.as_ref(), self.key_file.as_deref())
    }
}

impl ServiceCredentials {
    /// The access token.
    pub(super) fn token(&self) -> Result<Option<Secret>, CliError> {
        one(self.token.as_ref(), self.token_file.as_deref())
    }

    /// The PIN.
    pub(super) fn pin(&self) -> Result<Option<Secret>, CliError> {
        one(self.pin.as_ref(), self.pin_file.as_deref())
    }
}

/// The secret in a file if one is named, otherwise the value.
fn one(value: Option<&Secret>, file: Option<&Path>) -> Result<Option<Secret>, CliError> {
    let Some(path) = file else { return Ok(value.cloned()) };
    let text = String::from_utf8(input::read(path)?).unwrap_or_default();
    let secret = text.trim();
    if secret.is_empty() || secret.chars().any(char::is_control) {
        return Err(SigningError::Secret(path.display().to_string()).into());
    }
    Ok(Some(Secret::from(secret)))
}
