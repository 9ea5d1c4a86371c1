//! The JSON record of a filing.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::archive::error::ArchiveError;
use crate::archive::filings::records::{FilingRecord, SignedCopy};
use crate::archive::objects::sha256;
use crate::document::moment::Moment;
use crate::http::problem::Problem;
use crate::http::request::conditions::{Content, conditions, etag};
use crate::validate::findings::violation::Violation;

/// The metadata of a stored filing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(description = "公文的记录")]
pub struct Record<'a> {
    /// Its id.
    #[schemars(description = "编号")]
    id: &'a str,
    /// 发文字号 as printed.
    #[schemars(description = "发文字号，如“巴市民政〔2021〕38号”")]
    document_number: &'a str,
    /// 机关代字.
    #[schemars(description = "机关代字")]
    agency_code: &'a str,
    /// 年份.
    #[schemars(description = "年份")]
    year: i64,
    /// 发文顺序号.
    #[schemars(description = "发文顺序号")]
    serial: i64,
    /// 1 for the first content under the 发文字号, 2 for the next, and so on.
    #[schemars(description = "修订，自1起；同一发文字号每有其他内容加1")]
    revision: i64,
    /// 发文机关, the lead agency first.
    #[schemars(description = "发文机关，主办机关在前")]
    issuers: &'a [String],
    /// Those of them that have not confirmed that they issue it.
    #[schemars(description = "尚未确认联合发文的机关；其确认之前，公文不在其档案中")]
    unconfirmed: &'a [String],
    /// 标题.
    #[schemars(description = "标题")]
    title: &'a str,
    /// 成文日期, `YYYY-MM-DD`.
    #[schemars(description = "成文日期，YYYY-MM-DD")]
    document_date: &'a str,
    /// The version of the program that typeset the pages.
    #[schemars(description = "排版程序的版本")]
    template_version: &'a str,
    /// The SHA-256 of the manifest of the renderer.
    #[schemars(
        description = "排版程序清单的SHA-256：版本、模板、字体和词典等决定公文每个字节的各项；早先的公文没有记下，为null"
    )]
    renderer: Option<&'a str>,
    /// The SHA-256 of the PDF, in hexadecimal.
    #[schemars(description = "PDF的SHA-256，64位小写十六进制")]
    sha256: &'a str,
    /// Length of the PDF.
    #[schemars(description = "PDF的字节数")]
    bytes: u64,
    /// Number of pages.
    #[schemars(description = "页数")]
    pages: i64,
    /// The SHA-256 of the canonical JSON it was generated from.
    #[schemars(description = "规范化JSON（RFC 8785）的SHA-256")]
    source_sha256: &'a str,
    /// Length of that JSON.
    #[schemars(description = "规范化JSON的字节数")]
    source_bytes: u64,
    /// Warnings, which do not prevent the filing.
    #[schemars(description = "疑点；不影响生成", with = "Vec<Violation>")]
    warnings: &'a RawValue,
    /// The id of the caller who posted it; empty if no keys are needed.
    #[schemars(description = "提交者的编号；无需密钥时为空")]
    posted_by: &'a str,
    /// When it was posted.
    #[schemars(description = "提交时间（RFC 3339，UTC）", with = "String")]
    posted_at: Moment,
    /// The signed copy.
    #[schemars(description = "签署件，归档前为null")]
    signed: Option<SignedCopyRecord<'a>>,
    /// The disposal that destroyed its files.
    #[schemars(description = "销毁其文件的那次销毁的编号；没有销毁的为null。销毁后只留记录")]
    disposal: Option<&'a str>,
}

/// The metadata of a signed copy.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Signed", description = "签署件的记录")]
pub struct SignedCopyRecord<'a> {
    /// The SHA-256 of the file, in hexadecimal.
    #[schemars(description = "签署件的SHA-256，64位小写十六进制")]
    sha256: &'a str,
    /// Length of the file.
    #[schemars(description = "签署件的字节数")]
    bytes: u64,
    /// How it derives from the generated PDF, as in the verdict.
    #[schemars(
        description = "签署件与本系统PDF的关系：identical_signed（原件未动，其后只有签署）、altered（另有改动）、rewritten（经其他软件重新保存）、scan（扫描件）；早先未经核验归档的为extended（在原文件之后有所追加）或unverified（其他）"
    )]
    derivation: &'a str,
    /// The SHA-256 of the verdict at the time of archiving, in hexadecimal.
    #[schemars(
        description = "归档时核验结论的SHA-256，64位小写十六进制；早先未经核验归档的为null"
    )]
    verdict_sha256: Option<&'a str>,
    /// The id of the caller who archived it; empty if no keys are needed.
    #[schemars(description = "归档者的编号；无需密钥时为空")]
    archived_by: &'a str,
    /// When it was archived.
    #[schemars(description = "归档时间（RFC 3339，UTC）", with = "String")]
    archived_at: Moment,
}

impl<'a> Record<'a> {
    /// The record of a filing.
    ///
    /// # Errors
    /// Returns `FilingProblem::Archive` if the stored warnings are not JSON, that is, if the database
    /// is damaged.
    pub fn of(filed: &'a FilingRecord) -> Result<Self, Problem> {
        let warnings = serde_json::from_str(&filed.warnings)
            .map_err(|_| ArchiveError::InvalidRecord("a filing's warnings"))?;
        Ok(Self {
            id: &filed.id,
            document_number: &filed.document_number,
            agency_code: &filed.agency_code,
            year: filed.year,
            serial: filed.serial,
            revision: filed.revision,
            issuers: &filed.issuers,
            unconfirmed: &filed.unconfirmed,
            title: &filed.title,
            document_date: &filed.document_date,
            template_version: &filed.template_version,
            renderer: filed.renderer.as_deref(),
            sha256: &filed.pdf.sha256,
            bytes: filed.pdf.bytes,
            pages: filed.pages,
            source_sha256: &filed.source.sha256,
            source_bytes: filed.source.bytes,
            warnings,
            posted_by: &filed.posted_by,
            posted_at: filed.posted_at,
            signed: filed.signed.as_ref().map(SignedCopyRecord::of),
            disposal: filed.disposal.as_deref(),
        })
    }

    /// The response to a possibly conditional request. The `ETag` is the SHA-256 of the JSON.
    ///
    /// # Errors
    /// Returns `FilingProblem::PreconditionFailed` if `If-Match` does not match.
    pub fn respond(&self, request: &HeaderMap) -> Result<Response, Problem> {
        // Strings and numbers always serialize.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let etag = etag(&sha256(&json));
        let send = conditions(request, &etag)?;
        let etag = [(header::ETAG, etag)];
        if send == Content::NotModified {
            return Ok((StatusCode::NOT_MODIFIED, etag).into_response());
        }
        let content_type = [(header::CONTENT_TYPE, "application/json")];
        Ok((etag, content_type, json).into_response())
    }

    /// The response to a request that created or changed the filing.
    pub fn created(&self, status: StatusCode, location: String) -> Response {
        (status, [(header::LOCATION, location)], Json(self)).into_response()
    }
}

impl<'a> SignedCopyRecord<'a> {
    fn of(signed: &'a SignedCopy) -> Self {
        Self {
            sha256: &signed.file.sha256,
            bytes: signed.file.bytes,
            derivation: &signed.derivation,
            verdict_sha256: signed.verdict.as_ref().map(|verdict| verdict.sha256.as_str()),
            archived_by: &signed.archived_by,
            archived_at: signed.archived_at,
        }
    }
}
