//! 发文字号, as posted.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::document::masthead::number::NumberFormat;

/// The document number (发文字号).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "发文字号")]
pub struct PostedNumber {
    /// The agency code (机关代字).
    #[schemars(description = "机关代字")]
    pub agency_code: String,
    /// The year, four digits.
    #[schemars(description = "年份，四位数字")]
    pub year: i64,
    /// The serial number (发文顺序号).
    #[schemars(description = "发文顺序号")]
    pub serial: i64,
    /// How the number is printed; `standard` by default. The other forms do not print the agency code, which
    /// still tells documents apart in the archive.
    #[serde(default)]
    #[schemars(
        description = "写法；不写则为“巴市民政〔2021〕38号”的样子；其他写法不印机关代字，机关代字仅供归档区分"
    )]
    pub format: Option<NumberFormat>,
}
