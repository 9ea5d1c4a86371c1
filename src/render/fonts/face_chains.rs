//! The families that serve each typeface: licensed ones, by preference, then the bundled ones.

use typst::text::{Font, FontBook};

use crate::validate::text::font_coverage::CharacterSet;
use crate::validate::text::typeface::Typeface;

/// The families of one typeface: the licensed ones an agency may provide, by preference, then the
/// bundled ones.
pub(crate) struct FaceChain {
    pub(crate) face: Typeface,
    /// The key of the chain in `fonts.json`.
    pub(crate) key: &'static str,
    /// The weight that the templates use (theme.typ).
    pub(crate) weight: u16,
    /// Family names as they appear in font tables, in English and Chinese.
    pub(crate) licensed: &'static [&'static str],
    /// Bundled families, the last one for rare characters.
    bundled: &'static [&'static str],
}

pub(crate) const FACE_CHAINS: [FaceChain; 5] = [
    FaceChain {
        face: Typeface::Fangsong,
        key: "fangsong",
        weight: 400,
        licensed: &[
            "FangSong_GB2312",
            "仿宋_GB2312",
            "FangSong",
            "仿宋",
            "FZFangSong-Z02S",
            "方正仿宋简体",
            "FZFangSong-Z02",
            "方正仿宋_GBK",
            "STFangsong",
            "华文仿宋",
        ],
        bundled: &["Zhuque Fangsong (technical preview)", "Noto Serif SC"],
    },
    FaceChain {
        face: Typeface::Kaiti,
        key: "kaiti",
        weight: 400,
        licensed: &[
            "KaiTi_GB2312",
            "楷体_GB2312",
            "KaiTi",
            "楷体",
            "FZKai-Z03S",
            "方正楷体简体",
            "FZKai-Z03",
            "方正楷体_GBK",
            "STKaiti",
            "华文楷体",
        ],
        bundled: &["LXGW WenKai", "Noto Serif SC"],
    },
    FaceChain {
        face: Typeface::Heiti,
        key: "heiti",
        weight: 500,
        licensed: &[
            "SimHei",
            "黑体",
            "FZHei-B01S",
            "方正黑体简体",
            "FZHei-B01",
            "方正黑体_GBK",
            "STHeiti",
            "华文黑体",
        ],
        bundled: &["Noto Sans SC"],
    },
    FaceChain {
        face: Typeface::Biaosong,
        key: "biaosong",
        weight: 600,
        licensed: &[
            "FZXiaoBiaoSong-B05S",
            "方正小标宋简体",
            "FZXiaoBiaoSong-B05",
            "方正小标宋_GBK",
            "STZhongsong",
            "华文中宋",
        ],
        bundled: &["Noto Serif SC"],
    },
    FaceChain {
        face: Typeface::Songti,
        key: "songti",
        weight: 400,
        licensed: &[
            "SimSun",
            "宋体",
            "NSimSun",
            "新宋体",
            "FZShuSong-Z01S",
            "方正书宋简体",
            "FZShuSong-Z01",
            "方正书宋_GBK",
            "STSong",
            "华文宋体",
        ],
        bundled: &["Noto Serif SC"],
    },
];

impl FaceChain {
    /// The available families, in the order in which they are tried.
    pub(crate) fn families(&self, book: &FontBook) -> Vec<String> {
        let licensed =
            self.licensed.iter().filter(|family| book.contains_family(&family.to_lowercase()));
        licensed.chain(self.bundled).map(|family| (*family).to_owned()).collect()
    }

    /// Every character for which a font of these families has a glyph.
    pub(crate) fn characters(&self, fonts: &[Font], families: &[String]) -> CharacterSet {
        let takes_latin = matches!(self.face, Typeface::Fangsong | Typeface::Kaiti);
        // Typst finds a family in any case of its name.
        let families: Vec<String> = families.iter().map(|name| name.to_lowercase()).collect();
        let serves = |font: &&Font| families.contains(&font.info().family.to_lowercase());
        fonts
            .iter()
            .filter(serves)
            .flat_map(|font| font.info().coverage.iter().filter_map(char::from_u32))
            .chain(latin().filter(|_| takes_latin))
            .collect()
    }
}

/// Characters printed in Liberation Serif before the chain of the typeface is tried (theme.typ, `latin`).
fn latin() -> impl Iterator<Item = char> {
    (' '..='~').chain(['\u{2212}'])
}

/// The licensed family with this name, as the lists spell it, and the typeface that it serves. Case does
/// not matter, as in Typst.
pub(crate) fn licensed(family: &str) -> Option<(&'static str, Typeface)> {
    let lower = family.to_lowercase();
    FACE_CHAINS.iter().find_map(|chain| {
        let known = chain.licensed.iter().find(|known| known.to_lowercase() == lower)?;
        Some((*known, chain.face))
    })
}
