//! The settings of quotas: how much may be stored for an agency and by a key.

use clap::Args;

use crate::archive::quota::{Quota, Quotas};
use crate::cli::arguments::help::OPTIONS;

/// The settings of quotas. 0 is unlimited, also the default.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct QuotaArguments {
    /// The most filings of a lead agency.
    #[arg(
        long,
        value_name = "件数",
        env = "HONGTOU_AGENCY_FILINGS",
        hide_env = true,
        default_value_t = 0,
        hide_default_value = true,
        help = "每个主办机关最多保存的公文件数（默认0，为不限；环境变量HONGTOU_AGENCY_FILINGS）"
    )]
    pub agency_filings: u32,
    /// The most bytes of a lead agency's files, in MiB.
    #[arg(
        long,
        value_name = "MiB",
        env = "HONGTOU_AGENCY_SPACE",
        hide_env = true,
        default_value_t = 0,
        hide_default_value = true,
        help = "每个主办机关的文件最多占用的容量（默认0，为不限；环境变量HONGTOU_AGENCY_SPACE）"
    )]
    pub agency_space: u32,
    /// The most filings of a key or person.
    #[arg(
        long,
        value_name = "件数",
        env = "HONGTOU_KEY_FILINGS",
        hide_env = true,
        default_value_t = 0,
        hide_default_value = true,
        help = "每个密钥或人员最多保存的公文件数（默认0，为不限；环境变量HONGTOU_KEY_FILINGS）"
    )]
    pub key_filings: u32,
    /// The most bytes of the files that a key or person stores, in MiB.
    #[arg(
        long,
        value_name = "MiB",
        env = "HONGTOU_KEY_SPACE",
        hide_env = true,
        default_value_t = 0,
        hide_default_value = true,
        help = "每个密钥或人员的文件最多占用的容量，含一日内上传的批次（默认0，为不限；\
                环境变量HONGTOU_KEY_SPACE）"
    )]
    pub key_space: u32,
}

impl QuotaArguments {
    /// The quotas.
    pub fn quotas(&self) -> Quotas {
        let quota = |filings: u32, mib: u32| Quota {
            filings: (filings > 0).then(|| filings.into()),
            bytes: (mib > 0).then(|| i64::from(mib) << 20),
        };
        Quotas {
            agency: quota(self.agency_filings, self.agency_space),
            caller: quota(self.key_filings, self.key_space),
        }
    }
}
