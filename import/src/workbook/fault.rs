//! Why a submission cannot be written into the template.

/// A submission that has more than the template can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A value for which the template has no cell.
    #[error("模板中没有“{0}”的位置。")]
    NotExpressed(String),
    /// The texts of the score sheet take too much memory, since each row repeats those above it.
    #[error("评分表的文字太多，一个工作簿写不下。")]
    NoRoom,
    /// The spreadsheet writer failed.
    #[error("不能写出模板：{0}")]
    Writer(String),
}

impl From<rust_xlsxwriter::XlsxError> for TemplateError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Writer(error.to_string())
    }
}
