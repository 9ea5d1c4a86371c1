//! Problems of importing a file.

use axum::http::StatusCode;

use crate::http::problem::row::Row;
use crate::import::source::error::ImportError;
use crate::import::workbook::fault::TemplateError;

/// Why a file is not imported.
#[derive(Debug)]
pub enum ImportProblem {
    /// The type of the body is not one of a file that is read, or the body is compressed.
    MediaType,
    /// The file cannot be read.
    Unreadable(ImportError),
    /// The template cannot be written.
    Template(TemplateError),
}

impl ImportProblem {
    /// One of each kind, for the contract.
    pub fn one_of_each() -> [Self; 2] {
        [Self::MediaType, Self::Unreadable(ImportError::Damaged)]
    }

    /// The content of the response.
    pub fn row(&self) -> Row {
        match self {
            Self::MediaType => Row::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-an-import-type",
                "不支持的文件类型",
                "请以application/octet-stream提交Word、Excel文件或文本，且不要压缩。",
            ),
            Self::Unreadable(error) => Row::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unreadable-file",
                "文件无法读取",
                error.to_string(),
            ),
            Self::Template(_) => Row::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "服务器内部错误",
                "模板未能生成，问题已记入日志，请将请求编号告知管理员。",
            ),
        }
    }

    /// Logs what only maintainers can correct.
    pub fn log(&self) {
        if let Self::Template(error) = self {
            tracing::error!(%error, "the template cannot be written");
        }
    }
}
