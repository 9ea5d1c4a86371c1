//! Seals (GB/T 38540) from elsewhere.

use hongtou_signature::signing::check::check;
use hongtou_signature::signing::preparation::Encoding;
use hongtou_signature::verdict::indication::{Indication, Scheme};

use crate::letter::LETTER;
use crate::report::report_on;
use crate::signer::VALIDATION_TIME;
use crate::signing::prepared_files::prepared;
use crate::signing::sealer::{SOUND, Seal, Sm2Key};

#[test]
fn a_seal_of_the_file_is_accepted() {
    let prepared = prepared(Encoding::Seal);
    let key = Sm2Key::new(7);
    let seal = key.seal(&prepared.sm3());
    assert_eq!(check(&prepared, &seal, VALIDATION_TIME), Ok(()));
    let signed = prepared.signed(&seal).unwrap();
    assert!(signed.starts_with(&LETTER));
    let report = report_on(&signed);
    let validation = &report.signatures[0].validation;
    assert_eq!((validation.scheme, validation.indication), (Scheme::Ses, Indication::TotalPassed));
    assert!(report.revisions[1].changes.is_empty());
}

#[test]
fn a_seal_of_something_else_is_refused() {
    let prepared = prepared(Encoding::Seal);
    let key = Sm2Key::new(7);
    let other = key.seal(&prepared.sha256());
    let reasons = check(&prepared, &other, VALIDATION_TIME).unwrap_err();
    assert_eq!(reasons[0].code, "document_changed");
    let mut broken = key.seal(&prepared.sm3());
    *broken.last_mut().unwrap() ^= 1;
    let reasons = check(&prepared, &broken, VALIDATION_TIME).unwrap_err();
    assert_eq!(reasons[0].code, "signature_broken");
    let mut stranger = Sm2Key::new(9);
    stranger.certificate = key.certificate;
    let reasons = check(&prepared, &stranger.seal(&prepared.sm3()), VALIDATION_TIME).unwrap_err();
    assert_eq!(reasons[0].code, "signature_broken");
}

#[test]
fn a_seal_that_is_not_in_order_is_reported() {
    let key = Sm2Key::new(7);
    for (seal, expected) in [
        (Seal { is_of_maker: false, ..SOUND }, "seal_broken"),
        (Seal { lists_signer: false, ..SOUND }, "signer_not_of_seal"),
        (Seal { valid_to: "20250101000000Z", ..SOUND }, "seal_expired"),
        (Seal { valid_from: "20300101000000Z", ..SOUND }, "seal_not_yet_valid"),
    ] {
        let prepared = prepared(Encoding::Seal);
        let seal = key.seal_with(&prepared.sm3(), &seal);
        let report = report_on(&prepared.signed(&seal).unwrap());
        assert!(!report.passed && report.signatures[0].later_changes.is_empty());
        let reasons = report.signatures[0].validation.reasons.iter();
        let codes: Vec<&str> = reasons.map(|reason| reason.code.as_ref()).collect();
        assert_eq!(codes, [expected]);
    }
}
