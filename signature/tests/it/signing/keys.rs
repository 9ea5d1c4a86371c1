//! Keys of signers, each with a certificate that no authority issued.

use rcgen::{CertificateParams, DnType, KeyPair, SignatureAlgorithm, SigningKey};

/// A key of `rcgen` and its certificate.
pub(super) struct Key {
    key: KeyPair,
    pub(super) certificate: Vec<u8>,
}

impl Key {
    pub(super) fn new(algorithm: &'static SignatureAlgorithm) -> Self {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "试验机关");
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2060, 1, 1);
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        Self { key, certificate }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).unwrap()
    }
}
