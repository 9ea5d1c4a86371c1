//! The fonts of the page: those of an agency or of the server, then the bundled ones.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use ttf_parser::{RawFace, Tag};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontStretch, FontStyle, FontVariant, FontWeight};
use typst::utils::{LazyHash, hash128};

use crate::render::fonts::face_chains::{FACE_CHAINS, licensed};
use crate::validate::text::font_coverage::FontCoverage;
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

/// Fonts, and the chain of families for each typeface.
#[derive(Debug)]
pub struct FontSet {
    fonts: Vec<Font>,
    files: Vec<String>,
    origins: Vec<FontOrigin>,
    book: LazyHash<FontBook>,
    chains: Chains,
    coverage: FontCoverage,
}

/// The families of each typeface, in the order in which they are tried.
type Chains = BTreeMap<&'static str, Vec<String>>;

/// Where a font comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FontOrigin {
    /// The program.
    BuiltIn,
    /// The font folder of the server or of the command.
    Server,
    /// An agency, for its own filings.
    Agency,
}

/// A font that was read from a file.
#[derive(Debug)]
struct Loaded {
    font: Font,
    file: String,
    origin: FontOrigin,
}

/// A font file in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FontFile<'f> {
    /// The name of the file, without its folder.
    pub name: &'f str,
    /// Its content.
    pub bytes: &'f [u8],
    /// Whether the office provides it, so that it may not be passed on.
    pub is_own: bool,
}

/// The family chosen for a typeface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenFamily {
    /// The typeface.
    pub face: Typeface,
    /// The family name from the font.
    pub family: String,
    /// The file of the font: the name of a bundled file or of one of an agency, or a path.
    pub file: String,
    /// Where the font comes from.
    pub origin: FontOrigin,
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
                let file = path.display().to_string();
                own.push(Loaded { font, file, origin: FontOrigin::Server });
            }
        }
        Ok(Self::of(own))
    }

    /// These fonts with the files of an agency, by name. For each typeface that they serve they come
    /// instead of those of the server, so that the same files in one folder give the same pages.
    ///
    /// # Errors
    /// Returns `FontError::NotAFont` for a file that is not a font.
    pub fn with_agency(&self, files: Vec<(String, bytes::Bytes)>) -> Result<Self, FontError> {
        let mut own = Vec::new();
        for (file, bytes) in files {
            let fonts: Vec<Font> = Font::iter(Bytes::new(bytes)).collect();
            if fonts.is_empty() {
                return Err(FontError::NotAFont { path: file.into() });
            }
            let origin = FontOrigin::Agency;
            own.extend(fonts.into_iter().map(|font| Loaded { font, file: file.clone(), origin }));
        }
        let served: BTreeSet<Typeface> = own.iter().filter_map(|one| face(&one.font)).collect();
        let is_served = |font: &Font| face(font).is_some_and(|face| served.contains(&face));
        // The fonts of a collection are in one file, which is used or not.
        let replaced: BTreeSet<&str> =
            self.of_server().filter(|(font, _)| is_served(font)).map(|(_, file)| file).collect();
        let kept = self.of_server().filter(|(_, file)| !replaced.contains(file));
        own.extend(kept.map(|(font, file)| Loaded {
            font: font.clone(),
            file: file.to_owned(),
            origin: FontOrigin::Server,
        }));
        own.sort_by(|one, other| base_name(&one.file).cmp(base_name(&other.file)));
        Ok(Self::of(own))
    }

    fn of_server(&self) -> impl Iterator<Item = (&Font, &str)> {
        let files = self.fonts.iter().zip(&self.files).zip(&self.origins);
        let of_server = files.filter(|(_, origin)| **origin == FontOrigin::Server);
        of_server.map(|((font, file), _)| (font, file.as_str()))
    }

    fn of(own: Vec<Loaded>) -> Self {
        let (mut fonts, mut files, mut origins) = (Vec::new(), Vec::new(), Vec::new());
        for Loaded { font, file, origin } in own.into_iter().chain(bundled()) {
            fonts.push(font);
            files.push(file);
            origins.push(origin);
        }
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
        Self { fonts, files, origins, book: LazyHash::new(book), chains, coverage }
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
                let (file, origin) = (self.files[index].clone(), self.origins[index]);
                Some(ChosenFamily { face: chain.face, family: family.clone(), file, origin })
            })
            .collect()
    }

    /// Every font file, the office's own first, each in the order in which it is tried.
    pub fn font_files(&self) -> Vec<FontFile<'_>> {
        let mut found: Vec<FontFile<'_>> = Vec::new();
        for (index, (font, path)) in self.fonts.iter().zip(&self.files).enumerate() {
            // The fonts of a collection share its bytes.
            let bytes = font.data().as_slice();
            if found.last().is_some_and(|last| std::ptr::eq(last.bytes, bytes)) {
                continue;
            }
            let is_own = self.origins[index] != FontOrigin::BuiltIn;
            found.push(FontFile { name: base_name(path), bytes, is_own });
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

/// The typeface that a font serves.
fn face(font: &Font) -> Option<Typeface> {
    licensed(&font.info().family).map(|(_, face)| face)
}

/// The name of a file without its folder.
fn base_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(OsStr::to_str).unwrap_or(path)
}

/// The bundled fonts, parsed on one thread each.
fn bundled() -> impl Iterator<Item = Loaded> {
    let fonts = thread::scope(|scope| {
        let read = |file: &'static BundledFile| Font::iter(Bytes::new(file.bytes)).collect();
        let threads = BUNDLED.each_ref().map(|file| scope.spawn(move || read(file)));
        threads.map(|thread| thread.join().expect("bundled fonts can be parsed"))
    });
    let named = |(fonts, file): (Vec<Font>, &'static BundledFile)| {
        let (file, origin) = (file.name, FontOrigin::BuiltIn);
        fonts.into_iter().map(move |font| Loaded { font, file: file.to_owned(), origin })
    };
    fonts.into_iter().zip(&BUNDLED).flat_map(named)
}

/// OS/2 fsType: bit 1 without the others of its group forbids embedding.
pub(crate) fn may_embed(font: &Font) -> bool {
    const FS_TYPE: usize = 8;
    let bits = RawFace::parse(font.data().as_slice(), font.index())
        .ok()
        .and_then(|face| face.table(Tag::from_bytes(b"OS/2")))
        .and_then(|table| table.get(FS_TYPE..FS_TYPE + 2));
    bits.is_none_or(|bits| u16::from_be_bytes([bits[0], bits[1]]) & 0x000f != 0x0002)
}
