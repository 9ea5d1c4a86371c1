//! Signs PDFs and writes further revisions to them, as signing tools and attackers do.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use hongtou::document::moment::Moment;
use hongtou::signature::x509::trust::{Policy, Revocation, Trust};
use lopdf::{Dictionary, Document, Object, Writer};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SigningKey,
};
use sha2::{Digest, Sha256};

use crate::fixture;
use crate::http::in_process::TYPESETTER;

/// When the tests judge: 2026-03-01.
pub(crate) const AT: Moment = Moment(1_772_323_200_000);

/// How much room there is for a signature, in hexadecimal digits.
const ROOM: usize = 4096;

/// An authority, and one whom it vouches for.
struct Office {
    authority: Vec<u8>,
    certificate: Vec<u8>,
    key: KeyPair,
}

static OFFICE: LazyLock<Office> = LazyLock::new(|| {
    let named = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2060, 1, 1);
        params
    };
    let mut authority = named("试验根证书");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate().unwrap();
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let mut signer = named("张三");
    signer.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let certificate = signer.signed_by(&key, &issuer).unwrap();
    Office {
        authority: authority_certificate.der().to_vec(),
        certificate: certificate.der().to_vec(),
        key,
    }
});

/// Trust in the authority of these tests.
pub(crate) fn trust() -> Trust {
    let files = [("root.cer", OFFICE.authority.clone())];
    Trust::of(files).unwrap().with(Policy { revocation: Revocation::IfPresent })
}

/// The certificate of the authority, as a file of a folder of trust.
pub(crate) fn authority() -> &'static [u8] {
    &OFFICE.authority
}

/// One of our PDFs: a letter of one side.
pub(crate) static LETTER: LazyLock<Vec<u8>> = LazyLock::new(|| printed("letter-2023-46"));

/// Our PDF of a fixture.
pub(crate) fn printed(name: &str) -> Vec<u8> {
    let body = fixture::bytes("valid", name);
    hongtou::generate::generate(&body, &TYPESETTER).unwrap().pdf.to_vec()
}

/// A revision that is being written behind a file.
pub(crate) struct Revision {
    file: Vec<u8>,
    pub(crate) before: Document,
    objects: BTreeMap<u32, Vec<u8>>,
    next: u32,
}

impl Revision {
    pub(crate) fn on(file: &[u8]) -> Self {
        let before = Document::load_mem(file).unwrap();
        let next = before.max_id + 1;
        Self { file: file.to_vec(), before, objects: BTreeMap::new(), next }
    }

    /// The catalog's number, and the first page's.
    pub(crate) fn catalog(&self) -> u32 {
        self.before.trailer.get(b"Root").unwrap().as_reference().unwrap().0
    }

    pub(crate) fn page(&self) -> u32 {
        self.before.page_iter().next().unwrap().0
    }

    /// An object as it was.
    pub(crate) fn dictionary(&self, number: u32) -> Dictionary {
        self.before.get_dictionary((number, 0)).unwrap().clone()
    }

    /// The same as a file has it.
    pub(crate) fn text(&self, number: u32) -> Vec<u8> {
        text(&Object::Dictionary(self.dictionary(number)))
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

    /// Gives a dictionary another entry; what is put there is read as PDF.
    pub(crate) fn set(&mut self, number: u32, key: &str, value: &str) {
        let mut text = self.objects.remove(&number).unwrap_or_else(|| {
            let mut dictionary = self.dictionary(number);
            dictionary.remove(key.as_bytes());
            text(&Object::Dictionary(dictionary))
        });
        text.truncate(text.len() - 2);
        text.extend_from_slice(format!("/{key} {value}>>").as_bytes());
        self.write(number, text);
    }

    /// The file with this revision behind it. `behind` goes into its trailer.
    pub(crate) fn written_with(self, behind: &str) -> Vec<u8> {
        let mut file = self.file;
        let previous = self.before.xref_start;
        // Ours end without the end of a line.
        file.push(b'\n');
        let mut table = String::new();
        for (number, object) in &self.objects {
            table += &format!("{number} 1\n{:010} 00000 n \n", file.len());
            file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        let entry = |key: &str| {
            let value = text(self.before.trailer.get(key.as_bytes()).unwrap());
            [format!("/{key} ").as_bytes(), &value].concat()
        };
        file.extend_from_slice(format!("xref\n{table}trailer\n<<").as_bytes());
        for key in ["Root", "Info", "ID"] {
            file.extend_from_slice(&entry(key));
        }
        let rest =
            format!("/Size {} /Prev {previous}{behind}>>\nstartxref\n{start}\n%%EOF\n", self.next);
        file.extend_from_slice(rest.as_bytes());
        file
    }

    pub(crate) fn written(self) -> Vec<u8> {
        self.written_with("")
    }
}

/// A file with room for a signature that is not filled yet.
pub(crate) struct Prepared {
    pub(crate) file: Vec<u8>,
    /// `/Contents`, with the brackets around it.
    pub(crate) contents: Range<usize>,
    byte_range: Range<usize>,
}

/// What a signature field is like.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) field: &'a str,
    pub(crate) rect: &'a str,
    /// Further entries of the field, and of the signature.
    pub(crate) field_entries: &'a str,
    pub(crate) entries: &'a str,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self { field: "Signature1", rect: "0 0 0 0", field_entries: "", entries: "" }
    }
}

