//! Why a submission cannot be written into the template.

use hongtou_rules::validate::findings::place_name::place_name;

/// A submission that has more than the template can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A value for which the template has no cell.
    #[error("模板中没有{}的位置。", named(.0))]
    NotExpressed(String),
    /// The texts of the score sheet take too much memory, since each row repeats those above it.
    #[error("评分表的文字太多，一个工作簿写不下。")]
    NoRoom,
    /// The spreadsheet writer failed.
    #[error("不能写出模板：{0}")]
    Writer(String),
}

/// What a sentence for staff calls it: the name of the place at a JSON Pointer, or the words.
fn named(what: &str) -> String {
    if what.starts_with('/') { place_name(what) } else { format!("“{what}”") }
}

impl From<rust_xlsxwriter::XlsxError> for TemplateError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Writer(error.to_string())
    }
}
