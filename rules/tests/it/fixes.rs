//! `fix`: its mends are correct and complete, and the checks report none of them afterwards.

use hongtou_rules::fix::fix;
use hongtou_rules::validate::findings::violation::Code;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixture::{self, Answer, answer};

fn codes(body: &[u8]) -> Vec<Code> {
    let findings = match answer(body) {
        Answer::Accepted(accepted) => accepted.warnings,
        Answer::Refused(findings) => [findings.errors, findings.warnings].concat(),
        Answer::Unreadable(error) => panic!("{error}"),
    };
    findings.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn a_good_filing_keeps_every_byte() {
    for name in fixture::names("valid") {
        let body = fixture::bytes("valid", &name);
        let fixed = fix(&body).unwrap();
        assert_eq!(fixed.fixes, [], "{name}");
        assert_eq!(fixed.text.as_bytes(), body, "{name}");
    }
}

#[test]
fn only_wrong_strings_change() {
    let body = "\u{FEFF}{ \"opening\":[ \"\u{2EA0}政:\" , \"好\\u0020好\" ],\n \"n\": 1.50, \"document\": {\
                \"title\":\"关于\u{2EA0}政\",\"issuers\":[\"民政局文件\"]} }\n";
    let fixed = fix(body.as_bytes()).unwrap();
    let expected = "\u{FEFF}{ \"opening\":[ \"民政：\" , \"好\\u0020好\" ],\n \"n\": 1.50, \"document\": {\
                    \"title\":\"关于民政\",\"issuers\":[\"民政局\"]} }\n";
    assert_eq!(fixed.text, expected);
    let said: Vec<String> = fixed.fixes.iter().map(ToString::to_string).collect();
    let expected = [
        "正文开头第1段：“\u{2EA0}”改为“民”；“:”改为“：”",
        "标题：“\u{2EA0}”改为“民”",
        "第1个发文机关：删去“文件”",
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    for body in [&b"{"[..], b"", b"\xC4\xE3", b"{} x"] {
        assert!(fix(body).is_err());
    }
}

#[test]
fn mended_errors_are_no_longer_reported() {
    let mends = [
        Code::CharacterLookalike,
        Code::Punctuation,
        Code::PrintedTwice,
        Code::AttachmentTitleForm,
    ];
    let cases = [
        ("invalid", "lookalike-radicals", &[][..]),
        ("invalid", "printed-twice", &[Code::PrintedTwice]),
        ("warned", "punctuation", &[Code::Punctuation]),
        ("invalid", "printed-twice-issued", &[]),
        ("invalid", "printed-twice-narrative", &[]),
        ("warned", "punctuation-beside-figures", &[]),
    ];
    for (kind, name, left) in cases {
        let body = fixture::body(kind, name).1;
        assert!(codes(&body).iter().any(|code| mends.contains(code)), "{name}");
        let fixed = fix(&body).unwrap();
        let found = codes(fixed.text.as_bytes());
        let of_kind: Vec<Code> = found.into_iter().filter(|code| mends.contains(code)).collect();
        // Points in a heading and unpaired quotes are left to staff.
        assert!(of_kind.iter().all(|code| left.contains(code)), "{name}: {of_kind:?}");
    }
}

/// Texts made of wrong pieces and the text around them.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "民政",
        "一",
        "二、",
        "三产业",
        "（",
        "）",
        "(",
        ")",
        "1.",
        "１",
        "．",
        "．５",
        "附件",
        "：",
        ":",
        ",",
        "，",
        "。",
        ".",
        "...",
        "…",
        "-",
        "—",
        "?",
        "？",
        "!",
        ";",
        "“",
        "”",
        "《",
        "》",
        "\"",
        "**",
        "主送",
        "抄送",
        "印发",
        "文件",
        "签发人",
        "附注",
        " ",
        "　",
        "\u{2EA0}",
        "\u{2F00}",
        "\u{F90A}",
        "\u{2F06}、",
        "①",
        "a",
        "X",
        "{total.self_score}",
        "20分",
        "\\",
        "第一条",
        "第一章",
        "[2021]12号",
        "P;2",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_fixed_text_needs_no_fix(texts in prop::collection::vec(text(), 19)) {
        let body = json!({
            "document": {
                "issuers": [texts[0]], "title": texts[1], "signatories": [texts[2]],
                "primary_recipients": [texts[3]], "copy_recipients": [texts[4]],
                "printing_office": texts[5], "annotation": texts[6], "document_date": texts[7],
                "attachments": [{ "title": texts[8] }],
            },
            "opening": [texts[9]],
            "body": [{ "heading": { "level": 1, "title": texts[10] } }, { "paragraph": texts[11] }],
            "scores": { "sections": [{ "title": texts[12] }] },
            "unknown": texts[13],
            "issued": {
                "title": "办法",
                "note": texts[14],
                "body": [
                    { "chapter": texts[15] }, { "article": texts[16] },
                    { "paragraph": texts[17], "level": 2 },
                ],
            },
            "closing": [{ "narrative": texts[18] }],
        });
        let once = fix(body.to_string().as_bytes()).unwrap();
        let twice = fix(once.text.as_bytes()).unwrap();
        prop_assert_eq!(&twice.fixes, &[]);
        prop_assert_eq!(&twice.text, &once.text);
        let mut changed = body;
        for fix in &once.fixes {
            let place = changed.pointer_mut(&fix.pointer).unwrap();
            prop_assert_eq!(&*place, &Value::from(fix.before.as_str()));
            *place = Value::from(fix.after.as_str());
        }
        prop_assert_eq!(serde_json::from_str::<Value>(&once.text).unwrap(), changed);
    }
}
