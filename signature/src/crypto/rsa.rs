//! RSA signatures with parameters that `ring` does not verify: other salts, mask functions and digests
//! (RFC 8017, 8.1.2 and 8.2.2). Verifying uses only public values, so its time reveals nothing.

use num_bigint_dig::BigUint;

use crate::crypto::algorithm::{DigestAlgorithm, PssParameters};
use crate::crypto::ber::encoded;
use crate::crypto::der::{DerResult, Malformed, Value, tag};

/// The longest public exponent, in bytes. `ring` accepts 33 bits.
const MAX_EXPONENT_BYTES: usize = 5;

/// The last byte of an encoded message of PSS.
const TRAILER: u8 = 0xbc;

/// Whether a signature of PKCS #1 v1.5 verifies with an `RSAPublicKey`.
pub fn verify_pkcs1(
    key: &[u8],
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> DerResult<bool> {
    let opened = Key::read(key)?.open(signature)?;
    let oid = encoded(tag::OID, digest.oid().as_bytes());
    let identifier = encoded(tag::SEQUENCE, &[oid.as_slice(), &[tag::NULL, 0]].concat());
    let value = encoded(tag::OCTET_STRING, &digest.hash(&[message]));
    let info = encoded(tag::SEQUENCE, &[identifier, value].concat());
    let padding = opened.len().checked_sub(info.len() + 3).filter(|length| *length >= 8);
    let padding = vec![0xff; padding.ok_or(Malformed)?];
    Ok(opened == [&[0, 1], padding.as_slice(), &[0], &info].concat())
}

/// Whether a signature of PSS verifies with an `RSAPublicKey`.
pub fn verify_pss(
    key: &[u8],
    parameters: PssParameters,
    message: &[u8],
    signature: &[u8],
) -> DerResult<bool> {
    let key = Key::read(key)?;
    let opened = key.open(signature)?;
    let n_bits = key.n_bits() - 1;
    let n_bytes = n_bits.div_ceil(8);
    let (above, encoded) = opened.split_at(opened.len() - n_bytes);
    let hash = parameters.digest.hash(&[message]);
    let [masked @ .., TRAILER] = encoded else { return Ok(false) };
    let n_masked = masked.len().checked_sub(hash.len()).ok_or(Malformed)?;
    let (masked, salted_hash) = masked.split_at(n_masked);
    let n_zeros = n_masked.checked_sub(parameters.salt_length + 1).ok_or(Malformed)?;
    // The bits of the first byte above the length of the encoded message.
    let unused = !(0xff_u8 >> (8 * n_bytes - n_bits));
    let has_unused_bits = above.iter().any(|byte| *byte != 0) || masked[0] & unused != 0;
    let mask = mask(parameters.mask_digest, salted_hash, n_masked);
    let mut block: Vec<u8> = masked.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    block[0] &= !unused;
    let (zeros, rest) = block.split_at(n_zeros);
    let [1, salt @ ..] = rest else { return Ok(false) };
    let expected = parameters.digest.hash(&[&[0; 8], &hash, salt]);
    Ok(!has_unused_bits && zeros.iter().all(|byte| *byte == 0) && expected == salted_hash)
}

/// The mask generation function MGF1.
fn mask(digest: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + 64);
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend(digest.hash(&[seed, &counter.to_be_bytes()]));
        counter += 1;
    }
    mask.truncate(length);
    mask
}

struct Key {
    modulus: BigUint,
    exponent: BigUint,
}

impl Key {
    fn read(key: &[u8]) -> DerResult<Self> {
        let mut fields = Value::only(key)?.fields(tag::SEQUENCE)?;
        let (modulus, exponent) = (fields.any()?.positive()?, fields.any()?.positive()?);
        fields.end()?;
        let is_odd = |digits: &[u8]| digits.last().is_some_and(|last| last & 1 == 1);
        if !is_odd(modulus) || !is_odd(exponent) || exponent.len() > MAX_EXPONENT_BYTES {
            return Err(Malformed);
        }
        let number = BigUint::from_bytes_be;
        Ok(Self { modulus: number(modulus), exponent: number(exponent) })
    }

    fn n_bits(&self) -> usize {
        self.modulus.bits()
    }

    /// The encoded message in a signature, as long as the modulus.
    fn open(&self, signature: &[u8]) -> DerResult<Vec<u8>> {
        let n_bytes = self.n_bits().div_ceil(8);
        let number = BigUint::from_bytes_be(signature);
        if signature.len() != n_bytes || number >= self.modulus || self.exponent.bits() < 2 {
            return Err(Malformed);
        }
        let opened = number.modpow(&self.exponent, &self.modulus).to_bytes_be();
        let zeros = n_bytes.checked_sub(opened.len()).ok_or(Malformed)?;
        Ok([vec![0; zeros], opened].concat())
    }
}
