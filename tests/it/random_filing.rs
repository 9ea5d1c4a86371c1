//! Submissions at random that the rules accept: every sum holds, every text is long or short.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::random_table::{attached, blocks};
use crate::random_text::{paragraph, title};

/// Hundredths of a point, as the sheet writes them.
fn points(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    format!("{sign}{whole}.{rest:02}")
}

/// A part of the sheet with what it adds to the part above it.
#[derive(Debug, Clone)]
struct Part {
    json: Value,
    max: i64,
    own: i64,
}

fn scored(mut json: Value, max: i64, own: i64) -> Part {
    json["max_points"] = json!(points(max));
    json["self_score"] = json!(points(own));
    Part { json, max, own }
}

fn sum(parts: &[Part]) -> (i64, i64) {
    (parts.iter().map(|part| part.max).sum(), parts.iter().map(|part| part.own).sum())
}

fn values(parts: &[Part]) -> Vec<Value> {
    parts.iter().map(|part| part.json.clone()).collect()
}

/// An indicator worth points, or for a deduction losing some.
fn indicator(sign: i64) -> impl Strategy<Value = Part> {
    (title(), 1..2000_i64, 0..=100_i64, vec(paragraph(), 0..3)).prop_map(
        move |(title, max, percent, narrative)| {
            let json = json!({ "title": title, "narrative": narrative, "reason": "资料不全" });
            scored(json, sign * max, sign * (max * percent / 100))
        },
    )
}

fn group() -> impl Strategy<Value = Part> {
    (title(), vec(indicator(1), 1..4)).prop_map(|(title, indicators)| {
        let (max, own) = sum(&indicators);
        scored(json!({ "title": title, "indicators": values(&indicators) }), max, own)
    })
}

fn section(kind: &'static str) -> impl Strategy<Value = Part> {
    let sign = if kind == "deduction" { -1 } else { 1 };
    (title(), vec(indicator(sign), 1..3)).prop_map(move |(title, indicators)| {
        let (max, own) = sum(&indicators);
        let indicators = values(&indicators);
        scored(json!({ "title": title, "kind": kind, "indicators": indicators }), max, own)
    })
}

fn grouped_section() -> impl Strategy<Value = Part> {
    (title(), vec(group(), 1..4)).prop_map(|(title, groups)| {
        let (max, own) = sum(&groups);
        scored(json!({ "title": title, "kind": "base", "groups": values(&groups) }), max, own)
    })
}

fn scores() -> impl Strategy<Value = Value> {
    let bonus = prop::option::of(section("bonus"));
    let deduction = prop::option::of(section("deduction"));
    let base = vec(prop_oneof![grouped_section(), section("base")], 1..4);
    (base, bonus, deduction).prop_map(|(mut sections, bonus, deduction)| {
        sections.extend(bonus);
        let (max, mut own) = sum(&sections);
        if let Some(deduction) = deduction {
            // More than was won cannot be lost.
            if own + deduction.own >= 0 {
                own += deduction.own;
                sections.push(deduction);
            }
        }
        let total = json!({ "max_points": points(max), "self_score": points(own) });
        json!({ "sections": values(&sections), "total": total })
    })
}

const AGENCIES: [&str; 8] = [
    "巴中市民政局",
    "四川省人力资源和社会保障厅",
    "巴中市财政局",
    "平昌县住房和城乡建设局",
    "南江县退役军人事务局",
    "通江县乡村振兴局",
    "恩阳区残联",
    "巴中市经济和信息化委员会",
];
const PEOPLE: [&str; 8] =
    ["肖飞", "吕爱国", "欧阳建国", "王芳", "李志强", "张伟", "陈静", "阿布都热合曼"];
const SEALS: [&str; 4] = ["sealed", "sealed", "unsealed", "signature_stamp"];
/// Forms by their weight.
const FORMS: [&str; 12] = [
    "report", "report", "report", "report", "notice", "notice", "notice", "notice", "letter",
    "letter", "command", "minutes",
];

