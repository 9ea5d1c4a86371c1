//! How a submitted PDF is derived from the archived original.

use lopdf::Document;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::signature::changes::page_text::{Page, pages};
use crate::signature::changes::what::{Change, What};
use crate::signature::file::File;
use crate::signature::file::unreadable::Unreadable;

/// How a PDF is derived from the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    rename = "DerivationKind",
    description = "与原件的关系：identical（完全相同）、identical_signed（原件一字节未动，其后只追加了签名、时间戳和验证数据）、altered（原件之后另有改动）、rewritten（经其他软件重新保存，文字和页面相同）、scan（扫描件，没有可核对的文字）、unrelated（不是这份公文）"
)]
pub enum Kind {
    /// It is ours, byte for byte.
    #[serde(rename = "identical")]
    Identical,
    /// Ours is a prefix of it, and what follows are signatures, time stamps and what they rest on.
    #[serde(rename = "identical_signed")]
    IdenticalSigned,
    /// Ours is a prefix of it, and what follows changes it.
    #[serde(rename = "altered")]
    Altered,
    /// Its bytes are others, its pages have the same size and say the same.
    #[serde(rename = "rewritten")]
    Rewritten,
    /// Its pages are pictures without text.
    #[serde(rename = "scan")]
    Scan,
    /// It is not this filing.
    #[serde(rename = "unrelated")]
    Unrelated,
}

/// How a PDF is derived from the original, and the changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "与原件的关系")]
pub struct Derivation {
    /// The kind of derivation.
    #[schemars(
        description = "identical（完全相同）、identical_signed（其后只有签署）、altered（另有改动）、rewritten（重新保存）、scan（扫描件）、unrelated（不是这份公文）"
    )]
    pub kind: Kind,
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

impl Kind {
    /// The name in JSON and SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::IdenticalSigned => "identical_signed",
            Self::Altered => "altered",
            Self::Rewritten => "rewritten",
            Self::Scan => "scan",
            Self::Unrelated => "unrelated",
        }
    }

    /// Whether the file shows the original unchanged.
    pub fn is_intact(self) -> bool {
        matches!(self, Self::Identical | Self::IdenticalSigned)
    }

    /// The Chinese name for staff.
    pub fn title(self) -> &'static str {
        match self {
            Self::Identical => "与原件完全相同",
            Self::IdenticalSigned => "原件未动，其后只有签署",
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
    fn new(kind: Kind, original: &[u8], changes: Vec<Change>) -> Self {
        Self {
            kind,
            detail: kind.detail().to_owned(),
            original_sha256: hex::encode(Sha256::digest(original)),
            changes,
        }
    }

    /// Compares a file with the original. `later` holds the changes of each revision of the file.
    ///
    /// # Errors
    /// Fails if the original cannot be read, or if either file has too much text to compare.
    pub(crate) fn of(
        file: &File<'_>,
        newest: &Document,
        later: &[Change],
        original: &[u8],
    ) -> Result<Self, Unreadable> {
        if file.bytes == original {
            return Ok(Self::new(Kind::Identical, original, Vec::new()));
        }
        if file.bytes.starts_with(original)
            && let Some(ours) = file.revision_ending_at(original.len())
        {
            // `revision` counts from 1.
            let later =
                later.iter().filter(|change| change.revision > ours + 1 || change.is_behind());
            let changes: Vec<Change> = later.cloned().collect();
            let kind = if changes.is_empty() { Kind::IdenticalSigned } else { Kind::Altered };
            return Ok(Self::new(kind, original, changes));
        }
        if file.bytes.starts_with(original) {
            let replaced = What::Replaced.at(file.revisions.len() - 1, None, None);
            return Ok(Self::new(Kind::Altered, original, vec![replaced]));
        }
        let ours = File::open(original)?;
        let ours = ours.document(ours.revisions.len() - 1)?;
        let (kind, changes) = match (pages(&ours), pages(newest)) {
            (Some(ours), Some(theirs)) => alike(&ours, &theirs),
            _ => return Err(Unreadable::TooComplex),
        };
        Ok(Self::new(kind, original, changes))
    }
}

impl Change {
    /// Bytes follow the newest revision of a file.
    pub(crate) fn behind(revision: usize) -> Self {
        What::TrailingBytes.at(revision, None, None)
    }

    pub(crate) fn is_behind(&self) -> bool {
        *self == Self::behind(self.revision - 1)
    }
}

/// Compares the pages of a rewritten file with the original's.
fn alike(ours: &[Page], theirs: &[Page]) -> (Kind, Vec<Change>) {
    let is_picture =
        |page: &Page| page.has_picture && page.text.is_empty() && !page.has_unread_text;
    if !theirs.is_empty() && theirs.iter().all(is_picture) {
        let differs = ours.len() != theirs.len();
        let change = differs.then(|| What::PageCount.at(0, None, None));
        return (Kind::Scan, change.into_iter().collect());
    }
    let mut changes = Vec::new();
    let pairs = || ours.iter().zip(theirs);
    let is_same = ours.len() == theirs.len()
        && pairs().all(|(ours, theirs)| is_same_size(ours, theirs) && can_be_read(ours, theirs));
    for (index, (ours, theirs)) in pairs().enumerate() {
        match added(&ours.text, &theirs.text) {
            Some("") => {}
            // Sealing tools add text next to a seal. It is reported as a change.
            Some(more) => {
                let more = What::TextAdded(more.chars().take(200).collect());
                changes.push(more.at(0, None, Some(index + 1)));
            }
            None => return (Kind::Unrelated, Vec::new()),
        }
    }
    if is_same { (Kind::Rewritten, changes) } else { (Kind::Unrelated, Vec::new()) }
}

/// Whether their text can be read wherever the original's can.
fn can_be_read(ours: &Page, theirs: &Page) -> bool {
    ours.has_unread_text || !theirs.has_unread_text
}

/// Sizes may differ by rounding to whole points.
fn is_same_size(ours: &Page, theirs: &Page) -> bool {
    let is_near = |ours: i64, theirs: i64| (ours - theirs).abs() <= 1;
    match (ours.size, theirs.size) {
        (Some(ours), Some(theirs)) => is_near(ours.0, theirs.0) && is_near(ours.1, theirs.1),
        _ => false,
    }
}

/// The text added before or after; `None` if the text itself differs.
fn added<'t>(ours: &str, theirs: &'t str) -> Option<&'t str> {
    theirs.strip_prefix(ours).or_else(|| theirs.strip_suffix(ours))
}
