//! Compares submissions by what they mean: absent and default values are equal.

use std::fs;
use std::path::PathBuf;

use hongtou_rules::document::kind::DocumentKind;
use serde_json::{Map, Value};

/// The folder of fixtures.
pub fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// A fixture as JSON.
pub fn fixture(name: &str) -> Value {
    serde_json::from_slice(&fs::read(fixtures().join(name)).unwrap()).unwrap()
}

/// The names of the fixtures in a folder, without their suffix.
pub fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(fixtures().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
    names.sort();
    names
}

/// The fields in which two submissions differ: the pointer and both values. A list that has another
/// length is one field.
pub fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut all = Vec::new();
    compare("", &normal(expected), &normal(found), &mut all);
    all
}

fn compare(at: &str, expected: &Value, found: &Value, all: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let value =
                    |object: &Map<String, Value>| object.get(key).cloned().unwrap_or_default();
                compare(&format!("{at}/{key}"), &value(a), &value(b), all);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{at}/{index}"), a, b, all);
            }
        }
        _ if expected == found => {}
        _ => {
            let short = |value: &Value| value.to_string().chars().take(300).collect::<String>();
            all.push(format!("{at}: {} <> {}", short(expected), short(found)));
        }
    }
}

/// The submission without what is absent or the default.
pub fn normal(submission: &Value) -> Value {
    let mut submission = without_nothing(submission);
    join_text(&mut submission);
    let title = submission["document"]["title"].as_str().unwrap_or_default().to_owned();
    let kind = DocumentKind::of_title(&title).map(DocumentKind::name);
    let form = submission["document"]["form"].as_str().unwrap_or_default().to_owned();
    let Some(document) = submission["document"].as_object_mut() else { return submission };
    let is_default = document.get("document_kind").and_then(Value::as_str) == kind
        || form == "minutes"
        || form == "command";
    if is_default {
        document.remove("document_kind");
    }
    submission
}

/// The relative widths without common factors.
fn reduce_widths(columns: &mut Value) {
    let columns = columns.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default();
    let width =
        |column: &Value| column["width"].as_str().and_then(|width| width.parse::<u64>().ok());
    let widths: Vec<u64> = columns.iter().filter_map(width).collect();
    let divisor = widths.iter().copied().fold(0, |a, b| {
        let (mut a, mut b) = (a, b);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    });
    for (column, width) in columns.iter_mut().zip(widths) {
        column["width"] = (width / divisor).to_string().into();
    }
}

/// Text after a sheet that is only in an attachment follows the text before it.
fn join_text(submission: &mut Value) {
    if submission["scores"]["placement"] != "attachment" {
        return;
    }
    let closing = submission.as_object_mut().and_then(|object| object.remove("closing"));
    if let (Some(Value::Array(closing)), Some(opening)) =
        (closing, submission["opening"].as_array_mut())
    {
        opening.extend(closing);
    }
}

fn without_nothing(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| (key.clone(), without_nothing(value)));
            let is_default = |key: &str, value: &Value| {
                value.is_null()
                    || (key == "closing" && value == &Value::Array(Vec::new()))
                    || (key == "head" && value == &Value::Array(Vec::new()))
                    || [
                        ("binding", "together"),
                        ("format", "standard"),
                        ("placement", "text"),
                        ("align", "center"),
                    ]
                    .contains(&(key, value.as_str().unwrap_or_default()))
            };
            let kept = entries.filter(|(key, value)| !is_default(key, value));
            let mut kept = Value::Object(kept.collect());
            if let Some(columns) = kept.get_mut("columns") {
                reduce_widths(columns);
            }
            kept
        }
        Value::Array(list) => list.iter().map(without_nothing).collect(),
        Value::Number(number) => Value::String(number.to_string()),
        value => value.clone(),
    }
}
