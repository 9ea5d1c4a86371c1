//! Reads the parts of certificates (RFC 5280) that validation needs.

use der::Decode;
use der::asn1::ObjectIdentifier;
use sha2::{Digest as _, Sha256};
use x509_cert::name::Name;

use crate::crypto::algorithm::{AlgorithmIdentifier, SignedValue};
use crate::crypto::der::{DerResult, Malformed, Value, tag};
use crate::crypto::public_key::PublicKey;
use crate::verdict::indication::Signer;
use crate::x509::name::ComparableName;
use hongtou_rules::document::moment::Moment;

/// Larger certificates are rejected; usual ones have a few kilobytes.
pub const MAX_CERTIFICATE_BYTES: usize = 64 * 1024;

/// Longer serial numbers are rejected; RFC 5280 allows 20 bytes.
const MAX_SERIAL_BYTES: usize = 64;

/// Longer names are reported abbreviated.
const MAX_NAME_BYTES: usize = 4096;

const MAX_EXTENSIONS: usize = 64;

const MAX_EXTENDED_KEY_USAGES: usize = 64;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const SUBJECT_KEY: ObjectIdentifier = oid("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
const SUBJECT_NAMES: ObjectIdentifier = oid("2.5.29.17");
const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
pub const NAME_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.30");
const DISTRIBUTION_POINTS: ObjectIdentifier = oid("2.5.29.31");
const POLICIES: ObjectIdentifier = oid("2.5.29.32");
const POLICY_MAPPINGS: ObjectIdentifier = oid("2.5.29.33");
const POLICY_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.36");
const INHIBIT_ANY_POLICY: ObjectIdentifier = oid("2.5.29.54");
const AUTHORITY_KEY: ObjectIdentifier = oid("2.5.29.35");
const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
const OCSP_NO_CHECK: ObjectIdentifier = oid("1.3.6.1.5.5.7.48.1.5");
const QUALIFIED: ObjectIdentifier = oid("1.3.6.1.5.5.7.1.3");

pub const TIME_STAMPING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.8");
pub const OCSP_SIGNING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.9");
/// Extended key usages unrelated to documents: TLS servers, code, time stamps, OCSP.
const UNRELATED_KEY_USAGES: [ObjectIdentifier; 4] =
    [oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.3"), TIME_STAMPING, OCSP_SIGNING];

/// A certificate.
#[derive(Debug, Clone)]
pub struct Certificate<'a> {
    /// The encoding.
    pub der: &'a [u8],
    /// The bytes that the issuer signed.
    pub tbs: &'a [u8],
    /// The serial number.
    pub serial: &'a [u8],
    /// The name of the issuer, in DER, and to compare.
    pub issuer_der: &'a [u8],
    pub issuer: ComparableName,
    /// The name of the subject, in DER, and to compare.
    pub subject_der: &'a [u8],
    pub subject: ComparableName,
    pub not_before: Moment,
    pub not_after: Moment,
    pub key: PublicKey<'a>,
    /// The bits of `subjectPublicKey`, which OCSP identifies an issuer by.
    pub subject_public_key: &'a [u8],
    pub algorithm: AlgorithmIdentifier<'a>,
    pub signature: &'a [u8],
    pub extensions: Extensions<'a>,
}

/// The extensions of a certificate.
#[derive(Debug, Clone, Default)]
pub struct Extensions<'a> {
    /// There are none, as in version 1 certificates.
    pub are_absent: bool,
    pub is_ca: bool,
    pub path_len_constraint: Option<u32>,
    pub key_usage: Option<KeyUsage>,
    pub extended_key_usage: Option<ExtendedKeyUsage>,
    pub subject_key_id: Option<&'a [u8]>,
    /// The subject key identifier of the issuer. Prefers one of several issuers of the same name.
    pub authority_key_id: Option<&'a [u8]>,
    /// The CRL distribution points, in DER.
    pub distribution_points: Option<&'a [u8]>,
    /// `id-pkix-ocsp-nocheck`: the revocation of this OCSP responder is not checked.
    pub has_ocsp_no_check: bool,
    /// The alternative names, name constraints and policy extensions, in DER.
    pub subject_names: Option<&'a [u8]>,
    pub name_constraints: Option<&'a [u8]>,
    pub policies: Option<&'a [u8]>,
    pub policy_mappings: Option<&'a [u8]>,
    pub policy_constraints: Option<&'a [u8]>,
    pub inhibit_any_policy: Option<&'a [u8]>,
    /// An unsupported critical extension.
    pub unsupported: Option<ObjectIdentifier>,
}

