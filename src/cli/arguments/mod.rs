//! The arguments of the command line.

pub mod help;
pub mod options;
pub mod usage;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::cli::arguments::help::{HELP, OPTIONS};
use crate::cli::arguments::options::{FontsArguments, OutputFormat, SubmissionFile};
use crate::cli::commands::archive::ArchiveArguments;
use crate::cli::commands::confine::ConfineArguments;
use crate::cli::commands::keys::KeysArguments;
use crate::cli::commands::sessions::SessionsArguments;
use crate::cli::commands::sign::SignArguments;
use crate::cli::commands::witness::WitnessArguments;
use crate::cli::settings::config::Config;
use crate::cli::settings::trust::TrustArguments;
use crate::document::moment::Moment;

const EXIT_CODES: &str = "退出码：0 已完成；1 内容不符合规定；2 无法运行。";

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "hongtou",
    version,
    about = "由绩效评价自评得分生成红头文件（GB/T 9704-2012，PDF/A）",
    after_help = EXIT_CODES,
    help_template = HELP,
    subcommand_help_heading = "命令",
    next_help_heading = OPTIONS,
    subcommand_value_name = "命令",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
    #[arg(short, long, global = true, action = ArgAction::Help, help = "显示帮助")]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version, help = "显示版本")]
    version: Option<bool>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves HTTP.
    #[command(
        about = "启动HTTP服务",
        help_template = HELP,
        override_usage = "hongtou serve [选项]"
    )]
    Serve(Box<Config>),
    /// Renders one filing.
    #[command(
        about = "由JSON生成公文PDF",
        help_template = HELP,
        override_usage = "hongtou render [选项] --output <PDF文件> <文件>"
    )]
    Render(RenderArguments),
    /// Writes the Word copy of one filing.
    #[command(
        about = "由JSON生成供编辑的Word副本",
        help_template = HELP,
        override_usage = "hongtou word [选项] --output <Word文件> <文件>"
    )]
    Word(WordArguments),
    /// Checks one filing.
    #[command(
        about = "检查JSON，一次列出全部问题",
        help_template = HELP,
        override_usage = "hongtou check [选项] <文件>"
    )]
    Check(CheckArguments),
    /// Mends one submission.
    #[command(
        about = "改正JSON中确定的错字、标点和重复的字样",
        help_template = HELP,
        override_usage = "hongtou fix [选项] <文件>"
    )]
    Fix(FixArguments),
    /// Reads a finished document into a submission.
    #[command(
        about = "把Word、Excel文件或文本读成JSON",
        help_template = HELP,
        override_usage = "hongtou import [选项] <文件>"
    )]
    Import(ImportArguments),
    /// Writes the template of the workbook.
    #[command(
        about = "输出供填写的Excel模板",
        help_template = HELP,
        override_usage = "hongtou template [选项] --output <Excel文件>"
    )]
    Template(TemplateArguments),
    /// Renders many filings.
    #[command(
        about = "由NDJSON批量生成公文PDF，一行一份",
        help_template = HELP,
        override_usage = "hongtou batch [选项] --output <目录> <文件>"
    )]
    Batch(BatchArguments),
    /// Verifies a PDF and its signatures.
    #[command(
        about = "核验PDF：与原件的关系、签名是否有效",
        help_template = HELP,
        override_usage = "hongtou verify [选项] <PDF文件>"
    )]
    Verify(VerifyArguments),
    /// Has a PDF or a filing signed.
    #[command(
        about = "由远程签名服务签署公文或PDF",
        help_template = HELP,
        override_usage = "hongtou sign [选项] --service <地址> --output <PDF文件> <PDF文件>\n      \
                          hongtou sign [选项] --service <地址> --server <地址> --filing <编号>"
    )]
    Sign(Box<SignArguments>),
    /// Takes care of the archive.
    #[command(
        about = "维护档案：核对所存的文件和存证日志，导出、导入，搬到别处",
        help_template = HELP,
        override_usage = "hongtou archive <命令>",
        subcommand_help_heading = "命令",
        subcommand_value_name = "命令",
        subcommand_required = true,
        arg_required_else_help = true,
        disable_help_subcommand = true
    )]
    Archive(Box<ArchiveArguments>),
    /// Cosigns the logs of others.
    #[command(
        about = "为存证日志作见证：核对其只增不改，并予签署",
        help_template = HELP,
        override_usage = "hongtou witness <命令>",
        subcommand_help_heading = "命令",
        subcommand_value_name = "命令",
        subcommand_required = true,
        arg_required_else_help = true,
        disable_help_subcommand = true
    )]
    Witness(WitnessArguments),
    /// Manages the keys of callers.
    #[command(
        about = "管理调用方的密钥",
        help_template = HELP,
        override_usage = "hongtou keys <命令>",
        subcommand_help_heading = "命令",
        subcommand_value_name = "命令",
        subcommand_required = true,
        arg_required_else_help = true,
        disable_help_subcommand = true
    )]
    Keys(KeysArguments),
    /// Lists and ends the sessions of staff.
    #[command(
        about = "管理工作人员的登录会话",
        help_template = HELP,
        override_usage = "hongtou sessions <命令>",
        subcommand_help_heading = "命令",
        subcommand_value_name = "命令",
        subcommand_required = true,
        arg_required_else_help = true,
        disable_help_subcommand = true
    )]
    Sessions(SessionsArguments),
    /// Lists the fonts in use.
    #[command(
        about = "列出各字体实际所用的字族和文件",
        help_template = HELP,
        override_usage = "hongtou fonts [选项]"
    )]
    Fonts(FontsArguments),
    /// Prints the JSON Schema of the input.
    #[command(
        about = "输出提交内容的JSON Schema",
        help_template = HELP,
        override_usage = "hongtou schema"
    )]
    Schema,
    /// Runs an older build of this program without rights; started by this program itself.
    #[command(hide = true)]
    Confine(ConfineArguments),
}

