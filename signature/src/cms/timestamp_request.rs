//! Encodes requests for time stamps and reads the responses of authorities (RFC 3161, section 2.4).

use crate::cms::timestamp::TimestampToken;
use crate::crypto::algorithm::DigestAlgorithm;
use crate::crypto::der::{DerResult, Malformed, Value, tag};
use hongtou_rules::document::moment::Moment;

/// Before the digest: version 1, and a SHA-256 imprint of 32 bytes.
const BEFORE_DIGEST: [u8; 24] = [
    0x30, 0x43, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/// Before the nonce: an integer of 8 bytes.
const BEFORE_NONCE: [u8; 2] = [0x02, 0x08];

/// After the nonce: the token must contain the certificate of the authority.
const CERTIFICATE_REQUESTED: [u8; 3] = [0x01, 0x01, 0xff];

/// A request for the time stamp of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampRequest {
    // Invariant: 32 bytes.
    digest: Vec<u8>,
    nonce: [u8; 8],
}

impl TimestampRequest {
    /// A request with a random nonce.
    pub fn new(message: &[u8], mut nonce: [u8; 8]) -> Self {
        // The encoding of a positive integer with 8 bytes.
        nonce[0] = nonce[0] & 0x7f | 0x40;
        Self { digest: DigestAlgorithm::Sha256.hash(&[message]), nonce }
    }

    /// The body of the request (`application/timestamp-query`).
    pub fn to_der(&self) -> Vec<u8> {
        let Self { digest, nonce } = self;
        [&BEFORE_DIGEST[..], digest, &BEFORE_NONCE, nonce, &CERTIFICATE_REQUESTED].concat()
    }

    /// Reads the response (`application/timestamp-reply`) and returns the time of the stamp. Its
    /// signature is not validated.
    ///
    /// # Errors
    /// Returns `Malformed` if the request was refused, or the response is not one to this request.
    pub fn read_response(&self, response: &[u8]) -> DerResult<Moment> {
        let mut fields = Value::only(response)?.fields(tag::SEQUENCE)?;
        let status = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?.next(tag::INTEGER)?;
        // 0 is granted, 1 is granted with modifications.
        if status.small()? > 1 {
            return Err(Malformed);
        }
        let token = TimestampToken::read(fields.next(tag::SEQUENCE)?).map_err(|_| Malformed)?;
        fields.end()?;
        if token.answers(&self.digest, &self.nonce) { Ok(token.at) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::TimestampRequest;

    #[test]
    fn a_request_has_the_length_that_it_says() {
        for nonce in [[0; 8], [0xff; 8]] {
            let der = TimestampRequest::new(b"message", nonce).to_der();
            assert_eq!(der.len(), usize::from(der[1]) + 2);
        }
    }

    #[test]
    fn other_bytes_are_no_response() {
        let request = TimestampRequest::new(b"message", [1; 8]);
        // A refusal, an empty body, and a page.
        for response in [&[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02][..], b"", b"<html>"] {
            assert!(request.read_response(response).is_err());
        }
    }
}