/// 版头 and 版记 for a number of issuers; the title ends with its 文种.
fn document() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        3 => prop::sample::subsequence(AGENCIES.to_vec(), 1..=2),
        1 => prop::sample::subsequence(AGENCIES.to_vec(), 3..=6),
    ];
    let attachments = vec(attached(), 0..4);
    let copies = prop::sample::subsequence(AGENCIES.to_vec(), 0..=8);
    let form = prop::sample::select(FORMS.to_vec());
    let flags = (form, any::<bool>(), prop::sample::select(SEALS.to_vec()));
    (names, title(), attachments, copies, flags, 1..9999_u32).prop_map(
        |(issuers, title, attachments, copies, (form, is_mirrored, seal), serial)| {
            let issuers =
                if matches!(form, "command" | "minutes") { &issuers[..1] } else { &issuers };
            let copies: Vec<&str> =
                copies.into_iter().filter(|name| !issuers.contains(name)).collect();
            let mut document = json!({
                "form": form,
                "direction": "downward",
                "issuers": issuers,
                "document_number": { "agency_code": "巴市民政", "year": 2021, "serial": serial },
                "title": format!("关于做好{title}的通知"),
                "primary_recipients": ["各县（区）民政局", "市属各单位"],
                "attachments": attachments,
                "sign_off": issuers,
                "seal": seal,
                "binding": if is_mirrored { "mirrored" } else { "left" },
                "document_date": "2021-12-22",
                "copy_recipients": copies,
                "printing_office": "巴中市民政局办公室",
                "printing_date": "2021-12-22"
            });
            if seal == "signature_stamp" {
                let positions = issuers.iter().map(|name| format!("{name}局长"));
                document["sign_off_positions"] = positions.collect();
            }
            as_form(&mut document, form, &title);
            document
        },
    )
}

/// What a form has that a notice has not.
fn as_form(document: &mut Value, form: &str, title: &str) {
    let issuers = document["issuers"].as_array().map_or(0, Vec::len);
    match form {
        "report" => {
            document["direction"] = json!("upward");
            document["title"] = json!(format!("关于报送{title}的报告"));
            document["primary_recipients"] = json!(["省民政厅"]);
            document["signatories"] = json!(PEOPLE[..issuers]);
        }
        "letter" => {
            document["direction"] = json!("parallel");
            document["title"] = json!(format!("关于商请{title}的函"));
            document["issuer_mark"] = json!({ "issuers": "lead" });
        }
        "command" => {
            let issuer = document["issuers"][0].as_str().unwrap();
            document["title"] = json!(format!("{issuer}令"));
            document["primary_recipients"] = Value::Null;
            document["seal"] = json!("signature_stamp");
            document["sign_off_positions"] = json!(["局长"]);
        }
        "minutes" => {
            document["title"] = json!(format!("关于{title}的会议纪要"));
            document["issuer_mark"] = json!({ "text": "局长办公会议" });
            document["primary_recipients"] = Value::Null;
            document["seal"] = Value::Null;
            document["sign_off_positions"] = Value::Null;
            document["attendance"] = json!({ "present": PEOPLE, "observers": PEOPLE[..3] });
        }
        _ => {}
    }
}

/// A whole filing: an upward report with scores, or another form with blocks.
pub fn filing() -> impl Strategy<Value = Value> {
    (document(), vec(paragraph(), 0..3), scores(), vec(paragraph(), 0..2), blocks()).prop_map(
        |(document, opening, scores, closing, blocks)| {
            if document["form"] != "report" {
                return json!({ "document": document, "body": blocks });
            }
            json!({
                "document": document, "opening": opening, "scores": scores, "closing": closing
            })
        },
    )
}

/// The least filing, with one text as its opening.
pub fn with_opening(paragraphs: &[String]) -> Value {
    let one = json!({ "max_points": "1", "self_score": "1" });
    let indicator = json!({ "title": "资金发放", "max_points": "1", "self_score": "1" });
    let section = json!({ "title": "工作情况", "kind": "base", "max_points": "1",
        "self_score": "1", "indicators": [indicator] });
    json!({
        "document": {
            "form": "notice",
            "direction": "downward",
            "issuers": ["巴中市民政局"],
            "document_number": { "agency_code": "巴市民政", "year": 2021, "serial": 38 },
            "title": "关于救助工作绩效自评情况的通报",
            "sign_off": ["巴中市民政局"],
            "primary_recipients": ["各县（区）民政局"],
            "document_date": "2021-12-22",
            "printing_office": "巴中市民政局办公室",
            "printing_date": "2021-12-22"
        },
        "opening": paragraphs,
        "scores": { "sections": [section], "total": one }
    })
}
