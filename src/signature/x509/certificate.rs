//! Certificates (RFC 5280), read as far as verdicts need them.

use der::Decode;
use der::asn1::ObjectIdentifier;
use sha2::{Digest as _, Sha256};
use x509_cert::name::Name;

use crate::document::moment::Moment;
use crate::signature::crypto::algorithm::{Identifier, Signed};
use crate::signature::crypto::der::{Malformed, Read, Value, tag};
use crate::signature::crypto::public_key::PublicKey;
use crate::signature::verdict::indication::Signer;

/// No certificate is larger; those of authorities have some kilobytes.
pub const LARGEST: usize = 64 * 1024;

/// No serial number is longer; RFC 5280 allows 20 bytes.
const LONGEST_SERIAL: usize = 64;

/// Longer names are not written out.
const LONGEST_NAME: usize = 4096;

/// No certificate has more extensions.
const MOST_EXTENSIONS: usize = 64;

/// No certificate names more purposes of its key.
const MOST_PURPOSES: usize = 64;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const SUBJECT_KEY: ObjectIdentifier = oid("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
const SUBJECT_NAMES: ObjectIdentifier = oid("2.5.29.17");
const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
const NAME_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.30");
const DISTRIBUTION_POINTS: ObjectIdentifier = oid("2.5.29.31");
const POLICIES: ObjectIdentifier = oid("2.5.29.32");
const AUTHORITY_KEY: ObjectIdentifier = oid("2.5.29.35");
const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
const OCSP_NO_CHECK: ObjectIdentifier = oid("1.3.6.1.5.5.7.48.1.5");
const QUALIFIED: ObjectIdentifier = oid("1.3.6.1.5.5.7.1.3");

pub const TIME_STAMPING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.8");
pub const OCSP_SIGNING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.9");
/// Purposes that have nothing to do with documents: TLS servers, programs, time stamps, OCSP.
const FOREIGN_PURPOSES: [ObjectIdentifier; 4] =
    [oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.3"), TIME_STAMPING, OCSP_SIGNING];

/// A certificate.
#[derive(Debug, Clone)]
pub struct Certificate<'a> {
    /// Its encoding.
    pub whole: &'a [u8],
    /// What its issuer signed.
    pub signed: &'a [u8],
    /// The bytes of its serial number.
    pub serial: &'a [u8],
    /// The encoded name of its issuer. Names are the same where their bytes are.
    pub issuer: &'a [u8],
    /// The encoded name of its holder.
    pub subject: &'a [u8],
    pub not_before: Moment,
    pub not_after: Moment,
    pub key: PublicKey<'a>,
    /// The bits of the key, over which OCSP takes a digest.
    pub key_bits: &'a [u8],
    pub algorithm: Identifier<'a>,
    pub signature: &'a [u8],
    pub extensions: Extensions<'a>,
}

/// The extensions of a certificate.
#[derive(Debug, Clone, Default)]
pub struct Extensions<'a> {
    /// There are none, as in certificates of version 1.
    pub are_absent: bool,
    pub is_authority: bool,
    pub path_length: Option<u32>,
    /// The bits of `KeyUsage`.
    pub usage: Option<Usage>,
    pub purposes: Option<Purposes>,
    pub subject_key: Option<&'a [u8]>,
    /// The subject key of the issuer: where several have its name, the likeliest.
    pub authority_key: Option<&'a [u8]>,
    /// Where its revocation lists are, as it is encoded.
    pub distribution_points: Option<&'a [u8]>,
    /// A responder of OCSP whose own status nobody is to ask for.
    pub is_not_checked: bool,
    /// Something that this program cannot honour: a critical extension that it does not know, or
    /// constraints on names.
    pub unknown: Option<ObjectIdentifier>,
}

/// `KeyUsage` (RFC 5280, 4.2.1.3): bit 0 is the first, and the highest of the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage(u8);

impl Usage {
    pub fn signs_documents(self) -> bool {
        self.0 & 0xc0 != 0
    }

