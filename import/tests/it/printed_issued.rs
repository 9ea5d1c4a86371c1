//! The lines above and below an issued text that is a document itself.

use serde_json::Value;

use crate::printed::{date, list, names, text};

/// The issued texts of a submission.
pub fn texts(issued: &Value) -> &[Value] {
    match issued {
        Value::Array(texts) => texts.as_slice(),
        Value::Null => &[],
        text => std::slice::from_ref(text),
    }
}

/// 发文字号, 题注, 署名 below the title, and 主送机关.
pub fn above(issued: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let number = &issued["document_number"];
    if let Some(code) = number["agency_code"].as_str() {
        lines.push(format!("{code}〔{}〕{}号", number["year"], number["serial"]));
    }
    if let Some(note) = issued["note"].as_str() {
        lines.push(format!("（{note}）"));
    }
    if issued["sign_off_place"] == "below_title" {
        lines.push(names(&issued["sign_off"], "  "));
        if issued["document_date"].is_string() {
            lines.push(format!("（{}）", date(&issued["document_date"])));
        }
    }
    if issued["primary_recipients"].is_array() {
        lines.push(format!("{}：", names(&issued["primary_recipients"], "、")));
    }
    lines
}

/// 署名, the date and 附注 below the text.
pub fn below(issued: &Value) -> Vec<String> {
    if issued["sign_off_place"] == "below_title" || !issued["document_date"].is_string() {
        return Vec::new();
    }
    let mut lines: Vec<String> =
        list(&issued["sign_off"]).iter().map(|name| text(name).to_owned()).collect();
    lines.push(date(&issued["document_date"]));
    lines.extend(issued["annotation"].as_str().map(|annotation| format!("（{annotation}）")));
    lines
}
