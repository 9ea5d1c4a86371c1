//! The fonts of the page: an agency's own fonts, then the bundled ones.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use ttf_parser::{RawFace, Tag};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontStretch, FontStyle, FontVariant, FontWeight};
use typst::utils::{LazyHash, hash128};

use crate::validate::text::font_coverage::{CharacterSet, FontCoverage};
use crate::validate::text::typeface::Typeface;

/// A font file embedded in the program.
struct BundledFile {
    name: &'static str,
    bytes: &'static [u8],
}

macro_rules! bundled {
    ($name:literal) => {
        BundledFile { name: $name, bytes: include_bytes!(concat!("../../../fonts/", $name)) }
    };
}

// In the order in which a filing first needs them, so that they are hashed in that order.
static BUNDLED: [BundledFile; 6] = [
    bundled!("NotoSerifSC_600SemiBold.ttf"),
    bundled!("LXGWZhuqueFangsong-Regular.ttf"),
    bundled!("LiberationSerif-Regular.ttf"),
    bundled!("NotoSerifSC_400Regular.ttf"),
    bundled!("LXGWWenKai-Regular.ttf"),
    bundled!("NotoSansSC_500Medium.ttf"),
];

/// The families of one typeface: the licensed ones an agency may provide, by preference, then the
/// bundled ones.
struct FaceChain {
    face: Typeface,
    /// The key of the chain in `fonts.json`.
    key: &'static str,
    /// The weight that the templates use (theme.typ).
    weight: u16,
    /// Family names as they appear in font tables, in English and Chinese.
    licensed: &'static [&'static str],
    /// Bundled families, the last one for rare characters.
    bundled: &'static [&'static str],
}

const FACE_CHAINS: [FaceChain; 5] = [
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
    fn families(&self, book: &FontBook) -> Vec<String> {
        let licensed =
            self.licensed.iter().filter(|family| book.contains_family(&family.to_lowercase()));
        licensed.chain(self.bundled).map(|family| (*family).to_owned()).collect()
    }

    /// Every character for which a font of these families has a glyph.
    fn characters(&self, fonts: &[Font], families: &[String]) -> CharacterSet {
        let takes_latin = matches!(self.face, Typeface::Fangsong | Typeface::Kaiti);
        let serves = |font: &&Font| families.contains(&font.info().family);
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

/// Fonts, and the chain of families for each typeface.
#[derive(Debug)]
pub struct FontSet {
    fonts: Vec<Font>,
    files: Vec<String>,
    /// The first `n_own` fonts are the agency's own.
    n_own: usize,
    book: LazyHash<FontBook>,
    chains: Chains,
    coverage: FontCoverage,
}

/// The families of each typeface, in the order in which they are tried.
type Chains = BTreeMap<&'static str, Vec<String>>;

/// A font file in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FontFile<'f> {
    /// The name of the file, without its folder.
    pub name: &'f str,
    /// Its content.
    pub bytes: &'f [u8],
    /// Whether the agency provides it, so that it may not be passed on.
    pub is_own: bool,
}

/// The family chosen for a typeface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenFamily {
    /// The typeface.
    pub face: Typeface,
    /// The family name from the font.
    pub family: String,
    /// The file of the font: the name of a bundled file, or a path.
    pub file: String,
}

/// Why a font folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {path}")]
    CannotRead {
        /// The folder or file.
        path: PathBuf,
        /// The system's error.
        #[source]
        cause: std::io::Error,
    },
    /// A file with a font suffix contains no font.
    #[error("{path} is not a font")]
    NotAFont {
        /// The file.
        path: PathBuf,
    },
    /// The licence bits of a font (OS/2 fsType) forbid embedding, which PDF/A requires.
    #[error("{path} forbids embedding")]
    EmbeddingForbidden {
        /// The file.
        path: PathBuf,
    },
}

impl FontSet {
    /// The fonts embedded in the program.
    pub fn bundled() -> Self {
        Self::of(Vec::new())
    }

    /// The fonts of a folder, then the bundled ones. Files are read in the order of their names, so
    /// that the same folder gives the same pages on every machine.
    ///
    /// # Errors
    /// Fails if the folder or a file cannot be read, if a file with a font suffix is not a font, or if
    /// a font may not be embedded. The operator must fix or remove the file named in the error.
    pub fn with_folder(folder: &Path) -> Result<Self, FontError> {
        let cannot_read = |path: &Path, cause| FontError::CannotRead { path: path.into(), cause };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(|cause| cannot_read(folder, cause))? {
            let path = entry.map_err(|cause| cannot_read(folder, cause))?.path();
            let suffix = path.extension().map(OsStr::to_ascii_lowercase);
            if suffix.is_some_and(|suffix| suffix == "ttf" || suffix == "otf" || suffix == "ttc") {
                paths.push(path);
            }
        }
        paths.sort();
        let mut own = Vec::new();
        for path in paths {
            let bytes = fs::read(&path).map_err(|cause| cannot_read(&path, cause))?;
            let fonts: Vec<Font> = Font::iter(Bytes::new(bytes)).collect();
            if fonts.is_empty() {
                return Err(FontError::NotAFont { path });
            }
            for font in fonts {
                if !may_embed(&font) {
                    return Err(FontError::EmbeddingForbidden { path });
                }
                own.push((font, path.display().to_string()));
            }
        }
        Ok(Self::of(own))
    }

