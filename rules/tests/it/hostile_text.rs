//! Hostile texts: markup of other programs is plain text; invisible characters and floods are refused.

use std::time::{Duration, Instant};

use hongtou_rules::document::block::Block;
use hongtou_rules::validate::findings::violation::{Code, Findings};
use serde_json::json;

use crate::fixture::{answer, seed_with};

const OPENING: &str = "/opening/0";

/// The longest time to refuse a body. An optimised build on an idle machine takes a fraction of it.
const DEADLINE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 1 });

/// The findings of a refusal. Checks the deadline and the size of the answer.
fn refused_at_once(body: &[u8]) -> Findings {
    #[expect(clippy::disallowed_methods, reason = "a duration is what this measures")]
    let start = Instant::now();
    let findings = answer(body).refused();
    assert!(start.elapsed() < DEADLINE, "took {:?}", start.elapsed());
    let size = serde_json::to_vec(&findings).unwrap().len();
    assert!(size < 1_000_000, "an answer of {size} bytes");
    findings
}

fn codes(findings: &Findings) -> Vec<Code> {
    findings.errors.iter().map(|error| error.code).collect()
}

#[test]
fn markup_of_other_programs_is_plain_text() {
    let texts = [
        "#eval(\"1+1\")",
        "#import \"/etc/passwd\"",
        "$x$ 与 $ x^2 $",
        "*a* _b_ `c`",
        "@ref <label>",
        "<b>粗</b> &amp; <!-- -->",
        "\\ \\\\ \\u{41} \\n",
        "= 标题",
        "{x} {总分} {total.self_score",
        "'; DROP TABLE filings; --",
        "{{ x }} ${x} %s",
    ];
    for text in texts {
        for pointer in [OPENING, "/document/title", "/scores/sections/0/title"] {
            answer(&seed_with(pointer, json!(text))).accepted();
        }
        let filing = answer(&seed_with(OPENING, json!(text))).accepted().filing;
        let Block::Paragraph(paragraph) = &filing.content().opening[0] else {
            panic!("the opening has a paragraph");
        };
        assert_eq!(paragraph.plain(), text);
    }
}

#[test]
fn invisible_marks_are_refused_and_never_repeated_in_the_sentence() {
    let marks =
        ['\0', '\u{1B}', '\u{7F}', '\u{85}', '\u{202E}', '\u{2066}', '\u{200B}', '\u{FEFF}'];
    for mark in marks {
        let findings = refused_at_once(&seed_with(OPENING, json!(format!("甲{mark}乙"))));
        assert_eq!(codes(&findings), [Code::CharacterForbidden], "{mark:?}");
        let detail = &findings.errors[0].detail;
        assert!(!detail.contains(mark), "{detail:?}");
        assert!(detail.contains(&format!("U+{:04X}", u32::from(mark))), "{detail}");
    }
}

#[test]
fn a_megabyte_in_one_text_is_too_long() {
    for unit in ["A", "文", "\u{E000}"] {
        let text = unit.repeat(1_000_000 / unit.len());
        let findings = refused_at_once(&seed_with(OPENING, json!(text)));
        assert_eq!(codes(&findings), [Code::TooLong]);
    }
}

#[test]
fn a_flood_of_combining_marks_is_refused() {
    for (count, expected) in [(20_000, Code::TooLong), (9_000, Code::CharacterForbidden)] {
        let text = format!("a{}", "\u{301}".repeat(count));
        let findings = refused_at_once(&seed_with(OPENING, json!(text)));
        assert_eq!(codes(&findings), [expected]);
    }
}

#[test]
fn a_flood_of_bidirectional_marks_is_refused() {
    let marks = "\u{202E}".repeat(70_000 / 3);
    let findings = refused_at_once(&seed_with(OPENING, json!(marks)));
    assert_eq!(codes(&findings), [Code::TooLong]);
    let paragraphs = vec!["\u{202E}".repeat(9_000); 3];
    let findings = refused_at_once(&seed_with("/opening", json!(paragraphs)));
    assert_eq!(codes(&findings), [Code::CharacterForbidden; 3]);
}

#[test]
fn too_much_text_in_total_is_refused() {
    let paragraphs = vec!["文".repeat(10_000); 40];
    let findings = refused_at_once(&seed_with("/opening", json!(paragraphs)));
    assert_eq!(codes(&findings), [Code::TooLong]);
    assert_eq!(findings.errors[0].pointer, "");
}

