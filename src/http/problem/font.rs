//! Problems of the fonts of agencies.

use axum::http::StatusCode;

use crate::archive::renderers::agency_fonts::{MOST_BYTES, MOST_FONTS};
use crate::http::problem::row::Row;
use crate::render::fonts::uploaded::UnusableFont;

/// Why a font is not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FontProblem {
    /// The type of the body is not that of a font, or the body is compressed.
    MediaType,
    /// The file cannot be used.
    Unusable(UnusableFont),
    /// A filing cannot be made with it.
    NoFiling,
    /// The agency has a font of this family.
    FamilyThere(String),
    /// The agency has as many files as it may have.
    TooMany,
    /// The files of the agency would be too long together.
    TooLong,
}

impl FontProblem {
    /// One of each kind, for the contract.
    pub fn one_of_each() -> [Self; 6] {
        [
            Self::MediaType,
            Self::Unusable(UnusableFont::NotAFont),
            Self::NoFiling,
            Self::FamilyThere(String::new()),
            Self::TooMany,
            Self::TooLong,
        ]
    }

    /// The content of the response.
    pub fn row(&self) -> Row {
        let unusable = |detail: String| {
            Row::new(StatusCode::UNPROCESSABLE_ENTITY, "unusable-font", "字体不能使用", detail)
        };
        let too_many =
            |detail: String| Row::new(StatusCode::CONFLICT, "too-many-fonts", "字体过多", detail);
        match self {
            Self::MediaType => Row::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-a-font-type",
                "不支持的文件类型",
                "请以application/octet-stream提交字体文件，且不要压缩。",
            ),
            Self::Unusable(why) => unusable(why.to_string()),
            Self::NoFiling => unusable(
                "用这款字体试排公文没有成功，文件可能已损坏。请换一份字体文件再试。".to_owned(),
            ),
            Self::FamilyThere(family) => Row::new(
                StatusCode::CONFLICT,
                "font-there",
                "已有此字体",
                format!("这个机关已有字体“{family}”。要更换的，请先移除，再上传。"),
            ),
            Self::TooMany => {
                too_many(format!("每个机关至多{MOST_FONTS}个字体文件，请先移除不用的。"))
            }
            Self::TooLong => too_many(format!(
                "每个机关的字体文件合计不得超过{} MiB，请先移除不用的。",
                MOST_BYTES >> 20
            )),
        }
    }
}
