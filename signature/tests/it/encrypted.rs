//! Encrypted files. qpdf and pyHanko made those of `fixtures/handed-in/encrypted/`.

use hongtou_signature::file::unreadable_pdf::UnreadablePdf;
use hongtou_signature::verdict::report::Report;
use hongtou_signature::verify::verify;
use hongtou_signature::x509::trust::{Policy, RevocationChecking, Trust};
use lopdf::{Document, Object, Writer};

use crate::letter::{LETTER, folder};
use crate::report::{as_json, kind, reasons};
use crate::signer::{Revision, VALIDATION_TIME};

const SIGNED: [&str; 5] = ["rc4-40", "rc4-128", "aes-128", "aes-256", "aes-256-plain-metadata"];

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join("encrypted").join(name)).unwrap()
}

fn report(file: &[u8], original: Option<&[u8]>) -> Result<Report, UnreadablePdf> {
    let trust = Trust::from_files([("root.cer", read("root.cer"))]).unwrap();
    let trust = trust.with_policy(Policy { revocation: RevocationChecking::IfPresent });
    verify(file, original, &trust, VALIDATION_TIME)
}

#[test]
fn signed_files_without_a_password_pass_with_a_remark() {
    for name in SIGNED {
        let file = read(&format!("{name}.pdf"));
        let found = report(&file, None).unwrap();
        assert!(found.passed, "{name}: {:#}", as_json(&found));
        assert_eq!(reasons(&found), ["encrypted_file"], "{name}");
        let signature = &found.signatures[0];
        assert_eq!(signature.field.as_deref(), Some("Signature1"), "{name}");
        assert_eq!((signature.page, signature.visible), (Some(1), true), "{name}");
        let found = report(&file, Some(&LETTER)).unwrap();
        assert_eq!(kind(&found), "rewritten", "{name}");
        assert!(!found.passed);
        let mut forged = file.clone();
        let at = forged.windows(6).rposition(|window| window == b"/F 132").unwrap();
        forged[at + 5] = b'0';
        assert_eq!(reasons(&report(&forged, None).unwrap())[0], "document_changed", "{name}");
    }
}

#[test]
fn the_text_of_encrypted_files_is_compared() {
    for name in ["encrypted/aes-256-r5.pdf", "encrypted.pdf"] {
        let file = std::fs::read(folder().join(name)).unwrap();
        assert_eq!(kind(&report(&file, Some(&LETTER)).unwrap()), "rewritten", "{name}");
    }
}

#[test]
fn files_with_a_password_are_rejected() {
    let rejected = report(&read("password.pdf"), None).unwrap_err();
    assert_eq!(rejected, UnreadablePdf::Encrypted);
    assert!(rejected.to_string().contains("须输入口令"));
}

/// The number of the encryption dictionary.
fn encryption(revision: &Revision) -> u32 {
    let state = revision.before.encryption_state.as_ref().unwrap();
    state.encrypt_object_id().unwrap().0
}

/// An update that is encrypted like the file.
fn update(file: &[u8], write: impl FnOnce(&mut Revision)) -> Vec<u8> {
    let mut revision = Revision::on(file);
    write(&mut revision);
    let number = encryption(&revision);
    // Each revision has an authentication code of its own, or none has.
    let has_code = revision.before.trailer.has(b"AuthCode");
    let code = if has_code { "/AuthCode<</MACLocation/Standalone/MAC<00>>>" } else { "" };
    revision.written_with(&format!("/Encrypt {number} 0 R{code}"))
}

/// Adds a stream with this content, encrypted.
fn add_stream(r: &mut Revision, content: &[u8]) -> u32 {
    let number = r.add("");
    write_stream(r, number, content);
    number
}

