//! Seals (GB/T 38540) from elsewhere.

use hongtou_signature::signing::check::check;
use hongtou_signature::signing::preparation::Encoding;
use hongtou_signature::verdict::indication::Scheme;

use crate::letter::LETTER;
use crate::report::report_on;
use crate::signer::{VALIDATION_TIME, der};
use crate::signing::keys::{Sm2Key, oid};
use crate::signing::prepared_files::prepared;

/// The object identifier of SM2 with SM3.
const SM2_WITH_SM3: &str = "1.2.156.10197.1.501";

/// What a seal says, apart from the digest that it seals.
struct Says {
    valid_from: &'static str,
    valid_to: &'static str,
    /// Whether the maker signed what the seal says, and whether the seal lists the signer.
    is_of_maker: bool,
    lists_signer: bool,
}

const SOUND: Says = Says {
    valid_from: "20240101000000Z",
    valid_to: "20400101000000Z",
    is_of_maker: true,
    lists_signer: true,
};

fn seal(key: &Sm2Key, data_hash: &[u8]) -> Vec<u8> {
    seal_that(key, data_hash, &SOUND)
}

/// A seal of a digest. The maker of the seal and the signer have the same key.
fn seal_that(key: &Sm2Key, data_hash: &[u8], says: &Says) -> Vec<u8> {
    let bits = |content: &[u8]| der(0x03, &[&[0], content]);
    let time = |text: &str| der(0x18, &[text.as_bytes()]);
    let certificate = der(0x04, &[&key.certificate]);
    let signed =
        |tbs: &[u8]| [certificate.clone(), oid(SM2_WITH_SM3), bits(&key.sign(tbs))].concat();
    let dates = ["20240101000000Z", says.valid_from, says.valid_to].map(time).concat();
    let mut listed = certificate.clone();
    if !says.lists_signer {
        *listed.last_mut().unwrap() ^= 1;
    }
    let property = [
        der(0x02, &[&[1]]),
        der(0x0c, &["试验机关".as_bytes()]),
        der(0x02, &[&[1]]),
        der(0x30, &[&listed]),
        dates,
    ];
    let header = der(0x30, &[&der(0x16, &[b"ES"])]);
    let info = der(0x30, &[&header, &der(0x16, &[b"1"]), &der(0x30, &[&property.concat()])]);
    let by_maker = if says.is_of_maker { signed(&info) } else { signed(b"other") };
    let eseal = der(0x30, &[&info, &by_maker]);
    let version = der(0x02, &[&[4]]);
    let tbs = [version, eseal, time("20260228000000Z"), bits(data_hash), der(0x16, &[b"p"])];
    let tbs = der(0x30, &[&tbs.concat()]);
    der(0x30, &[&tbs, &signed(&tbs)])
}

#[test]
fn a_seal_of_the_file_is_accepted() {
    let prepared = prepared(Encoding::Seal);
    let key = Sm2Key::new();
    let seal = seal(&key, &prepared.sm3());
    assert_eq!(check(&prepared, &seal, VALIDATION_TIME), Ok(()));
    let signed = prepared.signed(&seal).unwrap();
    assert!(signed.starts_with(&LETTER));
    let report = report_on(&signed);
    assert_eq!(report.signatures[0].validation.scheme, Scheme::Ses);
    assert!(report.revisions[1].changes.is_empty());
}

#[test]
fn a_seal_of_something_else_is_refused() {
    let prepared = prepared(Encoding::Seal);
    let key = Sm2Key::new();
    let other = seal(&key, &prepared.sha256());
    let reasons = check(&prepared, &other, VALIDATION_TIME).unwrap_err();
    assert_eq!(reasons[0].code, "document_changed");
    let mut broken = seal(&key, &prepared.sm3());
    *broken.last_mut().unwrap() ^= 1;
    let reasons = check(&prepared, &broken, VALIDATION_TIME).unwrap_err();
    assert_eq!(reasons[0].code, "signature_broken");
}

#[test]
fn a_seal_that_is_not_in_order_is_reported() {
    let key = Sm2Key::new();
    let reasons = |says: &Says| -> Vec<String> {
        let prepared = prepared(Encoding::Seal);
        let seal = seal_that(&key, &prepared.sm3(), says);
        let report = report_on(&prepared.signed(&seal).unwrap());
        assert!(!report.passed && report.signatures[0].later_changes.is_empty());
        let reasons = report.signatures[0].validation.reasons.iter();
        reasons.map(|reason| reason.code.clone()).collect()
    };
    let sound = reasons(&SOUND);
    for (says, expected) in [
        (Says { is_of_maker: false, ..SOUND }, "seal_broken"),
        (Says { lists_signer: false, ..SOUND }, "signer_not_of_seal"),
        (Says { valid_to: "20250101000000Z", ..SOUND }, "seal_expired"),
        (Says { valid_from: "20300101000000Z", ..SOUND }, "seal_not_yet_valid"),
    ] {
        let found = reasons(&says);
        let is_new = found.contains(&expected.to_owned()) && !sound.contains(&expected.to_owned());
        assert!(is_new, "{expected}: {found:?}, {sound:?}");
    }
}
