//! Submissions at random that the rules accept: every sum holds, every text is long or short.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

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
const SEALS: [&str; 3] = ["sealed", "unsealed", "sealed"];

/// 版头 and 版记 for a number of issuers; the title ends with its 文种.
fn document() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        3 => prop::sample::subsequence(AGENCIES.to_vec(), 1..=2),
        1 => prop::sample::subsequence(AGENCIES.to_vec(), 3..=6),
    ];
    let attachments = vec(title(), 0..4);
    let copies = prop::sample::subsequence(AGENCIES.to_vec(), 0..=8);
    let flags = (any::<bool>(), any::<bool>(), prop::sample::select(SEALS.to_vec()));
    (names, title(), attachments, copies, flags, 1..9999_u32).prop_map(
        |(issuers, title, attachments, copies, (is_upward, is_mirrored, seal), serial)| {
            let copies: Vec<&str> =
                copies.into_iter().filter(|name| !issuers.contains(name)).collect();
            let mut document = json!({
                "form": "report",
                "direction": "upward",
                "issuers": issuers,
                "signatories": PEOPLE[..issuers.len()],
                "document_number": { "agency_code": "巴市民政", "year": 2021, "serial": serial },
                "title": format!("关于报送{title}的报告"),
                "primary_recipients": ["省民政厅"],
                "attachments":
                    attachments.iter().map(|title| json!({ "title": title })).collect::<Vec<_>>(),
                "sign_off": issuers,
                "seal": seal,
                "binding": if is_mirrored { "mirrored" } else { "left" },
                "document_date": "2021-12-22",
                "copy_recipients": copies,
                "printing_office": "巴中市民政局办公室",
                "printing_date": "2021-12-22"
            });
            if !is_upward {
                document["form"] = json!("notice");
                document["direction"] = json!("downward");
                document["title"] = json!(format!("关于做好{title}的通知"));
                document["primary_recipients"] = json!(["各县（区）民政局", "市属各单位"]);
                document["signatories"] = Value::Null;
            }
            document
        },
    )
}

/// Headings of any level and paragraphs, in place of scores.
fn blocks() -> impl Strategy<Value = Value> {
    let heading = (1..=4_u8, title())
        .prop_map(|(level, title)| json!({ "heading": { "level": level, "title": title } }));
    let block = prop_oneof![
        1 => heading,
        2 => paragraph().prop_map(|text| json!({ "paragraph": text })),
    ];
    vec(block, 1..30).prop_map(|blocks| json!(blocks))
}

/// A whole filing: an upward report with scores, or a notice of blocks.
pub fn filing() -> impl Strategy<Value = Value> {
    (document(), vec(paragraph(), 0..3), scores(), vec(paragraph(), 0..2), blocks()).prop_map(
        |(document, opening, scores, closing, blocks)| {
            if document["form"] == "notice" {
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
