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

/// A seal of a digest. The maker of the seal and the signer have the same key.
fn seal(key: &Sm2Key, data_hash: &[u8]) -> Vec<u8> {
    let bits = |content: &[u8]| der(0x03, &[&[0], content]);
    let time = |text: &str| der(0x18, &[text.as_bytes()]);
    let certificate = der(0x04, &[&key.certificate]);
    let signed =
        |tbs: &[u8]| [certificate.clone(), oid(SM2_WITH_SM3), bits(&key.sign(tbs))].concat();
    let dates = ["20240101000000Z", "20240101000000Z", "20400101000000Z"].map(time).concat();
    let property = [
        der(0x02, &[&[1]]),
        der(0x0c, &["试验机关".as_bytes()]),
        der(0x02, &[&[1]]),
        der(0x30, &[&certificate]),
        dates,
    ];
    let header = der(0x30, &[&der(0x16, &[b"ES"])]);
    let info = der(0x30, &[&header, &der(0x16, &[b"1"]), &der(0x30, &[&property.concat()])]);
    let eseal = der(0x30, &[&info, &signed(&info)]);
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
