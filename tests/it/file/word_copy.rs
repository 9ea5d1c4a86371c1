//! The Word copy: well-formed, the same bytes every time, and read back to the same pages.

use std::io::{Cursor, Read as _};
use std::path::Path;

use hongtou::generate;
use hongtou::import::import;
use hongtou::word_copy::{MARK, word_copy};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use zip::ZipArchive;

use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};

fn copy_of(json: &Value) -> Vec<u8> {
    word_copy(&TYPESETTER.unbroken_texts(&seed::filing(json)).unwrap())
}

/// The parts of a package by name.
fn parts(file: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut part = |index| {
        let mut entry = archive.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.name().unwrap().into_owned(), text)
    };
    (0..11).map(&mut part).collect()
}

fn part(file: &[u8], name: &str) -> String {
    parts(file).into_iter().find(|(path, _)| path == name).unwrap().1
}

/// The names of the fixtures in a folder.
fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".json"));
    names.sort();
    names
}

#[test]
fn the_copy_of_the_seed_is_read_back_to_the_same_pages() {
    let json = seed::json();
    let read = import(&copy_of(&json)).unwrap();
    assert_eq!(read.unread, []);
    let again = seed::filing(&read.submission);
    let texts = |filing| TYPESETTER.unbroken_texts(filing).unwrap();
    assert_eq!(texts(&again), texts(&seed::filing(&json)));
    let pages = |filing| TYPESETTER.files(filing).unwrap().remove("/data.cbor");
    assert_eq!(pages(&again), pages(&seed::filing(&json)));
}

#[test]
fn the_copy_of_a_forwarded_document_has_all_that_is_its_own() {
    for name in ["notice-forwarded-document", "notice-forwarded-opinions"] {
        let bytes = fixture::bytes("valid", name);
        let json: Value = serde_json::from_slice(&bytes).unwrap();
        let read = import(&copy_of(&json)).unwrap();
        assert_eq!(read.unread, []);
        assert_eq!(read.submission["issued"], json["issued"], "{name}");
    }
}

#[test]
fn the_same_filing_gives_the_same_bytes() {
    let json = seed::json();
    assert_eq!(copy_of(&json), copy_of(&json));
    let body = seed::body();
    assert_eq!(generate::word_copy(&body, &TYPESETTER).unwrap(), copy_of(&json));
}

#[test]
fn the_copy_is_marked_and_has_no_line_ends_of_the_pages() {
    let file = copy_of(&seed::json());
    let properties = part(&file, "docProps/core.xml");
    assert!(properties.contains(&format!("<cp:contentStatus>{MARK}</cp:contentStatus>")));
    assert!(part(&file, "word/header1.xml").contains(MARK));
    let document = part(&file, "word/document.xml");
    assert!(!document.contains(MARK), "the mark is part of the text");
    assert!(!document.contains(['\u{2028}', '\u{2060}']));
    let styles = part(&file, "word/styles.xml");
    for face in ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"] {
        assert!(styles.contains(face), "{face}");
    }
}

/// Word refuses a package with a part that is not well-formed or that its relations do not name.
#[test]
fn every_part_of_every_copy_is_well_formed() {
    let mut failed = Vec::new();
    for folder in ["fixtures/valid", "fixtures/real"] {
        let folder = seed::folder().join(folder);
        for name in names(&folder) {
            let json = serde_json::from_slice(&std::fs::read(folder.join(&name)).unwrap()).unwrap();
            let file = copy_of(&json);
            for (path, xml) in parts(&file) {
                if let Err(error) = elements(&xml) {
                    failed.push(format!("{name} {path}: {error}"));
                }
            }
            let targets = part(&file, "word/_rels/document.xml.rels");
            for used in part(&file, "word/document.xml").split("r:id=\"").skip(1) {
                let id = used.split('"').next().unwrap();
                assert!(targets.contains(&format!("Id=\"{id}\"")), "{name}: {id}");
            }
        }
    }
    assert_eq!(failed, [""; 0]);
}

/// The number of elements of a text that is XML.
fn elements(xml: &str) -> Result<usize, String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut open = 0_usize;
    let mut count = 0;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(_) => (open, count) = (open + 1, count + 1),
            Event::Empty(_) => count += 1,
            Event::End(_) => open = open.checked_sub(1).ok_or("an end without a start")?,
            Event::Eof if open == 0 && count > 0 => return Ok(count),
            Event::Eof => return Err("the text ends inside an element".to_owned()),
            _ => {}
        }
    }
}

/// Offices give the copies to each other, so what the program reads of them is what it printed.
#[test]
fn the_elements_of_other_copies_are_read_back() {
    let folder = seed::folder().join("fixtures/real");
    let mut differing = Vec::new();
    for name in names(&folder) {
        let json: Value =
            serde_json::from_slice(&std::fs::read(folder.join(&name)).unwrap()).unwrap();
        let read = import(&copy_of(&json)).unwrap().submission;
        for key in ["title", "document_number", "document_date", "primary_recipients", "issuers"] {
            let (expected, found) = (&json["document"][key], &read["document"][key]);
            // A command prints only its serial number.
            let is_printed = key != "document_number" || json["document"]["form"] != "command";
            if is_printed && expected != found {
                differing.push(format!("{name} {key}: {expected} <> {found}"));
            }
        }
    }
    assert_eq!(differing, [""; 0]);
}

