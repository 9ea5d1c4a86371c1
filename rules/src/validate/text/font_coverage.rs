//! The characters that each typeface can print.

use crate::validate::text::typeface::Typeface;

/// For each typeface, the characters for which one of its fonts has a glyph.
#[derive(Debug, Clone, Default)]
pub struct FontCoverage {
    /// Indexed in the order of `Typeface::ALL`.
    faces: [CharacterSet; Typeface::ALL.len()],
}

impl FontCoverage {
    /// Adds the characters of one typeface.
    pub fn with_face(mut self, face: Typeface, characters: CharacterSet) -> Self {
        self.faces[face as usize] = characters;
        self
    }

    /// Whether the typeface can print the character.
    pub fn has(&self, face: Typeface, character: char) -> bool {
        self.faces[face as usize].has(character)
    }
}

/// The number of code points of a block.
const BLOCK: usize = 256;
const WORD: usize = u64::BITS as usize;

/// A set of characters: a bit set in blocks, with an index by Unicode block. It is queried for every
/// character of a filing and filled with tens of thousands at each start, in any order.
#[derive(Debug, Clone, Default)]
pub struct CharacterSet {
    /// For each Unicode block, its index in `blocks` plus 1; 0 if the block has no character.
    places: Vec<usize>,
    blocks: Vec<[u64; BLOCK / WORD]>,
}

impl CharacterSet {
    fn has(&self, character: char) -> bool {
        let (block, word, bit) = place_of(character);
        let place = self.places.get(block).copied().unwrap_or_default();
        let bits = place.checked_sub(1).and_then(|place| self.blocks.get(place));
        bits.is_some_and(|bits| bits[word] & bit != 0)
    }

    fn insert(&mut self, character: char) {
        let (block, word, bit) = place_of(character);
        if block >= self.places.len() {
            self.places.resize(block + 1, 0);
        }
        if self.places[block] == 0 {
            self.blocks.push([0; BLOCK / WORD]);
            self.places[block] = self.blocks.len();
        }
        self.blocks[self.places[block] - 1][word] |= bit;
    }
}

impl FromIterator<char> for CharacterSet {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Self {
        let mut set = Self::default();
        characters.into_iter().for_each(|character| set.insert(character));
        set
    }
}

/// The block of a character, the word in the block and the bit in the word.
fn place_of(character: char) -> (usize, usize, u64) {
    let code_point = character as usize;
    (code_point / BLOCK, code_point % BLOCK / WORD, 1 << (code_point % WORD))
}

#[cfg(test)]
mod tests {
    use super::FontCoverage;
    use crate::validate::text::typeface::Typeface;

    #[test]
    fn a_typeface_has_exactly_the_given_characters() {
        let given = ['\0', '?', '@', 'ÿ', 'Ā', '一', '\u{ffff}', '\u{10000}', '𠮷', char::MAX];
        let coverage =
            FontCoverage::default().with_face(Typeface::Kaiti, given.into_iter().rev().collect());
        for character in '\0'..=char::MAX {
            assert_eq!(coverage.has(Typeface::Kaiti, character), given.contains(&character));
            assert!(!coverage.has(Typeface::Fangsong, character));
        }
    }

    #[test]
    fn typefaces_are_indexed_in_their_order() {
        for (index, face) in Typeface::ALL.into_iter().enumerate() {
            assert_eq!(face as usize, index);
        }
    }
}
