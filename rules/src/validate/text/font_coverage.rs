//! The characters that each typeface can print.

use crate::validate::text::typeface::Typeface;

/// For each face, the code points that some font of its chain has a glyph for.
#[derive(Debug, Clone, Default)]
pub struct FontCoverage {
    /// In the order of `Typeface::ALL`.
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

/// How many code points a block of a set has.
const BLOCK: usize = 256;
const WORD: usize = u64::BITS as usize;

/// A set of characters, asked for every character of a filing and filled with some ten thousand at
/// each start, in any order: bits in blocks, and for each block of Unicode which one it is.
#[derive(Debug, Clone, Default)]
pub struct CharacterSet {
    /// The place in `blocks` of each block that has a character, counted from 1.
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

/// The block of a character, the word in it and the bit in that.
fn place_of(character: char) -> (usize, usize, u64) {
    let code_point = character as usize;
    (code_point / BLOCK, code_point % BLOCK / WORD, 1 << (code_point % WORD))
}

#[cfg(test)]
mod tests {
    use super::FontCoverage;
    use crate::validate::text::typeface::Typeface;

    #[test]
    fn a_face_has_what_it_was_given_and_nothing_beside() {
        let given = ['\0', '?', '@', 'ÿ', 'Ā', '一', '\u{ffff}', '\u{10000}', '𠮷', char::MAX];
        let coverage =
            FontCoverage::default().with_face(Typeface::Kaiti, given.into_iter().rev().collect());
        for character in '\0'..=char::MAX {
            assert_eq!(coverage.has(Typeface::Kaiti, character), given.contains(&character));
            assert!(!coverage.has(Typeface::Fangsong, character));
        }
    }

    #[test]
    fn faces_stand_in_their_order() {
        for (index, face) in Typeface::ALL.into_iter().enumerate() {
            assert_eq!(face as usize, index);
        }
    }
}