/// Writes a stream with this content, encrypted.
fn write_stream(r: &mut Revision, number: u32, content: &[u8]) {
    let state = r.before.encryption_state.as_ref().unwrap();
    let filter = state.get_stream_filter();
    let key = filter.compute_key(state.file_encryption_key(), (number, 0)).unwrap();
    let encrypted = filter.encrypt(&key, content).unwrap();
    write_raw(r, number, &encrypted);
}

/// Writes a stream with these bytes.
fn write_raw(r: &mut Revision, number: u32, content: &[u8]) {
    let head = format!("<</Length {}>>stream\n", content.len());
    r.write(number, [head.as_bytes(), content, b"\nendstream"].concat());
}

fn set_contents(r: &mut Revision, number: u32) {
    r.set(r.page(), "Contents", &format!("{number} 0 R"));
}

/// Whether a file passes, and the codes of the changes of the last revision, or why it is rejected.
fn last_changes(file: &[u8]) -> (bool, Vec<String>) {
    match report(file, None) {
        Err(unreadable) => (false, vec![unreadable.code().to_owned()]),
        Ok(report) => {
            let last = report.revisions.last().unwrap().changes.iter();
            (report.passed, last.map(|change| change.code.clone()).collect())
        }
    }
}

#[test]
fn changes_of_encrypted_files_are_found() {
    for name in SIGNED {
        let signed = read(&format!("{name}.pdf"));
        let nothing = update(&signed, |r| {
            add_stream(r, b"");
        });
        assert_eq!(last_changes(&nothing), (true, Vec::new()), "{name}");
        let other = update(&signed, |r| {
            let content = add_stream(r, b"0 0 9 9 re f");
            set_contents(r, content);
        });
        let (passed, codes) = last_changes(&other);
        assert!(!passed && codes.contains(&"page_content_changed".to_owned()), "{name}: {codes:?}");
        let note = update(&signed, |r| {
            let note = r.add("<</Type/Annot/Subtype/Square/Rect[0 0 500 800]>>");
            let old = r.before.get_dictionary(r.before.page_iter().next().unwrap()).unwrap();
            let old = old.get(b"Annots").unwrap();
            let old = r.before.dereference(old).unwrap().1.as_array().unwrap();
            let old = old[0].as_reference().unwrap().0;
            r.set(r.page(), "Annots", &format!("[{old} 0 R {note} 0 R]"));
        });
        let (passed, codes) = last_changes(&note);
        assert!(!passed && codes == ["annotation_added"], "{name}: {codes:?}");
    }
}

/// The same content with another initialization vector is the same content.
#[test]
fn content_may_be_encrypted_anew() {
    let content = b"0 0 9 9 re f";
    let signed = read("aes-256.pdf");
    let first = update(&signed, |r| {
        add_stream(r, content);
    });
    let again = update(&first, |r| write_stream(r, r.before.max_id, content));
    assert_eq!(last_changes(&again), (true, Vec::new()));
    let unencrypted = update(&first, |r| write_raw(r, r.before.max_id, content));
    assert_eq!(last_changes(&unencrypted), (false, vec!["unclear_encryption".to_owned()]));
}

#[test]
fn an_authentication_code_is_not_dropped() {
    let mut revision = Revision::on(&read("aes-256-plain-metadata.pdf"));
    revision.add("<<>>");
    let number = encryption(&revision);
    let dropped = revision.written_with(&format!("/Encrypt {number} 0 R"));
    assert_eq!(last_changes(&dropped), (false, vec!["trailer_changed".to_owned()]));
}

/// A reader that searches for `endobj` would not compare what follows it.
#[test]
fn content_is_read_to_its_end() {
    let with = |file: &[u8], content: &[u8]| {
        update(file, |r| {
            let number = r.add("");
            write_raw(r, number, content);
            set_contents(r, number);
        })
    };
    let first = with(&read("rc4-128.pdf"), b"endobj 1 endstream endobj 2");
    let changed = update(&first, |r| {
        write_raw(r, r.before.max_id, b"endobj 1 endstream endobj 3");
    });
    let (_, codes) = last_changes(&changed);
    assert_eq!(codes, ["page_content_changed"]);
}