/// The texts of the paragraphs of a document, cells of tables among them, without blanks.
fn paragraphs(xml: &str) -> Vec<String> {
    let texts = |paragraph: &str| {
        let runs = paragraph.split("<w:t").skip(1).filter_map(|run| {
            let (tag, rest) = run.split_once('>')?;
            let is_text = tag.is_empty() || tag.starts_with(' ');
            is_text.then(|| rest.split("</w:t>").next().unwrap_or_default())
        });
        runs.collect::<String>().replace(char::is_whitespace, "")
    };
    xml.split("</w:p>").map(texts).filter(|text| !text.is_empty()).collect()
}

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// The runs of Chinese characters of all strings of a value without blanks, each on a line of its own.
fn strings(value: &Value, all: &mut String) {
    match value {
        Value::String(text) => {
            let visible = text.chars().filter(|c| !c.is_whitespace() && !"*\\".contains(*c));
            all.extend(visible.map(|c| if is_chinese(c) { c } else { '\n' }));
            all.push('\n');
        }
        Value::Array(list) => list.iter().for_each(|value| strings(value, all)),
        Value::Object(object) => object.values().for_each(|value| strings(value, all)),
        _ => {}
    }
}

/// What a page prints around what a submission has.
const PRINTED: [&str; 35] = [
    "签发人",
    "抄送",
    "印发",
    "附件",
    "文件",
    "纪要",
    "公告",
    "通告",
    "命令",
    "令",
    "出席",
    "请假",
    "列席",
    "主持",
    "记录",
    "一级指标",
    "二级指标",
    "三级指标",
    "四级指标",
    "自评得分",
    "自查得分",
    "分值",
    "满分",
    "占比",
    "得分",
    "加分项",
    "扣分项",
    "不计入",
    "扣分原因",
    "佐证材料",
    "失分原因",
    "主送",
    "年第",
    "合计",
    "等次",
];

/// Whether a run has two characters beside each other that are in no part of three characters of the texts, and in
/// no text of two. Names beside each other become a list, and numbers are generated.
fn is_lost(run: &str, all: &str) -> bool {
    let characters: Vec<char> = run.chars().collect();
    let mut found: Vec<bool> =
        characters.iter().map(|c| "第一二三四五六七八九十百零章节条号期".contains(*c)).collect();
    for length in [2, 3] {
        for (at, part) in characters.windows(length).enumerate() {
            let part: String = part.iter().collect();
            let part = if length == 2 { format!("\n{part}\n") } else { part };
            if all.contains(&part) {
                found[at..at + length].fill(true);
            }
        }
    }
    let is_whole = characters.len() == 2 && all.contains(run);
    !is_whole && found.windows(2).any(|pair| pair == [false, false])
}

/// The text of every copy is in what is read from it, or reported as not understood.
#[test]
fn no_text_of_a_copy_is_lost() {
    let mut lost = Vec::new();
    for folder in ["fixtures/valid", "fixtures/real"] {
        let folder = seed::folder().join(folder);
        for name in names(&folder) {
            let json = serde_json::from_slice(&std::fs::read(folder.join(&name)).unwrap()).unwrap();
            let file = copy_of(&json);
            let read = import(&file).unwrap();
            let mut all = String::from("\n");
            strings(&read.submission, &mut all);
            for part in &read.unread {
                strings(&part.text.as_str().into(), &mut all);
            }
            for text in paragraphs(&part(&file, "word/document.xml")) {
                let text = PRINTED.iter().fold(text, |text, word| text.replace(word, "\n"));
                let runs =
                    text.split(|c: char| !is_chinese(c)).filter(|run| run.chars().count() > 1);
                let is_lost = |run: &&str| is_lost(run, &all);
                lost.extend(runs.filter(is_lost).map(|run| format!("{name}: {run}")));
            }
        }
    }
    assert_eq!(lost, [""; 0]);
}

/// Sheets of attachments and stamps of several agencies are read back as they were.
#[test]
fn sheets_and_stamps_of_copies_are_read_back() {
    for (name, keys) in [
        (
            "signature-stamp-joint",
            ["issuers", "seal", "sign_off", "sign_off_positions", "signatories"],
        ),
        ("cover-stamped-two-lines", ["issuers", "seal", "sign_off", "sign_off_positions", "title"]),
    ] {
        let json = seed::valid_json(name);
        let read = import(&copy_of(&json)).unwrap().submission;
        for key in keys {
            assert_eq!(json["document"][key], read["document"][key], "{name} {key}");
        }
    }
    let json = seed::valid_json("attachment-scores");
    let read = import(&copy_of(&json)).unwrap();
    assert_eq!(read.unread, []);
    let pages = |json: &Value| TYPESETTER.unbroken_texts(&seed::filing(json)).unwrap();
    assert_eq!(pages(&read.submission), pages(&json));
}

/// Where the entries of a cover page begin, in twips: they have a left and a right tab stop.
fn entries_of_cover(xml: &str) -> Vec<u32> {
    let stops = xml.split("<w:tabs><w:tab w:val=\"left\" w:pos=\"").skip(1);
    let stops = stops.filter_map(|rest| rest.split_once("\"/><w:tab w:val=\"right\""));
    stops.filter_map(|(position, _)| position.parse().ok()).collect()
}

#[test]
fn a_long_label_of_a_cover_page_leaves_half_of_the_line() {
    let mut json = seed::valid_json("attachment-cover");
    let short = part(&copy_of(&json), "word/document.xml");
    // 部门名称（盖章）： has nine characters, after an inset of three and before a gap of one.
    assert_eq!(entries_of_cover(&short), [4106; 6]);
    json["document"]["attachments"][0]["cover"][0][0] = "部门预算编码".repeat(5).into();
    let long = part(&copy_of(&json), "word/document.xml");
    // The middle of a line of 28 characters, and half of the gap.
    assert_eq!(entries_of_cover(&long), [4580; 6]);
    // Three lines of at most ten characters, and the colon on the last.
    let lines = long.split("部门预算编码部门预").nth(1).unwrap();
    assert_eq!(lines.split("<w:tab/>").next().unwrap().matches("<w:br/>").count(), 3, "{lines}");
}
