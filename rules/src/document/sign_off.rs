//! 署名: how a document is signed (B-10 to B-16).

use serde::{Deserialize, Serialize};

use crate::document::masthead::Form;

/// How a document is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(description = "用印方式")]
pub enum Seal {
    /// Sealed (加盖印章); the space for each seal is left free (B-10 to B-12).
    #[schemars(description = "加盖印章：留出印章位置")]
    #[serde(rename = "sealed")]
    Sealed,
    /// Without a seal (不加盖印章; B-14, B-15).
    #[schemars(description = "不加盖印章")]
    #[serde(rename = "unsealed")]
    Unsealed,
    /// With the signatory's signature stamp (签名章) after the position (B-16).
    #[schemars(description = "加盖签发人签名章")]
    #[serde(rename = "signature_stamp")]
    SignatureStamp,
}

impl Seal {
    /// The default of a form: a command has a signature stamp (S1 10.2), minutes have no seal (P,
    /// section 7), every other form is sealed (B-19).
    pub fn of(form: Form) -> Self {
        match form {
            Form::Command => Self::SignatureStamp,
            Form::Minutes => Self::Unsealed,
            Form::Report | Form::Notice | Form::Letter => Self::Sealed,
        }
    }
}

/// Where the agencies that signed an issued text are printed.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[schemars(description = "署名印在何处")]
pub enum SignOffPlace {
    /// Below the text with the date, as in a document without a seal (B-14, B-15).
    #[default]
    #[schemars(description = "正文之下，成文日期在其下一行")]
    #[serde(rename = "below_text")]
    BelowText,
    /// Below the title, as governments print what departments drafted.
    #[schemars(description = "标题之下，政府转发部门文件时常用")]
    #[serde(rename = "below_title")]
    BelowTitle,
}

/// How a document is signed, with the data that this needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signing {
    /// 加盖印章.
    Sealed,
    /// 不加盖印章.
    Unsealed,
    /// 加盖签发人签名章.
    SignatureStamp {
        /// 签发人职务 in full, one for each 署名 (B-16).
        positions: Vec<String>,
    },
}
