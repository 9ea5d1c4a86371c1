//! What is judged: a signature as it was cut from a file, with the bytes that it covers.

use crate::document::moment::Moment;

/// How a signature says that it is encoded: `/SubFilter` of its dictionary (ISO 32000-2, 12.8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// `adbe.pkcs7.detached`: CMS over the bytes themselves.
    Pkcs7Detached,
    /// `ETSI.CAdES.detached`: CMS with the attributes of PAdES (ETSI EN 319 142-1).
    CadesDetached,
    /// `ETSI.RFC3161`: a time stamp over the bytes.
    Rfc3161,
    /// Any other name, as the file has it. Seals by GB/T 38540 come under names of their makers.
    Other(String),
}

/// A signature as it was cut from a file.
#[derive(Debug, Clone)]
pub struct Container<'a> {
    /// How it says that it is encoded.
    pub format: Format,
    /// `/Contents`, decoded, with the zeros that pad it.
    pub contents: &'a [u8],
    /// The bytes that it covers: those before `/Contents` and those behind.
    pub covered: [&'a [u8]; 2],
}

/// What else the file brings along that a verdict may rest on: its document security store (`/DSS`,
/// ETSI EN 319 142-1). Nothing in it is believed unless an authority signed it.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Certificates, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists, in DER.
    pub crls: Vec<Vec<u8>>,
    /// Responses on the status of certificates (OCSP), in DER.
    pub ocsp_responses: Vec<Vec<u8>>,
    /// When the signature can be proved to have been there: the time of a later time stamp of the
    /// document that covers it and was judged to hold.
    pub proven_at: Option<Moment>,
}

impl Format {
    /// The format of a `/SubFilter`.
    pub fn of(name: &str) -> Self {
        match name {
            "adbe.pkcs7.detached" => Self::Pkcs7Detached,
            "ETSI.CAdES.detached" => Self::CadesDetached,
            "ETSI.RFC3161" => Self::Rfc3161,
            other => Self::Other(other.to_owned()),
        }
    }
}