    pub fn signs_certificates(self) -> bool {
        self.0 & 0x04 != 0
    }

    pub fn signs_lists(self) -> bool {
        self.0 & 0x02 != 0
    }
}

/// `ExtKeyUsageSyntax`.
#[derive(Debug, Clone)]
pub struct Purposes {
    pub are_critical: bool,
    pub oids: Vec<ObjectIdentifier>,
}

impl Purposes {
    /// Whether each of them is one that has nothing to do with documents.
    pub fn are_foreign(&self) -> bool {
        self.oids.iter().all(|purpose| FOREIGN_PURPOSES.contains(purpose))
    }
}

impl<'a> Certificate<'a> {
    pub fn read(bytes: &'a [u8]) -> Read<Self> {
        if bytes.len() > LARGEST {
            return Err(Malformed);
        }
        let Signed { value: signed, algorithm, signature } = Signed::read(bytes)?;

        let mut fields = signed.fields(tag::SEQUENCE)?;
        fields.optional(tag::context(0))?;
        let serial = fields.next(tag::INTEGER)?.content;
        if serial.len() > LONGEST_SERIAL {
            return Err(Malformed);
        }
        // The algorithm that is signed must be the one that is gone by.
        if fields.next(tag::SEQUENCE)?.whole != algorithm.whole {
            return Err(Malformed);
        }
        let issuer = fields.next(tag::SEQUENCE)?.whole;
        let mut validity = fields.next(tag::SEQUENCE)?.fields(tag::SEQUENCE)?;
        let not_before = validity.any()?.time()?;
        let not_after = validity.any()?.time()?;
        validity.end()?;
        let subject = fields.next(tag::SEQUENCE)?.whole;
        let key = fields.next(tag::SEQUENCE)?;
        fields.optional(tag::primitive(1))?;
        fields.optional(tag::primitive(2))?;
        let extensions = fields.optional(tag::context(3))?;
        fields.end()?;

        Ok(Self {
            whole: bytes,
            signed: signed.whole,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            key: PublicKey::read(key)?,
            key_bits: key_bits(key)?,
            algorithm,
            signature,
            extensions: Extensions::read(extensions)?,
        })
    }

