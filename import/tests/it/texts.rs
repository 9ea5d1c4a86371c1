//! Texts of finished documents become the fixtures that they were made from.

use std::fs;

use hongtou_import::import;

use crate::compare::{differences, fixture, fixtures, names};
use crate::printed::{Line, lines, number};

/// How many fields differ, and what was not read.
fn read(text: &str, expected: &str) -> (usize, String) {
    let read = import(text.as_bytes()).unwrap();
    let differences = differences(&fixture(expected), &read.submission);
    let mut report = format!("{expected}: {} fields differ\n", differences.len());
    for difference in &differences {
        report.push_str(&format!("    {difference}\n"));
    }
    for unread in &read.unread {
        report.push_str(&format!("    unread {}: {}\n", unread.place, unread.text));
    }
    for problem in &read.problems {
        report.push_str(&format!("    problem {}: {}\n", problem.place, problem.message));
    }
    (differences.len(), report)
}

#[test]
fn the_seed_as_read_by_ocr_is_the_fixture() {
    let text = fs::read_to_string(fixtures().join("imports/bazhong-2021-38-ocr.txt")).unwrap();
    let (count, report) = read(&text, "valid/bazhong-2021-38.json");
    eprintln!("{report}");
    assert!(count <= 5, "{report}");
}

#[test]
fn texts_of_published_documents_are_the_fixtures() {
    let mut failed = Vec::new();
    for name in names("real") {
        let text = fs::read_to_string(fixtures().join(format!("imports/{name}.txt"))).unwrap();
        let (count, report) = read(&text, &format!("real/{name}.json"));
        eprintln!("{report}");
        if count > 5 {
            failed.push(name);
        }
    }
    assert_eq!(failed, Vec::<String>::new());
}

/// A forwarded document keeps its own 发文字号, 主送, 署名, date and 附注.
#[test]
fn texts_of_forwarded_documents_are_the_fixtures() {
    for name in ["notice-forwarded-document", "notice-forwarded-opinions"] {
        let name = format!("valid/{name}.json");
        let paragraphs = paragraphs(&name);
        for text in [paragraphs.join("\n"), paragraphs.join("\r\n\r\n")] {
            let (count, report) = read(&text, &name);
            assert_eq!(count, 0, "{report}");
        }
    }
    let name = "valid/notice-forwarded-document.json";
    let (count, report) = read(&broken(&paragraphs(name)), name);
    assert_eq!(count, 0, "{report}");
}

/// Some print the number above the title, as in a masthead.
#[test]
fn the_number_above_the_title_of_a_forwarded_document_is_read() {
    let name = "valid/notice-forwarded-document.json";
    let mut lines = paragraphs(name);
    let at = lines.iter().rposition(|line| line.starts_with("云民发")).unwrap();
    lines.swap(at - 1, at);
    let (count, report) = read(&lines.join("\n"), name);
    assert_eq!(count, 0, "{report}");
}

/// Measures have no addressees, though their first line may end with a colon.
#[test]
fn the_first_line_of_measures_is_no_list_of_addressees() {
    let text = "临水发〔2024〕41号\n临江市水利局关于印发《节水奖励办法》的通知\n各县水利局：\n\
        现将《节水奖励办法》印发给你们。\n临江市水利局\n2024年8月16日\n节水奖励办法\n\
        申请奖励的单位必须具备下列条件：\n一、安装计量设施。\n";
    let read = import(text.as_bytes()).unwrap();
    let issued = &read.submission["issued"];
    assert_eq!(issued["primary_recipients"], serde_json::Value::Null);
    assert_eq!(issued["body"][0], "申请奖励的单位必须具备下列条件：");
}

/// The printed text of a fixture without tables, one paragraph per line.
fn paragraphs(name: &str) -> Vec<String> {
    let text = |line: Line| match line {
        Line::Text(text) => Some(text),
        Line::Numbered(level, count, text) => Some(format!("{}{text}", number(level, count))),
        Line::Table(_) => None,
    };
    lines(&fixture(name)).into_iter().filter_map(text).collect()
}

/// The paragraphs broken at 28 characters, with a page number after each 22 lines.
fn broken(paragraphs: &[String]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        if paragraph.contains("签发人")
            || paragraph.contains("印发") && paragraph.contains("办公室")
        {
            lines.push(paragraph.clone());
            continue;
        }
        let indented: Vec<char> = format!("　　{paragraph}").chars().collect();
        lines.extend(indented.chunks(28).map(|line| line.iter().collect()));
    }
    let pages = lines.chunks(22).enumerate();
    pages.map(|(page, lines)| format!("{}\n— {} —\n", lines.join("\n"), page + 1)).collect()
}

fn widened(text: &str) -> String {
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap(),
        c => c,
    };
    text.chars().map(wide).collect()
}

fn spaced(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let apart = line.chars().map(|c| format!("{c} "));
        apart.collect::<String>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn noise_changes_little() {
    let name = "valid/bazhong-2021-38.json";
    let plain = paragraphs(name).join("\n");
    let cases = [
        ("paragraphs", plain.clone()),
        ("blank lines", paragraphs(name).join("\n\n")),
        ("broken lines and page numbers", broken(&paragraphs(name))),
        ("full-width figures", widened(&plain)),
        (
            "half-width marks",
            plain.replace('（', "(").replace('）', ")").replace('，', ",").replace('：', ":"),
        ),
        ("blanks between characters", spaced(&plain)),
        ("blanks around figures", plain.replace("27分", " 27 分").replace("110分", " 110 分")),
        ("Windows line ends", plain.replace('\n', "\r\n")),
    ];
    let mut failed = Vec::new();
    for (noise, text) in cases {
        let (count, report) = read(&text, name);
        eprintln!("{noise}: {report}");
        if count > 5 {
            failed.push(format!("{noise}: {report}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.concat());
}

#[test]
fn what_is_not_understood_is_returned_with_its_place() {
    let text = "云府〔2019〕83号\n云坪乡人民政府关于自评的报告\n县政府：\n一、概况\n一级指标   分值   得分\n投入     10     9\n\
        二、问题\n没有问题。\n云坪乡人民政府\n2019年12月6日\n后记\n";
    let read = import(text.as_bytes()).unwrap();
    let unread: Vec<(&str, &str)> =
        read.unread.iter().map(|part| (part.place.as_str(), part.text.as_str())).collect();
    let expected = [("第5行", "一级指标   分值   得分 投入     10     9"), ("第11行", "后记")];
    assert_eq!(unread, expected);
}