/// The first byte of `KeyUsage` (RFC 5280, 4.2.1.3). Bit 0 is the most significant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage(u8);

impl KeyUsage {
    /// `digitalSignature` or `nonRepudiation`.
    pub fn allows_signing(self) -> bool {
        self.0 & 0xc0 != 0
    }

    /// `keyCertSign`.
    pub fn allows_cert_signing(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// `cRLSign`.
    pub fn allows_crl_signing(self) -> bool {
        self.0 & 0x02 != 0
    }
}

/// `ExtKeyUsageSyntax`.
#[derive(Debug, Clone)]
pub struct ExtendedKeyUsage {
    pub is_critical: bool,
    pub oids: Vec<ObjectIdentifier>,
}

impl ExtendedKeyUsage {
    /// Whether no usage allows signing documents.
    pub fn excludes_documents(&self) -> bool {
        self.oids.iter().all(|usage| UNRELATED_KEY_USAGES.contains(usage))
    }
}

impl<'a> Certificate<'a> {
    pub fn read(bytes: &'a [u8]) -> DerResult<Self> {
        if bytes.len() > MAX_CERTIFICATE_BYTES {
            return Err(Malformed);
        }
        let SignedValue { tbs, algorithm, signature } = SignedValue::read(bytes)?;

        let mut fields = tbs.fields(tag::SEQUENCE)?;
        fields.optional(tag::context(0))?;
        let serial = fields.next(tag::INTEGER)?.content;
        if serial.len() > MAX_SERIAL_BYTES {
            return Err(Malformed);
        }
        // The signed algorithm identifier must equal the unsigned one, which is used.
        if fields.next(tag::SEQUENCE)?.der != algorithm.der {
            return Err(Malformed);
        }
        let issuer = fields.next(tag::SEQUENCE)?.der;
        let mut validity = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
        let not_before = validity.any()?.time()?;
        let not_after = validity.any()?.time()?;
        validity.end()?;
        let subject = fields.next(tag::SEQUENCE)?.der;
        let key = fields.next(tag::SEQUENCE)?;
        fields.optional(tag::primitive(1))?;
        fields.optional(tag::primitive(2))?;
        let extensions = fields.optional(tag::context(3))?;
        fields.end()?;

        Ok(Self {
            der: bytes,
            tbs: tbs.der,
            serial,
            issuer_der: issuer,
            issuer: ComparableName::of(issuer),
            subject_der: subject,
            subject: ComparableName::of(subject),
            not_before,
            not_after,
            key: PublicKey::read(key)?,
            subject_public_key: subject_public_key(key)?,
            algorithm,
            signature,
            extensions: Extensions::read(extensions)?,
        })
    }