/// Readers look up filters and parameters that are objects of their own.
#[test]
fn filters_may_be_objects_of_their_own() {
    let signed = read("aes-256.pdf");
    let with = |entries: &str| {
        last_changes(&update(&signed, |r| {
            let filter = r.add("/Crypt");
            let [identity, standard] = ["/Identity", "/StdCF"]
                .map(|name| r.add(format!("<</Type/CryptFilterDecodeParms/Name{name}>>")));
            let entries = entries
                .replace("FILTER", &format!("{filter} 0 R"))
                .replace("IDENTITY", &format!("{identity} 0 R"))
                .replace("STANDARD", &format!("{standard} 0 R"));
            r.add(format!("<<{entries}/Length 4>>stream\n0000\nendstream"));
        }))
    };
    // What is left as it is can be read; what would be decrypted cannot.
    for entries in [
        "/Filter FILTER",
        "/Filter[FILTER]/DecodeParms[IDENTITY]",
        "/Filter/Crypt/DecodeParms IDENTITY",
        "/Filter/Crypt/DecodeParms null",
    ] {
        assert_eq!(with(entries), (true, Vec::new()), "{entries}");
    }
    for entries in [
        "/Filter 99999 0 R",
        "/Filter/Crypt/DecodeParms STANDARD",
        "/Filter/Crypt/DecodeParms[STANDARD]",
        "/Filter/Crypt/DecodeParms 99999 0 R",
        "/Filter[/FlateDecode FILTER]",
    ] {
        assert_eq!(with(entries), (false, vec!["unclear_encryption".to_owned()]), "{entries}");
    }
}

/// Streams of these types are not encrypted, but not all readers look at the type.
#[test]
fn types_of_unencrypted_streams_are_not_on_pages() {
    for (name, kind) in [("aes-256", "/Type/XRef"), ("aes-256-plain-metadata", "/Type/Metadata")] {
        let shown = |key: &str| {
            last_changes(&update(&read(&format!("{name}.pdf")), |r| {
                let stream = r.add(format!("<<{kind}/Length 4>>stream\n0000\nendstream"));
                r.set(r.page(), key, &format!("{stream} 0 R"));
            }))
        };
        assert_eq!(shown("Contents"), (false, vec!["unclear_encryption".to_owned()]), "{name}");
    }
}

#[test]
fn later_revisions_are_encrypted_alike() {
    for name in SIGNED {
        let signed = read(&format!("{name}.pdf"));
        let mut revision = Revision::on(&signed);
        revision.add("<<>>");
        let plain = revision.written();
        assert_eq!(last_changes(&plain), (false, vec!["unclear_encryption".to_owned()]), "{name}");
        // With another dictionary, readers would decrypt the signed objects to something else.
        for entries in ["/StmF/Identity", "/StrF/Identity", "/Filter/Other", "/EFF/Identity"] {
            let (passed, codes) = last_changes(&update(&signed, |r| {
                let number = encryption(r);
                let file = Document::load_mem(&without_encryption(&signed)).unwrap();
                let mut dictionary = file.get_dictionary((number, 0)).unwrap().clone();
                dictionary.remove(entries.split('/').nth(1).unwrap().as_bytes());
                let mut text = Vec::new();
                Writer::write_object(&mut text, &Object::Dictionary(dictionary)).unwrap();
                text.truncate(text.len() - 2);
                text.extend_from_slice(entries.as_bytes());
                text.extend_from_slice(b">>");
                r.write(number, text);
            }));
            assert!(!passed && !codes.is_empty(), "{name}, {entries}: {codes:?}");
        }
    }
}

/// The file with encrypted objects that a reader takes for plain ones.
fn without_encryption(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    while let Some(at) = file.windows(8).position(|window| window == b"/Encrypt") {
        file[at + 1] = b'x';
    }
    file
}
