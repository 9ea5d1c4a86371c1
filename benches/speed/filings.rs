//! The measured filings: the seed filing with different text each time, and filings of a given size.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

const SEED: &str = include_str!("../../fixtures/valid/bazhong-2021-38.json");

/// The most blocks that a body or an attachment may have.
const BLOCKS: usize = 2_000;

/// Counts the filings of this run, so that no two are the same.
static SERIAL: AtomicUsize = AtomicUsize::new(1);

fn next_serial() -> usize {
    SERIAL.fetch_add(1, Ordering::Relaxed)
}

pub fn seed() -> Value {
    serde_json::from_str(SEED).expect("the seed filing is JSON")
}

fn bytes(filing: &Value) -> Vec<u8> {
    serde_json::to_vec(filing).expect("a JSON value can be written")
}

/// The seed filing with another document number and a mark at the end of each paragraph.
pub fn other_seed() -> Vec<u8> {
    let serial = next_serial();
    let mut filing = seed();
    filing["document"]["document_number"]["serial"] = serial.into();
    for narrative in narratives(&mut filing["scores"]) {
        for paragraph in narrative.as_array_mut().into_iter().flatten() {
            let text = paragraph.as_str().unwrap_or_default();
            *paragraph = format!("{text}（甲{serial}）").into();
        }
    }
    bytes(&filing)
}

fn narratives(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Array(list) => list.iter_mut().flat_map(narratives).collect(),
        Value::Object(object) => object
            .iter_mut()
            .flat_map(|(key, entry)| match key.as_str() {
                "narrative" => vec![entry],
                _ => narratives(entry),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A notice with this body and these attachments.
fn notice(body: &[Value], attachments: &[Value]) -> Vec<u8> {
    bytes(&json!({
        "document": {
            "form": "notice",
            "document_kind": "通知",
            "direction": "downward",
            "issuers": ["巴中市民政局"],
            "document_number": { "agency_code": "巴市民政", "year": 2021, "serial": next_serial() },
            "title": "巴中市民政局关于做好困难群众救助工作的通知",
            "primary_recipients": ["各县（区）民政局"],
            "attachments": attachments,
            "sign_off": ["巴中市民政局"],
            "document_date": "2021-12-22",
            "printing_office": "巴中市民政局办公室",
            "printing_date": "2021-12-22"
        },
        "body": body
    }))
}

/// The sentences of the seed filing, one per paragraph, with a number of its own instead of the first
/// characters. Punctuation other than ， and 。 is left out because it weighs more than a character in
/// the budget of a filing, which would not allow 500 pages.
pub fn text(paragraphs: usize) -> Vec<u8> {
    let is_allowed = |c: &char| matches!(c, '\u{4e00}'..='\u{9fff}' | '，' | '。');
    let mut seed = seed();
    let all: String = narratives(&mut seed["scores"])
        .into_iter()
        .flat_map(|narrative| narrative.as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .flat_map(|text| text.chars().filter(is_allowed))
        .collect();
    let sentences: Vec<&str> = all.split('。').filter(|text| text.chars().count() > 8).collect();
    let serial = next_serial();
    let blocks: Vec<Value> = sentences
        .iter()
        .cycle()
        .take(paragraphs)
        .enumerate()
        .map(|(index, sentence)| {
            let rest: String = sentence.chars().skip(8).collect();
            json!({ "paragraph": format!("{}{}{rest}。", hanzi(serial), hanzi(index)) })
        })
        .collect();
    let mut parts = blocks.chunks(BLOCKS);
    let body = parts.next().unwrap_or_default();
    let attachments: Vec<Value> =
        parts.map(|part| json!({ "title": "有关情况", "body": part })).collect();
    notice(body, &attachments)
}

/// The most pages that the budget of a filing is known to allow: a score table whose narrow column of
/// evidence has almost all of the text.
pub fn most_pages() -> Vec<u8> {
    const INDICATORS: usize = 7;
    const EVIDENCE: usize = 200;
    const LENGTH: usize = 200;
    let mut filing = score_sheet(INDICATORS);
    for indicator in
        filing["scores"]["sections"][0]["indicators"].as_array_mut().into_iter().flatten()
    {
        let evidence = |index| format!("{}{}", hanzi(index), "救".repeat(LENGTH - 4));
        indicator["evidence"] = (0..EVIDENCE).map(evidence).collect();
    }
    bytes(&filing)
}

/// A table of four columns, as agencies circulate it.
pub fn table(rows: usize) -> Vec<u8> {
    let serial = next_serial();
    let row = |index: usize| {
        let name = format!("第{}村{}组", hanzi(serial), hanzi(index));
        json!([
            (index + 1).to_string(),
            name,
            "救助资金按时足额发放到位",
            format!("{}.5", index % 90)
        ])
    };
    let rows: Vec<Value> = (0..rows).map(row).collect();
    let columns = json!([{ "width": 6 }, { "width": 14 }, { "width": 20 }, { "width": 8 }]);
    let table = json!({
        "table": { "columns": columns, "head": [["序号", "单位", "情况", "得分"]], "rows": rows }
    });
    let attachment = json!({ "title": "得分情况表", "body": [table] });
    notice(&[json!({ "paragraph": "得分情况见附件。" })], &[attachment])
}

/// The seed filing with one section of this many indicators. Each has a line in the text and a row in
/// the score table.
pub fn score_table(indicators: usize) -> Vec<u8> {
    bytes(&score_sheet(indicators))
}

fn score_sheet(indicators: usize) -> Value {
    let serial = next_serial();
    let mut filing = seed();
    let indicator = |index: usize| {
        let title = format!("第{}项{}", hanzi(index), hanzi(serial));
        json!({ "title": title, "max_points": "0.01", "self_score": "0.01" })
    };
    let points = format!("{}.{:02}", indicators / 100, indicators % 100);
    let indicators: Vec<Value> = (0..indicators).map(indicator).collect();
    filing["scores"] = json!({
        "sections": [{ "title": "工作情况", "kind": "base", "max_points": points,
            "self_score": points, "indicators": indicators }],
        "total": { "max_points": points, "self_score": points }
    });
    filing["document"]["attachments"] = json!([{ "title": "自评表", "score_table": true }]);
    filing
}

/// A number as at least four Chinese digits, which count as characters.
fn hanzi(number: usize) -> String {
    let digits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    format!("{number:04}").bytes().map(|digit| digits[usize::from(digit - b'0')]).collect()
}