/// The arguments of `render`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct RenderArguments {
    /// The submission.
    #[command(flatten)]
    pub submission: SubmissionFile,
    /// The path of the PDF.
    #[arg(
        short,
        long,
        value_name = "PDF文件",
        help = "生成的PDF；已有的文件将被替换，“-”表示标准输出"
    )]
    pub output: PathBuf,
    /// The fonts.
    #[command(flatten)]
    pub fonts: FontsArguments,
}

/// The arguments of `word`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct WordArguments {
    /// The submission.
    #[command(flatten)]
    pub submission: SubmissionFile,
    /// The path of the Word file.
    #[arg(
        short,
        long,
        value_name = "Word文件",
        help = "生成的Word文件（.docx）；已有的文件将被替换，“-”表示标准输出"
    )]
    pub output: PathBuf,
    /// The fonts.
    #[command(flatten)]
    pub fonts: FontsArguments,
}

/// The arguments of `batch`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct BatchArguments {
    /// The submissions, one per line.
    #[arg(
        value_name = "文件",
        help = "NDJSON文件，一行一份；“-”表示标准输入",
        help_heading = "参数"
    )]
    pub file: PathBuf,
    /// The folder for the PDFs and the manifest.
    #[arg(
        short,
        long,
        value_name = "目录",
        help = "PDF和清单manifest.ndjson存入此目录；PDF以发文字号命名，已有的同名文件将被替换"
    )]
    pub output: PathBuf,
    /// How many filings are rendered concurrently; by default the number of cores.
    #[arg(long, value_name = "个数", help = "同时排版的公文数（默认为处理器核数）")]
    pub threads: Option<NonZeroUsize>,
    /// The fonts.
    #[command(flatten)]
    pub fonts: FontsArguments,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct CheckArguments {
    /// The submission.
    #[command(flatten)]
    pub submission: SubmissionFile,
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
    /// The fonts.
    #[command(flatten)]
    pub fonts: FontsArguments,
}

/// The arguments of `fix`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct FixArguments {
    /// The submission.
    #[arg(value_name = "文件", help = "JSON文件；“-”表示标准输入", help_heading = "参数")]
    pub file: PathBuf,
    /// Where to write the result; by default standard output.
    #[arg(
        short,
        long,
        value_name = "JSON文件",
        help = "改正后的JSON；已有的文件将被替换，“-”表示标准输出（默认）"
    )]
    pub output: Option<PathBuf>,
    /// Whether to replace the submission itself.
    #[arg(long, conflicts_with = "output", help = "直接改正原文件")]
    pub in_place: bool,
}

/// The arguments of `import`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ImportArguments {
    /// The file.
    #[arg(
        value_name = "文件",
        help = "Word文件（.docx）、按模板填写的Excel文件（.xlsx）或文本（UTF-8）；“-”表示标准输入",
        help_heading = "参数"
    )]
    pub file: PathBuf,
    /// Where to write the submission; by default standard output.
    #[arg(
        short,
        long,
        value_name = "JSON文件",
        help = "读出的JSON；已有的文件将被替换，“-”表示标准输出（默认）"
    )]
    pub output: Option<PathBuf>,
}

/// The arguments of `template`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct TemplateArguments {
    /// The path of the workbook.
    #[arg(short, long, value_name = "Excel文件", help = "生成的模板；已有的文件将被替换")]
    pub output: PathBuf,
    /// A submission to fill in.
    #[arg(long, value_name = "JSON文件", help = "把这份公文的内容填入模板（默认为空白模板）")]
    pub from: Option<PathBuf>,
}

/// The arguments of `verify`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct VerifyArguments {
    /// The file.
    #[arg(value_name = "PDF文件", help = "要核验的PDF；“-”表示标准输入", help_heading = "参数")]
    pub file: PathBuf,
    /// The format of the output.
    #[command(flatten)]
    pub format: OutputFormat,
    /// The filing that the PDF should come from.
    #[arg(
        long,
        value_name = "PDF文件",
        help = "本系统生成的原件，用以比较（默认由文件所附的数据重新生成）"
    )]
    pub original: Option<PathBuf>,
    /// The receipt of the file.
    #[arg(
        long,
        value_name = "回执",
        requires = "policy",
        conflicts_with_all = ["original", "at"],
        help = "只核验存证回执：文件已记入存证日志，且未改动；不核验签名，无须联网"
    )]
    pub receipt: Option<PathBuf>,
    /// The policy that says which logs and witnesses are trusted.
    #[arg(
        long,
        value_name = "文件",
        requires = "receipt",
        help = "所信任的日志和见证方及其公钥（C2SP tlog-policy）"
    )]
    pub policy: Option<PathBuf>,
    /// The fonts for remaking the filing.
    #[command(flatten)]
    pub fonts: FontsArguments,
    /// Older builds of this program, for files that this one does not remake.
    #[arg(
        long,
        value_name = "目录",
        help = "存有其他版本的hongtou程序的目录；本版本不能重新生成的，由其在受限的环境中生成"
    )]
    pub builds: Option<PathBuf>,
    /// The time of validation for certificates; by default now.
    #[arg(
        long,
        value_name = "时间",
        help = "以此时间核验证书，如2026-03-01T08:00:00+08:00（默认为现在）"
    )]
    pub at: Option<Moment>,
    /// The trusted certificates.
    #[command(flatten)]
    pub trust: TrustArguments,
}
