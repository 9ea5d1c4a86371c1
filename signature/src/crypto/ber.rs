//! Converts BER (X.690, section 8) to DER where the difference is in lengths and in the splitting of
//! octet strings.
//!
//! CMS is DER only inside: signers such as NSS and Bouncy Castle write the outer values with indefinite
//! lengths, and split long octet strings. The signed parts are DER (RFC 5652, 5.4), and a value that is
//! DER is converted to itself, so their bytes stay.

use crate::crypto::der::{DerResult, Malformed, Value, tag};

/// The length byte of an indefinite length.
const INDEFINITE: u8 = 0x80;

/// Set in the tags of constructed values.
const CONSTRUCTED: u8 = 0x20;

/// A container with more values is not converted. Long revocation lists have some 100,000.
const MAX_VALUES: usize = 1_000_000;

/// Values nested deeper are not converted. A time stamp inside a signature has about 25 levels.
const MAX_DEPTH: usize = 48;

/// The DER encoding of the first value, and the number of bytes that the value takes.
pub fn to_der(bytes: &[u8]) -> DerResult<(Vec<u8>, usize)> {
    let mut reader = Reader { bytes, at: 0, n_values: 0 };
    let der = reader.value(0)?;
    Ok((der, reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    n_values: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> DerResult<u8> {
        let byte = *self.bytes.get(self.at).ok_or(Malformed)?;
        self.at += 1;
        Ok(byte)
    }

    fn value(&mut self, depth: usize) -> DerResult<Vec<u8>> {
        let tag = self.byte()?;
        self.n_values += 1;
        // The end of contents is no value; longer tags do not occur in CMS.
        if depth == MAX_DEPTH || self.n_values > MAX_VALUES || tag == 0 || tag & 0x1f == 0x1f {
            return Err(Malformed);
        }
        let end = self.end(tag)?;
        if tag & CONSTRUCTED == 0 {
            let end = end.ok_or(Malformed)?;
            let content = &self.bytes[self.at..end];
            self.at = end;
            return Ok(encoded(tag, content));
        }
        let is_split = tag == tag::OCTET_STRING | CONSTRUCTED;
        let mut content = Vec::new();
        while !self.is_at(end) {
            let part = self.value(depth + 1)?;
            content.extend_from_slice(if is_split { octets(&part)? } else { &part });
        }
        Ok(encoded(if is_split { tag::OCTET_STRING } else { tag }, &content))
    }

    /// Reads a length. Returns the end of the content; `None` if the length is indefinite.
    fn end(&mut self, tag: u8) -> DerResult<Option<usize>> {
        let first = self.byte()?;
        let length = match first {
            INDEFINITE if tag & CONSTRUCTED != 0 => return Ok(None),
            INDEFINITE => return Err(Malformed),
            ..INDEFINITE => usize::from(first),
            _ => {
                let mut length = 0_usize;
                for _ in 0..first & 0x7f {
                    length = length.checked_mul(0x100).ok_or(Malformed)?;
                    length |= usize::from(self.byte()?);
                }
                length
            }
        };
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        end.map(Some).ok_or(Malformed)
    }

    /// Whether the content of a constructed value ends here. Consumes the end of contents.
    fn is_at(&mut self, end: Option<usize>) -> bool {
        match end {
            // A part may not reach beyond the value; if it does, the value never ends.
            Some(end) => self.at == end,
            None => {
                let is_end = self.bytes.get(self.at..self.at + 2) == Some(&[0, 0]);
                self.at += if is_end { 2 } else { 0 };
                is_end
            }
        }
    }
}

/// The content of a part of a split octet string, which is one itself.
fn octets(part: &[u8]) -> DerResult<&[u8]> {
    Value::only(part)?.content(tag::OCTET_STRING)
}

/// Encodes a value.
pub fn encoded(tag: u8, content: &[u8]) -> Vec<u8> {
    let bytes = content.len().to_be_bytes();
    let n_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(n_zeros..).unwrap_or_default();
    let mut encoded = Vec::with_capacity(content.len() + 2 + digits.len());
    encoded.push(tag);
    match digits {
        [] => encoded.push(0),
        [short] if *short < INDEFINITE => encoded.push(*short),
        digits => {
            let n_digits = u8::try_from(digits.len()).expect("a length has eight bytes at most");
            encoded.push(INDEFINITE | n_digits);
            encoded.extend(digits);
        }
    }
    encoded.extend_from_slice(content);
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_split_octet_strings_are_converted() {
        let cases: [(&[u8], &[u8]); 6] = [
            (&[0x30, 3, 2, 1, 5], &[0x30, 3, 2, 1, 5]),
            (&[0x30, 0x80, 2, 1, 5, 0, 0], &[0x30, 3, 2, 1, 5]),
            (&[0x30, 0x81, 3, 2, 1, 5], &[0x30, 3, 2, 1, 5]),
            (&[0x30, 0x80, 0x31, 0x80, 0, 0, 5, 0, 0, 0], &[0x30, 4, 0x31, 0, 5, 0]),
            (&[0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0], &[4, 3, 7, 8, 9]),
            (&[0xa0, 0x80, 0x24, 3, 4, 1, 7, 0, 0], &[0xa0, 3, 4, 1, 7]),
        ];
        for (ber, der) in cases {
            let followed = [ber, &[0, 0, 0]].concat();
            assert_eq!(to_der(&followed), Ok((der.to_vec(), ber.len())), "{ber:x?}");
            assert_eq!(to_der(der), Ok((der.to_vec(), der.len())), "{der:x?}");
        }
    }

    #[test]
    fn malformed_values_are_rejected() {
        let deep = [0x30, 0x80].repeat(MAX_DEPTH + 1);
        let cases: [&[u8]; 9] = [
            &[],
            &[0x30, 0x80, 2, 1, 5, 0],
            &[0x30, 2, 2, 1, 5],
            &[0x30, 3, 2, 2, 5, 9],
            &[4, 0x80, 0, 0],
            &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0x1f, 1, 0],
            &[0x24, 3, 2, 1, 5],
            &deep,
        ];
        for bytes in cases {
            assert_eq!(to_der(bytes), Err(Malformed), "{bytes:x?}");
        }
    }
}
