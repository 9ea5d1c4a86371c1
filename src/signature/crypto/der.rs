//! Reads DER (X.690) without copying or re-encoding.
//!
//! The original bytes are hashed and compared, so each value keeps its own encoding. Lengths must be
//! definite and minimal, and tags one byte long. Only the levels that the caller asks for are read,
//! so deep nesting does not use stack.

use der::asn1::ObjectIdentifier;

use crate::document::moment::Moment;

/// Universal and context-specific tags.
pub mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const OID: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;

    /// The context-specific tag `[number]` of a constructed value.
    pub const fn context(number: u8) -> u8 {
        0xa0 | number
    }

    /// The context-specific tag `[number]` of a primitive value.
    pub const fn primitive(number: u8) -> u8 {
        0x80 | number
    }
}

/// The bytes are not DER or not the expected structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The result of reading DER.
pub type DerResult<T> = Result<T, Malformed>;

/// A DER value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// The whole encoding: tag, length and content.
    pub der: &'a [u8],
}

/// Reads the values inside a constructed value, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Value<'a> {
    /// Splits off the first value. Also returns the bytes after it.
    pub fn first(bytes: &'a [u8]) -> DerResult<(Self, &'a [u8])> {
        let &[tag, length, ref after @ ..] = bytes else { return Err(Malformed) };
        if tag & 0x1f == 0x1f {
            return Err(Malformed);
        }
        let n_length_bytes = if length < 0x80 { 0 } else { usize::from(length & 0x7f) };
        let length_bytes = after.get(..n_length_bytes).ok_or(Malformed)?;
        let length = match length_bytes {
            [] if length < 0x80 => usize::from(length),
            // Lengths that are indefinite or not minimal are not DER.
            [first, ..] if *first != 0 && n_length_bytes <= 4 => {
                length_bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
            }
            _ => return Err(Malformed),
        };
        if n_length_bytes > 0 && length < 0x80 {
            return Err(Malformed);
        }
        let start = 2 + n_length_bytes;
        let end = start.checked_add(length).ok_or(Malformed)?;
        let content = bytes.get(start..end).ok_or(Malformed)?;
        Ok((Self { tag, content, der: &bytes[..end] }, &bytes[end..]))
    }

    /// Parses bytes that consist of exactly one value.
    pub fn only(bytes: &'a [u8]) -> DerResult<Self> {
        match Self::first(bytes)? {
            (value, []) => Ok(value),
            _ => Err(Malformed),
        }
    }

    /// The values inside. Fails if the value has another tag.
    pub fn fields(self, tag: u8) -> DerResult<Fields<'a>> {
        Ok(Fields { rest: self.content(tag)? })
    }

    /// The content. Fails if the value has another tag.
    pub fn content(self, tag: u8) -> DerResult<&'a [u8]> {
        if self.tag == tag { Ok(self.content) } else { Err(Malformed) }
    }

    pub fn oid(self) -> DerResult<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(self.content(tag::OID)?).map_err(|_| Malformed)
    }

    pub fn boolean(self) -> DerResult<bool> {
        match self.content(tag::BOOLEAN)? {
            [0x00] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(Malformed),
        }
    }

    /// An integer from 0 to 2³² - 1.
    pub fn small(self) -> DerResult<u32> {
        match self.content(tag::INTEGER)? {
            [] | [0x80..=0xff, ..] => Err(Malformed),
            [0, second, ..] if *second < 0x80 => Err(Malformed),
            [0, digits @ ..] | digits if digits.len() <= 4 => {
                Ok(digits.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
            }
            _ => Err(Malformed),
        }
    }

    /// The bytes of a bit string without unused bits.
    pub fn bits(self) -> DerResult<&'a [u8]> {
        match self.content(tag::BIT_STRING)? {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(Malformed),
        }
    }

    /// A `UTCTime` or `GeneralizedTime` in UTC. Two-digit years are 1950 to 2049 (RFC 5280).
    pub fn time(self) -> DerResult<Moment> {
        let text = std::str::from_utf8(self.content).map_err(|_| Malformed)?;
        let text = text.strip_suffix('Z').ok_or(Malformed)?;
        match self.tag {
            tag::UTC_TIME => {
                let century = if text.get(..2).ok_or(Malformed)? < "50" { "20" } else { "19" };
                moment(&format!("{century}{text}"), "")
            }
            tag::GENERALIZED_TIME => match text.split_once('.') {
                Some((_, "")) => Err(Malformed),
                Some((seconds, fraction)) => moment(seconds, fraction),
                None => moment(text, ""),
            },
            _ => Err(Malformed),
        }
    }
}

