//! The text of a PDF object as tokens, and random changes to them.

use crate::mutations::chance::Chance;

/// Names and values that mean something in a signed PDF.
const WORDS: [&str; 44] = [
    "/Type",
    "/Annots",
    "/AcroForm",
    "/Fields",
    "/Kids",
    "/Parent",
    "/Contents",
    "/Resources",
    "/V",
    "/AP",
    "/N",
    "/FT",
    "/Sig",
    "/Tx",
    "/Rect",
    "/MediaBox",
    "/CropBox",
    "/Lock",
    "/Perms",
    "/DocMDP",
    "/ByteRange",
    "/SubFilter",
    "/DSS",
    "/Length",
    "/Filter",
    "/FlateDecode",
    "/OpenAction",
    "/AA",
    "/XObject",
    "/Font",
    "/DR",
    "/MK",
    "/Metadata",
    "/Names",
    "/P",
    "/F",
    "null",
    "true",
    "0",
    "-1",
    "4294967296",
    "99999999999999999999",
    "1.5e3",
    "1 0 R",
];

/// Splits PDF text into tokens. A stream is one token; so is the white space between others.
pub(super) fn tokens(text: &[u8]) -> Vec<Vec<u8>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (token, after) = rest.split_at(length_of_first(rest));
        tokens.push(token.to_vec());
        rest = after;
    }
    tokens
}

fn length_of_first(text: &[u8]) -> usize {
    let is_regular = |byte: &u8| !byte.is_ascii_whitespace() && !b"()<>[]{}/%".contains(byte);
    let run = |of: &dyn Fn(&u8) -> bool| text.iter().take_while(|byte| of(byte)).count();
    let through = |end: &[u8]| {
        let at = text.windows(end.len()).position(|window| window == end);
        at.map_or(text.len(), |at| at + end.len())
    };
    match text {
        [b'<', b'<', ..] | [b'>', b'>', ..] => 2,
        [b'<', ..] => through(b">"),
        [b'(', ..] => through(b")"),
        [b'/', name @ ..] => 1 + name.iter().take_while(|byte| is_regular(byte)).count(),
        [first, ..] if first.is_ascii_whitespace() => run(&u8::is_ascii_whitespace),
        _ if text.starts_with(b"stream") => through(b"endstream"),
        [first, ..] if is_regular(first) => run(&is_regular),
        _ => 1,
    }
}

/// Changes one token at random. It may be replaced by one of a donor.
pub(super) fn change(tokens: &mut Vec<Vec<u8>>, chance: &mut Chance, donor: &[Vec<u8>]) {
    let (from, to) = (chance.below(tokens.len()), chance.below(tokens.len()));
    let word = || [b" ", chance_word(from + to), b" "].concat();
    match chance.below(10) {
        0 => tokens.insert(to, word()),
        _ if tokens.is_empty() => tokens.push(word()),
        1 => drop(tokens.remove(from)),
        2 => tokens.swap(from, to),
        3 => tokens.insert(to, tokens[from].clone()),
        4 => tokens[from] = [b" ", chance.choose(&WORDS).as_bytes(), b" "].concat(),
        5 => tokens[from] = chance.choose(donor).clone(),
        6 => insert_part(tokens, to, chance, donor),
        7 => {
            let copies = vec![tokens[from].clone(); *chance.choose(&[2, 30, 400])];
            tokens.splice(to..to, copies);
        }
        _ => change_digit(&mut tokens[from], chance),
    }
}

fn chance_word(number: usize) -> &'static [u8] {
    WORDS[number % WORDS.len()].as_bytes()
}

/// Inserts some tokens of a donor that follow each other.
fn insert_part(tokens: &mut Vec<Vec<u8>>, to: usize, chance: &mut Chance, donor: &[Vec<u8>]) {
    let start = chance.below(donor.len());
    let end = donor.len().min(start + 1 + chance.below(12));
    tokens.splice(to..to, donor[start..end].iter().cloned());
}

/// Changes a digit or, if there is none, a byte.
fn change_digit(token: &mut [u8], chance: &mut Chance) {
    let digits = token.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit());
    let places: Vec<usize> = digits.map(|(at, _)| at).collect();
    if token.is_empty() {
        return;
    }
    if places.is_empty() {
        let at = chance.below(token.len());
        token[at] ^= 1 << chance.below(8);
    } else {
        token[*chance.choose(&places)] = b'0' + u8::try_from(chance.below(10)).expect("a digit");
    }
}

#[test]
fn tokens_together_are_the_text() {
    let text = b"<</A(b) /C<00>/D[1 0 R]>>stream\n\x00>>\nendstream % end";
    let parts = tokens(text);
    assert_eq!(parts.concat(), text);
    assert!(parts.contains(&b"stream\n\x00>>\nendstream".to_vec()) && parts.len() > 15);
}
