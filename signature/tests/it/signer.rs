//! Signs PDFs and appends revisions to them, as signing tools and attackers do.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use hongtou_rules::document::moment::Moment;
use hongtou_signature::x509::trust::{Policy, RevocationChecking, Trust};
use lopdf::{Dictionary, Document, Object, Writer};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SigningKey,
};
use sha2::{Digest, Sha256};

/// The validation time of the tests: 2026-03-01.
pub(crate) const VALIDATION_TIME: Moment = Moment(1_772_323_200_000);

/// The size reserved for a signature, in hexadecimal digits.
const CONTENTS_DIGITS: usize = 4096;

/// A root certificate with its key, and a signer.
struct Pki {
    root: Vec<u8>,
    root_key: KeyPair,
    certificate: Vec<u8>,
    key: KeyPair,
}

static PKI: LazyLock<Pki> = LazyLock::new(|| {
    let params = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2060, 1, 1);
        params
    };
    let mut root = params("试验根证书");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let root_key = KeyPair::generate().unwrap();
    let root_certificate = root.self_signed(&root_key).unwrap();
    let mut signer = params("张三");
    signer.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::from_params(&root, &root_key);
    let certificate = signer.signed_by(&key, &issuer).unwrap().der().to_vec();
    Pki { root: root_certificate.der().to_vec(), root_key, certificate, key }
});

/// The trust settings of these tests.
pub(crate) fn trust() -> Trust {
    let files = [("root.cer", PKI.root.clone())];
    Trust::from_files(files)
        .unwrap()
        .with_policy(Policy { revocation: RevocationChecking::IfPresent })
}

/// The root certificate, as a file for `--trust`.
pub(crate) fn root_certificate() -> &'static [u8] {
    &PKI.root
}

/// The certificate of the signer.
pub(crate) fn certificate() -> &'static [u8] {
    &PKI.certificate
}

/// The certificate of the signer with another public key (`SubjectPublicKeyInfo` in DER), issued by the
/// root as well. `rcgen` knows no SM2.
pub(crate) fn certificate_of(public_key: &[u8]) -> Vec<u8> {
    use der::{Decode, Encode};
    let pki = &*PKI;
    let certificate = x509_cert::Certificate::from_der(&pki.certificate).unwrap();
    let mut body = certificate.tbs_certificate().to_der().unwrap();
    let old = certificate.tbs_certificate().subject_public_key_info().to_der().unwrap();
    assert_eq!(old.len(), public_key.len(), "the length of the body stays");
    let at = body.windows(old.len()).position(|part| part == old).unwrap();
    body[at..at + old.len()].copy_from_slice(public_key);
    let value = pki.root_key.sign(&body).unwrap();
    let algorithm = certificate.signature_algorithm().to_der().unwrap();
    der(0x30, &[&body, &algorithm, &der(0x03, &[&[0], &value])])
}

/// The signature value of a message: ECDSA P-256 with SHA-256, in DER.
pub(crate) fn signature_value(message: &[u8]) -> Vec<u8> {
    PKI.key.sign(message).unwrap()
}

/// A revision to append to a file.
pub(crate) struct Revision {
    file: Vec<u8>,
    pub(crate) before: Document,
    objects: BTreeMap<u32, Vec<u8>>,
    next: u32,
    /// Entries of the trailer instead of those from before; an empty one is left out.
    pub(crate) trailer: BTreeMap<&'static str, String>,
}

impl Revision {
    pub(crate) fn on(file: &[u8]) -> Self {
        let before = Document::load_mem(file).unwrap();
        let next = before.max_id + 1;
        let (objects, trailer) = (BTreeMap::new(), BTreeMap::new());
        Self { file: file.to_vec(), before, objects, next, trailer }
    }

    /// The object number of the catalog.
    pub(crate) fn catalog(&self) -> u32 {
        self.before.trailer.get(b"Root").unwrap().as_reference().unwrap().0
    }

    /// The object number of the first page.
    pub(crate) fn page(&self) -> u32 {
        self.before.page_iter().next().unwrap().0
    }

    /// A dictionary of the file.
    pub(crate) fn dictionary(&self, number: u32) -> Dictionary {
        self.before.get_dictionary((number, 0)).unwrap().clone()
    }

    /// The same, serialized.
    pub(crate) fn text(&self, number: u32) -> Vec<u8> {
        serialized(&Object::Dictionary(self.dictionary(number)))
    }

    pub(crate) fn write(&mut self, number: u32, object: impl AsRef<[u8]>) {
        self.objects.insert(number, object.as_ref().to_vec());
    }

    pub(crate) fn add(&mut self, object: impl AsRef<[u8]>) -> u32 {
        let number = self.next;
        self.next += 1;
        self.write(number, object);
        number
    }

