//! The settings of batches and webhooks.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::archive::fixity::progress::Pace;
use crate::archive::objects::lock::LockMode;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::process::cores::cores;
use crate::generate::room::Room;
use crate::jobs::log::settings as log;
use crate::jobs::upkeep::fixity::Schedule;
use crate::jobs::webhook::{RETRY_DELAYS, SigningSecret};
use crate::jobs::{webhook, workers};

/// The shortest lease, in seconds: one heartbeat a second, of which two may be missed.
const SHORTEST_LEASE: u64 = 3;

/// The settings of batches and webhooks.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Jobs {
    /// How many lines of batches are rendered concurrently, in addition to the filings of requests.
    #[arg(
        long,
        value_name = "个数",
        env = "HONGTOU_JOB_RENDERS",
        hide_env = true,
        help = "批次中同时排版的公文数（默认为处理器核数；环境变量HONGTOU_JOB_RENDERS）"
    )]
    pub job_renders: Option<NonZeroUsize>,
    /// The seconds without a heartbeat after which another server takes over a server's batches. With
    /// SQLite there is only one server, which takes over all batches when it starts.
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
    /// After how many days every object is read again; 0 disables that.
    #[arg(
        long,
        value_name = "天",
        env = "HONGTOU_FIXITY_DAYS",
        hide_env = true,
        default_value_t = 90,
        hide_default_value = true,
        help = "每隔多少天核对全部所存文件（默认90，0为不核对；环境变量HONGTOU_FIXITY_DAYS）"
    )]
    pub fixity_days: u32,
    /// How fast objects are read for that, in MB a second.
    #[arg(
        long,
        value_name = "MB",
        env = "HONGTOU_FIXITY_RATE",
        hide_env = true,
        value_parser = clap::value_parser!(u64).range(1..),
        default_value_t = 10,
        hide_default_value = true,
        help = "核对时每秒至多读取的MB数（默认10；环境变量HONGTOU_FIXITY_RATE）"
    )]
    pub fixity_rate: u64,
    /// How the bucket locks objects that are retained.
    #[arg(
        long,
        value_name = "方式",
        env = "HONGTOU_OBJECT_LOCK",
        hide_env = true,
        hide_possible_values = true,
        help = "按保管期限和暂停销毁锁定存储桶中的文件：governance（有特权者可解除）、compliance（谁也不能解除）；\
                未设置则不锁定（环境变量HONGTOU_OBJECT_LOCK）"
    )]
    pub object_lock: Option<LockChoice>,
    /// The secret that signs webhooks.
    #[arg(
        long,
        value_name = "密钥",
        env = "HONGTOU_WEBHOOK_SECRET",
        hide_env = true,
        hide_env_values = true,
        value_parser = secret,
        help = "通知的签名密钥，形如whsec_…，未设置则不发送通知（环境变量HONGTOU_WEBHOOK_SECRET）"
    )]
    pub webhook_secret: Option<SigningSecret>,
    /// Private hosts that may receive webhooks.
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

/// The values of `--object-lock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LockChoice {
    /// Those who have the right to bypass a lock can delete.
    Governance,
    /// Nobody can delete.
    Compliance,
}

impl From<LockChoice> for LockMode {
    fn from(choice: LockChoice) -> Self {
        match choice {
            LockChoice::Governance => Self::Governance,
            LockChoice::Compliance => Self::Compliance,
        }
    }
}

impl Jobs {
    /// The settings of the workers, whose lines share this memory.
    pub fn work(
        &self,
        run_deadline: Duration,
        memory: Room,
        log: log::Settings,
    ) -> workers::Settings {
        workers::Settings {
            concurrency: self.job_renders.unwrap_or_else(cores),
            run_deadline,
            lease: Duration::from_secs(self.job_lease),
            memory,
            log: Some(log),
            fixity: self.fixity(),
            object_lock: self.object_lock.map(LockMode::from),
        }
    }

    /// When objects are checked.
    fn fixity(&self) -> Option<Schedule> {
        let bytes_per_second = Some(self.fixity_rate.saturating_mul(1_000_000));
        let every = Duration::from_secs(u64::from(self.fixity_days) * 24 * 60 * 60);
        (self.fixity_days > 0).then_some(Schedule { every, pace: Pace { bytes_per_second } })
    }

    /// The settings of webhooks.
    pub fn webhooks(&self) -> webhook::Settings {
        webhook::Settings {
            secret: self.webhook_secret.clone(),
            allowed: self.webhook_allow.clone(),
            retry_delays: RETRY_DELAYS.to_vec(),
        }
    }
}

/// Parses a secret of the form `whsec_…` (Standard Webhooks).
fn secret(text: &str) -> Result<SigningSecret, String> {
    SigningSecret::new(text).ok_or_else(|| "应形如whsec_…，其后为base64".to_owned())
}
