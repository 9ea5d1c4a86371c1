//! The settings of the server. Flags override environment variables, which override the settings
//! file.

use std::num::{NonZeroUsize, ParseIntError};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::cli::arguments::help::OPTIONS;
use crate::cli::process::cores::cores;
use crate::cli::settings::access::AccessArguments;
use crate::cli::settings::jobs::Jobs;
use crate::cli::settings::log::LogArguments;
use crate::cli::settings::quotas::QuotaArguments;
use crate::cli::settings::storage::Storage;
use crate::cli::settings::trust::TrustArguments;
use crate::generate::permits::Limits;
use crate::http::access::origin::Origin;

/// The settings. The help texts name the defaults and the variables, because clap's own texts for
/// them are English.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Config {
    /// Whether to check the settings and exit.
    #[arg(long, help = "只检查设置，不启动服务")]
    pub check_config: bool,
    /// The address to listen on; port 0 chooses a free port.
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
    /// Where filings are stored.
    #[command(flatten)]
    pub storage: Storage,
    /// The settings of access.
    #[command(flatten)]
    pub access: AccessArguments,
    /// The quotas.
    #[command(flatten)]
    pub quotas: QuotaArguments,
    /// The trust settings for signatures.
    #[command(flatten)]
    pub trust: TrustArguments,
    /// A folder of fonts that are preferred to the bundled ones.
    #[arg(
        long,
        value_name = "目录",
        env = "HONGTOU_FONTS",
        hide_env = true,
        help = "优先使用此目录中的字体，其次为内置字体（环境变量HONGTOU_FONTS）"
    )]
    pub fonts: Option<PathBuf>,
    /// Whether the program itself is left out of the archive.
    #[arg(
        long,
        env = "HONGTOU_WITHOUT_PROGRAM",
        hide_env = true,
        help = "不把本程序存入档案；升级后即不能由本版本重新生成公文（环境变量HONGTOU_WITHOUT_PROGRAM）"
    )]
    pub without_program: bool,
    /// How many filings are rendered concurrently; by default the number of cores.
    #[arg(
        long,
        value_name = "个数",
        env = "HONGTOU_RENDERS",
        hide_env = true,
        help = "同时排版的公文数（默认为处理器核数；环境变量HONGTOU_RENDERS）"
    )]
    pub renders: Option<NonZeroUsize>,
    /// How many filings may wait for rendering. The default accepts a burst of a few hundred posts,
    /// which takes a few seconds; a longer queue would only make clients wait longer.
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
    /// How long a filing may wait, in seconds. The default lets a full queue drain on one core, and
    /// clients rarely wait longer.
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
    /// How long a rendering may take, in seconds: many times what the longest filing needs.
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
    /// The size of the cache of finished filings, in MiB; 0 disables the cache.
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
    /// The origins whose pages may call the interface (CORS).
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
    /// The settings of batches and webhooks.
    #[command(flatten)]
    pub jobs: Jobs,
    /// The settings of the log.
    #[command(flatten)]
    pub log_settings: LogArguments,
    /// The format of the log.
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
    /// The log filter, in the syntax of tracing's `EnvFilter`.
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

/// How many PDFs are verified concurrently, and how many may wait.
const VERDICTS_AT_ONCE: NonZeroUsize = NonZeroUsize::new(2).unwrap();
const VERDICTS_WAITING: usize = 32;

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Config {
    /// The limits of renderings.
    pub fn render_limits(&self) -> Limits {
        Limits {
            concurrency: self.renders.unwrap_or_else(cores),
            queue: self.queue,
            queue_deadline: self.queue_deadline,
            run_deadline: self.render_deadline,
        }
    }

    /// The limits of verifications. Few run at once, because a file may need several times its size
    /// in memory.
    pub fn verdict_limits(&self) -> Limits {
        let concurrency = cores().min(VERDICTS_AT_ONCE);
        Limits { concurrency, queue: VERDICTS_WAITING, ..self.render_limits() }
    }

    /// The size of the cache, in bytes.
    pub fn cache_bytes(&self) -> u64 {
        u64::from(self.cache) << 20
    }

    /// The limits of previews. Few may wait, because each keystroke outdates the previous one.
    pub fn preview_limits(&self) -> Limits {
        Limits {
            concurrency: cores(),
            queue: PREVIEWS_WAITING,
            queue_deadline: PREVIEW_DEADLINE,
            ..self.render_limits()
        }
    }

    /// The limits of checks: those of renderings, on one thread per core.
    pub fn check_limits(&self) -> Limits {
        Limits { concurrency: cores(), ..self.render_limits() }
    }
}

// Returned as text: clap clones its values, and a filter cannot be cloned.
fn log_filter(text: &str) -> Result<String, ParseError> {
    EnvFilter::try_new(text).map(|_| text.to_owned())
}

/// Accepts a host and a port. Whether the server can listen there is only checked when it starts.
fn address(text: &str) -> Result<String, &'static str> {
    let is_address = text
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
    is_address.then(|| text.to_owned()).ok_or("not an address with a port")
}

fn seconds(text: &str) -> Result<Duration, ParseIntError> {
    text.parse().map(Duration::from_secs)
}
