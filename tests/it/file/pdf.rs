//! The finished file: PDF/A metadata, fonts, bookmarks, the embedded source, the same bytes every time.

use std::collections::BTreeSet;

use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use hongtou::submission::read::Posted;
use lopdf::{Dictionary, Document, Object};

use crate::fixtures::seed::{self, TYPESETTER};

fn seed_pdf() -> Vec<u8> {
    TYPESETTER.typeset(&seed::filing(&seed::json())).unwrap().pdf
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> &'a Dictionary {
    document.dereference(object).unwrap().1.as_dict().unwrap()
}

fn text_string(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

fn stream(document: &Document, object: &Object) -> Vec<u8> {
    let stream = document.dereference(object).unwrap().1.as_stream().unwrap();
    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
}

#[test]
fn metadata_comes_from_the_input() {
    let document = Document::load_mem(&seed_pdf()).unwrap();
    let info = dictionary(&document, document.trailer.get(b"Info").unwrap());
    assert_eq!(
        text_string(info.get(b"Title").unwrap()),
        "巴中市民政局 巴中市财政局关于报送2021年度困难群众救助工作绩效评价自评情况的报告"
    );
    assert_eq!(text_string(info.get(b"Author").unwrap()), "巴中市民政局, 巴中市财政局");
    assert_eq!(text_string(info.get(b"Keywords").unwrap()), "巴市民政〔2021〕38号");
    assert!(text_string(info.get(b"CreationDate").unwrap()).starts_with("D:20211222"));
    let catalog = document.catalog().unwrap();
    assert_eq!(text_string(catalog.get(b"Lang").unwrap()), "zh-CN");
    let xmp = String::from_utf8(stream(&document, catalog.get(b"Metadata").unwrap())).unwrap();
    for mark in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "巴市民政〔2021〕38号",
    ] {
        assert!(xmp.contains(mark), "{mark} in {xmp}");
    }
}

/// The attachment is the data of the filing: posted again, it makes the same bytes.
#[test]
fn the_source_is_inside_and_makes_the_same_bytes() {
    let pdf = seed_pdf();
    let document = Document::load_mem(&pdf).unwrap();
    let catalog = document.catalog().unwrap();
    let files = document.dereference(catalog.get(b"AF").unwrap()).unwrap().1.as_array().unwrap();
    assert_eq!(files.len(), 1);
    let file = dictionary(&document, &files[0]);
    assert_eq!(file.get(b"AFRelationship").unwrap().as_name().unwrap(), b"Source");
    assert_eq!(text_string(file.get(b"UF").unwrap()), "source.json");
    let embedded = dictionary(&document, file.get(b"EF").unwrap());
    let source = stream(&document, embedded.get(b"F").unwrap());
    assert_eq!(source, Posted::read(&seed::body()).unwrap().source().unwrap());
    let again = seed::filing(&serde_json::from_slice(&source).unwrap());
    assert!(TYPESETTER.typeset(&again).unwrap().pdf == pdf, "the source makes another file");
}

/// A press prints an ICC-based gray in four inks (GB/T 9704, 6.2).
#[test]
fn black_is_a_device_gray() {
    let document = Document::load_mem(&seed_pdf()).unwrap();
    let mut spaces: Vec<Object> = Vec::new();
    for page in document.get_pages().into_values() {
        let page = document.get_dictionary(page).unwrap();
        let resources = dictionary(&document, page.get(b"Resources").unwrap());
        let named = dictionary(&document, resources.get(b"ColorSpace").unwrap());
        spaces.extend(named.iter().map(|(_, s)| document.dereference(s).unwrap().1.clone()));
    }
    assert!(spaces.iter().any(|space| space.as_name().is_ok_and(|name| name == b"DeviceGray")));
    for space in &spaces {
        let Ok(array) = space.as_array() else { continue };
        let profile = document.dereference(&array[1]).unwrap().1.as_stream().unwrap();
        assert_eq!(profile.dict.get(b"N").unwrap().as_i64().unwrap(), 3, "an ICC-based gray");
    }
}

#[test]
fn printers_neither_scale_nor_print_one_side() {
    let document = Document::load_mem(&seed_pdf()).unwrap();
    let preferences = document.catalog().unwrap().get(b"ViewerPreferences").unwrap();
    let preferences = dictionary(&document, preferences);
    let name = |key: &[u8]| preferences.get(key).unwrap().as_name().unwrap().to_vec();
    assert_eq!(name(b"PrintScaling"), b"None");
    assert_eq!(name(b"Duplex"), b"DuplexFlipLongEdge");
}

#[test]
fn every_font_is_embedded_and_subset() {
    let document = Document::load_mem(&seed_pdf()).unwrap();
    let mut names = BTreeSet::new();
    for object in document.objects.values() {
        let Ok(font) = object.as_dict() else { continue };
        if font.get(b"Type").and_then(Object::as_name).ok() != Some(b"FontDescriptor") {
            continue;
        }
        let name = String::from_utf8(font.get(b"FontName").unwrap().as_name().unwrap().to_vec());
        let name = name.unwrap();
        assert_eq!(name.find('+'), Some(6), "{name} is a subset");
        assert!(font.has(b"FontFile2") || font.has(b"FontFile3"), "{name} is embedded");
        names.insert(name[7..].to_owned());
    }
    let expected = [
        "LXGWWenKai-Regular",
        "LiberationSerif",
        "NotoSansSC-Medium",
        "NotoSerifSC-Regular",
        "NotoSerifSC-SemiBold",
        "ZhuqueFangsong-Regular",
    ];
    assert_eq!(names, expected.map(str::to_owned).into());
}