    /// Its holder, for the verdict.
    pub fn signer(&self) -> Signer {
        Signer {
            subject: display(self.subject),
            issuer: display(self.issuer),
            serial_number: hex::encode(self.serial),
            certificate_sha256: hex::encode(Sha256::digest(self.whole)),
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }

    /// Whether its holder issued it: the holder's name is the issuer's.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

fn key_bits(key: Value<'_>) -> Read<&[u8]> {
    let mut fields = key.fields(tag::SEQUENCE)?;
    fields.any()?;
    fields.next(tag::BIT_STRING)?.bits()
}

/// A name as RFC 4514 writes it; one that cannot be read, in hexadecimal; one that is too long, by
/// its beginning.
fn display(name: &[u8]) -> String {
    if name.len() > LONGEST_NAME {
        return format!("#{}…", hex::encode(&name[..64]));
    }
    match Name::from_der(name) {
        Ok(name) => name.to_string(),
        Err(_) => format!("#{}", hex::encode(name)),
    }
}

impl<'a> Extensions<'a> {
    fn read(wrapped: Option<Value<'a>>) -> Read<Self> {
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
            read.take(oid, is_critical, value)?;
        }
        Ok(read)
    }

    fn take(&mut self, oid: ObjectIdentifier, is_critical: bool, value: &'a [u8]) -> Read<()> {
        match oid {
            BASIC_CONSTRAINTS => {
                let mut fields = Value::only(value)?.fields(tag::SEQUENCE)?;
                let authority = fields.optional(tag::BOOLEAN)?;
                self.is_authority = authority.map_or(Ok(false), Value::boolean)?;
                let length = fields.optional(tag::INTEGER)?;
                self.path_length = length.map(Value::small).transpose()?;
                fields.end()?;
            }
            KEY_USAGE => match Value::only(value)?.content(tag::BIT_STRING)? {
                [_, first, ..] => self.usage = Some(Usage(*first)),
                _ => self.usage = Some(Usage(0)),
            },
            EXTENDED_KEY_USAGE => {
                let purposes = Value::only(value)?.fields(tag::SEQUENCE)?.all(MOST_PURPOSES)?;
                let oids = purposes.into_iter().map(Value::oid).collect::<Read<_>>()?;
                self.purposes = Some(Purposes { are_critical: is_critical, oids });
            }
            SUBJECT_KEY => self.subject_key = Some(Value::only(value)?.content(tag::OCTET_STRING)?),
            AUTHORITY_KEY => {
                let mut fields = Value::only(value)?.fields(tag::SEQUENCE)?;
                self.authority_key = fields.optional(tag::primitive(0))?.map(|key| key.content);
            }
            DISTRIBUTION_POINTS => self.distribution_points = Some(value),
            OCSP_NO_CHECK => self.is_not_checked = true,
            // Names that a certificate may hold say nothing here; policies are not asked for.
            SUBJECT_NAMES | POLICIES | QUALIFIED => (),
            NAME_CONSTRAINTS => self.unknown = Some(oid),
            _ if is_critical => self.unknown = Some(oid),
            _ => (),
        }
        Ok(())
    }
}

/// Each of `Extensions`: which it is, whether it is critical, what it holds.
pub fn each_extension<'a>(
    extensions: Value<'a>,
) -> Read<std::vec::IntoIter<(ObjectIdentifier, bool, &'a [u8])>> {
    let values = extensions.fields(tag::SEQUENCE)?.all(MOST_EXTENSIONS)?;
    let read = |value: Value<'a>| {
        let mut fields = value.fields(tag::SEQUENCE)?;
        let oid = fields.next(tag::OID)?.oid()?;
        let is_critical = fields.optional(tag::BOOLEAN)?.map_or(Ok(false), Value::boolean)?;
        let content = fields.next(tag::OCTET_STRING)?.content;
        fields.end()?;
        Ok((oid, is_critical, content))
    };
    Ok(values.into_iter().map(read).collect::<Read<Vec<_>>>()?.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("../../../fixtures/signed/p256-signer.der");

    /// What is gone by must be what was signed: the algorithm stands outside what is, too.
    #[test]
    fn both_algorithms_of_a_certificate_are_one() {
        assert!(Certificate::read(CERTIFICATE).is_ok());
        let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
        let last = CERTIFICATE.windows(8).rposition(|window| window == sha256).unwrap();
        let mut changed = CERTIFICATE.to_vec();
        changed[last + 7] = 0x03;
        assert!(Certificate::read(&changed).is_err());
    }

    /// Constraints on names are not honoured, so they may not be passed over, critical or not.
    #[test]
    fn constraints_on_names_are_unknown() {
        let names = [0xa3, 0x0d, 0x30, 0x0b, 0x30, 0x09, 6, 3, 0x55, 0x1d, 0x1e, 4, 2, 0x30, 0];
        let read = Extensions::read(Some(Value::only(&names).unwrap())).unwrap();
        assert_eq!(read.unknown, Some(NAME_CONSTRAINTS));
    }

    #[test]
    fn no_extension_is_there_twice() {
        let usage = [0x30, 0x0b, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x04, 0x04, 0x03, 0x02, 0x06, 0xc0];
        let wrapped = |extensions: &[u8]| {
            let n_bytes = u8::try_from(extensions.len()).unwrap();
            [&[0xa3, n_bytes + 2, 0x30, n_bytes], extensions].concat()
        };
        let read = |bytes: &[u8]| {
            Extensions::read(Some(Value::only(bytes).unwrap())).map(|read| read.usage.is_some())
        };
        assert_eq!(read(&wrapped(&usage)), Ok(true));
        assert_eq!(read(&wrapped(&[usage, usage].concat())), Err(Malformed));
    }
}
