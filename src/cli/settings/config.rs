//! The settings of the server: flags, else environment variables, else the settings file.

use std::num::{NonZeroUsize, ParseIntError};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::cli::cores::cores;
use crate::cli::help::OPTIONS;
use crate::cli::settings::access::AccessArguments;
use crate::cli::settings::jobs::Jobs;
use crate::cli::settings::storage::Storage;
use crate::cli::settings::trust::TrustArguments;
use crate::generate::permits::Limits;
use crate::http::access::origin::Origin;

/// The settings. The help texts name the defaults and the variables since clap's own words for
/// them are English.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Config {
    /// Whether the settings are looked at and nothing is served.
    #[arg(long, help = "只检查设置，不启动服务")]
    pub check_config: bool,
    /// The address to listen on; port 0 takes a free one.
    #[arg(
        long,
        value_name = "地址:端口",
        env = "HONGTOU_LISTEN",
        hide_env = true,
        value_parser = address,
        default_value = "127.0.0.1:8080",
        hide_default_value = true,
        help = "监听地址（默认127.0.0.1:8080；环境变量HONGTOU_LISTEN）"
    )]
    pub listen: String,
    /// Where filings are kept.
    #[command(flatten)]
    pub storage: Storage,
    /// Who may ask, and how much.
    #[command(flatten)]
    pub access: AccessArguments,
    /// What signatures are judged by.
    #[command(flatten)]
    pub trust: TrustArguments,
    /// A folder whose fonts stand before the bundled ones.
    #[arg(
        long,
        value_name = "目录",
        env = "HONGTOU_FONTS",
        hide_env = true,
        help = "优先使用此目录中的字体，其次为内置字体（环境变量HONGTOU_FONTS）"
    )]
    pub fonts: Option<PathBuf>,
    /// How many filings are rendered at once; the number of cores where it is not said.
    #[arg(
        long,
        value_name = "个数",
        env = "HONGTOU_RENDERS",
        hide_env = true,
        help = "同时排版的公文数（默认为处理器核数；环境变量HONGTOU_RENDERS）"
    )]
    pub renders: Option<NonZeroUsize>,
    /// How many filings may wait to be rendered. The default takes a crowd of a few hundred posts
    /// that come at once, and is through with it in a few seconds; more would only wait longer.
    #[arg(
        long,
        value_name = "个数",
        env = "HONGTOU_QUEUE",
        hide_env = true,
        default_value_t = 256,
        hide_default_value = true,
        help = "可排队等候的公文数，超出者即予拒绝（默认256；环境变量HONGTOU_QUEUE）"
    )]
    pub queue: usize,
    /// How long a filing may wait. The default lets a full queue drain on one core; a client that
    /// waited longer would have given up.
    #[arg(
        long,
        value_name = "秒",
        env = "HONGTOU_QUEUE_DEADLINE",
        hide_env = true,
        value_parser = seconds,
        default_value = "30",
        hide_default_value = true,
        help = "排队等候的时限（默认30秒；环境变量HONGTOU_QUEUE_DEADLINE）"
    )]
    pub queue_deadline: Duration,
    /// How long a filing may take to render, many times what the longest needs.
    #[arg(
        long,
        value_name = "秒",
        env = "HONGTOU_RENDER_DEADLINE",
        hide_env = true,
        value_parser = seconds,
        default_value = "30",
        hide_default_value = true,
        help = "排版一份公文的时限（默认30秒；环境变量HONGTOU_RENDER_DEADLINE）"
    )]
    pub render_deadline: Duration,
    /// How much memory finished filings may take, for the client that posts the same again.
    #[arg(
        long,
        value_name = "MiB",
        env = "HONGTOU_CACHE",
        hide_env = true,
        default_value_t = 64,
        hide_default_value = true,
        help = "缓存已生成公文所用的内存（默认64 MiB，0为不缓存；环境变量HONGTOU_CACHE）"
    )]
    pub cache: u32,
    /// The pages from elsewhere that may call the interface.
    #[arg(
        long,
        value_name = "来源",
        env = "HONGTOU_CORS_ORIGIN",
        hide_env = true,
        value_delimiter = ',',
        help = "允许跨域调用的网页来源，如https://oa.example.cn，可多次给出（默认不允许；\
                环境变量HONGTOU_CORS_ORIGIN，以逗号分隔）"
    )]
    pub cors_origin: Vec<Origin>,
    /// How batches are worked on and webhooks sent.
    #[command(flatten)]
    pub jobs: Jobs,
    /// The form of the log on standard error.
    #[arg(
        long,
        value_name = "格式",
        env = "HONGTOU_LOG_FORMAT",
        hide_env = true,
        value_enum,
        default_value_t = LogFormat::Text,
        hide_default_value = true,
        hide_possible_values = true,
        help = "日志格式：text或json（默认text；环境变量HONGTOU_LOG_FORMAT）"
    )]
    pub log_format: LogFormat,
    /// What is logged, by level and module, as tracing's `EnvFilter` reads it.
    #[arg(
        long,
        value_name = "级别",
        env = "HONGTOU_LOG",
        hide_env = true,
        value_parser = log_filter,
        default_value = "info",
        hide_default_value = true,
        help = "日志级别：error、warn、info或debug（默认info；环境变量HONGTOU_LOG）"
    )]
    pub log: String,
}

/// How many previews may wait, and how long.
const PREVIEWS_WAITING: usize = 32;
const PREVIEW_DEADLINE: Duration = Duration::from_secs(5);

/// How many PDFs handed in are judged at once, and how many may wait.
const VERDICTS_AT_ONCE: NonZeroUsize = NonZeroUsize::new(2).unwrap();
const VERDICTS_WAITING: usize = 32;

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The bounds of renderings.
    pub fn render_limits(&self) -> Limits {
        Limits {
            at_once: self.renders.unwrap_or_else(cores),
            queue: self.queue,
            queue_deadline: self.queue_deadline,
            run_deadline: self.render_deadline,
        }
    }

    /// The bounds of verdicts: a file may take some of its length in memory several times.
    pub fn verdict_limits(&self) -> Limits {
        let at_once = cores().min(VERDICTS_AT_ONCE);
        Limits { at_once, queue: VERDICTS_WAITING, ..self.render_limits() }
    }

    /// The memory for finished filings, in bytes.
    pub fn kept_bytes(&self) -> u64 {
        u64::from(self.cache) << 20
    }

    /// The bounds of previews: a few more keystrokes may wait, since each outdates the one before.
    pub fn preview_limits(&self) -> Limits {
        Limits {
            at_once: cores(),
            queue: PREVIEWS_WAITING,
            queue_deadline: PREVIEW_DEADLINE,
            ..self.render_limits()
        }
    }

    /// The bounds of checks: those of renderings, on as many threads as there are cores.
    pub fn check_limits(&self) -> Limits {
        Limits { at_once: cores(), ..self.render_limits() }
    }
}

// Kept as text: a filter cannot be cloned, as clap's values are.
fn log_filter(text: &str) -> Result<String, ParseError> {
    EnvFilter::try_new(text).map(|_| text.to_owned())
}

/// A host and a port; whether they can be listened on shows when it is tried.
fn address(text: &str) -> Result<String, &'static str> {
    let is_address = text
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
    is_address.then(|| text.to_owned()).ok_or("not an address with a port")
}

fn seconds(text: &str) -> Result<Duration, ParseIntError> {
    text.parse().map(Duration::from_secs)
}
