//! Word files of finished documents become the fixtures that they were made from.

use hongtou_import::import;

use crate::compare::{differences, fixture, names};
use crate::docx::{docx, with_body};
use crate::printed::lines;

/// How many fields differ after a Word file was made and read.
fn read(name: &str, lists: bool) -> (usize, String) {
    let expected = fixture(name);
    let read = import(&docx(&lines(&expected), lists)).unwrap();
    let differences = differences(&expected, &read.submission);
    let mut report = format!("{name}: {} fields differ\n", differences.len());
    for difference in &differences {
        report.push_str(&format!("    {difference}\n"));
    }
    for unread in &read.unread {
        report.push_str(&format!("    unread {}: {}\n", unread.place, unread.text));
    }
    (differences.len(), report)
}

#[test]
fn word_files_become_their_fixtures() {
    let real = names("real").into_iter().map(|name| format!("real/{name}.json"));
    let mut failed = Vec::new();
    let valid = ["bazhong-2021-38", "notice-forwarded-document", "notice-forwarded-opinions"];
    for name in real.chain(valid.map(|name| format!("valid/{name}.json"))) {
        for lists in [false, true] {
            let (count, report) = read(&name, lists);
            eprintln!("{report}");
            if count > 5 {
                failed.push(report);
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.concat());
}

#[test]
fn deleted_text_and_duplicates_for_old_programs_are_skipped() {
    let body = "<w:p><w:r><w:t>巴市民政〔2021〕38号</w:t></w:r></w:p>\
        <w:p><w:r><w:t>关于救助的报告</w:t></w:r></w:p>\
        <w:p><w:r><w:t>省民政厅：</w:t></w:r></w:p>\
        <w:p><w:del><w:r><w:delText>旧的</w:delText></w:r></w:del><w:r><w:t>新的</w:t></w:r>\
        <w:r><w:rPr><w:b/></w:rPr><w:t>重点</w:t></w:r><w:r><w:t>&amp;内容*。</w:t></w:r></w:p>\
        <w:p><mc:AlternateContent xmlns:mc=\"m\"><mc:Choice><w:r><w:t>一份。</w:t></w:r></mc:Choice>\
        <mc:Fallback><w:r><w:t>两份。</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>";
    let read = import(&with_body(body)).unwrap();
    let expected = serde_json::json!(["新的**重点**&内容\\*。", "一份。"]);
    assert_eq!(read.submission["body"], expected);
    assert_eq!(read.submission["document"]["title"], "关于救助的报告");
}