    /// The certificate, as reported.
    pub fn signer(&self) -> Signer {
        Signer {
            subject: display(self.subject_der),
            issuer: display(self.issuer_der),
            serial_number: hex(self.serial),
            certificate_sha256: hex(&Sha256::digest(self.der)),
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }

    /// Whether subject and issuer have the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

fn subject_public_key(key: Value<'_>) -> DerResult<&[u8]> {
    let mut fields = key.fields(tag::SEQUENCE)?;
    fields.any()?;
    fields.next(tag::BIT_STRING)?.bits()
}

/// The RFC 4514 form of a name. Unreadable names are in hexadecimal, long ones abbreviated.
fn display(name: &[u8]) -> String {
    if name.len() > MAX_NAME_BYTES {
        return format!("#{}…", hex(&name[..64]));
    }
    match Name::from_der(name) {
        Ok(name) => name.to_string(),
        Err(_) => format!("#{}", hex(name)),
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<'a> Extensions<'a> {
    fn read(wrapped: Option<Value<'a>>) -> DerResult<Self> {
        let Some(wrapped) = wrapped else {
            return Ok(Self { are_absent: true, ..Self::default() });
        };
        let mut read = Self::default();
        let mut seen = Vec::new();
        for (oid, is_critical, value) in each_extension(Value::only(wrapped.content)?)? {
            if seen.contains(&oid) {
                return Err(Malformed);
            }
            seen.push(oid);
            read.read_extension(oid, is_critical, value)?;
        }
        Ok(read)
    }

    fn read_extension(
        &mut self,
        oid: ObjectIdentifier,
        is_critical: bool,
        value: &'a [u8],
    ) -> DerResult<()> {
        match oid {
            BASIC_CONSTRAINTS => {
                let mut fields = Value::only(value)?.fields(tag::SEQUENCE)?;
                let is_ca = fields.optional(tag::BOOLEAN)?;
                self.is_ca = is_ca.map_or(Ok(false), Value::boolean)?;
                let length = fields.optional(tag::INTEGER)?;
                self.path_len_constraint = length.map(Value::small).transpose()?;
                fields.end()?;
            }
            KEY_USAGE => match Value::only(value)?.content(tag::BIT_STRING)? {
                [_, first, ..] => self.key_usage = Some(KeyUsage(*first)),
                _ => self.key_usage = Some(KeyUsage(0)),
            },
            EXTENDED_KEY_USAGE => {
                let usages =
                    Value::only(value)?.fields(tag::SEQUENCE)?.all(MAX_EXTENDED_KEY_USAGES)?;
                let oids = usages.into_iter().map(Value::oid).collect::<DerResult<_>>()?;
                self.extended_key_usage = Some(ExtendedKeyUsage { is_critical, oids });
            }
            SUBJECT_KEY => {
                self.subject_key_id = Some(Value::only(value)?.content(tag::OCTET_STRING)?);
            }
            AUTHORITY_KEY => {
                let mut fields = Value::only(value)?.fields(tag::SEQUENCE)?;
                self.authority_key_id = fields.optional(tag::primitive(0))?.map(|key| key.content);
            }
            DISTRIBUTION_POINTS => self.distribution_points = Some(value),
            OCSP_NO_CHECK => self.has_ocsp_no_check = true,
            SUBJECT_NAMES => self.subject_names = Some(value),
            NAME_CONSTRAINTS => self.name_constraints = Some(value),
            POLICIES => self.policies = Some(value),
            POLICY_MAPPINGS => self.policy_mappings = Some(value),
            POLICY_CONSTRAINTS => self.policy_constraints = Some(value),
            INHIBIT_ANY_POLICY => self.inhibit_any_policy = Some(value),
            // Statements of qualified certificates restrict nothing.
            QUALIFIED => (),
            _ if is_critical => self.unsupported = Some(oid),
            _ => (),
        }
        Ok(())
    }
}

/// The object identifier, criticality and value of each of `Extensions`.
pub fn each_extension<'a>(
    extensions: Value<'a>,
) -> DerResult<std::vec::IntoIter<(ObjectIdentifier, bool, &'a [u8])>> {
    let values = extensions.fields(tag::SEQUENCE)?.all(MAX_EXTENSIONS)?;
    let read = |value: Value<'a>| {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let oid = fields.next(tag::OID)?.oid()?;
        let is_critical = fields.optional(tag::BOOLEAN)?.map_or(Ok(false), Value::boolean)?;
        let content = fields.next(tag::OCTET_STRING)?.content;
        fields.end()?;
        Ok((oid, is_critical, content))
    };
    Ok(values.into_iter().map(read).collect::<DerResult<Vec<_>>>()?.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("../../../fixtures/signed/p256-signer.der");

    #[test]
    fn signed_and_unsigned_algorithm_identifiers_must_be_equal() {
        assert!(Certificate::read(CERTIFICATE).is_ok());
        let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
        let last = CERTIFICATE.windows(8).rposition(|window| window == sha256).unwrap();
        let mut changed = CERTIFICATE.to_vec();
        changed[last + 7] = 0x03;
        assert!(Certificate::read(&changed).is_err());
    }

    #[test]
    fn duplicate_extensions_are_rejected() {
        let usage = [0x30, 0x0b, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x04, 0x04, 0x03, 0x02, 0x06, 0xc0];
        let wrapped = |extensions: &[u8]| {
            let n_bytes = u8::try_from(extensions.len()).unwrap();
            [&[0xa3, n_bytes + 2, 0x30, n_bytes], extensions].concat()
        };
        let read = |bytes: &[u8]| {
            Extensions::read(Some(Value::only(bytes).unwrap())).map(|read| read.key_usage.is_some())
        };
        assert_eq!(read(&wrapped(&usage)), Ok(true));
        assert_eq!(read(&wrapped(&[usage, usage].concat())), Err(Malformed));
    }
}
