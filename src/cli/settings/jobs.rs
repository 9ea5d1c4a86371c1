//! How batches are worked on and webhooks sent.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;

use crate::cli::arguments::OPTIONS;
use crate::cli::settings::config::cores;
use crate::jobs::webhook::{RETRY_DELAYS, Secret};
use crate::jobs::{webhook, workers};

/// The shortest lease: a heartbeat a second, and two that may be missed.
const SHORTEST_LEASE: u64 = 3;

/// How batches are worked on and webhooks sent.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Jobs {
    /// How many lines of batches are rendered at once, beside what requests render.
    #[arg(
        long,
        value_name = "个数",
        env = "HONGTOU_JOB_RENDERS",
        hide_env = true,
        help = "批次中同时排版的公文数（默认为处理器核数；环境变量HONGTOU_JOB_RENDERS）"
    )]
    pub job_renders: Option<NonZeroUsize>,
    /// How long a server may be silent before another takes up its batches. SQLite is not shared:
    /// there a server that starts takes up all there is.
    #[arg(
        long,
        value_name = "秒",
        env = "HONGTOU_JOB_LEASE",
        hide_env = true,
        value_parser = clap::value_parser!(u64).range(SHORTEST_LEASE..),
        default_value_t = 30,
        hide_default_value = true,
        help = "服务器失联多久后由其他服务器接手其批次（默认30秒，至少3秒；环境变量HONGTOU_JOB_LEASE）"
    )]
    pub job_lease: u64,
    /// The secret that webhooks are signed with.
    #[arg(
        long,
        value_name = "密钥",
        env = "HONGTOU_WEBHOOK_SECRET",
        hide_env = true,
        hide_env_values = true,
        value_parser = secret,
        help = "通知的签名密钥，形如whsec_…，未设置则不发送通知（环境变量HONGTOU_WEBHOOK_SECRET）"
    )]
    pub webhook_secret: Option<Secret>,
    /// Hosts that webhooks may go to although they are private.
    #[arg(
        long,
        value_name = "主机",
        env = "HONGTOU_WEBHOOK_ALLOW",
        hide_env = true,
        value_delimiter = ',',
        help = "允许接收通知的内部主机，可多次给出（环境变量HONGTOU_WEBHOOK_ALLOW，以逗号分隔）"
    )]
    pub webhook_allow: Vec<String>,
}

impl Jobs {
    /// How workers work.
    pub fn work(&self, run_deadline: Duration) -> workers::Settings {
        workers::Settings {
            at_once: self.job_renders.unwrap_or_else(cores),
            run_deadline,
            lease: Duration::from_secs(self.job_lease),
        }
    }

    /// How webhooks are sent.
    pub fn webhooks(&self) -> webhook::Settings {
        webhook::Settings {
            secret: self.webhook_secret.clone(),
            allowed: self.webhook_allow.clone(),
            retry_delays: RETRY_DELAYS.to_vec(),
        }
    }
}

/// A secret of the form that the specification gives it.
fn secret(text: &str) -> Result<Secret, String> {
    Secret::new(text).ok_or_else(|| "应形如whsec_…，其后为base64".to_owned())
}
