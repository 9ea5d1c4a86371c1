//! Arguments that several commands share.

use std::path::PathBuf;

use clap::Args;

use crate::cli::arguments::help::OPTIONS;

/// A file with one submission.
#[derive(Debug, Args)]
pub struct SubmissionFile {
    /// The path; `-` is standard input.
    #[arg(value_name = "文件", help = "JSON文件；“-”表示标准输入", help_heading = "参数")]
    pub file: PathBuf,
}

/// The format of the output.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct OutputFormat {
    /// Whether to print JSON.
    #[arg(long, help = "以JSON输出，供程序读取")]
    pub json: bool,
}

/// The fonts to use. No environment variable sets them, because none may change a page.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct FontsArguments {
    /// A folder of fonts that are preferred to the bundled ones.
    #[arg(long, value_name = "目录", help = "优先使用此目录中的字体，其次为内置字体")]
    pub fonts: Option<PathBuf>,
}
