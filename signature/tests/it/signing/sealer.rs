//! A signer with an SM2 key, and the seals (GB/T 38540) that it makes.

use der::asn1::ObjectIdentifier;
use sm2::dsa::SigningKey;
use sm2::dsa::signature::Signer;
use sm2::dsa::signature::hazmat::PrehashSigner;
use sm2::elliptic_curve::sec1::ToSec1Point;

// The tests of filings include this file elsewhere.
use super::super::signer::{certificate_of, der};

/// The usual identity of SM2 signers.
const SM2_IDENTITY: &str = "1234567812345678";

/// The object identifiers of public keys on elliptic curves, of the curve of SM2, and of SM2 with SM3.
const PUBLIC_KEY: &str = "1.2.840.10045.2.1";
const SM2: &str = "1.2.156.10197.1.301";
const SM2_WITH_SM3: &str = "1.2.156.10197.1.501";

/// An SM2 key and its certificate.
pub(crate) struct Sm2Key {
    key: SigningKey,
    pub(crate) certificate: Vec<u8>,
}

/// What varies in a seal.
pub(crate) struct Seal {
    pub(crate) valid_from: &'static str,
    pub(crate) valid_to: &'static str,
    /// Whether the maker signed what the seal says.
    pub(crate) is_of_maker: bool,
    pub(crate) lists_signer: bool,
}

/// A seal that is in order.
pub(crate) const SOUND: Seal = Seal {
    valid_from: "20240101000000Z",
    valid_to: "20400101000000Z",
    is_of_maker: true,
    lists_signer: true,
};

impl Sm2Key {
    /// Keys of different numbers differ.
    pub(crate) fn new(number: u8) -> Self {
        let key = SigningKey::from_slice(SM2_IDENTITY, &[number; 32]).unwrap();
        let point = key.verifying_key().to_sec1_point(false);
        let algorithm = der(0x30, &[&oid(PUBLIC_KEY), &oid(SM2)]);
        let public_key = der(0x30, &[&algorithm, &bits(point.as_bytes())]);
        Self { key, certificate: certificate_of(&public_key) }
    }

    /// Signs a message with the identity and the key, as r ‖ s.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_vec()
    }

    /// Signs a digest, as r ‖ s.
    pub(crate) fn sign_digest(&self, digest: &[u8]) -> Vec<u8> {
        self.key.sign_prehash(digest).unwrap().to_vec()
    }

    /// A seal on a document with this SM3 digest. The maker of the seal has the same key.
    pub(crate) fn seal(&self, data_hash: &[u8]) -> Vec<u8> {
        self.seal_with(data_hash, &SOUND)
    }

    /// The same with a seal that may not be in order.
    pub(crate) fn seal_with(&self, data_hash: &[u8], seal: &Seal) -> Vec<u8> {
        let time = |text: &str| der(0x18, &[text.as_bytes()]);
        let certificate = der(0x04, &[&self.certificate]);
        let signed =
            |tbs: &[u8]| [certificate.clone(), oid(SM2_WITH_SM3), bits(&self.sign(tbs))].concat();
        let dates = ["20240101000000Z", seal.valid_from, seal.valid_to].map(time).concat();
        let mut listed = certificate.clone();
        if !seal.lists_signer {
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
        let by_maker = if seal.is_of_maker { signed(&info) } else { signed(b"other") };
        let eseal = der(0x30, &[&info, &by_maker]);
        let version = der(0x02, &[&[4]]);
        let tbs = [version, eseal, time("20260228000000Z"), bits(data_hash), der(0x16, &[b"p"])];
        let tbs = der(0x30, &[&tbs.concat()]);
        der(0x30, &[&tbs, &signed(&tbs)])
    }
}

/// Encodes a bit string of whole bytes.
fn bits(content: &[u8]) -> Vec<u8> {
    der(0x03, &[&[0], content])
}

/// Encodes an object identifier.
fn oid(text: &str) -> Vec<u8> {
    der(0x06, &[ObjectIdentifier::new_unwrap(text).as_bytes()])
}
