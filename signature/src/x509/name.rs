//! Distinguished names in a form in which equal names have equal bytes (RFC 5280, 7.1).

use unicode_normalization::UnicodeNormalization;

use crate::crypto::ber::encoded;
use crate::crypto::der::{DerResult, Malformed, Value, tag};

/// Longer names are compared byte by byte.
const MAX_BYTES: usize = 4096;

const MAX_ATTRIBUTES: usize = 64;

/// A name to compare. Authorities write one name as different string types, with other letter case or
/// other spaces; those do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparableName {
    /// The canonical attributes of each part (`RelativeDistinguishedName`), or else the encoding itself.
    parts: Vec<Vec<u8>>,
}

impl ComparableName {
    /// Reads the encoding of a `Name`.
    pub fn of(der: &[u8]) -> Self {
        let parts = if der.len() <= MAX_BYTES { canonical(der) } else { Err(Malformed) };
        Self { parts: parts.unwrap_or_else(|_| vec![der.to_vec()]) }
    }

    /// Whether a name is this one or below it in the directory.
    pub fn contains(&self, name: &Self) -> bool {
        name.parts.starts_with(&self.parts)
    }
}

fn canonical(der: &[u8]) -> DerResult<Vec<Vec<u8>>> {
    let parts = Value::only(der)?.fields(tag::SEQUENCE)?.all(MAX_ATTRIBUTES)?;
    let canonical_part = |part: Value<'_>| {
        let attributes = part.fields(tag::SET)?.all(MAX_ATTRIBUTES)?;
        let mut attributes =
            attributes.into_iter().map(canonical_attribute).collect::<DerResult<Vec<_>>>()?;
        attributes.sort_unstable();
        Ok(attributes.concat())
    };
    parts.into_iter().map(canonical_part).collect()
}

fn canonical_attribute(attribute: Value<'_>) -> DerResult<Vec<u8>> {
    let mut fields = attribute.fields(tag::SEQUENCE)?;
    let kind = fields.next(tag::OID)?;
    let value = fields.any()?;
    fields.end()?;
    let value = match text(value) {
        Some(text) => encoded(tag::UTF8_STRING, canonical_text(&text).as_bytes()),
        None => value.der.to_vec(),
    };
    Ok([kind.der, &value].concat())
}

fn text(value: Value<'_>) -> Option<String> {
    match value.tag {
        tag::UTF8_STRING | tag::PRINTABLE_STRING | tag::IA5_STRING => {
            str::from_utf8(value.content).ok().map(str::to_owned)
        }
        tag::BMP_STRING => {
            let units = value.content.chunks_exact(2);
            let units = units.remainder().is_empty().then_some(units)?;
            let units: Vec<u16> =
                units.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}

/// The text without differences in case and spaces (RFC 4518).
fn canonical_text(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name of common names, each with its string type.
    fn name(parts: &[(u8, &[u8])]) -> ComparableName {
        let part = |(kind, text): &(u8, &[u8])| {
            let oid = [6, 3, 0x55, 4, 3];
            let attribute = encoded(tag::SEQUENCE, &[&oid[..], &encoded(*kind, text)].concat());
            encoded(tag::SET, &attribute)
        };
        let parts: Vec<u8> = parts.iter().flat_map(part).collect();
        ComparableName::of(&encoded(tag::SEQUENCE, &parts))
    }

    #[test]
    fn names_are_equal_whatever_their_string_types_case_and_spaces() {
        let root = name(&[(tag::UTF8_STRING, b"Names Root")]);
        for (kind, text) in [
            (tag::PRINTABLE_STRING, &b"names  ROOT"[..]),
            (tag::UTF8_STRING, b" Names\tRoot "),
            (
                tag::BMP_STRING,
                &"names root".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
            ),
        ] {
            assert_eq!(name(&[(kind, text)]), root);
        }
        for (kind, text) in [
            (tag::UTF8_STRING, &b"NamesRoot"[..]),
            (tag::UTF8_STRING, b"Names-Root"),
            (tag::UTF8_STRING, b"\xff"),
            (0x14, b"Names Root"),
        ] {
            assert_ne!(name(&[(kind, text)]), root);
        }
        assert_ne!(name(&[(tag::UTF8_STRING, b"Names"), (tag::UTF8_STRING, b"Root")]), root);
    }

    #[test]
    fn a_name_contains_those_below_it() {
        let above = name(&[(tag::UTF8_STRING, b"a"), (tag::UTF8_STRING, b"b")]);
        let below = name(&[
            (tag::PRINTABLE_STRING, b"A"),
            (tag::UTF8_STRING, b"b"),
            (tag::UTF8_STRING, b"c"),
        ]);
        assert!(above.contains(&below) && above.contains(&above) && !below.contains(&above));
        assert!(!name(&[(tag::UTF8_STRING, b"b")]).contains(&above));
    }
}
