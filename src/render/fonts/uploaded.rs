//! Checks a font file that an agency provides.

use ttf_parser::{RawFace, Tag};
use typst::foundations::Bytes;
use typst::text::Font;

use crate::render::fonts::face_chains::{FACE_CHAINS, licensed};
use crate::render::fonts::font_set::may_embed;
use crate::validate::text::typeface::Typeface;

/// How many family names of a refused file are quoted, and how much of each.
const QUOTED: usize = 3;
const LONGEST_QUOTE: usize = 40;

/// A font file that can be used.
#[derive(Debug, Clone)]
pub struct UploadedFont {
    /// Its licensed families, each with the typeface that it serves.
    pub families: Vec<(&'static str, Typeface)>,
    /// The suffix of its file name.
    pub suffix: &'static str,
    /// Its content.
    pub bytes: bytes::Bytes,
}

/// Why a font file cannot be used. Displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableFont {
    /// It contains no font.
    #[error("文件不是字体，或已损坏。请上传.ttf、.otf或.ttc文件。")]
    NotAFont,
    /// The licence bits of a font (OS/2 fsType) forbid embedding, which PDF/A requires.
    #[error("这款字体不许嵌入文件（字体自身的授权标记），而公文须嵌入全部字体，所以不能使用。")]
    EmbeddingForbidden,
    /// The widths of its characters are not fixed.
    #[error("这是可变字体，公文不能使用。请上传同一款字体的普通版。")]
    Variable,
    /// None of its families serves a typeface of the page.
    #[error("{}不是公文所用的字体。可用的是：{}。", quoted(.0), usable())]
    OtherFamily(Vec<String>),
}

impl UploadedFont {
    /// Reads a font file and checks that it can be used.
    ///
    /// # Errors
    /// Returns an `UnusableFont` that says why not.
    pub fn read(bytes: bytes::Bytes) -> Result<Self, UnusableFont> {
        let fonts: Vec<Font> = Font::iter(Bytes::new(bytes.clone())).collect();
        if fonts.is_empty() {
            return Err(UnusableFont::NotAFont);
        }
        if !fonts.iter().all(may_embed) {
            return Err(UnusableFont::EmbeddingForbidden);
        }
        if fonts.iter().any(is_variable) {
            return Err(UnusableFont::Variable);
        }
        let mut families: Vec<_> =
            fonts.iter().filter_map(|font| licensed(&font.info().family)).collect();
        families.dedup();
        if families.is_empty() {
            let names = fonts.into_iter().map(|font| font.info().family.clone());
            return Err(UnusableFont::OtherFamily(names.collect()));
        }
        let suffix = match bytes.first_chunk() {
            Some(b"OTTO") => "otf",
            Some(b"ttcf") => "ttc",
            _ => "ttf",
        };
        Ok(Self { families, suffix, bytes })
    }
}

fn is_variable(font: &Font) -> bool {
    RawFace::parse(font.data().as_slice(), font.index())
        .is_ok_and(|face| face.table(Tag::from_bytes(b"fvar")).is_some())
}

/// The names of the families of a refused file.
fn quoted(families: &[String]) -> String {
    let names = families.iter().take(QUOTED);
    let quotes: Vec<String> = names
        .map(|name| format!("“{}”", name.chars().take(LONGEST_QUOTE).collect::<String>()))
        .collect();
    quotes.join("")
}

/// The families that can be used, in Chinese.
fn usable() -> String {
    let families = FACE_CHAINS.iter().flat_map(|chain| chain.licensed);
    let chinese = families.filter(|family| !family.is_ascii());
    chinese.copied().collect::<Vec<_>>().join("、")
}
