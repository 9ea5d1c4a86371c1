//! Tests the validation of signatures that other programs made, and of changed ones. `cases.rs` reads
//! the signatures.

use std::ops::Range;

use hongtou::document::moment::Moment;
use hongtou::signature::cms::container::ValidationData;
use hongtou::signature::verdict::indication::{Indication, ValidationResult};
use hongtou::signature::x509::trust::{Trust, TrustError};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::signature::cases::{Case, CaseFiles, cases, file, file_names, format, passing};

#[test]
fn every_case_has_its_expected_result() {
    let wrong: Vec<String> = cases().iter().filter_map(Case::difference).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_folder_is_used() {
    let cases = cases();
    let used = |name: &str| {
        cases.iter().any(|case| {
            let lists = [&case.trust, &case.certificates, &case.crls, &case.ocsp];
            case.contents == name
                || case.covered == name
                || lists.iter().any(|list| list.iter().any(|other| other == name))
                || case.store.as_ref().is_some_and(|store| name.starts_with(&format!("{store}-")))
        })
    };
    let scripts = |name: &str| name.ends_with(".py") || name == "cases.json" || name == "README.md";
    let unused: Vec<String> =
        file_names().into_iter().filter(|name| !scripts(name) && !used(name)).collect();
    assert_eq!(unused, Vec::<String>::new());
}

/// `/Contents` is padded with zeros.
#[test]
fn only_zeros_may_follow_a_container() {
    let files = passing("p256.p7s");
    let padded = [&files.contents[..], &[0; 64]].concat();
    assert_eq!(files.validate_with(&padded, &files.covered).indication, Indication::TotalPassed);
    for trailing in [&[1][..], &[0, 0, 0x30], b"0\0"] {
        let longer = [&files.contents[..], trailing].concat();
        let result = files.validate_with(&longer, &files.covered);
        assert_eq!(result.reasons[0].code, "bytes_behind_signature");
    }
}

#[test]
fn truncated_containers_fail() {
    for name in ["p256.p7s", "b-t-1.p7s", "seal-4.der", "timestamp.der"] {
        let files = passing(name);
        let end = files.contents.iter().rposition(|byte| *byte != 0).unwrap();
        for length in 0..end {
            let result = files.validate_with(&files.contents[..length], &files.covered);
            assert_eq!(result.indication, Indication::TotalFailed, "{name} to {length}");
        }
    }
}

#[test]
fn too_large_containers_are_not_read() {
    let files = passing("p256.p7s");
    let mut contents = files.contents.clone();
    contents.resize(16 * 1024 * 1024, 0);
    assert_eq!(files.validate_with(&contents, &files.covered).indication, Indication::TotalPassed);
    contents.push(0);
    let result = files.validate_with(&contents, &files.covered);
    assert_eq!(result.reasons[0].code, "too_large");
}

/// The clock of a time-stamping authority may be up to five minutes ahead.
#[test]
fn time_stamps_may_be_slightly_in_the_future() {
    let mut files = passing("timestamp.der");
    let stamped_at = files.validate().timestamp.unwrap().at;
    for (minutes, passes) in [(0, true), (4, true), (6, false)] {
        files.at = Moment(stamped_at.0 - minutes * 60_000);
        let result = files.validate();
        assert_eq!(result.indication == Indication::TotalPassed, passes, "{minutes} minutes");
    }
}

#[test]
fn every_changed_byte_of_the_document_is_found() {
    for name in ["p256.p7s", "seal-4.der", "timestamp.der"] {
        let files = passing(name);
        for index in 0..files.covered.len() {
            let mut covered = files.covered.clone();
            covered[index] ^= 1;
            let result = files.validate_with(&files.contents, &covered);
            assert_eq!(result.reasons[0].code, "document_changed", "{name} at {index}");
        }
    }
}

/// The position of a part of the container.
fn part(files: &CaseFiles, bytes: &[u8]) -> Range<usize> {
    let start = files.contents.windows(bytes.len()).position(|window| window == bytes).unwrap();
    start..start + bytes.len()
}

/// The position of the signing certificate in the container.
fn signing_certificate(files: &CaseFiles, result: &ValidationResult) -> Range<usize> {
    let stamp = result.timestamp.as_ref().and_then(|timestamp| timestamp.authority.as_ref());
    let signer = result.signer.as_ref().or(stamp).unwrap();
    let certificate = certificates_in(&files.contents)
        .find(|range| hex_sha256(&files.contents[range.clone()]) == signer.certificate_sha256);
    certificate.unwrap()
}

fn hex_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The values of the container with a two-byte length, which include its certificates.
fn certificates_in(contents: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let starts =
        contents.windows(4).enumerate().filter(|(_, head)| head.starts_with(&[0x30, 0x82]));
    let ranges = starts.map(|(start, head)| {
        start..start + 4 + usize::from(u16::from_be_bytes([head[2], head[3]]))
    });
    ranges.filter(|range| range.end <= contents.len())
}

/// A container with a changed signing certificate never passes. Changes in unused certificates and
/// unsigned attributes can pass, but must not change the result; at most, the signature time stamp is
/// ignored.
#[test]
fn a_changed_container_passes_only_with_the_same_result() {
    let mut n_passed = 0;
    for name in ["p256.p7s", "rsa-pss.p7s", "sm2.p7s", "seal-4.der", "timestamp.der", "b-t-1.p7s"] {
        let files = passing(name);
        let original = files.validate();
        let certificate = signing_certificate(&files, &original);
        let end = files.contents.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        for index in (0..end).step_by(7) {
            let mut contents = files.contents.clone();
            contents[index] ^= 1 << (index % 8);
            let result = files.validate_with(&contents, &files.covered);
            if result.indication != Indication::TotalPassed {
                continue;
            }
            n_passed += 1;
            assert!(!certificate.contains(&index), "{name} at {index}");
            let mut expected = original.clone();
            if result.timestamp != original.timestamp {
                let stamp = result.timestamp.as_ref().map(|timestamp| timestamp.indication);
                assert_ne!(stamp, Some(Indication::TotalPassed), "{name} at {index}");
                expected.timestamp = result.timestamp.clone();
                expected.reasons = result.reasons.clone();
            }
            assert_eq!(result, expected, "{name} at {index}");
        }
    }
    assert_ne!(n_passed, 0, "no change passed, so no result was compared");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_pass(noise in prop::collection::vec(any::<u8>(), 0..400), format_index in 0_usize..4) {
        let files = passing("p256.p7s");
        let names = ["cades", "pkcs7", "rfc3161", "other"];
        let files = CaseFiles { format: format(names[format_index]), ..files };
        let result = files.validate_with(&noise, &files.covered);
        prop_assert_ne!(result.indication, Indication::TotalPassed);
        let sequence = [&[0x30, 0x82, 0x01, 0x00][..], &noise].concat();
        let result = files.validate_with(&sequence, &files.covered);
        prop_assert_ne!(result.indication, Indication::TotalPassed);
    }
}

/// In the signing certificate, the signed attributes and the signature value.
#[test]
fn no_changed_bit_of_the_signed_parts_passes() {
    let files = passing("p256.p7s");
    let signer = part(&files, &file("p256-signer.der"));
    // The signature value is the last value, after the attributes and the algorithm.
    let digest = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
    let attributes = part(&files, &digest).start - 2..files.contents.len();
    for range in [signer, attributes] {
        for index in range {
            for bit in 0..8 {
                let mut contents = files.contents.clone();
                contents[index] ^= 1 << bit;
                let result = files.validate_with(&contents, &files.covered);
                assert_ne!(result.indication, Indication::TotalPassed, "bit {bit} of {index}");
            }
        }
    }
}

/// A changed list or response does not turn a revoked certificate into a good one.
#[test]
fn changed_revocation_information_is_not_accepted() {
    let items = [("crl", file("sub.crl")), ("ocsp", file("ocsp-revoked.der"))];
    let mut files = passing("revoked-before.p7s");
    files.trust =
        Trust::from_files([("trust", file("trust.pem")), ("root", file("root.crl"))]).unwrap();
    for (kind, item) in items {
        let mut validate_with_item = |item: Vec<u8>| {
            let validation_data = ValidationData::default();
            files.validation_data = match kind {
                "crl" => ValidationData { crls: vec![item], ..validation_data },
                _ => ValidationData { ocsp_responses: vec![item], ..validation_data },
            };
            files.validate().indication
        };
        assert_eq!(validate_with_item(item.clone()), Indication::TotalFailed);
        for index in 0..item.len() {
            assert_ne!(validate_with_item(item[..index].to_vec()), Indication::TotalPassed);
            let mut changed = item.clone();
            changed[index] ^= 1 << (index % 8);
            assert_ne!(validate_with_item(changed), Indication::TotalPassed, "{kind} at {index}");
        }
    }
}

#[test]
fn too_many_trusted_items_are_rejected() {
    let certificate = file("p256-signer.der");
    let others = (0..=4096_u16).flat_map(|number| {
        let mut other = certificate.clone();
        let end = other.len() - 2;
        other[end..].copy_from_slice(&number.to_be_bytes());
        other
    });
    let error = Trust::from_files([("all", others.collect())]).unwrap_err();
    assert!(matches!(error, TrustError::TooMany { .. }));
}

#[test]
fn trusted_certificates_and_lists_are_read_in_any_form() {
    let pem = file("trust.pem");
    let crl = file("root.crl");
    let of = |files: Vec<(&str, Vec<u8>)>| Trust::from_files(files);
    let both = of(vec![("a", pem.clone()), ("b", crl.clone())]).unwrap();
    assert_eq!((both.certificates().count(), both.crls().count()), (1, 1));

    // The digest depends on the items only, not on the files.
    let der = both.certificates().next().unwrap().to_vec();
    let text = [b"subject=\nissuer=\n".as_slice(), &pem, b"\nmore\n", &pem].concat();
    for files in [
        vec![("b", crl.clone()), ("a", pem.clone())],
        vec![("all", [der.clone(), crl.clone(), der.clone()].concat())],
        vec![("text", text), ("list", crl.clone())],
    ] {
        assert_eq!(of(files).unwrap().sha256(), both.sha256());
    }
    assert_ne!(of(vec![("a", pem.clone())]).unwrap().sha256(), both.sha256());
    assert_eq!(both.sha256().len(), 64);

    for (name, bytes) in [
        ("empty", Vec::new()),
        ("text", b"no certificate".to_vec()),
        ("truncated", der[..der.len() - 1].to_vec()),
        ("trailing byte", [&der[..], b"x"].concat()),
        ("key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_vec()),
        ("signature", file("p256.p7s")),
    ] {
        let error = of(vec![("good", pem.clone()), (name, bytes)]).unwrap_err();
        assert!(matches!(&error, TrustError::Unreadable { name: named } if named == name));
    }
}
