//! Signature values and CMS containers from elsewhere.

use hongtou_signature::signing::check::check;
use hongtou_signature::signing::preparation::Encoding;
use hongtou_signature::signing::prepared::PreparedPdf;
use hongtou_signature::signing::request::{SigningRequest, UnusableCertificates};
use hongtou_signature::verdict::indication::{Indication, Scheme};
use hongtou_signature::verdict::report::Coverage;
use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};

use crate::letter::LETTER;
use crate::report::{kind, report_on};
use crate::signer::{VALIDATION_TIME, certificate, root_certificate, signature_value};
use crate::signing::keys::Key;
use crate::signing::prepared_files::{preparation, prepared};
use crate::signing::sealer::Sm2Key;

fn request(prepared: &PreparedPdf, certificate: &[u8]) -> SigningRequest {
    SigningRequest::new(prepared, vec![certificate.to_vec()]).unwrap()
}

/// The codes of what is wrong with a signature of this file.
fn refusal(prepared: &PreparedPdf, container: &[u8]) -> Vec<String> {
    let reasons = check(prepared, container, VALIDATION_TIME).unwrap_err();
    reasons.into_iter().map(|reason| reason.code).collect()
}

#[test]
fn a_signature_value_becomes_a_signature_that_passes() {
    let prepared = prepared(Encoding::Cms);
    let chain = vec![certificate().to_vec(), root_certificate().to_vec()];
    let request = SigningRequest::new(&prepared, chain).unwrap();
    let container = request.container(&signature_value(request.data_to_be_signed()));
    assert_eq!(check(&prepared, &container, VALIDATION_TIME), Ok(()));
    let signed = prepared.signed(&container).unwrap();
    assert!(signed.starts_with(&LETTER));
    let report = report_on(&signed);
    let signature = &report.signatures[0];
    assert_eq!(signature.validation.indication, Indication::TotalPassed);
    assert_eq!(signature.validation.scheme, Scheme::Cms);
    assert_eq!((signature.coverage, signature.visible), (Coverage::File, false));
    assert!(report.passed && report.revisions[1].changes.is_empty());
    assert_eq!(kind(&report), "identical_signed");
}

#[test]
fn keys_of_each_algorithm_can_sign() {
    let prepared = prepared(Encoding::Cms);
    let algorithms = [
        (&PKCS_ECDSA_P256_SHA256, "1.2.840.10045.4.3.2", "2.16.840.1.101.3.4.2.1"),
        (&PKCS_ECDSA_P384_SHA384, "1.2.840.10045.4.3.3", "2.16.840.1.101.3.4.2.2"),
        (&PKCS_ED25519, "1.3.101.112", "2.16.840.1.101.3.4.2.3"),
    ];
    for (algorithm, signing, hashing) in algorithms {
        let key = Key::new(algorithm);
        let request = request(&prepared, &key.certificate);
        assert_eq!(request.signature_algorithm(), signing);
        assert_eq!(request.hash_algorithm(), hashing);
        assert_eq!(request.hash().is_none(), signing == "1.3.101.112");
        let container = request.container(&key.sign(request.data_to_be_signed()));
        assert_eq!(check(&prepared, &container, VALIDATION_TIME), Ok(()), "{signing}");
    }
}

/// An SM2 signer signs the digest with its identity and key, whether it hashes the data itself or not.
#[test]
fn an_sm2_key_signs_the_data_or_the_digest() {
    let prepared = prepared(Encoding::Cms);
    let key = Sm2Key::new(7);
    let request = request(&prepared, &key.certificate);
    assert_eq!(request.signature_algorithm(), "1.2.156.10197.1.501");
    assert_eq!(request.hash_algorithm(), "1.2.156.10197.1.401");
    let values = [key.sign(request.data_to_be_signed()), key.sign_digest(&request.hash().unwrap())];
    for value in values {
        assert_eq!(value.len(), 64);
        let container = request.container(&value);
        assert_eq!(check(&prepared, &container, VALIDATION_TIME), Ok(()));
        // Other programs read the numbers in DER.
        assert!(!container.windows(64).any(|part| part == value));
    }
    // Some services sign the digest without identity and key.
    let bare = sm3_of(request.data_to_be_signed());
    let container = request.container(&key.sign_digest(&bare));
    assert_eq!(refusal(&prepared, &container)[0], "signature_broken");
}

fn sm3_of(message: &[u8]) -> Vec<u8> {
    use sm3::{Digest, Sm3};
    Sm3::digest(message).to_vec()
}

#[test]
fn a_signature_of_something_else_is_refused() {
    let prepared = prepared(Encoding::Cms);
    let ours = request(&prepared, certificate());
    let value = signature_value(ours.data_to_be_signed());
    let other = PreparedPdf::new(prepared.bytes(), preparation(Encoding::Cms)).unwrap();
    assert_eq!(refusal(&other, &ours.container(&value))[0], "document_changed");
    let mut broken = value.clone();
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(refusal(&prepared, &ours.container(&broken))[0], "signature_broken");
    let key = Key::new(&PKCS_ECDSA_P256_SHA256);
    let stranger = ours.container(&key.sign(ours.data_to_be_signed()));
    assert_eq!(refusal(&prepared, &stranger)[0], "signature_broken");
    for junk in [&b""[..], b"0", &[0; 64], LETTER.as_slice()] {
        assert!(check(&prepared, junk, VALIDATION_TIME).is_err());
    }
    let longer = [ours.container(&value), vec![1]].concat();
    assert_eq!(refusal(&prepared, &longer)[0], "bytes_behind_signature");
}

#[test]
fn certificates_must_be_usable() {
    let prepared = prepared(Encoding::Cms);
    let refused = |chain| SigningRequest::new(&prepared, chain).unwrap_err();
    assert_eq!(refused(vec![]), UnusableCertificates::Count);
    assert_eq!(refused(vec![certificate().to_vec(); 17]), UnusableCertificates::Count);
    assert_eq!(refused(vec![b"0".to_vec()]), UnusableCertificates::Unreadable);
    let second = vec![certificate().to_vec(), LETTER.clone()];
    assert_eq!(refused(second), UnusableCertificates::Unreadable);
}
