//! How a submitted PDF is derived from the archived original.

use lopdf::Document;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::changes::change::{Change, ChangeKind};
use crate::changes::comparison::Difference;
use crate::changes::page_text::{Page, pages};
use crate::file::PdfFile;
use crate::file::unreadable_pdf::UnreadablePdf;

/// The kind of derivation of a PDF from the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    description = "与原件的关系：identical（完全相同）、identical_signed（原件一字节未动，其后只追加了签名、时间戳和验证数据）、identical_unsigned（原件一字节未动，其后没有签名）、altered（原件之后另有改动）、rewritten（经其他软件重新保存，文字和页面相同）、scan（扫描件，没有可核对的文字）、unrelated（不是这份公文）"
)]
pub enum DerivationKind {
    /// The file is identical to the original.
    #[serde(rename = "identical")]
    Identical,
    /// The file begins with the original and adds only signatures, time stamps and their validation data.
    #[serde(rename = "identical_signed")]
    IdenticalSigned,
    /// The file begins with the original and adds nothing that is shown or signed, such as a line break
    /// or an empty signature field.
    #[serde(rename = "identical_unsigned")]
    IdenticalUnsigned,
    /// The file begins with the original and adds other changes.
    #[serde(rename = "altered")]
    Altered,
    /// The bytes differ, but the pages have the same size and text.
    #[serde(rename = "rewritten")]
    Rewritten,
    /// The pages are pictures without text.
    #[serde(rename = "scan")]
    Scan,
    /// The file is not a copy of this filing.
    #[serde(rename = "unrelated")]
    Unrelated,
}

/// The derivation of a PDF from the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "与原件的关系")]
pub struct Derivation {
    /// The kind of derivation.
    #[schemars(
        description = "identical（完全相同）、identical_signed（其后只有签署）、identical_unsigned（其后没有签名）、altered（另有改动）、rewritten（重新保存）、scan（扫描件）、unrelated（不是这份公文）"
    )]
    pub kind: DerivationKind,
    /// A Chinese sentence for staff.
    #[schemars(description = "说明")]
    pub detail: String,
    /// The SHA-256 of the original, in hexadecimal.
    #[schemars(description = "原件的SHA-256，64位小写十六进制")]
    pub original_sha256: String,
    /// The changes to the original.
    #[schemars(description = "原件之后的改动")]
    pub changes: Vec<Change>,
}

impl DerivationKind {
    /// The name in JSON and SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::IdenticalSigned => "identical_signed",
            Self::IdenticalUnsigned => "identical_unsigned",
            Self::Altered => "altered",
            Self::Rewritten => "rewritten",
            Self::Scan => "scan",
            Self::Unrelated => "unrelated",
        }
    }

    /// Whether the file shows the original unchanged.
    pub fn is_intact(self) -> bool {
        matches!(self, Self::Identical | Self::IdenticalSigned | Self::IdenticalUnsigned)
    }

    /// The Chinese name for staff.
    pub fn title(self) -> &'static str {
        match self {
            Self::Identical => "与原件完全相同",
            Self::IdenticalSigned => "原件未动，其后只有签署",
            Self::IdenticalUnsigned => "原件未动，其后没有签名",
            Self::Altered => "原件之后另有改动",
            Self::Rewritten => "经其他软件重新保存",
            Self::Scan => "扫描件",
            Self::Unrelated => "不是这份公文",
        }
    }

    fn detail(self) -> &'static str {
        match self {
            Self::Identical => "文件与本系统生成的原件逐字节相同，未经签署。",
            Self::IdenticalSigned => {
                "本系统生成的原件一字节未动，其后只追加了签名、时间戳和验证数据。"
            }
            Self::IdenticalUnsigned => "本系统生成的原件一字节未动，其后追加的内容中没有签名。",
            Self::Altered => "文件以本系统生成的原件开头，但其后除签署外另有改动，见所列各项。",
            Self::Rewritten => {
                "文件经其他软件重新保存，已不是原来的字节；页数、页面大小和文字与原件相同，图形和字体未作比较。"
            }
            Self::Scan => "文件的各页都是图片，没有文字，不能与原件核对。",
            Self::Unrelated => "文件的内容与这份公文不同。",
        }
    }
}

impl Derivation {
    fn new(kind: DerivationKind, original: &[u8], changes: Vec<Change>) -> Self {
        Self {
            kind,
            detail: kind.detail().to_owned(),
            original_sha256: hex::encode(Sha256::digest(original)),
            changes,
        }
    }

