//! The input of signature validation: the container of a signature and the bytes that it covers.

/// The encoding of a signature: `/SubFilter` of its dictionary (ISO 32000-2, 12.8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// `adbe.pkcs7.detached`: CMS over the covered bytes.
    Pkcs7Detached,
    /// `ETSI.CAdES.detached`: CMS with the attributes of PAdES (ETSI EN 319 142-1).
    CadesDetached,
    /// `ETSI.RFC3161`: a document time stamp.
    Rfc3161,
    /// Any other name, as written in the file. The makers of GB/T 38540 seals use names of their own.
    Other(String),
}

/// A signature of a file.
#[derive(Debug, Clone)]
pub struct Container<'a> {
    /// The encoding that the signature dictionary names.
    pub format: Format,
    /// `/Contents`, decoded, with the zeros that pad it.
    pub contents: &'a [u8],
    /// The covered bytes: those before `/Contents` and those after it.
    pub covered: [&'a [u8]; 2],
}

/// The validation data of a file: its document security store (`/DSS`, ETSI EN 319 142-1). It is not
/// trusted: certificates need a chain, revocation information needs the signature of its issuer.
#[derive(Debug, Clone, Default)]
pub struct ValidationData {
    /// Certificates, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists, in DER.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses, in DER.
    pub ocsp_responses: Vec<Vec<u8>>,
}

impl Format {
    /// The format that a `/SubFilter` names.
    pub fn of(name: &str) -> Self {
        match name {
            "adbe.pkcs7.detached" => Self::Pkcs7Detached,
            "ETSI.CAdES.detached" => Self::CadesDetached,
            "ETSI.RFC3161" => Self::Rfc3161,
            other => Self::Other(other.to_owned()),
        }
    }
}
