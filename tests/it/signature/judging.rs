//! Verdicts on signatures that other programs made, and on what was made of them.
//! `signed.rs` has the signatures.

use std::ops::Range;

use hongtou::document::moment::Moment;
use hongtou::signature::cms::container::Evidence;
use hongtou::signature::verdict::indication::{Indication, Judgement};
use hongtou::signature::x509::trust::{Trust, TrustError};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::signature::signed::{Case, Scene, cases, file, format, names, passed};

#[test]
fn each_signature_gets_its_verdict() {
    let wrong: Vec<String> = cases().iter().filter_map(Case::fault).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_lies_about_unused() {
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
        names().into_iter().filter(|name| !scripts(name) && !used(name)).collect();
    assert_eq!(unused, Vec::<String>::new());
}

/// The zeros that pad `/Contents` are no part of it; anything else there is.
#[test]
fn only_zeros_may_stand_behind_a_container() {
    let scene = passed("p256.p7s");
    let padded = [&scene.contents[..], &[0; 64]].concat();
    assert_eq!(scene.judge_with(&padded, &scene.covered).indication, Indication::TotalPassed);
    for behind in [&[1][..], &[0, 0, 0x30], b"0\0"] {
        let longer = [&scene.contents[..], behind].concat();
        let judgement = scene.judge_with(&longer, &scene.covered);
        assert_eq!(judgement.reasons[0].code, "bytes_behind_signature");
    }
}

/// What is cut off anywhere is refused, and nothing panics.
#[test]
fn no_beginning_of_a_container_passes() {
    for name in ["p256.p7s", "b-t-1.p7s", "seal-4.der", "timestamp.der"] {
        let scene = passed(name);
        let end = scene.contents.iter().rposition(|byte| *byte != 0).unwrap();
        for length in 0..end {
            let judgement = scene.judge_with(&scene.contents[..length], &scene.covered);
            assert_eq!(judgement.indication, Indication::TotalFailed, "{name} to {length}");
        }
    }
}

/// A container larger than any is not read.
#[test]
fn a_container_larger_than_any_is_refused() {
    let scene = passed("p256.p7s");
    let mut contents = scene.contents.clone();
    contents.resize(16 * 1024 * 1024, 0);
    assert_eq!(scene.judge_with(&contents, &scene.covered).indication, Indication::TotalPassed);
    contents.push(0);
    let judgement = scene.judge_with(&contents, &scene.covered);
    assert_eq!(judgement.reasons[0].code, "too_large");
}

/// The clock of a time stamper may be ahead of ours by minutes, not by more.
#[test]
fn clocks_may_differ_by_minutes() {
    let mut scene = passed("timestamp.der");
    let stamped_at = scene.judge().timestamp.unwrap().at;
    for (minutes, passes) in [(0, true), (4, true), (6, false)] {
        scene.at = Moment(stamped_at.0 - minutes * 60_000);
        let judgement = scene.judge();
        assert_eq!(judgement.indication == Indication::TotalPassed, passes, "{minutes} minutes");
    }
}

/// No byte of a covered file can be another.
#[test]
fn no_changed_byte_of_the_document_passes() {
    for name in ["p256.p7s", "seal-4.der", "timestamp.der"] {
        let scene = passed(name);
        for index in 0..scene.covered.len() {
            let mut covered = scene.covered.clone();
            covered[index] ^= 1;
            let judgement = scene.judge_with(&scene.contents, &covered);
            assert_eq!(judgement.reasons[0].code, "document_changed", "{name} at {index}");
        }
    }
}

/// Where in a container a part lies that something signs.
fn part(scene: &Scene, bytes: &[u8]) -> Range<usize> {
    let start = scene.contents.windows(bytes.len()).position(|window| window == bytes).unwrap();
    start..start + bytes.len()
}

/// Where the certificate lies in the container that the verdict names as the signer's.
fn certificate_of_signer(scene: &Scene, judgement: &Judgement) -> Range<usize> {
    let stamp = judgement.timestamp.as_ref().and_then(|timestamp| timestamp.authority.as_ref());
    let signer = judgement.signer.as_ref().or(stamp).unwrap();
    let certificate = certificates_in(&scene.contents)
        .find(|range| hex_sha256(&scene.contents[range.clone()]) == signer.certificate_sha256);
    certificate.unwrap()
}

fn hex_sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The values of the container with a length in two bytes, certificates among them.
fn certificates_in(contents: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let starts =
        contents.windows(4).enumerate().filter(|(_, head)| head.starts_with(&[0x30, 0x82]));
    let ranges = starts.map(|(start, head)| {
        start..start + 4 + usize::from(u16::from_be_bytes([head[2], head[3]]))
    });
    ranges.filter(|range| range.end <= contents.len())
}

/// A changed certificate of the signer never passes. Other changes can pass, in unused certificates
/// and unsigned attributes, but they change no field of the verdict; at most, the time stamp on the
/// signature no longer counts.
#[test]
fn a_changed_container_passes_only_with_the_same_verdict() {
    let mut n_passed = 0;
    for name in ["p256.p7s", "rsa-pss.p7s", "sm2.p7s", "seal-4.der", "timestamp.der", "b-t-1.p7s"] {
        let scene = passed(name);
        let original = scene.judge();
        let certificate = certificate_of_signer(&scene, &original);
        let end = scene.contents.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        for index in (0..end).step_by(7) {
            let mut contents = scene.contents.clone();
            contents[index] ^= 1 << (index % 8);
            let judgement = scene.judge_with(&contents, &scene.covered);
            if judgement.indication != Indication::TotalPassed {
                continue;
            }
            n_passed += 1;
            assert!(!certificate.contains(&index), "{name} at {index}");
            let mut expected = original.clone();
            if judgement.timestamp != original.timestamp {
                let stamp = judgement.timestamp.as_ref().map(|timestamp| timestamp.indication);
                assert_ne!(stamp, Some(Indication::TotalPassed), "{name} at {index}");
                expected.timestamp = judgement.timestamp.clone();
                expected.reasons = judgement.reasons.clone();
            }
            assert_eq!(judgement, expected, "{name} at {index}");
        }
    }
    assert_ne!(n_passed, 0, "no change passed, so no verdict was compared");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Bytes from anywhere never panic and never pass.
    #[test]
    fn noise_never_passes(noise in prop::collection::vec(any::<u8>(), 0..400), format_index in 0_usize..4) {
        let scene = passed("p256.p7s");
        let names = ["cades", "pkcs7", "rfc3161", "other"];
        let scene = Scene { format: format(names[format_index]), ..scene };
        let judgement = scene.judge_with(&noise, &scene.covered);
        prop_assert_ne!(judgement.indication, Indication::TotalPassed);
        let sequence = [&[0x30, 0x82, 0x01, 0x00][..], &noise].concat();
        let judgement = scene.judge_with(&sequence, &scene.covered);
        prop_assert_ne!(judgement.indication, Indication::TotalPassed);
    }
}

/// Every bit of what is signed counts: the signer's certificate, the attributes and the signature.
#[test]
fn no_changed_bit_of_what_is_signed_passes() {
    let scene = passed("p256.p7s");
    let signer = part(&scene, &file("p256-signer.der"));
    // The last value of the container is the signature; attributes and algorithm are before it.
    let digest = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
    let attributes = part(&scene, &digest).start - 2..scene.contents.len();
    for range in [signer, attributes] {
        for index in range {
            for bit in 0..8 {
                let mut contents = scene.contents.clone();
                contents[index] ^= 1 << bit;
                let judgement = scene.judge_with(&contents, &scene.covered);
                assert_ne!(judgement.indication, Indication::TotalPassed, "bit {bit} of {index}");
            }
        }
    }
}

/// Without its issuer's untouched word, no revoked certificate is good.
#[test]
fn no_changed_word_of_an_issuer_is_taken() {
    let words = [("crl", file("sub.crl")), ("ocsp", file("ocsp-revoked.der"))];
    let mut scene = passed("revoked-before.p7s");
    scene.trust = Trust::of([("trust", file("trust.pem")), ("root", file("root.crl"))]).unwrap();
    for (kind, word) in words {
        let mut judge_by = |word: Vec<u8>| {
            let evidence = Evidence::default();
            scene.evidence = match kind {
                "crl" => Evidence { crls: vec![word], ..evidence },
                _ => Evidence { ocsp_responses: vec![word], ..evidence },
            };
            scene.judge().indication
        };
        assert_eq!(judge_by(word.clone()), Indication::TotalFailed);
        for index in 0..word.len() {
            assert_ne!(judge_by(word[..index].to_vec()), Indication::TotalPassed);
            let mut changed = word.clone();
            changed[index] ^= 1 << (index % 8);
            assert_ne!(judge_by(changed), Indication::TotalPassed, "{kind} at {index}");
        }
    }
}

#[test]
fn more_than_any_list_of_authorities_is_refused() {
    let certificate = file("p256-signer.der");
    let others = (0..=4096_u16).flat_map(|number| {
        let mut other = certificate.clone();
        let end = other.len() - 2;
        other[end..].copy_from_slice(&number.to_be_bytes());
        other
    });
    let error = Trust::of([("all", others.collect())]).unwrap_err();
    assert!(matches!(error, TrustError::TooMany { .. }));
}

#[test]
fn trusted_files_are_certificates_and_lists_in_any_form() {
    let pem = file("trust.pem");
    let crl = file("root.crl");
    let of = |files: Vec<(&str, Vec<u8>)>| Trust::of(files);
    let both = of(vec![("a", pem.clone()), ("b", crl.clone())]).unwrap();
    assert_eq!((both.certificates().count(), both.crls().count()), (1, 1));

    // The same items have the same fingerprint, whatever files they came in.
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
        ("cut", der[..der.len() - 1].to_vec()),
        ("behind", [&der[..], b"x"].concat()),
        ("key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_vec()),
        ("signature", file("p256.p7s")),
    ] {
        let error = of(vec![("good", pem.clone()), (name, bytes)]).unwrap_err();
        assert!(matches!(&error, TrustError::Unreadable { name: named } if named == name));
    }
}