    /// The derivation of a file whose signatures are only prepared: nobody signed it.
    pub(crate) fn with_blank_signatures(self) -> Self {
        match self.kind {
            DerivationKind::IdenticalSigned => {
                let kind = DerivationKind::IdenticalUnsigned;
                Self { kind, detail: kind.detail().to_owned(), ..self }
            }
            _ => self,
        }
    }

    /// Compares a file with the original. `differences` has the difference of each revision.
    ///
    /// # Errors
    /// Fails if the original cannot be read, or if either file has too much text to compare.
    pub(crate) fn of(
        file: &PdfFile<'_>,
        newest: &Document,
        differences: &[Difference],
        original: &[u8],
    ) -> Result<Self, UnreadablePdf> {
        if file.bytes == original {
            return Ok(Self::new(DerivationKind::Identical, original, Vec::new()));
        }
        if file.bytes.starts_with(original)
            && let Some(revision) = file.revision_ending_at(original.len())
        {
            let later = &differences[revision + 1..];
            let changes = differences.iter().flat_map(|it| &it.changes);
            // `change.revision` counts from 1.
            let changes: Vec<Change> = changes
                .filter(|change| change.revision > revision + 1 || change.is_trailing_bytes())
                .cloned()
                .collect();
            let kind = if !changes.is_empty() {
                DerivationKind::Altered
            } else if later.iter().any(Difference::is_signed) {
                DerivationKind::IdenticalSigned
            } else {
                DerivationKind::IdenticalUnsigned
            };
            return Ok(Self::new(kind, original, changes));
        }
        if file.bytes.starts_with(original) {
            let replaced = ChangeKind::OriginalReplaced.at(file.revisions.len() - 1, None, None);
            return Ok(Self::new(DerivationKind::Altered, original, vec![replaced]));
        }
        let original_file = PdfFile::open(original)?;
        let document = original_file.document(original_file.revisions.len() - 1)?;
        let (kind, changes) = match (pages(&document), pages(newest)) {
            (Some(original), Some(submitted)) => compare_pages(&original, &submitted),
            _ => return Err(UnreadablePdf::TooComplex),
        };
        Ok(Self::new(kind, original, changes))
    }
}

impl Change {
    /// The change that bytes follow the newest revision (its index).
    pub(crate) fn trailing_bytes(revision: usize) -> Self {
        ChangeKind::TrailingBytes.at(revision, None, None)
    }

    /// Whether this is that change.
    pub(crate) fn is_trailing_bytes(&self) -> bool {
        *self == Self::trailing_bytes(self.revision - 1)
    }
}

/// Compares the pages of a rewritten file with those of the original.
fn compare_pages(original: &[Page], submitted: &[Page]) -> (DerivationKind, Vec<Change>) {
    let is_scan = |page: &Page| page.has_image && page.text.is_empty() && !page.has_undecoded_text;
    if !submitted.is_empty() && submitted.iter().all(is_scan) {
        let differs = original.len() != submitted.len();
        let change = differs.then(|| ChangeKind::PageCount.at(0, None, None));
        return (DerivationKind::Scan, change.into_iter().collect());
    }
    let mut changes = Vec::new();
    let pairs = || original.iter().zip(submitted);
    let is_same = original.len() == submitted.len()
        && pairs().all(|(original, submitted)| {
            is_same_size(original, submitted) && can_be_read(original, submitted)
        });
    for (index, (original, submitted)) in pairs().enumerate() {
        match added_text(&original.text, &submitted.text) {
            Some("") => {}
            // Sealing tools add text next to a seal. It is reported as a change.
            Some(more) => {
                let more = ChangeKind::TextAdded(more.chars().take(200).collect());
                changes.push(more.at(0, None, Some(index + 1)));
            }
            None => return (DerivationKind::Unrelated, Vec::new()),
        }
    }
    if is_same {
        (DerivationKind::Rewritten, changes)
    } else {
        (DerivationKind::Unrelated, Vec::new())
    }
}

/// Whether the submitted page has undecoded text only if the original has.
fn can_be_read(original: &Page, submitted: &Page) -> bool {
    original.has_undecoded_text || !submitted.has_undecoded_text
}

/// Sizes may differ by rounding to whole points.
fn is_same_size(original: &Page, submitted: &Page) -> bool {
    let is_near = |original: i64, submitted: i64| (original - submitted).abs() <= 1;
    match (original.size, submitted.size) {
        (Some(original), Some(submitted)) => {
            is_near(original.0, submitted.0) && is_near(original.1, submitted.1)
        }
        _ => false,
    }
}

/// The text added before or after; `None` if the text itself differs.
fn added_text<'t>(original: &str, submitted: &'t str) -> Option<&'t str> {
    submitted.strip_prefix(original).or_else(|| submitted.strip_suffix(original))
}
