//! Errors of commands, as Chinese sentences.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use crate::archive::access::caller::GrantError;
use crate::archive::error::ArchiveError;
use crate::archive::log::error::LogError;
use crate::archive::transfer::MoveError;
use crate::cli::commands::sign::error::SigningError;
use crate::generate::remake::RemakeError;
use crate::http::access::sign_in::provider::ProviderError;
use crate::jobs::error::JobsError;
use crate::render::error::RenderError;
use crate::render::fonts::font_set::FontError;
use crate::render::worker_thread::NoThread;
use crate::signature::file::unreadable_pdf::UnreadablePdf;
use crate::signature::x509::trust::TrustError;

/// Why a command could not run. The sentence names every cause that staff can fix.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The submission cannot be read.
    #[error("无法读取{}：{}。", path.display(), reason(cause))]
    Input {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The PDFs cannot be written.
    #[error("无法写入{}：{}。", path.display(), reason(cause))]
    Output {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// Standard output cannot be written.
    #[error("无法写入标准输出：{}。", reason(.0))]
    Stdout(#[from] io::Error),
    /// The folder of fonts cannot be used.
    #[error("无法使用所指定的字体：{}。", font_reason(.0))]
    Fonts(#[from] FontError),
    /// The filing could not be typeset.
    #[error("排版失败，未生成公文。这是程序的问题，请将此提示之前的日志转告维护人员。")]
    Render(#[from] RenderError),
    /// A worker thread cannot be started.
    #[error("无法启动工作线程，请减少同时排版的公文数。")]
    Threads(#[from] NoThread),
    /// The server cannot listen on the address.
    #[error("无法监听{address}：{}。", reason(cause))]
    Listen {
        /// The address.
        address: String,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// Another server uses the data folder.
    #[error("数据目录{}正由另一个hongtou serve使用，请先停止它，或以--data另指定目录。", path.display())]
    FolderInUse {
        /// The folder.
        path: PathBuf,
    },
    /// The command needs an archive, and nothing is stored in the data folder.
    #[error("数据目录{}中没有档案，请核对--data所指的路径。", path.display())]
    NoArchive {
        /// The folder.
        path: PathBuf,
    },
    /// The database cannot be opened; the cause is logged.
    #[error("无法打开数据库。请核对地址和权限，原因见此提示之前的日志。")]
    Database(#[source] ArchiveError),
    /// The object store cannot be opened; the cause is logged.
    #[error("无法打开文件存储。请核对地址和权限，原因见此提示之前的日志。")]
    Store(#[source] ArchiveError),
    /// The settings of the OpenID Connect provider are invalid.
    #[error("无法使用所设置的统一登录：{}。", provider_reason(.0))]
    Provider(#[from] ProviderError),
    /// The job queue cannot be opened; the cause is logged.
    #[error("无法打开任务队列。请核对数据库的地址和权限，原因见此提示之前的日志。")]
    Jobs(#[source] JobsError),
    /// The archive cannot be moved.
    #[error("{0}")]
    Move(#[source] MoveError),
    /// Only a part of an archive has been moved here.
    #[error("搬入此处的档案尚不完整，请先完成hongtou archive move。")]
    MoveUnfinished,
    /// The server failed while running.
    #[error("服务中断：{}。", reason(.0))]
    Serve(#[source] io::Error),
    /// The trusted certificates cannot be used.
    #[error("无法使用所指定的信任列表：{}。", trust_reason(.0))]
    Trust(#[from] TrustError),
    /// The file cannot be read as a PDF.
    #[error("无法核验：{0}")]
    UnreadablePdf(#[from] UnreadablePdf),
    /// The file has no key of a log or a witness.
    #[error("{}不是存证日志或见证方的密钥。", path.display())]
    LogKey {
        /// The file.
        path: PathBuf,
    },
    /// The policy of a log cannot be read.
    #[error("{}第{line}行不符合写法。", path.display())]
    LogPolicy {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// The file has no receipt.
    #[error("{}不是存证回执。", path.display())]
    Receipt {
        /// The file.
        path: PathBuf,
    },
    /// The log cannot be read; the cause is logged.
    #[error("无法读取存证日志，原因见此提示之前的日志。")]
    Log(#[source] LogError),
    /// A PDF could not be signed.
    #[error("未能签署：{0}")]
    Signing(#[from] SigningError),
    /// The command panicked.
    #[error("程序内部出错，操作未完成。请将此提示之前的日志转告维护人员。")]
    Panicked,
}

impl CliError {
    /// The error of a command on an open archive: of its store, or of its database.
    pub(crate) fn archive(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Store(_) | ArchiveError::Missing(_) | ArchiveError::Corrupt(_) => {
                Self::Store(error)
            }
            _ => Self::Database(error),
        }
    }

    /// Prints the sentence on standard error, and logs causes that only maintainers understand.
    pub fn report(&self) {
        match self {
            Self::Render(error) => {
                tracing::error!(error = %error, cause = error.source(), "rendering failed");
            }
            Self::Database(error) | Self::Store(error) => {
                tracing::error!(error = %error, cause = error.source(), "the archive cannot be opened");
            }
            Self::Log(error) => tracing::error!(?error, "the log cannot be read"),
            Self::Move(MoveError::Archive(error)) => {
                tracing::error!(error = %error, cause = error.source(), "the move was interrupted");
            }
            Self::Jobs(error) => tracing::error!(?error, "the job queue cannot be opened"),
            _ => {}
        }
        eprintln!("{self}");
    }
}

fn font_reason(error: &FontError) -> String {
    match error {
        FontError::CannotRead { path, cause } => {
            format!("{}：{}", path.display(), reason(cause))
        }
        FontError::NotAFont { path } => format!("{}不是字体文件", path.display()),
        FontError::EmbeddingForbidden { path } => {
            format!("{}的许可不允许嵌入PDF", path.display())
        }
    }
}

fn trust_reason(error: &TrustError) -> String {
    match error {
        TrustError::Unreadable { name } => {
            format!("{name}中有证书和吊销列表以外的内容，或没有内容")
        }
        TrustError::TooMany { name } => format!("到{name}为止，证书和吊销列表过多"),
    }
}

fn provider_reason(error: &ProviderError) -> &'static str {
    match error {
        ProviderError::Issuer => "签发者应为https网址，本机的可为http",
        ProviderError::Roles(GrantError::NoRole) => "登录人员至少应有一个角色",
        ProviderError::Roles(_) => "设置了机关声明的，登录人员不能有管理角色",
        ProviderError::Certificates(_) => "系统中没有可用的根证书",
    }
}

pub(crate) fn reason(cause: &io::Error) -> String {
    let known = match cause.kind() {
        ErrorKind::NotFound => "文件或目录不存在",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::IsADirectory => "这是一个目录",
        ErrorKind::NotADirectory => "上级路径不是目录",
        ErrorKind::StorageFull => "磁盘空间不足",
        ErrorKind::ReadOnlyFilesystem => "文件系统只读",
        ErrorKind::BrokenPipe => "接收方已关闭",
        ErrorKind::AddrInUse => "地址已被占用",
        ErrorKind::AddrNotAvailable => "本机没有这个地址",
        ErrorKind::InvalidInput => "写法不正确",
        _ => {
            return cause
                .raw_os_error()
                .map_or_else(|| "系统出错".to_owned(), |n| format!("系统错误{n}"));
        }
    };
    known.to_owned()
}

impl From<RemakeError> for CliError {
    fn from(error: RemakeError) -> Self {
        match error {
            RemakeError::Unreadable(error) => error.into(),
            RemakeError::Render(error) => error.into(),
        }
    }
}
