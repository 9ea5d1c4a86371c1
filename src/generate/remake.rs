//! Remakes a filing from the source that its PDF carries, and compares the bytes.

use bytes::Bytes;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::objects::sha256;
use crate::generate::renderer::KeptBuild;
use crate::generate::renderer::confinement::Confinement;
use crate::generate::typesetters::lead_agency;
use crate::generate::{BODY_LIMIT, GenerateError, generate};
use crate::render::error::RenderError;
use crate::render::typesetter::Typesetter;
use crate::signature::file::attached_source::attached_source;
use crate::signature::file::unreadable_pdf::UnreadablePdf;

/// Why a file without a source is not remade.
const NO_SOURCE: &str = "文件没有附生成所用的数据（source.json），不能重新生成";

/// Whether a PDF is, or begins with, what this program makes of the source attached to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "由文件所附的数据重新生成公文，与文件逐字节比较的结果")]
pub struct Remake {
    /// The result.
    #[schemars(description = "结果")]
    pub outcome: RemakeOutcome,
    /// A Chinese sentence for staff.
    #[schemars(description = "说明")]
    pub detail: String,
    /// The SHA-256 of the remade filing, in hexadecimal.
    #[schemars(description = "重新生成的公文的SHA-256，64位小写十六进制；没有重新生成的为null")]
    pub sha256: Option<String>,
}

/// The result of remaking a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    description = "remade（文件与重新生成的公文相同，或以其为开头）、remade_by_other_build（同上，由所存的另一版本的程序生成）、cannot_be_remade（没有所附的数据、不能由其生成，或生成的公文不同；缘由见detail）"
)]
pub enum RemakeOutcome {
    /// The file is the remade filing, or begins with it.
    #[serde(rename = "remade")]
    Remade,
    /// The same, by a kept build of the program other than this one.
    #[serde(rename = "remade_by_other_build")]
    RemadeByOtherBuild,
    /// There is no source, it is refused, or the remade filing differs.
    #[serde(rename = "cannot_be_remade")]
    CannotBeRemade,
}

/// Why no attempt could be made.
#[derive(Debug, thiserror::Error)]
pub enum RemakeError {
    /// The file is no PDF that can be read.
    #[error("the file cannot be read")]
    Unreadable(#[from] UnreadablePdf),
    /// The filing could not be typeset.
    #[error("the filing could not be typeset")]
    Render(#[from] RenderError),
}

/// The lead agency that the source of a PDF names. `None` if it has none.
///
/// # Errors
/// Returns `RemakeError::Unreadable` if the file is rejected as unreadable.
pub fn agency_of(file: &[u8]) -> Result<Option<String>, RemakeError> {
    Ok(attached_source(file, BODY_LIMIT)?.and_then(|source| lead_agency(&source)))
}

/// Remakes the filing of a PDF with one typesetter after the other, until one makes the same bytes. If
/// none does, the result is that of the first.
///
/// # Errors
/// Like `remake`.
pub fn remake_with_any(
    file: &[u8],
    typesetters: &[Typesetter],
) -> Result<(Remake, Option<Bytes>), RemakeError> {
    let mut first = None;
    for typesetter in typesetters {
        let (remake, original) = remake(file, typesetter)?;
        if original.is_some() {
            return Ok((remake, original));
        }
        first.get_or_insert(remake);
    }
    Ok((first.unwrap_or_else(|| Remake::failed(NO_SOURCE, None)), None))
}

/// Remakes the filing of a PDF. Returns it as well if the file is or begins with it.
///
/// # Errors
/// Returns `RemakeError::Unreadable` if the file is rejected as unreadable, and `RemakeError::Render` if
/// typesetting fails, which is a bug.
pub fn remake(
    file: &[u8],
    typesetter: &Typesetter,
) -> Result<(Remake, Option<Bytes>), RemakeError> {
    let Some(source) = attached_source(file, BODY_LIMIT)? else {
        return Ok((Remake::failed(NO_SOURCE, None), None));
    };
    let generated = match generate(&source, typesetter) {
        Ok(generated) => generated,
        Err(GenerateError::Render(error)) => return Err(error.into()),
        Err(GenerateError::Unreadable(_)) => {
            return Ok((Remake::failed("文件所附的数据（source.json）无法读取", None), None));
        }
        Err(GenerateError::Refused(findings)) => {
            let first = findings.errors.first().map(ToString::to_string).unwrap_or_default();
            let detail = format!("文件所附的数据按本程序的规定不能生成公文：{first}");
            return Ok((Remake::failed(&detail, None), None));
        }
    };
    if !file.starts_with(&generated.pdf) {
        let detail = "由所附的数据重新生成的公文与文件不同：文件由其他版本的程序生成，或经改动";
        return Ok((Remake::failed(detail, Some(generated.pdf_sha256)), None));
    }
    let remake = Remake {
        outcome: RemakeOutcome::Remade,
        detail: sameness(file, &generated.pdf),
        sha256: Some(generated.pdf_sha256),
    };
    Ok((remake, Some(generated.pdf)))
}

/// Remakes the filing of a PDF with kept builds, one after the other, until one makes the same bytes.
/// For a file that this build does not remake.
///
/// # Errors
/// Returns `RemakeError::Unreadable` if the file is rejected as unreadable.
pub fn remake_by_builds(
    file: &[u8],
    builds: &[KeptBuild],
    confinement: &Confinement,
) -> Result<(Remake, Option<Bytes>), RemakeError> {
    let Some(source) = attached_source(file, BODY_LIMIT)? else {
        return Ok((Remake::failed(NO_SOURCE, None), None));
    };
    let mut reasons = Vec::new();
    for build in builds {
        let name = &build.name;
        match confinement.render(build, &source) {
            Ok(pdf) if file.starts_with(&pdf) => {
                let detail = format!("由{name}生成：{}", sameness(file, &pdf));
                let outcome = RemakeOutcome::RemadeByOtherBuild;
                let remake = Remake { outcome, detail, sha256: Some(sha256(&pdf)) };
                return Ok((remake, Some(pdf.into())));
            }
            Ok(_) => reasons.push(format!("{name}生成的公文与文件不同")),
            Err(error) => reasons.push(format!("{name}未能生成公文：{error}")),
        }
    }
    let detail =
        format!("本程序和所存的其他版本都不能由所附的数据生成此文件：{}", reasons.join("；"));
    Ok((Remake::failed(&detail, None), None))
}

/// How a file equals the remade filing with which it begins.
fn sameness(file: &[u8], remade: &[u8]) -> String {
    let length = remade.len();
    if file.len() == length {
        "文件与由所附数据重新生成的公文逐字节相同".to_owned()
    } else {
        format!("文件的前{length}字节与由所附数据重新生成的公文逐字节相同，其后是追加的内容")
    }
}

impl RemakeOutcome {
    /// The Chinese name for staff.
    pub fn title(self) -> &'static str {
        match self {
            Self::Remade => "已重新生成",
            Self::RemadeByOtherBuild => "已由另一版本的程序重新生成",
            Self::CannotBeRemade => "不能重新生成",
        }
    }
}

impl Remake {
    fn failed(detail: &str, sha256: Option<String>) -> Self {
        Self { outcome: RemakeOutcome::CannotBeRemade, detail: detail.to_owned(), sha256 }
    }
}
