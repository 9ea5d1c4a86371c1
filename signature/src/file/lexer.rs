//! Reads tokens of PDF syntax with their exact positions. Anything unusual is rejected, as readers may
//! interpret it differently.

use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Integer(i64),
    Name,
    HexString,
    LiteralString,
    ArrayStart,
    ArrayEnd,
    DictionaryStart,
    DictionaryEnd,
    /// Anything else: a keyword or a real number.
    Word,
}

/// A token and its position in the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) position: Range<usize>,
}

/// An entry of a dictionary: the decoded name, where it is written, and the tokens of the value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) name_position: Range<usize>,
    pub(crate) value: Vec<Token>,
}

/// Reads tokens one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(crate) at: usize,
}

/// White space (ISO 32000-2, table 1).
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

impl<'a> Lexer<'a> {
    /// Starts at an offset.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The bytes of a token.
    pub(crate) fn text(&self, token: &Token) -> &'a [u8] {
        self.bytes.get(token.position.clone()).unwrap_or_default()
    }

    /// The next token; `None` at the end and on malformed syntax. The lexer then stands after the
    /// bytes that were examined.
    pub(crate) fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let start = self.at;
        let two = self.bytes.get(start..start + 2).unwrap_or_default();
        let (kind, end) = match self.bytes.get(start)? {
            b'[' => (TokenKind::ArrayStart, start + 1),
            b']' => (TokenKind::ArrayEnd, start + 1),
            _ if two == b"<<" => (TokenKind::DictionaryStart, start + 2),
            _ if two == b">>" => (TokenKind::DictionaryEnd, start + 2),
            b'<' => (TokenKind::HexString, self.hex_string_end()?),
            b'(' => (TokenKind::LiteralString, self.literal_string_end()?),
            b'/' => (TokenKind::Name, self.regular_end(start + 1)),
            byte if is_delimiter(*byte) => return None,
            _ => {
                let end = self.regular_end(start);
                (integer(&self.bytes[start..end]).map_or(TokenKind::Word, TokenKind::Integer), end)
            }
        };
        self.at = end;
        Some(Token { kind, position: start..end })
    }

    /// Consumes the next token if it is this word.
    pub(crate) fn word(&mut self, word: &[u8]) -> bool {
        let before = self.at;
        let is = self.next().is_some_and(|token| self.text(&token) == word);
        if !is {
            self.at = before;
        }
        is
    }

    /// Consumes the next token, which must be an integer.
    pub(crate) fn integer(&mut self) -> Option<i64> {
        match self.next()?.kind {
            TokenKind::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// Consumes the head of an indirect object, `12 0 obj`. Returns its number and generation.
    pub(crate) fn object_head(&mut self) -> Option<(i64, i64)> {
        let id = (self.integer()?, self.integer()?);
        self.word(b"obj").then_some(id)
    }

    /// Consumes a dictionary. Returns its own entries, not those of nested dictionaries.
    pub(crate) fn dictionary(&mut self) -> Option<Vec<Entry>> {
        if self.next()?.kind != TokenKind::DictionaryStart {
            return None;
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut depth = 0_usize;
        loop {
            let token = self.next()?;
            let is_key = depth == 0
                && token.kind == TokenKind::Name
                && entries.last().is_none_or(|entry| !entry.value.is_empty());
            if is_key {
                let name = decoded_name(self.text(&token));
                let name_position = token.position;
                entries.push(Entry { name, name_position, value: Vec::new() });
                continue;
            }
            match token.kind {
                TokenKind::DictionaryEnd if depth == 0 => return Some(entries),
                TokenKind::ArrayStart | TokenKind::DictionaryStart => depth += 1,
                TokenKind::ArrayEnd | TokenKind::DictionaryEnd => depth = depth.checked_sub(1)?,
                _ => {}
            }
            // A value without a key is malformed.
            entries.last_mut()?.value.push(token);
        }
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'%' {
                let rest = &self.bytes[self.at..];
                let line = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                self.at += line.unwrap_or(rest.len());
            } else if is_space(*byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn regular_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| is_space(*byte) || is_delimiter(*byte));
        from + length.unwrap_or(rest.len())
    }

    fn hex_string_end(&mut self) -> Option<usize> {
        let rest = &self.bytes[self.at + 1..];
        let length = rest.iter().position(|byte| !byte.is_ascii_hexdigit() && !is_space(*byte));
        let length = length.unwrap_or(rest.len());
        self.at += 1 + length;
        (rest.get(length) == Some(&b'>')).then_some(self.at + 1)
    }

    fn literal_string_end(&mut self) -> Option<usize> {
        let mut depth = 0_usize;
        loop {
            match self.bytes.get(self.at)? {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' if depth == 1 => return Some(self.at + 1),
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}

fn integer(word: &[u8]) -> Option<i64> {
    let digits = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+")).unwrap_or(word);
    let is_integer = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_integer.then(|| str::from_utf8(word).ok()?.parse().ok()).flatten()
}

/// A name without its slash, with `#20` and the like decoded.
pub(crate) fn decoded_name(written: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(written.len());
    let mut rest = written.strip_prefix(b"/").unwrap_or(written);
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).filter(|_| *first == b'#');
        let code = code.and_then(|code| u8::from_str_radix(str::from_utf8(code).ok()?, 16).ok());
        name.push(code.unwrap_or(*first));
        rest = if code.is_some() { &more[2..] } else { more };
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{Lexer, TokenKind};

    #[test]
    fn dictionary_entries_are_read() {
        let text = b"<</A 1 0 R/B#43<41 42>/D/Name/E[1(a\\)(b))<</A 3>>]/F -7 % x\n>> rest";
        let mut lexer = Lexer::new(text, 0);
        let entries = lexer.dictionary().unwrap();
        let names: Vec<&[u8]> = entries.iter().map(|entry| entry.name.as_slice()).collect();
        assert_eq!(names, [b"A".as_slice(), b"BC", b"D", b"E", b"F"]);
        assert_eq!(entries[1].value[0].kind, TokenKind::HexString);
        assert_eq!(entries[2].value[0].kind, TokenKind::Name);
        assert_eq!(entries[4].value[0].kind, TokenKind::Integer(-7));
        assert!(lexer.word(b"rest"));
    }

    #[test]
    fn malformed_dictionaries_are_rejected() {
        for text in
            ["<<", "<</A 1", "<</A <4G>>>", "<< 1 /A 2 >>", "<</A (a>>", "[]", "<</A ]>>", ""]
        {
            assert!(Lexer::new(text.as_bytes(), 0).dictionary().is_none(), "{text}");
        }
    }
}
