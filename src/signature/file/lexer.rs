//! Reads the tokens of PDF syntax where they stand, so that nothing hides between what two readers make of them.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer(i64),
    Name,
    Hexadecimal,
    Text,
    ArrayBegins,
    ArrayEnds,
    DictionaryBegins,
    DictionaryEnds,
    /// Anything else: a keyword, a real number.
    Word,
}

/// A token and the bytes that it is written in.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) place: Range<usize>,
}

/// An entry of a dictionary: its name, decoded, and the tokens of its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<Token>,
}

/// Reads tokens from a place on.
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
    /// Reads from an offset on.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The bytes of a token.
    pub(crate) fn text(&self, token: &Token) -> &'a [u8] {
        self.bytes.get(token.place.clone()).unwrap_or_default()
    }

    /// The next token; none at the end and where there is no token. How far was looked for it, the
    /// lexer has passed.
    pub(crate) fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let start = self.at;
        let two = self.bytes.get(start..start + 2).unwrap_or_default();
        let (kind, end) = match self.bytes.get(start)? {
            b'[' => (Kind::ArrayBegins, start + 1),
            b']' => (Kind::ArrayEnds, start + 1),
            _ if two == b"<<" => (Kind::DictionaryBegins, start + 2),
            _ if two == b">>" => (Kind::DictionaryEnds, start + 2),
            b'<' => (Kind::Hexadecimal, self.after_hexadecimal()?),
            b'(' => (Kind::Text, self.after_text()?),
            b'/' => (Kind::Name, self.after_regular(start + 1)),
            byte if is_delimiter(*byte) => return None,
            _ => {
                let end = self.after_regular(start);
                (integer(&self.bytes[start..end]).map_or(Kind::Word, Kind::Integer), end)
            }
        };
        self.at = end;
        Some(Token { kind, place: start..end })
    }

    /// Whether the next token is this word; if so, it is passed.
    pub(crate) fn word(&mut self, word: &[u8]) -> bool {
        let before = self.at;
        let is = self.next().is_some_and(|token| self.text(&token) == word);
        if !is {
            self.at = before;
        }
        is
    }

    /// The next token, where it is an integer.
    pub(crate) fn integer(&mut self) -> Option<i64> {
        match self.next()?.kind {
            Kind::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The head of an indirect object, `12 0 obj`: its number and generation.
    pub(crate) fn object_head(&mut self) -> Option<(i64, i64)> {
        let id = (self.integer()?, self.integer()?);
        self.word(b"obj").then_some(id)
    }

    /// The entries of the dictionary that is next, those of dictionaries within it left out.
    pub(crate) fn dictionary(&mut self) -> Option<Vec<Entry>> {
        if self.next()?.kind != Kind::DictionaryBegins {
            return None;
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut depth = 0_usize;
        loop {
            let token = self.next()?;
            let is_key = depth == 0
                && token.kind == Kind::Name
                && entries.last().is_none_or(|entry| !entry.value.is_empty());
            if is_key {
                let name = decoded_name(self.text(&token));
                entries.push(Entry { name, value: Vec::new() });
                continue;
            }
            match token.kind {
                Kind::DictionaryEnds if depth == 0 => return Some(entries),
                Kind::ArrayBegins | Kind::DictionaryBegins => depth += 1,
                Kind::ArrayEnds | Kind::DictionaryEnds => depth = depth.checked_sub(1)?,
                _ => {}
            }
            // A value without a name before it makes this no dictionary.
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

    fn after_regular(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| is_space(*byte) || is_delimiter(*byte));
        from + length.unwrap_or(rest.len())
    }

    fn after_hexadecimal(&mut self) -> Option<usize> {
        let rest = &self.bytes[self.at + 1..];
        let length = rest.iter().position(|byte| !byte.is_ascii_hexdigit() && !is_space(*byte));
        let length = length.unwrap_or(rest.len());
        self.at += 1 + length;
        (rest.get(length) == Some(&b'>')).then_some(self.at + 1)
    }

    fn after_text(&mut self) -> Option<usize> {
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

/// A name without its solidus, `#20` read as the byte that it stands for.
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
    use super::{Kind, Lexer};

    #[test]
    fn a_dictionary_is_read_entry_by_entry() {
        let text = b"<</A 1 0 R/B#43<41 42>/D/Name/E[1(a\\)(b))<</A 3>>]/F -7 % x\n>> rest";
        let mut lexer = Lexer::new(text, 0);
        let entries = lexer.dictionary().unwrap();
        let names: Vec<&[u8]> = entries.iter().map(|entry| entry.name.as_slice()).collect();
        assert_eq!(names, [b"A".as_slice(), b"BC", b"D", b"E", b"F"]);
        assert_eq!(entries[1].value[0].kind, Kind::Hexadecimal);
        assert_eq!(entries[2].value[0].kind, Kind::Name);
        assert_eq!(entries[4].value[0].kind, Kind::Integer(-7));
        assert!(lexer.word(b"rest"));
    }

    #[test]
    fn what_is_no_dictionary_is_none() {
        for text in
            ["<<", "<</A 1", "<</A <4G>>>", "<< 1 /A 2 >>", "<</A (a>>", "[]", "<</A ]>>", ""]
        {
            assert!(Lexer::new(text.as_bytes(), 0).dictionary().is_none(), "{text}");
        }
    }
}
