//! Objects with two purposes: what may change as metadata, validation data or part of the form is shown or
//! opened, too.

use lopdf::{Object, Writer};

use crate::evasions::{content, last_changes};
use crate::letter::LETTER;
use crate::report::with_revision;
use crate::signer::{FieldOptions, Revision, prepare, sign};

/// A name, what is prepared before signing, the attack on the signed file, and the code to be found. The
/// attack writes the object that is prepared last.
type Evasion = (&'static str, fn(&mut Revision), fn(&mut Revision, u32), &'static str);

fn xmp(producer: &str) -> String {
    let text = format!("<x:m xmlns:x='x'><pdf:Producer>{producer}</pdf:Producer></x:m>");
    content(&text).replacen("<<", "<</Type/Metadata/Subtype/XML", 1)
}

fn attach(r: &mut Revision, file: u32) {
    let names =
        format!("<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a)/EF<</F {file} 0 R>>>>]>>>>");
    r.set(r.catalog(), "Names", &names);
}

/// Writes the page without these entries.
fn without(r: &mut Revision, keys: &[&str]) {
    let page = r.page();
    let mut entries = r.dictionary(page);
    for key in keys {
        entries.remove(key.as_bytes());
    }
    let mut text = Vec::new();
    Writer::write_object(&mut text, &Object::Dictionary(entries)).unwrap();
    r.write(page, text);
}

fn pages(r: &Revision) -> u32 {
    r.before.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap().0
}

const EVASIONS: [Evasion; 6] = [
    (
        "an attached file that is metadata",
        |r| {
            let file = r.add(xmp("a"));
            r.set(r.catalog(), "Metadata", &format!("{file} 0 R"));
            attach(r, file);
        },
        |r, file| r.write(file, xmp("b")),
        "object_changed",
    ),
    (
        "an attached file that is validation data",
        |r| {
            let file = r.add(content("1"));
            r.set(r.catalog(), "DSS", &format!("<</Certs[{file} 0 R]>>"));
            attach(r, file);
        },
        |r, file| r.write(file, content("2")),
        "object_changed",
    ),
    (
        "a script that is validation data",
        |r| {
            let script = r.add(content("1"));
            r.set(r.catalog(), "DSS", &format!("<</OCSPs[{script} 0 R]>>"));
            r.set(r.catalog(), "OpenAction", &format!("<</S/JavaScript/JS {script} 0 R>>"));
        },
        |r, script| r.write(script, content("2")),
        "object_changed",
    ),
    (
        "layers that are validation data",
        |r| {
            let layer = r.add("<</Type/OCG>>");
            let shown = r.add(format!("<</OFF[{layer} 0 R]>>"));
            let layers = format!("<</OCGs[{layer} 0 R]/D {shown} 0 R>>");
            r.set(r.catalog(), "OCProperties", &layers);
            r.set(r.catalog(), "DSS", &format!("<</VRI {shown} 0 R>>"));
        },
        |r, shown| r.write(shown, "<</OFF[]>>"),
        "object_changed",
    ),
    (
        "content that is metadata, behind many resources",
        |r| {
            let shown = r.add(xmp("a"));
            without(r, &["Contents", "Resources"]);
            let many: String = (0..20_010).map(|name| format!("/P{name} 1 0 R")).collect();
            r.set(r.page(), "Resources", &format!("<</Properties<<{many}>>>>"));
            r.set(r.page(), "Contents", &format!("{shown} 0 R"));
            r.set(r.catalog(), "Metadata", &format!("{shown} 0 R"));
        },
        |r, shown| r.write(shown, xmp("b")),
        "page_content_changed",
    ),
    (
        "a title in metadata that other readers can read",
        |r| {
            let metadata = r.add(content("<rdf:RDF><dc:title>a</dc:title><br></rdf:RDF>"));
            r.set(r.catalog(), "Metadata", &format!("{metadata} 0 R"));
        },
        |r, metadata| {
            r.write(metadata, content("<rdf:RDF><dc:title>b</dc:title><br></rdf:RDF>"));
        },
        "object_changed",
    ),
];

