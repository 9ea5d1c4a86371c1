//! How wide each character stands, in the faces of running text.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use typst::layout::Abs;
use typst::text::{FontInstance, FontStretch, FontStyle, FontVariant, FontVariations, FontWeight};

use crate::render::fonts::FontSet;
use crate::validate::coverage::Face;

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
    fonts: Vec<(Covers, FontInstance)>,
    // The widths of 汉字 that were looked up, as bits of an f64; 0 where none was. Who looks one up
    // twice writes the same.
    known: Vec<AtomicU64>,
}

/// The fonts of the faces of running text.
#[derive(Debug)]
pub(super) struct Advances {
    chains: BTreeMap<Face, Chain>,
}

/// 汉字 of the basic block, most of any text.
const HAN: RangeInclusive<u32> = 0x4e00..=0x9fff;

impl Advances {
    pub(super) fn of(fonts: &FontSet) -> Self {
        let font = |family: &str, weight: u16| {
            let weight = FontWeight::from_number(weight);
            let variant = FontVariant::new(FontStyle::Normal, weight, FontStretch::NORMAL);
            let id = fonts.book().select(&family.to_lowercase(), variant)?;
            // The set has no variable fonts, so that the size changes no width.
            Some(fonts.font(id)?.instantiate(variant, Abs::pt(16.0), &FontVariations::default()))
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
            (Face::Fangsong, Chain::of(mixed("fangsong"))),
            (Face::Kaiti, Chain::of(mixed("kaiti"))),
            (Face::Heiti, Chain::of(chain("heiti", 500).collect())),
        ];
        Self { chains: chains.into() }
    }

    /// The width of a character in em; `None` where the face is not one of running text or no font
    /// of it has the character.
    pub(super) fn of_character(&self, face: Face, character: char) -> Option<f64> {
        self.chains.get(&face)?.advance(character)
    }
}

impl Chain {
    fn of(fonts: Vec<(Covers, FontInstance)>) -> Self {
        Self { fonts, known: HAN.map(|_| AtomicU64::new(0)).collect() }
    }

    fn advance(&self, character: char) -> Option<f64> {
        let code = u32::from(character);
        let place = code.checked_sub(*HAN.start()).and_then(|place| usize::try_from(place).ok());
        let Some(known) = place.and_then(|place| self.known.get(place)) else {
            return self.looked_up(character);
        };
        let bits = known.load(Ordering::Relaxed);
        if bits != 0 {
            return Some(f64::from_bits(bits));
        }
        let width = self.looked_up(character)?;
        known.store(width.to_bits(), Ordering::Relaxed);
        Some(width)
    }

    fn looked_up(&self, character: char) -> Option<f64> {
        self.fonts.iter().filter(|(covers, _)| covers.has(character)).find_map(|(_, font)| {
            let glyph = font.ttf().glyph_index(character).filter(|glyph| glyph.0 != 0)?;
            Some(font.to_em(font.ttf().glyph_hor_advance(glyph)?).get())
        })
    }
}
