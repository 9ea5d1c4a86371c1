//! Bounds the number of JSON values and their nesting before anything is built from them.

use memchr::memchr2;

/// The most values of a body: texts, numbers, lists and objects, without the keys. The longest
/// tables that the rules accept have less than half of them.
pub const VALUES: usize = 100_000;

/// The deepest nesting of lists and objects: twice that of any accepted filing.
pub const DEPTH: usize = 32;

/// The memory that a value takes until the rules have refused or accepted it, in bytes. An object
/// with one key takes most; the typical value takes a tenth.
const BYTES_PER_VALUE: usize = 768;

/// How many copies of a text exist at the same time while a body is read and checked.
const COPIES_OF_TEXT: usize = 3;

/// What a body exceeds; displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bound {
    /// More than `VALUES` values.
    #[error(
        "内容过多，一次提交不得超过{VALUES}个值（文字、数字、列表和对象各算一个），请分成几份提交。"
    )]
    Values,
    /// Nested deeper than `DEPTH` levels.
    #[error("嵌套不得超过{DEPTH}层。")]
    Depth,
}

/// Counts the values of JSON that arrives in pieces. Text that is not JSON gives any count; the
/// parser refuses it later.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    bytes: usize,
    /// Lists, objects, strings and other scalars.
    starts: usize,
    /// Each belongs to a string that is a key.
    colons: usize,
    depth: usize,
    inside: Inside,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    /// Neither a string nor a number or word.
    #[default]
    Structure,
    /// A number or a word such as `null`.
    Word,
    String,
    /// A string, behind a backslash.
    Escape,
}

impl Scan {
    /// Counts the next piece of a body.
    ///
    /// # Errors
    /// Returns the bound that is exceeded, and the offset in the piece at which it is.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), (usize, Bound)> {
        self.bytes += piece.len();
        let mut at = 0;
        while at < piece.len() {
            if self.inside == Inside::String {
                // Most bytes of a filing are inside strings.
                match memchr2(b'"', b'\\', &piece[at..]) {
                    Some(skipped) => at += skipped,
                    None => break,
                }
            }
            self.count(piece[at]).map_err(|bound| (at, bound))?;
            at += 1;
        }
        Ok(())
    }

    fn count(&mut self, byte: u8) -> Result<(), Bound> {
        self.inside = match (self.inside, byte) {
            (Inside::String, b'\\') => Inside::Escape,
            (Inside::String, b'"') => Inside::Structure,
            (Inside::String | Inside::Escape, _) => Inside::String,
            (_, b'"') => {
                self.starts += 1;
                Inside::String
            }
            (_, b'{' | b'[') => {
                self.starts += 1;
                self.depth += 1;
                Inside::Structure
            }
            (_, b'}' | b']') => {
                self.depth = self.depth.saturating_sub(1);
                Inside::Structure
            }
            (_, b':') => {
                self.colons += 1;
                Inside::Structure
            }
            (_, b',' | b' ' | b'\t' | b'\r' | b'\n') => Inside::Structure,
            (Inside::Word, _) => Inside::Word,
            (Inside::Structure, _) => {
                self.starts += 1;
                Inside::Word
            }
        };
        if self.depth > DEPTH {
            return Err(Bound::Depth);
        }
        // A key is counted before its colon, so one string may be a key.
        if self.values() > VALUES + 1 { Err(Bound::Values) } else { Ok(()) }
    }

    /// The number of values so far.
    pub fn values(&self) -> usize {
        self.starts.saturating_sub(self.colons)
    }

    /// The memory that reading and checking the body may take in addition to the body, in bytes.
    pub fn parsed_bytes(&self) -> usize {
        self.values() * BYTES_PER_VALUE + self.bytes * COPIES_OF_TEXT
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, DEPTH, Scan, VALUES};

    fn values(json: &str) -> usize {
        let mut scan = Scan::default();
        scan.feed(json.as_bytes()).unwrap();
        for size in [1, 2, 3] {
            let mut in_pieces = Scan::default();
            for piece in json.as_bytes().chunks(size) {
                in_pieces.feed(piece).unwrap();
            }
            assert_eq!(in_pieces.values(), scan.values(), "{json} in pieces of {size}");
            assert_eq!(in_pieces.parsed_bytes(), scan.parsed_bytes());
        }
        scan.values()
    }

    #[test]
    fn values_are_counted_without_keys() {
        let cases = [
            ("", 0),
            ("1", 1),
            ("[]", 1),
            ("[1, -2.5e3,null]", 4),
            ("{\"a\": {\"b\": [true, \"c\"]}}", 5),
            ("[\"[{,:\", \"\\\"[\", \"\\\\\"]", 4),
            ("{\"红\":\"头\"}\n", 2),
        ];
        for (json, expected) in cases {
            assert_eq!(values(json), expected, "{json}");
        }
    }

    #[test]
    fn too_many_values_and_too_deep_nesting_are_found_where_they_begin() {
        let fed = |json: &str| Scan::default().feed(json.as_bytes());
        let list = |count: usize| format!("[{}]", vec!["0"; count].join(","));
        assert_eq!(fed(&list(VALUES - 1)), Ok(()));
        let Err((at, Bound::Values)) = fed(&list(2 * VALUES)) else {
            panic!("the list is accepted")
        };
        assert!(at.abs_diff(2 * VALUES) < 10, "{at}");
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(fed(&nested(DEPTH)), Ok(()));
        assert_eq!(fed(&nested(DEPTH + 1)), Err((DEPTH, Bound::Depth)));
        assert_eq!(fed(&format!("\"{}\"", nested(1000))), Ok(()), "in a string");
    }
}
