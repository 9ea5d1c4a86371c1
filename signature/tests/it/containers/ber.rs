//! Containers in BER, as NSS and Bouncy Castle write them.

use hongtou_signature::verdict::indication::{Indication, ValidationResult};

use crate::containers::cases::{CaseFiles, passing};

/// The content of the first value of some bytes, and the bytes after it.
fn content(der: &[u8]) -> (&[u8], &[u8]) {
    let (start, length) = match der[1] {
        0x82 => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
        0x81 => (3, usize::from(der[2])),
        short => (2, usize::from(short)),
    };
    (&der[start..start + length], &der[start + length..])
}

/// Encodes constructed values with indefinite lengths, down to a level. Signed attributes and
/// certificates stay, as only the outside of CMS may be BER.
fn to_ber(der: &[u8], levels: usize) -> Vec<u8> {
    let (inside, _) = content(der);
    let is_attributes = der[0] == 0xa0 && inside.starts_with(&[0x30]) && levels < 4;
    if levels == 0 || der[0] & 0x20 == 0 || is_attributes {
        let (inside, _) = content(der);
        let head = inside.as_ptr() as usize - der.as_ptr() as usize;
        return der[..head + inside.len()].to_vec();
    }
    let mut ber = vec![der[0], 0x80];
    let mut rest = inside;
    while !rest.is_empty() {
        ber.extend(to_ber(rest, levels - 1));
        rest = content(rest).1;
    }
    ber.extend([0, 0]);
    ber
}

fn codes(result: &ValidationResult) -> Vec<&str> {
    result.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

fn validate(files: &CaseFiles, contents: &[u8]) -> ValidationResult {
    files.validate_with(contents, &files.covered)
}

#[test]
fn containers_in_ber_pass_with_a_remark() {
    for name in ["p256.p7s", "rsa-pss.p7s", "sm2.p7s", "b-t-1.p7s", "timestamp.der"] {
        let files = passing(name);
        let expected = files.validate();
        for levels in 1..=6 {
            let ber = to_ber(&files.contents, levels);
            let mut result = validate(&files, &[&ber[..], &[0; 40]].concat());
            assert_eq!(result.indication, Indication::TotalPassed, "{name}, {levels}: {result:#?}");
            let remark = result.reasons.iter().position(|reason| reason.code == "ber_encoding");
            result.reasons.remove(remark.unwrap());
            assert_eq!(result, expected, "{name}, {levels}");
        }
    }
}

#[test]
fn changed_containers_in_ber_fail() {
    let files = passing("p256.p7s");
    let ber = to_ber(&files.contents, 6);
    for length in (0..ber.len()).step_by(5) {
        let result = validate(&files, &ber[..length]);
        assert_eq!(result.indication, Indication::TotalFailed, "to {length}");
    }
    let longer = [&ber[..], &[0, 0, 7]].concat();
    assert_eq!(codes(&validate(&files, &longer)), ["bytes_behind_signature", "ber_encoding"]);
    for index in (0..files.covered.len()).step_by(7) {
        let mut covered = files.covered.clone();
        covered[index] ^= 1;
        let result = files.validate_with(&ber, &covered);
        assert_eq!(result.reasons[0].code, "document_changed", "at {index}");
    }
    for index in (0..ber.len()).step_by(5) {
        let mut changed = ber.clone();
        changed[index] ^= 0x40;
        let result = validate(&files, &changed);
        let same = result.signer == files.validate().signer;
        assert!(result.indication != Indication::TotalPassed || same, "at {index}");
    }
}

/// A container of very many or very deep values is not converted.
#[test]
fn excessive_containers_are_malformed() {
    let files = passing("p256.p7s");
    let many = [&[0x30, 0x80][..], &[0x30, 0].repeat(2_000_000), &[0, 0]].concat();
    for contents in [many, [0x30, 0x80].repeat(1_000_000)] {
        assert_eq!(codes(&validate(&files, &contents)), ["malformed"]);
    }
}
