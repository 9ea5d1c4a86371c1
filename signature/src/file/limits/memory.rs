//! How much memory the values of a PDF take when they are read, in bytes.
//!
//! The PDF reader keeps each value in 120 bytes, also a short one. Lists grow to twice their capacity when
//! they are full, dictionaries too. Memory is allocated in blocks of 512, 1,024, 1,280 bytes and so on.

use crate::file::lexer::{Token, TokenKind};

/// The capacities of an array, each with the bytes that it takes more than the one before. Memory beyond
/// the last one is taken only as it is used.
const ARRAY: [(usize, usize); 6] =
    [(0, 512), (4, 512), (8, 1_024), (16, 2_048), (32, 4_096), (64, 8_192)];

/// The same for a dictionary, whose capacities are numbers of entries.
const DICTIONARY: [(usize, usize); 5] = [(0, 576), (3, 800), (7, 1_344), (14, 2_720), (28, 5_440)];

/// The items of an array, and the entries of a dictionary, that the largest of these capacities holds.
const HELD_BY_ARRAY: usize = 128;
const HELD_BY_DICTIONARY: usize = 56;

/// What each further item of an array and each further entry of a dictionary takes.
const FURTHER_ITEM: usize = 128;
const FURTHER_ENTRY: usize = 400;

/// What a value takes that is in no other. An object stream has three of them for each object.
const OUTERMOST: usize = 160;

/// What the bytes of a name or of a string take. Those of long ones are counted with the file.
const TEXT: usize = 16;

/// An array or a dictionary that is not closed yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    is_dictionary: bool,
    /// The items so far; for a dictionary, its keys and values.
    items: usize,
    /// The most items so far.
    counted: usize,
}

/// The memory of the values whose tokens come one after the other.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    open: Vec<Open>,
    /// How many integers come directly before.
    integers: usize,
}

impl Memory {
    /// The bytes that a token takes.
    pub(crate) fn of(&mut self, token: &Token, text: &[u8]) -> usize {
        let integers = std::mem::take(&mut self.integers);
        match token.kind {
            TokenKind::ArrayEnd | TokenKind::DictionaryEnd => {
                self.open.pop();
                0
            }
            // A reference is one value instead of two.
            TokenKind::Word if text == b"R" && integers >= 2 => {
                if let Some(open) = self.open.last_mut().filter(|open| !open.is_dictionary) {
                    open.items -= 1;
                }
                0
            }
            TokenKind::ArrayStart | TokenKind::DictionaryStart => {
                let is_dictionary = token.kind == TokenKind::DictionaryStart;
                let bytes = self.item(false);
                self.open.push(Open { is_dictionary, items: 0, counted: 0 });
                bytes
            }
            kind => {
                if matches!(kind, TokenKind::Integer(_)) {
                    self.integers = integers + 1;
                }
                let is_text = matches!(
                    kind,
                    TokenKind::Name | TokenKind::HexString | TokenKind::LiteralString
                );
                self.item(kind == TokenKind::Name) + if is_text { TEXT } else { 0 }
            }
        }
    }

    /// The bytes of another item of what is open.
    fn item(&mut self, is_name: bool) -> usize {
        let Some(open) = self.open.last_mut() else { return OUTERMOST };
        let before = open.items;
        // Instead of a key, it is the rest of a reference, or malformed.
        if open.is_dictionary && before % 2 == 0 && !is_name {
            return 0;
        }
        open.items += 1;
        if open.items <= open.counted {
            return 0;
        }
        open.counted = open.items;
        let (before, capacities, held, further) = match open.is_dictionary {
            // The capacity for a key is that for its value.
            true if before % 2 == 1 => return 0,
            true => (before / 2, &DICTIONARY[..], HELD_BY_DICTIONARY, FURTHER_ENTRY),
            false => (before, &ARRAY[..], HELD_BY_ARRAY, FURTHER_ITEM),
        };
        let grown = capacities.iter().find(|(capacity, _)| *capacity == before);
        match grown {
            Some((_, bytes)) => *bytes,
            None if before >= held => further,
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Memory, OUTERMOST, TEXT};
    use crate::file::lexer::Lexer;
    use crate::file::limits::marked_content::BYTES_PER_MARK;

    fn bytes(text: &str) -> usize {
        let (mut lexer, mut memory) = (Lexer::new(text.as_bytes(), 0), Memory::default());
        let mut bytes = 0;
        while let Some(token) = lexer.next() {
            bytes += memory.of(&token, lexer.text(&token));
        }
        bytes - OUTERMOST
    }

    #[test]
    fn lists_take_their_capacity() {
        let array = |items: usize| bytes(&format!("[{}]", "0 ".repeat(items)));
        let taken = [0, 1, 4, 5, 8, 9, 17, 128, 129, 1_000].map(array);
        assert_eq!(taken, [0, 512, 512, 1_024, 1_024, 2_048, 4_096, 16_384, 16_512, 128_000]);
        // Without the bytes of the keys.
        let dictionary = |entries: usize| {
            let all: String = (0..entries).map(|key| format!("/K{key} 0")).collect();
            bytes(&format!("<<{all}>>")) - entries * TEXT
        };
        let taken = [0, 1, 3, 4, 7, 8, 15, 29, 56, 57].map(dictionary);
        assert_eq!(taken, [0, 576, 576, 1_376, 1_376, 2_720, 5_440, 10_880, 10_880, 11_280]);
    }

    #[test]
    fn a_reference_is_one_value() {
        assert_eq!(bytes(&format!("[{}]", "1 0 R ".repeat(1_000))), 128_128);
        assert_eq!(bytes("<</A 1 0 R/B 2 0 R/C 3 0 R>>"), 576 + 3 * TEXT);
        assert_eq!(bytes("[0 1 2 3 R]"), 512);
        assert_eq!(bytes("[R R R R R]"), 1_024);
    }

    #[test]
    fn what_is_inside_counts_too() {
        assert_eq!(bytes("[[0][0][0][0]]"), 512 + 4 * 512);
        assert_eq!(bytes("<</A[0]/B<</C 0>>>>"), 576 + 512 + 576 + 3 * TEXT);
        let mark = "<</Type/MCR/MCID 0/Pg 7 0 R>>";
        assert_eq!(bytes(&format!("[{mark}{mark}]")), 512 + 2 * (576 + 4 * TEXT));
        assert_eq!(bytes(mark), BYTES_PER_MARK);
    }
}