fn bookmarks(document: &Document, parent: &Dictionary, depth: usize, out: &mut Vec<String>) {
    let mut next = parent.get(b"First").ok();
    while let Some(object) = next {
        let entry = dictionary(document, object);
        out.push(format!("{depth} {}", text_string(entry.get(b"Title").unwrap())));
        bookmarks(document, entry, depth + 1, out);
        next = entry.get(b"Next").ok();
    }
}

#[test]
fn bookmarks_follow_the_headings() {
    let document = Document::load_mem(&seed_pdf()).unwrap();
    let catalog = document.catalog().unwrap();
    let mut found = Vec::new();
    bookmarks(&document, dictionary(&document, catalog.get(b"Outlines").unwrap()), 1, &mut found);
    assert_eq!(found.len(), 5 + 12 + 24);
    assert_eq!(
        found[..3],
        [
            "1 一、年度重点工作完成情况（27分，自查得分27分）",
            "2 （一）低收入人口动态监测机制建设。（分值8分，自查得分8分）",
            "3 1.低收入人口动态监测机制建设情况。（8分，自查得分8分）"
        ]
    );
    assert_eq!(
        found.last().unwrap(),
        "2 24.因工作不到位，发生冲击社会道德和社会心理底线事件。（\u{2212}10分，自查得分0分）"
    );
}

/// The text as a reader extracts it, in the order of the page: nothing missing, nothing twice.
#[test]
fn text_is_extracted_in_reading_order() {
    let document = Document::load_mem(&seed_pdf()).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect()
    };
    // A paragraph that continues on the next page contains the page number.
    let text = pages.iter().fold(plain(&document.extract_text(&pages).unwrap()), |text, page| {
        text.replacen(&format!("—{page}—"), "", 1)
    });
    let filing = seed::json();
    let mut expected = vec![
        "巴中市民政局巴中市财政局文件".to_owned(),
        "巴市民政〔2021〕38号".to_owned(),
        "签发人：肖飞吕爱国".to_owned(),
        filing["document"]["title"].as_str().unwrap().to_owned(),
        "省民政厅：".to_owned(),
    ];
    for section in filing["scores"]["sections"].as_array().unwrap() {
        expected.push(section["title"].as_str().unwrap().to_owned());
        let empty = Vec::new();
        let groups = section["groups"].as_array().unwrap_or(&empty);
        for group in groups {
            expected.push(group["title"].as_str().unwrap().to_owned());
            push_indicators(&group["indicators"], &mut expected);
        }
        push_indicators(&section["indicators"], &mut expected);
    }
    expected.push("附件：2021年度巴中市困难群众救助工作绩效评价佐证".to_owned());
    expected.push("巴中市民政局巴中市财政局2021年12月22日".to_owned());
    expected.push("抄送：省财政厅。巴中市民政局办公室2021年12月22日印发".to_owned());
    let mut position = 0;
    for piece in &expected {
        let piece = plain(piece);
        let found = text[position..].find(&piece);
        assert!(found.is_some(), "“{piece}” follows in {}", &text[position..]);
        position += found.unwrap() + piece.len();
    }
}

/// Titles and paragraphs between page breaks; a paragraph is split where a page number may be.
fn push_indicators(indicators: &serde_json::Value, expected: &mut Vec<String>) {
    for indicator in indicators.as_array().into_iter().flatten() {
        if indicator["components"].is_null() {
            expected.push(indicator["title"].as_str().unwrap().to_owned());
        }
        for paragraph in indicator["narrative"].as_array().into_iter().flatten() {
            let text = paragraph.as_str().unwrap().replace("**", "");
            let start: String = text.chars().take(12).collect();
            let end: String = text.chars().skip(text.chars().count() - 5).collect();
            expected.push(start);
            expected.push(end);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_on_every_thread() {
    let expected = seed_pdf();
    let filing = seed::filing(&seed::json());
    let fresh = Typesetter::new(FontSet::bundled());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|index| {
                let typesetter = if index % 2 == 0 { &*TYPESETTER } else { &fresh };
                let filing = &filing;
                scope.spawn(move || typesetter.typeset(filing).unwrap().pdf)
            })
            .collect();
        for thread in threads {
            assert!(thread.join().unwrap() == expected, "another thread gave other bytes");
        }
    });
}

/// PDF/UA-1, 7.5: labels of rows are headers whose scope is the row; the head's is the column.
#[test]
fn row_labels_are_headers_of_their_rows() {
    let pdf = TYPESETTER.typeset(&seed::valid("project-table-fund-points")).unwrap().pdf;
    let document = Document::load_mem(&pdf).unwrap();
    let mut scopes = [0, 0];
    for object in document.objects.values() {
        let Ok(element) = object.as_dict() else { continue };
        let is_header = element.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == b"TH");
        if !is_header {
            continue;
        }
        let attributes = element.get(b"A").map(|object| format!("{object:?}")).unwrap_or_default();
        scopes[0] += usize::from(attributes.contains("/Row"));
        scopes[1] += usize::from(attributes.contains("/Column"));
    }
    // Names 2, funds 8, goals 1; levels 2 or 3 for each of seven indicators; the total.
    assert!(scopes[0] >= 25 && scopes[1] >= 9, "{scopes:?}");
}

/// A joiner shows as a box, or breaks a search, where the text is pasted.
#[test]
fn copied_text_has_no_word_joiners() {
    let filing = seed::filing(&seed::valid_json("notice-four-levels"));
    let document = Document::load_mem(&TYPESETTER.typeset(&filing).unwrap().pdf).unwrap();
    let streams = document.objects.values().filter(|object| object.as_stream().is_ok());
    let with_joiner = streams.filter(|object| {
        let content = stream(&document, object);
        let text = String::from_utf8_lossy(&content).to_lowercase();
        text.contains("<feff2060") || text.contains("> <2060")
    });
    assert_eq!(with_joiner.count(), 0);
}
