//! What 移交与接收登记表 says (档发〔2012〕7号): the data of `transfer-form.typ`.

use serde::Serialize;

/// A form. What only people know is left empty in the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TransferForm {
    /// The day on which the package was made: year, month, day.
    pub date: [u16; 3],
    /// 内容描述.
    pub description: String,
    /// 移交电子档案数量.
    pub files: String,
    /// 移交数据量.
    pub bytes: String,
    /// 载体起止顺序号.
    pub carriers: String,
    /// 移交载体类型、规格.
    pub carrier_kind: String,
    /// What both sides check.
    pub checks: Vec<String>,
    /// The id of the package.
    pub package: String,
    /// The size of the package.
    pub package_bytes: String,
    /// The SHA-256 of the manifest of the package, in groups of digits.
    pub digest: String,
    /// The lines of the newest checkpoint of the log; empty if there is none.
    pub checkpoint: Vec<String>,
}
