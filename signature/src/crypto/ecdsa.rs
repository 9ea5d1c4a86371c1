//! ECDSA with curves and digests that `ring` does not combine.

use crate::crypto::der::{DerResult, Malformed, Value, tag};

/// Verifies the signature of a digest on a curve of RustCrypto.
macro_rules! verify_on {
    ($name:ident, $curve:ident, $n_bytes:literal, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(point: &[u8], digest: &[u8], signature: &[u8]) -> DerResult<bool> {
            use $curve::ecdsa::signature::hazmat::PrehashVerifier;
            use $curve::ecdsa::{Signature, VerifyingKey};
            let key = VerifyingKey::from_sec1_bytes(point).map_err(|_| Malformed)?;
            let numbers = numbers(signature, $n_bytes)?;
            let signature = Signature::from_slice(&numbers).map_err(|_| Malformed)?;
            // A digest shorter than the order counts as a number, so zeros may precede it.
            let zeros = vec![0; usize::saturating_sub($n_bytes, digest.len())];
            let padded = if digest.len() * 2 < $n_bytes {
                [&zeros, digest].concat()
            } else {
                digest.to_vec()
            };
            Ok(key.verify_prehash(&padded, &signature).is_ok())
        }
    };
}

verify_on!(verify_p256, p256, 32, "Whether a signature verifies on P-256.");
verify_on!(verify_p384, p384, 48, "Whether a signature verifies on P-384.");
verify_on!(verify_p521, p521, 66, "Whether a signature verifies on P-521.");

/// The two integers of a signature (`Ecdsa-Sig-Value`, GM/T 0009), each with this many bytes.
pub fn numbers(signature: &[u8], n_bytes: usize) -> DerResult<Vec<u8>> {
    let mut fields = Value::only(signature)?.fields(tag::SEQUENCE)?;
    let mut numbers = vec![0; 2 * n_bytes];
    for half in numbers.chunks_exact_mut(n_bytes) {
        let digits = fields.next(tag::INTEGER)?.positive()?;
        let start = half.len().checked_sub(digits.len()).ok_or(Malformed)?;
        half[start..].copy_from_slice(digits);
    }
    fields.end()?;
    Ok(numbers)
}
