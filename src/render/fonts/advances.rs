//! How wide each character stands, in the faces of running text.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU32, Ordering};

use ttf_parser::Face as FontFile;
use typst::text::{Font, FontStretch, FontStyle, FontVariant, FontWeight};

use crate::render::fonts::font_set::FontSet;
use crate::validate::text::typeface::Typeface;

/// What a font of a chain is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covers {
    /// Digits and Latin letters (theme.typ, `latin`).
    Latin,
    /// Marks a full em wide, taken from 宋体 where 仿宋 and 楷体 have narrower ones (theme.typ,
    /// `marks`).
    Marks,
    /// Everything.
    All,
}

impl Covers {
    fn has(self, character: char) -> bool {
        match self {
            Self::Latin => matches!(character, ' '..='~' | '\u{2212}'),
            Self::Marks => matches!(
                character,
                '“' | '”' | '‘' | '’' | '·' | '…' | '—' | '－' | '～' | '＋' | '＝' | '×'
            ),
            Self::All => true,
        }
    }
}

/// The fonts that print a face of running text, in the order in which the templates ask them.
#[derive(Debug)]
struct Chain {
    fonts: Vec<(Covers, Font)>,
    // What was found for the characters of the basic plane, as `Advance` packs it; 0 where none was
    // looked up. Who looks one up twice writes the same.
    known: Vec<AtomicU32>,
}

/// The fonts of the faces of running text.
#[derive(Debug)]
pub(crate) struct Advances {
    chains: BTreeMap<Typeface, Chain>,
}

/// Nearly every character of any text.
const BASIC_PLANE: RangeInclusive<u32> = 0..=0xffff;

/// How far a glyph advances, and of how many units an em is in its font, which is never 0.
#[derive(Debug, Clone, Copy)]
struct Advance {
    units: u16,
    units_per_em: u16,
}

impl Advance {
    /// What a font has for a character. The file is read here and not by Typst, which hashes a font
    /// to open it: lines are set while that goes on elsewhere (`FontSet::hash_ahead`). The set has no
    /// variable fonts, so that nothing else changes a width.
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
            let latin = font("Liberation Serif", 400).map(|font| (Covers::Latin, font));
            let marks = font("Noto Serif SC", 400).map(|font| (Covers::Marks, font));
            latin.into_iter().chain(marks).chain(chain(key, 400)).collect()
        };
        let chains = [
            (Typeface::Fangsong, Chain::of(mixed("fangsong"))),
            (Typeface::Kaiti, Chain::of(mixed("kaiti"))),
            (Typeface::Heiti, Chain::of(chain("heiti", 500).collect())),
        ];
        Self { chains: chains.into() }
    }

    /// The width of a character in em; `None` where the face is not one of running text or no font
    /// of it has the character.
    pub(crate) fn of_character(&self, face: Typeface, character: char) -> Option<f64> {
        self.chains.get(&face)?.advance(character)
    }
}

impl Chain {
    fn of(fonts: Vec<(Covers, Font)>) -> Self {
        Self { fonts, known: BASIC_PLANE.map(|_| AtomicU32::new(0)).collect() }
    }

    fn advance(&self, character: char) -> Option<f64> {
        let place = usize::try_from(u32::from(character)).ok()?;
        let known = self.known.get(place);
        let seen = known.and_then(|known| Advance::unpacked(known.load(Ordering::Relaxed)));
        let advance = seen.or_else(|| {
            let found = self.looked_up(character)?;
            known.inspect(|known| known.store(found.packed(), Ordering::Relaxed));
            Some(found)
        });
        advance.map(Advance::in_em)
    }

    fn looked_up(&self, character: char) -> Option<Advance> {
        let asked = self.fonts.iter().filter(|(covers, _)| covers.has(character));
        asked.map(|(_, font)| font).find_map(|font| Advance::read(font, character))
    }
}
