//! The fonts of the page: the bundled set, and an agency's own before it.

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

/// A font file that is part of the program; its hash is fixed with the program.
struct BundledFile {
    name: &'static str,
    bytes: &'static [u8],
}

macro_rules! bundled {
    ($name:literal) => {
        BundledFile { name: $name, bytes: include_bytes!(concat!("../../../fonts/", $name)) }
    };
}

// In the order in which a filing first needs them, in which they are hashed.
static BUNDLED: [BundledFile; 6] = [
    bundled!("NotoSerifSC_600SemiBold.ttf"),
    bundled!("LXGWZhuqueFangsong-Regular.ttf"),
    bundled!("LiberationSerif-Regular.ttf"),
    bundled!("NotoSerifSC_400Regular.ttf"),
    bundled!("LXGWWenKai-Regular.ttf"),
    bundled!("NotoSansSC_500Medium.ttf"),
];

/// What one face is made of: the licensed families an agency may bring, in the order in which
/// they are preferred, and the bundled chain behind them.
struct Role {
    face: Typeface,
    /// The key of the chain in `fonts.json`.
    key: &'static str,
    /// The weight the templates ask for (theme.typ).
    weight: u16,
    /// Family names as font tables give them, in English and Chinese.
    licensed: &'static [&'static str],
    /// Bundled families, the last one for rare characters.
    bundled: &'static [&'static str],
}

const ROLES: [Role; 5] = [
    Role {
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
    Role {
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
    Role {
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
    Role {
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
    Role {
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

impl Role {
    /// The families that print it, in the order in which they are asked.
    fn chain(&self, book: &FontBook) -> Vec<String> {
        let licensed =
            self.licensed.iter().filter(|family| book.contains_family(&family.to_lowercase()));
        licensed.chain(self.bundled).map(|family| (*family).to_owned()).collect()
    }

    /// Every character that some font of these families has a glyph for.
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

/// What Liberation Serif prints in running text, before the chain of the face (theme.typ: `latin`).
fn latin() -> impl Iterator<Item = char> {
    (' '..='~').chain(['\u{2212}'])
}

/// Fonts and the chain of families that serves each face.
#[derive(Debug)]
pub struct FontSet {
    fonts: Vec<Font>,
    files: Vec<String>,
    book: LazyHash<FontBook>,
    chains: Chains,
    coverage: FontCoverage,
}

/// The families of each face, in the order in which they are asked.
type Chains = BTreeMap<&'static str, Vec<String>>;

/// Which family serves a face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The face.
    pub face: Typeface,
    /// The family as its font names it.
    pub family: String,
    /// The file the font came from: a bundled file's name or a path.
    pub file: String,
}

/// Why a folder of fonts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A file with a font's suffix that is none.
    #[error("{path} is not a font")]
    NotAFont {
        /// The file.
        path: PathBuf,
    },
    /// A font whose licence bits (OS/2 fsType) forbid embedding, as every PDF/A needs it.
    #[error("{path} forbids embedding")]
    EmbeddingForbidden {
        /// The file.
        path: PathBuf,
    },
}

impl FontSet {
    /// The fonts this program carries.
    pub fn bundled() -> Self {
        Self::of(Vec::new())
    }

    /// The fonts of a folder before the bundled ones. Files are taken by name, so that the same
    /// folder gives the same pages on every machine.
    ///
    /// # Errors
    /// A folder or a file that cannot be read, a font file that is none, or one that may not be
    /// embedded.
    pub fn with_folder(folder: &Path) -> Result<Self, FontError> {
        let unreadable = |path: &Path, cause| FontError::Unreadable { path: path.into(), cause };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(|cause| unreadable(folder, cause))? {
            let path = entry.map_err(|cause| unreadable(folder, cause))?.path();
            let suffix = path.extension().map(OsStr::to_ascii_lowercase);
            if suffix.is_some_and(|suffix| suffix == "ttf" || suffix == "otf" || suffix == "ttc") {
                paths.push(path);
            }
        }
        paths.sort();
        let mut own = Vec::new();
        for path in paths {
            let bytes = fs::read(&path).map_err(|cause| unreadable(&path, cause))?;
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
        let all = own.into_iter().chain(bundled());
        let (fonts, files): (Vec<Font>, Vec<String>) = all.unzip();
        let book = FontBook::from_fonts(&fonts);
        let chains: Chains = ROLES.iter().map(|role| (role.key, role.chain(&book))).collect();
        // Each face is looked through on a thread of its own, since a process that makes one filing
        // waits for this.
        let coverage = thread::scope(|scope| {
            let (fonts, chains) = (&fonts, &chains);
            let threads = ROLES.each_ref().map(|role| {
                scope.spawn(move || (role.face, role.characters(fonts, &chains[role.key])))
            });
            threads.into_iter().fold(FontCoverage::default(), |coverage, thread| {
                let (face, characters) = thread.join().expect("fonts can be looked through");
                coverage.with_face(face, characters)
            })
        });
        Self { fonts, files, book: LazyHash::new(book), chains, coverage }
    }

    /// Has the fonts hashed on a thread of its own, which nobody waits for. Typst hashes every byte of
    /// a font before it first uses it, and remembers the hash; until then a process that makes one
    /// filing has its templates and that filing to read. A single core would only take turns.
    pub(crate) fn hash_ahead(&self) {
        let fonts = self.fonts.clone();
        if thread::available_parallelism().is_ok_and(|cores| cores > NonZeroUsize::MIN) {
            thread::spawn(move || fonts.iter().for_each(|font| _ = hash128(font)));
        }
    }

    /// What the fonts can print.
    pub fn coverage(&self) -> &FontCoverage {
        &self.coverage
    }

    /// Which family serves each face.
    pub fn served(&self) -> Vec<Served> {
        ROLES
            .iter()
            .filter_map(|role| {
                let family = self.chains.get(role.key)?.first()?;
                let weight = FontWeight::from_number(role.weight);
                let variant = FontVariant::new(FontStyle::Normal, weight, FontStretch::NORMAL);
                let index = self.book.select(&family.to_lowercase(), variant)?;
                let file = self.files[index].clone();
                Some(Served { face: role.face, family: family.clone(), file })
            })
            .collect()
    }

    /// The chains of families by face, as `fonts.json` carries them to the templates.
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

/// The fonts of the program, each read on a thread of its own.
fn bundled() -> impl Iterator<Item = (Font, String)> {
    let fonts = thread::scope(|scope| {
        let read = |file: &'static BundledFile| Font::iter(Bytes::new(file.bytes)).collect();
        let threads = BUNDLED.each_ref().map(|file| scope.spawn(move || read(file)));
        threads.map(|thread| thread.join().expect("the program's own fonts can be read"))
    });
    let named = |(fonts, file): (Vec<Font>, &BundledFile)| {
        fonts.into_iter().map(|font| (font, file.name.to_owned()))
    };
    fonts.into_iter().zip(&BUNDLED).flat_map(named)
}

/// OS/2 fsType: bit 1 alone forbids embedding.
fn may_embed(font: &Font) -> bool {
    const FS_TYPE: usize = 8;
    let bits = RawFace::parse(font.data().as_slice(), font.index())
        .ok()
        .and_then(|face| face.table(Tag::from_bytes(b"OS/2")))
        .and_then(|table| table.get(FS_TYPE..FS_TYPE + 2));
    bits.is_none_or(|bits| u16::from_be_bytes([bits[0], bits[1]]) & 0x000f != 0x0002)
}