#[test]
fn objects_with_two_purposes_do_not_change() {
    let mut wrong = Vec::new();
    for (name, prepare, attack, expected) in EVASIONS {
        let signed = sign(&with_revision(&LETTER, prepare));
        let before = last_changes(&signed);
        // Signature and field follow the prepared object.
        let (passed, codes) = last_changes(&with_revision(&signed, |r| {
            let prepared = r.before.max_id - 2;
            attack(r, prepared);
        }));
        if !before.0 || passed || !codes.contains(&expected.to_owned()) {
            wrong.push((name, before, passed, codes));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Signs the letter with entries of its form, which may name an object that is added first.
fn signed_with(prepare_letter: fn(&mut Revision), form: fn(u32, u32) -> String) -> Vec<u8> {
    let prepared = prepare(&with_revision(&LETTER, prepare_letter), &FieldOptions::default(), {
        |r, signature| {
            let catalog = r.catalog();
            r.write(catalog, r.text(catalog));
            r.set(catalog, "AcroForm", &form(signature + 1, signature - 1));
        }
    });
    let byte_range = prepared.correct_byte_range();
    prepared.signed(byte_range)
}

#[test]
fn default_resources_are_nothing_else() {
    let form = |field, other| format!("<</SigFlags 3/Fields[{field} 0 R]/DR {other} 0 R>>");
    let layers = signed_with(
        |r| {
            let layers = r.add("<</OCGs[1 0 R]/D<</OFF[1 0 R]>>>>");
            r.set(r.catalog(), "OCProperties", &format!("{layers} 0 R"));
        },
        form,
    );
    let inherited = signed_with(
        |r| {
            without(r, &["Resources"]);
            let resources = r.add("<</Font<<>>>>");
            r.set(pages(r), "Resources", &format!("{resources} 0 R"));
        },
        form,
    );
    for (signed, other, expected) in [
        (layers, "<</OCGs[1 0 R]/D<</OFF[]>>>>", "object_changed"),
        (inherited, "<</Font<</F1 1 0 R>>>>", "page_content_changed"),
    ] {
        assert_eq!(last_changes(&signed), (true, Vec::new()), "{expected}");
        let changed = with_revision(&signed, |r| r.write(r.before.max_id - 2, other));
        assert_eq!(last_changes(&changed), (false, vec![expected.to_owned()]));
    }
}

#[test]
fn the_list_of_fields_is_nothing_else() {
    // Some readers take what is no number for 0.
    let signed = signed_with(
        |r| {
            let list = r.before.max_id + 1;
            let field = list + 2;
            r.add(format!("[{field} 0 R 0 600 800]"));
            r.set(r.page(), "MediaBox", &format!("{list} 0 R"));
        },
        |_, list| format!("<</SigFlags 3/Fields {list} 0 R>>"),
    );
    assert!(last_changes(&signed).0);
    let (passed, codes) = last_changes(&with_revision(&signed, |r| {
        let field = r.before.max_id;
        r.write(field - 2, format!("[{field} 0 R 0 600 100]"));
    }));
    assert!(!passed && codes.contains(&"field_removed".to_owned()), "{codes:?}");
}

/// Strings may be written in parentheses or in hexadecimal.
#[test]
fn strings_may_be_written_differently() {
    let signed = sign(&with_revision(&LETTER, |r| {
        r.set(r.catalog(), "Lang", "(zh-CN)");
    }));
    let other = |language: &'static str| {
        last_changes(&with_revision(&signed, |r| {
            let catalog = r.catalog();
            let text = String::from_utf8(r.text(catalog)).unwrap();
            r.write(catalog, text.replacen("(zh-CN)", language, 1));
        }))
    };
    assert_eq!(other("<7a682d434e>"), (true, Vec::new()));
    assert_eq!(other("<7a682d4343>"), (false, vec!["catalog_changed".to_owned()]));
}