    fn of(own: Vec<(Font, String)>) -> Self {
        let n_own = own.len();
        let all = own.into_iter().chain(bundled());
        let (fonts, files): (Vec<Font>, Vec<String>) = all.unzip();
        let book = FontBook::from_fonts(&fonts);
        let chains: Chains =
            FACE_CHAINS.iter().map(|chain| (chain.key, chain.families(&book))).collect();
        // One thread per typeface, because a process that renders a single filing waits for this.
        let coverage = thread::scope(|scope| {
            let (fonts, chains) = (&fonts, &chains);
            let threads = FACE_CHAINS.each_ref().map(|chain| {
                scope.spawn(move || (chain.face, chain.characters(fonts, &chains[chain.key])))
            });
            threads.into_iter().fold(FontCoverage::default(), |coverage, thread| {
                let (face, characters) = thread.join().expect("a font can be searched");
                coverage.with_face(face, characters)
            })
        });
        Self { fonts, files, n_own, book: LazyHash::new(book), chains, coverage }
    }

    /// Starts to hash the fonts on a background thread.
    ///
    /// Typst hashes every byte of a font before its first use and caches the hash. A process that
    /// renders a single filing can parse its templates and the filing meanwhile. On a single core
    /// there is nothing to gain.
    pub(crate) fn hash_in_background(&self) {
        let fonts = self.fonts.clone();
        if thread::available_parallelism().is_ok_and(|cores| cores > NonZeroUsize::MIN) {
            thread::spawn(move || fonts.iter().for_each(|font| _ = hash128(font)));
        }
    }

    /// The characters that the fonts can print.
    pub fn coverage(&self) -> &FontCoverage {
        &self.coverage
    }

    /// The family chosen for each typeface.
    pub fn chosen_families(&self) -> Vec<ChosenFamily> {
        FACE_CHAINS
            .iter()
            .filter_map(|chain| {
                let family = self.chains.get(chain.key)?.first()?;
                let weight = FontWeight::from_number(chain.weight);
                let variant = FontVariant::new(FontStyle::Normal, weight, FontStretch::NORMAL);
                let index = self.book.select(&family.to_lowercase(), variant)?;
                let file = self.files[index].clone();
                Some(ChosenFamily { face: chain.face, family: family.clone(), file })
            })
            .collect()
    }

    /// Every font file, the agency's own first, each in the order in which it is tried.
    pub fn font_files(&self) -> Vec<FontFile<'_>> {
        let mut found: Vec<FontFile<'_>> = Vec::new();
        for (index, (font, path)) in self.fonts.iter().zip(&self.files).enumerate() {
            // The fonts of a collection share its bytes.
            let bytes = font.data().as_slice();
            if found.last().is_some_and(|last| std::ptr::eq(last.bytes, bytes)) {
                continue;
            }
            let name = Path::new(path).file_name().and_then(OsStr::to_str).unwrap_or(path);
            found.push(FontFile { name, bytes, is_own: index < self.n_own });
        }
        found
    }

    /// The families of each typeface, which `fonts.json` passes to the templates.
    pub(crate) fn chains(&self) -> &Chains {
        &self.chains
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
}

/// The bundled fonts, parsed on one thread each.
fn bundled() -> impl Iterator<Item = (Font, String)> {
    let fonts = thread::scope(|scope| {
        let read = |file: &'static BundledFile| Font::iter(Bytes::new(file.bytes)).collect();
        let threads = BUNDLED.each_ref().map(|file| scope.spawn(move || read(file)));
        threads.map(|thread| thread.join().expect("bundled fonts can be parsed"))
    });
    let named = |(fonts, file): (Vec<Font>, &BundledFile)| {
        fonts.into_iter().map(|font| (font, file.name.to_owned()))
    };
    fonts.into_iter().zip(&BUNDLED).flat_map(named)
}

/// OS/2 fsType: bit 1 without the others of its group forbids embedding.
fn may_embed(font: &Font) -> bool {
    const FS_TYPE: usize = 8;
    let bits = RawFace::parse(font.data().as_slice(), font.index())
        .ok()
        .and_then(|face| face.table(Tag::from_bytes(b"OS/2")))
        .and_then(|table| table.get(FS_TYPE..FS_TYPE + 2));
    bits.is_none_or(|bits| u16::from_be_bytes([bits[0], bits[1]]) & 0x000f != 0x0002)
}
