//! The invariants of any filing, for the pages and the file of every accepted fixture.

use hongtou::render::typesetter::Typesetter;
use serde_json::Value;

use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::pages::invariants::{Form, Frame, faults};
use crate::pages::ruler::{MeasuredPage, measure, measure_rotated};

/// What a submission says about its type area.
fn frame_of(json: &Value) -> Frame {
    let form = match json["document"]["form"].as_str() {
        Some("letter") => Form::Letter,
        Some("command" | "minutes") => Form::Free,
        _ => Form::Ordinary,
    };
    let document = &json["document"];
    let texts = |key: &str| document[key].as_array().cloned().unwrap_or_default();
    let names = texts("sign_off").into_iter().chain(texts("sign_off_positions"));
    let is_below_text = document["sign_off"].is_array() || document["note"].is_null();
    Frame {
        form,
        is_mirrored: document["binding"] == "mirrored",
        fewer_sheets: document["fewer_sheets"] == true,
        signers: names.map(|name| name.as_str().unwrap().to_owned()).collect(),
        date: is_below_text.then(|| printed_date(document["document_date"].as_str().unwrap())),
        has_colophon: document["printing_office"].is_string()
            || document["copy_recipients"].is_array(),
    }
}

/// 2021年3月5日 of 2021-03-05.
fn printed_date(posted: &str) -> String {
    let parts: Vec<u32> = posted.split('-').map(|part| part.parse().unwrap()).collect();
    format!("{}年{}月{}日", parts[0], parts[1], parts[2])
}

/// The rules that the pages of a submission break.
pub fn page_faults(typesetter: &Typesetter, json: &Value) -> Vec<String> {
    match typesetter.lay_out(&seed::filing(json)) {
        Ok(laid_out) => {
            let pages = measure(&laid_out);
            let mut faults = faults(&pages, &measure_rotated(&laid_out), &frame_of(json));
            faults.extend(first_page_fault(&pages[0], json));
            faults
        }
        Err(error) => vec![format!("not laid out: {error}")],
    }
}

/// 7.3.3: page 1 shows text.
fn first_page_fault(page: &MeasuredPage, json: &Value) -> Option<String> {
    let first = ["/opening/0", "/body/0"].iter().find_map(|pointer| json.pointer(pointer));
    if first.is_some_and(|block| block["table"].is_object()) {
        let has_table = page.glyphs.iter().any(|glyph| glyph.place.table.is_some());
        return (!has_table).then(|| "7.3.3: page 1 does not show the table".to_owned());
    }
    let block = first.or_else(|| json.pointer("/scores/sections/0/title"))?;
    let keys = ["/paragraph", "/heading/title", "/chapter", "/article"];
    let text = block
        .as_str()
        .or_else(|| keys.iter().find_map(|key| block.pointer(key).and_then(Value::as_str)))?;
    // A heading comes before its paragraph.
    let text = block.pointer("/heading/title").and_then(Value::as_str).unwrap_or(text);
    // The box of a squeezed mark can begin before that of the character to its left.
    let squeezed = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let start: String = squeezed(text).chars().take(6).collect();
    let printed: String = page.lines().iter().map(|line| squeezed(&line.text())).collect();
    (!printed.contains(&start)).then(|| format!("7.3.3: page 1 has no text: {start}"))
}

/// The fixtures of `valid/` and `real/` with their names.
fn submissions() -> Vec<(String, Value)> {
    let of_kind = |kind: &'static str| {
        let names = fixture::names(kind).into_iter();
        names.map(move |name| {
            let json = serde_json::from_slice(&fixture::bytes(kind, &name)).unwrap();
            (format!("{kind}/{name}"), json)
        })
    };
    of_kind("valid").chain(of_kind("real")).collect()
}

#[test]
fn the_pages_of_every_fixture_satisfy_the_invariants() {
    let mut found = Vec::new();
    for (name, json) in submissions() {
        let faults = page_faults(&TYPESETTER, &json);
        found.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_file_of_every_fixture_is_marked_as_pdf_a() {
    for (name, json) in submissions() {
        let printed = TYPESETTER.typeset(&seed::filing(&json)).unwrap_or_else(|error| {
            panic!("{name}: {error}");
        });
        let document = lopdf::Document::load_mem(&printed.pdf).unwrap();
        assert_eq!(document.get_pages().len(), printed.pages, "{name}: number of pages");
        let catalog = document.catalog().unwrap();
        let metadata = document.dereference(catalog.get(b"Metadata").unwrap()).unwrap().1;
        let stream = metadata.as_stream().unwrap();
        let xmp = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        let xmp = String::from_utf8(xmp).unwrap();
        for mark in ["<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
            assert!(xmp.contains(mark), "{name}: {mark}");
        }
        for key in ["OutputIntents", "StructTreeRoot", "MarkInfo", "Lang", "AF"] {
            assert!(catalog.has(key.as_bytes()), "{name}: {key} in the catalogue");
        }
    }
}
