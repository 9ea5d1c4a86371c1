//! Why a file cannot be read.

use crate::source::limits::UNPACKED;

/// Why a file cannot be read at all; displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file has no content.
    #[error("文件是空的。")]
    Empty,
    /// The file is longer than the limit, or unpacks to more than it.
    #[error("文件过大：解开后不得超过{}MiB。", UNPACKED >> 20)]
    TooLarge,
    /// The file has too many lines, rows or cells.
    #[error("内容过多：{what}不得超过{limit}{unit}。")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
        /// The unit of the limit.
        unit: &'static str,
    },
    /// The text is not UTF-8 or UTF-16.
    #[error("文字编码不是UTF-8，请另存为UTF-8编码的文本，或直接上传Word文件。")]
    Encoding,
    /// A file in a format that is not read.
    #[error("{0}")]
    Format(&'static str),
    /// A ZIP file, Word file or workbook that is damaged.
    #[error("文件已损坏，请用Word、Excel或WPS打开后另存一份再试。")]
    Damaged,
    /// The file has a password.
    #[error("文件有打开密码，请去掉密码后再试。")]
    Encrypted,
}
