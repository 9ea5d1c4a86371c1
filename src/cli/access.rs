//! The settings of who may ask the server, and how much.

use std::num::{NonZeroU32, NonZeroUsize};

use clap::Args;

use crate::cli::arguments::OPTIONS;
use crate::http::gate::Access;
use crate::http::shares::Share;

/// Who may ask, and how much.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct AccessArguments {
    /// Requests a minute of each key or person. The default is far more than a program needs that
    /// posts one filing after another, and far less than floods a server.
    #[arg(
        long,
        value_name = "次数",
        env = "HONGTOU_RATE",
        hide_env = true,
        default_value_t = 6000,
        hide_default_value = true,
        help = "每个密钥每分钟的请求数（默认6000，0为不限；环境变量HONGTOU_RATE）"
    )]
    pub rate: u32,
    /// Requests at once of each key or person.
    #[arg(
        long,
        value_name = "个数",
        env = "HONGTOU_CONCURRENCY",
        hide_env = true,
        default_value_t = 64,
        hide_default_value = true,
        help = "每个密钥同时进行的请求数（默认64，0为不限；环境变量HONGTOU_CONCURRENCY）"
    )]
    pub concurrency: usize,
}

impl AccessArguments {
    /// The access that these settings give.
    pub fn access(&self) -> Access {
        let share = Share {
            a_minute: NonZeroU32::new(self.rate),
            at_once: NonZeroUsize::new(self.concurrency),
        };
        Access::new(share, None)
    }
}
