//! Hostile and damaged files: clear errors, in little time and memory, and never a panic.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use hongtou_import::import;
use hongtou_import::source::error::ImportError;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::docx::{with_body, zip};

/// The error of a file, which must be found quickly.
#[expect(clippy::disallowed_methods, reason = "bounds the time of hostile files")]
fn error(file: &[u8]) -> ImportError {
    let start = Instant::now();
    let error = import(file).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    error
}

#[test]
fn other_files_are_refused_in_chinese() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "空"),
        (b" \n\n ", "空"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1", "RTF"),
        (b"\xC4\xE3\xBA\xC3", "UTF-8"),
        (b"a\0b", "文本"),
        (b"PK\x03\x04", "损坏"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "损坏"),
    ];
    for (file, word) in cases {
        let sentence = import(file).unwrap_err().to_string();
        assert!(sentence.contains(word), "{sentence}");
    }
}

#[test]
fn bombs_are_refused_by_what_they_declare() {
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    bomb.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    let megabyte = vec![b' '; 1 << 20];
    for _ in 0..65 {
        bomb.write_all(&megabyte).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert_eq!(error(&bomb), ImportError::TooLarge);
    // The size in the headers is a lie: what is unpacked is limited too.
    let mut lying = bomb.clone();
    let size = (65_u32 << 20).to_le_bytes();
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    assert!(matches!(error(&lying), ImportError::TooLarge | ImportError::Damaged));
}

#[test]
fn entities_nesting_and_broken_xml_are_refused() {
    let bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\
        <w:document><w:p><w:t>&b;</w:t></w:p></w:document>";
    assert_eq!(error(&zip(&[("word/document.xml", bomb.as_bytes())])), ImportError::Damaged);
    let nested = "<w:p>".repeat(100_000);
    assert_eq!(error(&with_body(&nested)), ImportError::Damaged);
    let deep = "<w:a>".repeat(100_000);
    assert_eq!(error(&with_body(&deep)), ImportError::Damaged);
    assert_eq!(error(&with_body("<w:p><w:t>a</w:p>")), ImportError::Damaged);
    let tables = "<w:tbl><w:tr><w:tc>".repeat(80);
    assert_eq!(error(&with_body(&tables)), ImportError::Damaged);
}

#[test]
fn names_of_entries_are_only_compared() {
    let paths = zip(&[("../../word/document.xml", b"<w:document/>"), ("/etc/passwd", b"x")]);
    assert!(import(&paths).is_err());
}

#[test]
fn long_files_are_refused() {
    let lines = "一行\n".repeat(30_000);
    assert!(matches!(error(lines.as_bytes()), ImportError::TooMuch { .. }));
    let long = "字".repeat(3 << 20);
    assert!(matches!(error(long.as_bytes()), ImportError::TooMuch { .. }));
    let row = "<row r=\"1000000\"><c r=\"XFD1000000\"><v>1</v></c></row>";
    assert!(matches!(error(&workbook(row)), ImportError::TooMuch { .. }));
    let rows: String = (1..=300_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>"))
        .collect();
    assert!(matches!(error(&workbook(&rows)), ImportError::TooMuch { .. }));
}

/// A workbook whose score sheet has these rows.
pub fn workbook(rows: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"评分表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>".as_bytes()),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[expect(clippy::disallowed_methods, reason = "bounds the time of hostile files")]
#[test]
fn a_long_text_without_structure_is_read_in_bounded_time() {
    let text = "（《“".repeat(200_000);
    let start = Instant::now();
    let _ = import(text.as_bytes());
    let lines = "（一）（分值\n".repeat(10_000);
    let _ = import(lines.as_bytes());
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = import(&bytes);
        let _ = import(&[b"PK\x03\x04", bytes.as_slice()].concat());
        let _ = import(&zip(&[("word/document.xml", &bytes)]));
        let _ = import(&zip(&[("xl/workbook.xml", &bytes), ("xl/worksheets/sheet1.xml", &bytes)]));
    }

    #[test]
    fn random_text_of_the_genre_does_not_panic(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "附件", "：", "1.", "（一）", "一、", "第一条 ", "（8分）", "（分值8分，自评得分7分）", "\n", "\n\n", "。", "2021年",
                "12月22日", "印发", "抄送：", "《", "》", "**", "签发人：", "〔2021〕38号", "关于", "报告", "\u{C}", "   ", "|", "\t",
                "—1—", "*", "（", "）", "出席：", "字", "-", ".", "五", "★", "第", "号", "期", "年",
            ]),
            0..120,
        )
    ) {
        let _ = import(words.concat().as_bytes());
    }
}