/// Adds a signature field with its signature to a file; `further` may write more into the revision.
pub(crate) fn prepare(
    file: &[u8],
    wish: &Wish<'_>,
    further: impl FnOnce(&mut Revision, u32),
) -> Prepared {
    let mut revision = Revision::on(file);
    let (catalog, page) = (revision.catalog(), revision.page());
    let room = "0".repeat(ROOM);
    let signature = revision.add(format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached{} \
         /ByteRange [0 0000000000 0000000000 0000000000]/Contents <{room}>>>",
        wish.entries
    ));
    let Wish { field, rect, field_entries, .. } = wish;
    let field = revision.add(format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T({field})/F 132/Rect[{rect}]/P {page} 0 R \
         /V {signature} 0 R{field_entries}>>"
    ));
    let listed = |list| String::from_utf8(text(&Object::Array(list))).unwrap();
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
    further(&mut revision, signature);
    let file = revision.written();
    let from = file.len() - tail(&file, b"/Contents <");
    let contents = from + b"/Contents ".len()..from + b"/Contents ".len() + ROOM + 2;
    let from = file.len() - tail(&file, b"/ByteRange [");
    let byte_range = from + b"/ByteRange ".len()..from + b"/ByteRange ".len() + 36;
    Prepared { file, contents, byte_range }
}

/// An object as a file has it.
fn text(object: &Object) -> Vec<u8> {
    let mut text = Vec::new();
    Writer::write_object(&mut text, object).unwrap();
    text
}

/// How far from the end a word stands for the last time.
fn tail(file: &[u8], word: &[u8]) -> usize {
    file.len() - file.windows(word.len()).rposition(|window| window == word).unwrap()
}

impl Prepared {
    /// What the signature leaves out.
    pub(crate) fn honest(&self) -> [usize; 4] {
        let Range { start, end } = self.contents;
        [0, start, end, self.file.len() - end]
    }

    /// Signs what the numbers say, and writes them.
    pub(crate) fn signed(self, byte_range: [usize; 4]) -> Vec<u8> {
        let [from, before, to, behind] = byte_range;
        let text = format!("[{from} {before} {to} {behind}");
        self.signed_as(&text, &[from..from + before, to..to + behind])
    }

    /// Signs some bytes, and writes a range as it is given.
    pub(crate) fn signed_as(mut self, byte_range: &str, covered: &[Range<usize>]) -> Vec<u8> {
        let room = self.byte_range.len();
        let padded = format!("{byte_range:<width$}]", width = room - 1);
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

/// A file signed as it should be.
pub(crate) fn sign(file: &[u8]) -> Vec<u8> {
    sign_as(file, &Wish::default())
}

pub(crate) fn sign_as(file: &[u8], wish: &Wish<'_>) -> Vec<u8> {
    let prepared = prepare(file, wish, |_, _| {});
    let honest = prepared.honest();
    prepared.signed(honest)
}

/// A value in DER.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
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

/// An object identifier, by its encoded content in hexadecimal.
fn oid(content: &str) -> Vec<u8> {
    let bytes: Vec<u8> = (0..content.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&content[at..at + 2], 16).unwrap())
        .collect();
    der(0x06, &[&bytes])
}

/// A CMS container that signs a digest: ECDSA P-256 with SHA-256.
fn container(digest: &[u8]) -> Vec<u8> {
    let office = &*OFFICE;
    let data = oid("2a864886f70d010701");
    let sha256 = der(0x30, &[&oid("608648016503040201")]);
    let attribute = |name: &str, value: &[u8]| der(0x30, &[&oid(name), &der(0x31, &[value])]);
    let digest_of_certificate = der(0x04, &[&Sha256::digest(&office.certificate)]);
    let named = der(0x30, &[&der(0x30, &[&der(0x30, &[&digest_of_certificate])])]);
    let mut attributes = [
        attribute("2a864886f70d010903", &data),
        attribute("2a864886f70d010904", &der(0x04, &[digest])),
        attribute("2a864886f70d010910022f", &named),
    ];
    attributes.sort();
    let attributes = attributes.concat();
    let signature = office.key.sign(&der(0x31, &[&attributes])).unwrap();
    let signer = der(
        0x30,
        &[
            &[0x02, 0x01, 0x01],
            &issuer_and_serial_number(&office.certificate),
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
            &der(0xA0, &[&office.certificate]),
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
