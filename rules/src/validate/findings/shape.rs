//! The violations for faults in the shape of a submission.

use serde_json::Value;

use crate::submission::names::key_name::{key_name, value_name};
use crate::submission::shape::{ShapeFault, ShapeFaultKind, ValueType};
use crate::validate::findings::checker::unlisted;
use crate::validate::findings::violation::{Code, Findings, Violation};
use crate::validate::limits;
use crate::validate::text::characters::quoted;

/// Converts faults of the shape to errors.
impl From<Vec<ShapeFault>> for Findings {
    fn from(faults: Vec<ShapeFault>) -> Self {
        let beyond = faults.len().saturating_sub(limits::FINDINGS_LISTED);
        let listed = faults.into_iter().take(limits::FINDINGS_LISTED).map(violation);
        Self { errors: listed.chain(unlisted(beyond)).collect(), warnings: Vec::new() }
    }
}

fn violation(fault: ShapeFault) -> Violation {
    let (code, detail) = match fault.kind {
        ShapeFaultKind::UnknownKey(key) => {
            let detail = format!("不认识“{}”这一项，请删去，或核对名称的拼写。", quoted(&key));
            (Code::UnknownKey, detail)
        }
        ShapeFaultKind::MissingKey(key) => (Code::MissingKey, format!("请填写{}。", named(&key))),
        ShapeFaultKind::WrongType { found: Value::Null, .. } => {
            (Code::WrongType, format!("请填写{}。", subject(&fault.pointer)))
        }
        ShapeFaultKind::WrongType { expected, found } => {
            let expected: Vec<&str> = expected.into_iter().map(manner).collect();
            let detail = format!(
                "{}应{}，现在{}。",
                subject(&fault.pointer),
                expected.join("或"),
                value_shown(&found)
            );
            (Code::WrongType, detail)
        }
        ShapeFaultKind::NotListed { allowed, found } => {
            let allowed: Vec<String> = allowed.iter().map(|value| listed(value)).collect();
            let (subject, allowed) = (subject(&fault.pointer), allowed.join("、"));
            let detail = match found {
                Value::Null => format!("请填写{subject}，只能是{allowed}之一。"),
                found => format!("{subject}只能是{allowed}之一，现在{}。", value_shown(&found)),
            };
            (Code::WrongType, detail)
        }
    };
    Violation { pointer: fault.pointer, code, detail }
}

/// The Chinese name of the value at a pointer: 标题（title）, 第2个发文机关.
fn subject(pointer: &str) -> String {
    let mut steps = pointer.rsplit('/');
    let last = steps.next().unwrap_or_default();
    match (last.parse::<usize>(), steps.next().and_then(key_name)) {
        (Ok(index), Some(list)) => format!("{list}的第{}项", index + 1),
        _ if last.is_empty() => "提交的内容".to_owned(),
        _ => named(last),
    }
}

fn named(key: &str) -> String {
    match key_name(key) {
        Some(name) => format!("{name}（{key}）"),
        None => format!("“{}”", quoted(key)),
    }
}

/// How to write a value of a type; continues 应.
fn manner(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Object => "分项填写（{…}）",
        ValueType::Array => "逐项列出（[…]）",
        ValueType::Text => "是文字",
        ValueType::Integer => "是整数（不带小数点和指数）",
        ValueType::Number => "是数字",
        ValueType::Boolean => "是true（是）或false（否）",
        ValueType::Null => "不写",
    }
}

/// Describes a value; continues 现在.
fn value_shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("是文字“{}”", quoted(text)),
        Value::Number(number) => format!("是数字{}", quoted(number.as_str())),
        Value::Object(_) => "是分项填写的内容（{…}）".to_owned(),
        Value::Array(_) => "是逐项列出的内容（[…]）".to_owned(),
        Value::Bool(true) => "是true".to_owned(),
        Value::Bool(false) => "是false".to_owned(),
        Value::Null => "没有填写".to_owned(),
    }
}

/// A listed value with its Chinese name, unless the value itself is Chinese.
fn listed(value: &str) -> String {
    match value_name(value) {
        Some(name) => format!("{value}（{name}）"),
        None => value.to_owned(),
    }
}