/// Each takes three kilobytes during layout.
#[test]
fn full_width_marks_count_four_times() {
    let opening =
        |paragraphs: usize| seed_with("/opening", json!(vec!["／".repeat(9_000); paragraphs]));
    assert_eq!(codes(&refused_at_once(&opening(9))), [Code::TooLong]);
    answer(&opening(7)).accepted();
}

/// What is not in a list has elements in the structure of the PDF, too.
#[test]
fn cover_pages_and_heads_of_project_tables_count_as_cells() {
    let indicator = json!({ "first_level": "产出指标", "second_level": "数量指标", "title": "数量",
        "target": "一", "actual": "一", "max_points": "1", "self_score": "1" });
    let table = json!({
        "project_name": "项目", "department": "局", "implementing_unit": "站",
        "funds": [{ "name": "总额", "initial_budget": "10", "budget": "10", "executed": "10" }],
        "execution": { "max_points": "10", "self_score": "10" },
        "goal": { "expected": "甲", "actual": "乙" },
        "indicators": vec![indicator; 4],
        "total": { "max_points": "14", "self_score": "14" }
    });
    let attachments = |count: usize| {
        let cover = vec![["部门名称", "某局"]; 10];
        let attachment = |index: usize| {
            json!({ "title": format!("第{index}个项目支出绩效自评表"),
            "cover": cover, "project_table": table })
        };
        seed_with("/document/attachments", (0..count).map(attachment).collect())
    };
    answer(&attachments(115)).accepted();
    let findings = refused_at_once(&attachments(130));
    assert_eq!(codes(&findings), [Code::TooLong]);
    assert!(findings.errors[0].detail.contains("10000格"), "{}", findings.errors[0].detail);
}

#[test]
fn a_flood_of_marks_is_checked_in_time() {
    for marks in
        ["}", "{", "（《", "》）", "(,", "*,", "**", ".", "-", "，。", "?", "０", "\"", "\u{2EA0}"]
    {
        let paragraphs = vec![format!("\u{202E}{}", marks.repeat(9_000 / marks.len())); 30];
        let findings = refused_at_once(&seed_with("/opening", json!(paragraphs)));
        assert!(codes(&findings).contains(&Code::CharacterForbidden));
    }
}

#[test]
fn only_the_first_of_many_findings_are_listed() {
    let names = vec![" "; 90_000];
    refused_at_once(&seed_with("/document/issuers", json!(names)));
    let indicator = json!({ "title": " ", "max_points": "x", "self_score": "x",
        "narrative": vec![" "; 200] });
    let body = seed_with("/scores/sections/3/indicators", json!(vec![indicator; 400]));
    let findings = refused_at_once(&body);
    assert_eq!(codes(&findings).last(), Some(&Code::MoreFindings));
    let unknown: serde_json::Map<String, serde_json::Value> =
        (0..50_000).map(|n| (format!("key{n}"), json!(n))).collect();
    let findings = refused_at_once(&serde_json::to_vec(&unknown).unwrap());
    assert_eq!(codes(&findings).last(), Some(&Code::MoreFindings));
}

#[test]
fn a_submission_of_empty_groups_is_refused_in_time() {
    let group = json!({ "title": "组", "max_points": "0", "self_score": "0", "indicators": [] });
    let findings =
        refused_at_once(&seed_with("/scores/sections/0/groups", json!(vec![group; 15_000])));
    assert!(codes(&findings).contains(&Code::TooLong));
}

#[test]
fn a_flood_of_figures_is_checked_in_time() {
    let units = [
        "1件",
        "自评98分，",
        "社会救助得分5分、",
        "其中1件、",
        "1件，共2件，",
        "受理1件，办结1件，办结率9%，",
        "由1件增加到2件，增加9件，",
        "1件，比上年增加1件，增长9%；",
        "（其中1户2人，",
        "1，",
        "1,111",
        "全市城乡低保保障1户。",
        "共9件：1件、",
    ];
    for unit in units {
        // Each digit and mark weighs three characters in the limit of a filing.
        let paragraph: String = unit.chars().cycle().take(9_000).collect();
        let body = seed_with("/opening", json!(vec![paragraph; 3]));
        #[expect(clippy::disallowed_methods, reason = "a duration is what this measures")]
        let start = Instant::now();
        let warnings = answer(&body).accepted().warnings;
        assert!(start.elapsed() < DEADLINE, "{unit} took {:?}", start.elapsed());
        assert!(serde_json::to_vec(&warnings).unwrap().len() < 1_000_000, "{unit}");
    }
}