    /// Sets an entry of a dictionary. The value is PDF syntax.
    pub(crate) fn set(&mut self, number: u32, key: &str, value: &str) {
        let mut text = self.objects.remove(&number).unwrap_or_else(|| {
            let mut dictionary = self.dictionary(number);
            dictionary.remove(key.as_bytes());
            serialized(&Object::Dictionary(dictionary))
        });
        text.truncate(text.len() - 2);
        text.extend_from_slice(format!("/{key} {value}>>").as_bytes());
        self.write(number, text);
    }

    /// The file with this revision, which has these additional trailer entries.
    pub(crate) fn written_with(self, trailer_entries: &str) -> Vec<u8> {
        let mut file = self.file;
        let previous = self.before.xref_start;
        // Our PDFs end without a line break.
        file.push(b'\n');
        let mut table = String::new();
        for (number, object) in &self.objects {
            table += &format!("{number} 1\n{:010} 00000 n \n", file.len());
            file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        let entry = |key: &str| match self.trailer.get(key) {
            Some(value) if value.is_empty() => Vec::new(),
            Some(value) => format!("/{key} {value}").into_bytes(),
            None => {
                let value = serialized(self.before.trailer.get(key.as_bytes()).unwrap());
                [format!("/{key} ").as_bytes(), &value].concat()
            }
        };
        file.extend_from_slice(format!("xref\n{table}trailer\n<<").as_bytes());
        for key in ["Root", "Info", "ID"] {
            file.extend_from_slice(&entry(key));
        }
        let rest = format!(
            "/Size {} /Prev {previous}{trailer_entries}>>\nstartxref\n{start}\n%%EOF\n",
            self.next
        );
        file.extend_from_slice(rest.as_bytes());
        file
    }

    /// The file with this revision.
    pub(crate) fn written(self) -> Vec<u8> {
        self.written_with("")
    }
}

/// A file with a reserved space for its signature.
pub(crate) struct Prepared {
    pub(crate) file: Vec<u8>,
    /// `/Contents`, with the brackets around it.
    pub(crate) contents: Range<usize>,
    byte_range: Range<usize>,
}

/// The options of a signature field.
#[derive(Clone, Copy)]
pub(crate) struct FieldOptions<'a> {
    pub(crate) field: &'a str,
    pub(crate) rect: &'a str,
    /// Further entries of the field, and of the signature.
    pub(crate) field_entries: &'a str,
    pub(crate) entries: &'a str,
}

impl Default for FieldOptions<'_> {
    fn default() -> Self {
        Self { field: "Signature1", rect: "0 0 0 0", field_entries: "", entries: "" }
    }
}

/// Adds a signed field to a file, in a revision that `extend` may extend.
pub(crate) fn prepare(
    file: &[u8],
    options: &FieldOptions<'_>,
    extend: impl FnOnce(&mut Revision, u32),
) -> Prepared {
    let mut revision = Revision::on(file);
    let (catalog, page) = (revision.catalog(), revision.page());
    let zeros = "0".repeat(CONTENTS_DIGITS);
    let signature = revision.add(format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached{} \
         /ByteRange [0 0000000000 0000000000 0000000000]/Contents <{zeros}>>>",
        options.entries
    ));
    let FieldOptions { field, rect, field_entries, .. } = options;
    let field = revision.add(format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T({field})/F 132/Rect[{rect}]/P {page} 0 R \
         /V {signature} 0 R{field_entries}>>"
    ));
    let listed = |list| String::from_utf8(serialized(&Object::Array(list))).unwrap();
    let annotations = revision.dictionary(page).get(b"Annots").ok().cloned();
    let mut annotations =
        annotations.map(|list| list.as_array().unwrap().clone()).unwrap_or_default();
    annotations.push(Object::Reference((field, 0)));
    revision.set(page, "Annots", &listed(annotations));
    let fields = revision.before.catalog().unwrap().get_deref(b"AcroForm", &revision.before);
    let fields = fields.and_then(|form| form.as_dict()?.get(b"Fields")?.as_array()).cloned();
    let mut fields = fields.unwrap_or_default();
    fields.push(Object::Reference((field, 0)));
    revision.set(catalog, "AcroForm", &format!("<</SigFlags 3/Fields {}>>", listed(fields)));
    extend(&mut revision, signature);
    let file = revision.written();
    let from = file.len() - tail(&file, b"/Contents <");
    let contents = from + b"/Contents ".len()..from + b"/Contents ".len() + CONTENTS_DIGITS + 2;
    let from = file.len() - tail(&file, b"/ByteRange [");
    let byte_range = from + b"/ByteRange ".len()..from + b"/ByteRange ".len() + 36;
    Prepared { file, contents, byte_range }
}

/// Serializes an object.
pub(crate) fn serialized(object: &Object) -> Vec<u8> {
    let mut text = Vec::new();
    Writer::write_object(&mut text, object).unwrap();
    text
}