/// Parses `YYYYMMDDHHMMSS` and the digits of the fraction.
fn moment(digits: &str, fraction: &str) -> DerResult<Moment> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits.len() != 14 || !is_digits(digits) || !is_digits(fraction) || fraction.len() > 9 {
        return Err(Malformed);
    }
    let time = chrono::NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S");
    let seconds = time.map_err(|_| Malformed)?.and_utc().timestamp();
    let thousandths = format!("{fraction:0<3}")[..3].parse::<i64>().map_err(|_| Malformed)?;
    Ok(Moment(seconds * 1000 + thousandths))
}

impl<'a> Fields<'a> {
    /// Reads the values in these bytes.
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next value, with any tag.
    pub fn any(&mut self) -> DerResult<Value<'a>> {
        let (value, rest) = Value::first(self.rest)?;
        self.rest = rest;
        Ok(value)
    }

    /// The next value. Fails if it has another tag.
    pub fn next(&mut self, tag: u8) -> DerResult<Value<'a>> {
        let value = self.any()?;
        if value.tag == tag { Ok(value) } else { Err(Malformed) }
    }

    /// The next value, if it has this tag.
    pub fn optional(&mut self, tag: u8) -> DerResult<Option<Value<'a>>> {
        if self.rest.first() == Some(&tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// Fails if there are more values.
    pub fn end(self) -> DerResult<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed) }
    }

    pub fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// The remaining values. Fails if there are more than `max`.
    pub fn all(mut self, max: usize) -> DerResult<Vec<Value<'a>>> {
        let mut values = Vec::new();
        while !self.is_empty() {
            if values.len() == max {
                return Err(Malformed);
            }
            values.push(self.any()?);
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_definite_and_minimal_lengths_are_accepted() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x81, 0x7f],
            &[0x30, 0x82, 0x00, 0x80],
            &[0x30, 0x85, 1, 0, 0, 0, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x02, 0],
            &[0x1f, 0x01, 0],
        ] {
            assert_eq!(Value::first(bytes), Err(Malformed), "{bytes:x?}");
        }
        let long = [&[0x04, 0x81, 0x80][..], &[7; 0x80], &[9]].concat();
        let (value, rest) = Value::first(&long).unwrap();
        assert_eq!((value.content.len(), rest), (0x80, &[9][..]));
        assert_eq!(Value::only(&long), Err(Malformed));
    }

    #[test]
    fn times_follow_rfc_5280() {
        let time = |tag: u8, text: &str| {
            let bytes = [&[tag, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
            Value::only(&bytes).unwrap().time().map(|moment| moment.to_string())
        };
        assert_eq!(time(0x17, "491231235959Z").unwrap(), "2049-12-31T23:59:59.000Z");
        assert_eq!(time(0x17, "500101000000Z").unwrap(), "1950-01-01T00:00:00.000Z");
        assert_eq!(time(0x18, "20500101000000.25Z").unwrap(), "2050-01-01T00:00:00.250Z");
        for text in ["20500101000000", "20501301000000Z", "2050010100000Z", "20500101000000.Z"] {
            assert_eq!(time(0x18, text), Err(Malformed), "{text}");
        }
        assert_eq!(time(0x17, "é0101000000Z"), Err(Malformed));
    }

    #[test]
    fn only_minimal_integers_from_0_to_u32_max_are_accepted() {
        let small = |content: &[u8]| {
            let bytes = [&[0x02, u8::try_from(content.len()).unwrap()], content].concat();
            Value::only(&bytes).unwrap().small()
        };
        assert_eq!(small(&[0]), Ok(0));
        assert_eq!(small(&[0, 0x80]), Ok(128));
        assert_eq!(small(&[0, 0xff, 0xff, 0xff, 0xff]), Ok(u32::MAX));
        for content in [&[][..], &[0xff], &[0, 1], &[1, 0, 0, 0, 0]] {
            assert_eq!(small(content), Err(Malformed), "{content:x?}");
        }
    }
}
