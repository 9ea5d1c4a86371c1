//! Advance widths of characters in the typefaces of running text.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ttf_parser::Face as FontFile;
use typst::text::{Font, FontStretch, FontStyle, FontVariant, FontWeight};

use crate::render::fonts::font_set::FontSet;
use crate::validate::text::typeface::Typeface;

/// The family of digits and Latin letters in 仿宋 and 楷体 (theme.typ, `latin`).
pub(crate) const LATIN_FAMILY: &str = "Liberation Serif";
/// The family of their full-width punctuation (theme.typ, `punctuation`).
pub(crate) const PUNCTUATION_FAMILY: &str = "Noto Serif SC";

/// Which characters a font of a chain is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covers {
    /// Digits and Latin letters (theme.typ, `latin`).
    Latin,
    /// Full-width punctuation from 宋体, because 仿宋 and 楷体 have narrower glyphs (theme.typ,
    /// `punctuation`).
    Punctuation,
    /// Everything.
    All,
}

impl Covers {
    fn has(self, character: char) -> bool {
        match self {
            Self::Latin => matches!(character, ' '..='~' | '\u{2212}'),
            Self::Punctuation => matches!(
                character,
                '“' | '”' | '‘' | '’' | '·' | '…' | '—' | '－' | '～' | '＋' | '＝' | '×'
            ),
            Self::All => true,
        }
    }
}

/// The fonts of a typeface of running text, in the order in which the templates try them.
#[derive(Debug)]
struct Chain {
    fonts: Vec<(Covers, Font)>,
    // Packed `Advance`s of the basic plane, 0 if not looked up yet. Threads that look up the same
    // character store the same value.
    cache: Vec<AtomicU32>,
}

/// The advance widths of each typeface of running text.
#[derive(Debug)]
pub(crate) struct Advances {
    chains: Arc<BTreeMap<Typeface, Chain>>,
    /// Whether texts are broken into lines. Another format of the document breaks them itself.
    breaks_lines: bool,
}

/// The basic multilingual plane, with nearly all characters of any text.
const BASIC_PLANE: RangeInclusive<u32> = 0..=0xffff;

/// The advance of a glyph in font units, and the units per em of its font, never 0.
#[derive(Debug, Clone, Copy)]
struct Advance {
    units: u16,
    units_per_em: u16,
}

impl Advance {
    /// Reads the advance of a character from a font.
    ///
    /// Parses the file directly, because Typst hashes a font before it opens it, and lines are broken
    /// while the hashes are still computed (`FontSet::hash_in_background`). The set has no variable
    /// fonts, so nothing else affects an advance.
    fn read(font: &Font, character: char) -> Option<Self> {
        let file = FontFile::parse(font.data(), font.index()).ok()?;
        let glyph = file.glyph_index(character).filter(|glyph| glyph.0 != 0)?;
        let units = file.glyph_hor_advance(glyph)?;
        Some(Self { units, units_per_em: file.units_per_em() })
    }

    fn packed(self) -> u32 {
        u32::from(self.units) << 16 | u32::from(self.units_per_em)
    }

    fn unpacked(packed: u32) -> Option<Self> {
        let [units, units_per_em] = [packed >> 16, packed & 0xffff]
            .map(|half| u16::try_from(half).expect("half of 32 bits is 16 bits"));
        (units_per_em != 0).then_some(Self { units, units_per_em })
    }

    fn in_em(self) -> f64 {
        f64::from(self.units) / f64::from(self.units_per_em)
    }
}

impl Advances {
    pub(crate) fn of(fonts: &FontSet) -> Self {
        let font = |family: &str, weight: u16| {
            let weight = FontWeight::from_number(weight);
            let variant = FontVariant::new(FontStyle::Normal, weight, FontStretch::NORMAL);
            let id = fonts.book().select(&family.to_lowercase(), variant)?;
            fonts.font(id)
        };
        let chain = |key: &str, weight: u16| {
            let families = fonts.chains().get(key).into_iter().flatten();
            families.filter_map(move |family| Some((Covers::All, font(family, weight)?)))
        };
        let mixed = |key: &str| {
            let latin = font(LATIN_FAMILY, 400).map(|font| (Covers::Latin, font));
            let punctuation = font(PUNCTUATION_FAMILY, 400).map(|font| (Covers::Punctuation, font));
            latin.into_iter().chain(punctuation).chain(chain(key, 400)).collect()
        };
        let chains = [
            (Typeface::Fangsong, Chain::of(mixed("fangsong"))),
            (Typeface::Kaiti, Chain::of(mixed("kaiti"))),
            (Typeface::Heiti, Chain::of(chain("heiti", 500).collect())),
        ];
        Self { chains: Arc::new(BTreeMap::from(chains)), breaks_lines: true }
    }

    /// The same widths, for texts without line ends.
    pub(crate) fn unbroken(&self) -> Self {
        Self { chains: Arc::clone(&self.chains), breaks_lines: false }
    }

    /// Whether texts are broken into lines.
    pub(crate) fn breaks_lines(&self) -> bool {
        self.breaks_lines
    }

    /// The width of a character in em. `None` if the typeface is not one of running text or none of
    /// its fonts has the character.
    pub(crate) fn of_character(&self, face: Typeface, character: char) -> Option<f64> {
        self.chains.get(&face)?.advance(character)
    }
}

impl Chain {
    fn of(fonts: Vec<(Covers, Font)>) -> Self {
        Self { fonts, cache: BASIC_PLANE.map(|_| AtomicU32::new(0)).collect() }
    }

    fn advance(&self, character: char) -> Option<f64> {
        let place = usize::try_from(u32::from(character)).ok()?;
        let slot = self.cache.get(place);
        let cached = slot.and_then(|slot| Advance::unpacked(slot.load(Ordering::Relaxed)));
        let advance = cached.or_else(|| {
            let found = self.look_up(character)?;
            slot.inspect(|slot| slot.store(found.packed(), Ordering::Relaxed));
            Some(found)
        });
        advance.map(Advance::in_em)
    }

    fn look_up(&self, character: char) -> Option<Advance> {
        let fonts = self.fonts.iter().filter(|(covers, _)| covers.has(character));
        fonts.map(|(_, font)| font).find_map(|font| Advance::read(font, character))
    }
}