/// The distance of the last occurrence of a word from the end.
fn tail(file: &[u8], word: &[u8]) -> usize {
    file.len() - file.windows(word.len()).rposition(|window| window == word).unwrap()
}

impl Prepared {
    /// The byte range that covers everything but `/Contents`.
    pub(crate) fn correct_byte_range(&self) -> [usize; 4] {
        let Range { start, end } = self.contents;
        [0, start, end, self.file.len() - end]
    }

    /// Signs a byte range and writes it.
    pub(crate) fn signed(self, byte_range: [usize; 4]) -> Vec<u8> {
        let [start, first_length, second_start, second_length] = byte_range;
        let text = format!("[{start} {first_length} {second_start} {second_length}");
        self.signed_with(
            &text,
            &[start..start + first_length, second_start..second_start + second_length],
        )
    }

    /// Signs some bytes and writes this text as the byte range.
    pub(crate) fn signed_with(mut self, byte_range: &str, covered: &[Range<usize>]) -> Vec<u8> {
        let length = self.byte_range.len();
        let padded = format!("{byte_range:<width$}]", width = length - 1);
        self.file[self.byte_range.clone()].copy_from_slice(padded.as_bytes());
        let mut hash = Sha256::new();
        for part in covered {
            hash.update(self.file.get(part.clone()).unwrap_or_default());
        }
        let container = container(&hash.finalize());
        let digits = hex::encode(container);
        let start = self.contents.start + 1;
        self.file[start..start + digits.len()].copy_from_slice(digits.as_bytes());
        self.file
    }
}

/// Signs a file.
pub(crate) fn sign(file: &[u8]) -> Vec<u8> {
    sign_with(file, &FieldOptions::default())
}

pub(crate) fn sign_with(file: &[u8], options: &FieldOptions<'_>) -> Vec<u8> {
    let prepared = prepare(file, options, |_, _| {});
    let byte_range = prepared.correct_byte_range();
    prepared.signed(byte_range)
}

/// Encodes a DER value.
pub(crate) fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len();
    let mut value = vec![tag];
    match u16::try_from(length).unwrap().to_be_bytes() {
        [0, short] if short < 0x80 => value.push(short),
        [0, medium] => value.extend_from_slice(&[0x81, medium]),
        long => value.extend_from_slice(&[&[0x82], long.as_slice()].concat()),
    }
    value.extend_from_slice(&content);
    value
}

/// Encodes an object identifier, given its content in hexadecimal.
fn oid(content: &str) -> Vec<u8> {
    let bytes: Vec<u8> = (0..content.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&content[at..at + 2], 16).unwrap())
        .collect();
    der(0x06, &[&bytes])
}

/// A CMS container that signs a digest: ECDSA P-256 with SHA-256.
fn container(digest: &[u8]) -> Vec<u8> {
    let pki = &*PKI;
    let data = oid("2a864886f70d010701");
    let sha256 = der(0x30, &[&oid("608648016503040201")]);
    let attribute = |name: &str, value: &[u8]| der(0x30, &[&oid(name), &der(0x31, &[value])]);
    let digest_of_certificate = der(0x04, &[&Sha256::digest(&pki.certificate)]);
    let signing_certificate = der(0x30, &[&der(0x30, &[&der(0x30, &[&digest_of_certificate])])]);
    let mut attributes = [
        attribute("2a864886f70d010903", &data),
        attribute("2a864886f70d010904", &der(0x04, &[digest])),
        attribute("2a864886f70d010910022f", &signing_certificate),
    ];
    attributes.sort();
    let attributes = attributes.concat();
    let signature = pki.key.sign(&der(0x31, &[&attributes])).unwrap();
    let signer = der(
        0x30,
        &[
            &[0x02, 0x01, 0x01],
            &issuer_and_serial_number(&pki.certificate),
            &sha256,
            &der(0xA0, &[&attributes]),
            &der(0x30, &[&oid("2a8648ce3d040302")]),
            &der(0x04, &[&signature]),
        ],
    );
    let signed_data = der(
        0x30,
        &[
            &[0x02, 0x01, 0x01],
            &der(0x31, &[&sha256]),
            &der(0x30, &[&data]),
            &der(0xA0, &[&pki.certificate]),
            &der(0x31, &[&signer]),
        ],
    );
    der(0x30, &[&oid("2a864886f70d010702"), &der(0xA0, &[&signed_data])])
}

fn issuer_and_serial_number(certificate: &[u8]) -> Vec<u8> {
    use der::{Decode, Encode};
    let certificate = x509_cert::Certificate::from_der(certificate).unwrap();
    let body = certificate.tbs_certificate();
    let issuer = body.issuer().to_der().unwrap();
    der(0x30, &[&issuer, &body.serial_number().to_der().unwrap()])
}
