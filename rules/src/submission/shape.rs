//! The shape of a submission: its JSON Schema, and every place where JSON departs from it.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::Location;
use jsonschema::{JsonType, Keyword, ValidationError, Validator};
use serde_json::{Map, Value};

use crate::submission::Submission;

/// One departure from the shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeFault {
    /// JSON Pointer (RFC 6901) to the value, or to the key that is missing or unexpected.
    pub pointer: String,
    /// What is wrong there.
    pub kind: ShapeFaultKind,
}

/// What can be wrong with the shape of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShapeFaultKind {
    /// A key that the format does not have.
    UnknownKey(String),
    /// A required key is missing.
    MissingKey(String),
    /// A value of another type.
    WrongType {
        /// The allowed types.
        expected: Vec<ValueType>,
        /// The value that was found; lists and objects are emptied.
        found: Value,
    },
    /// A value that is not in the list.
    NotListed {
        /// The allowed values.
        allowed: Vec<String>,
        /// The value that was found; lists and objects are emptied.
        found: Value,
    },
}

/// The types of a JSON value, with integers as a type of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueType {
    /// `{…}`.
    Object,
    /// `[…]`.
    Array,
    /// `"…"`.
    Text,
    /// A whole number in plain digits.
    Integer,
    /// Any other number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
}

/// The published JSON Schema of a submission, made from the types that read it.
pub fn json_schema() -> Value {
    schemars::schema_for!(Submission).to_value()
}

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::options()
        .with_keyword("format", |_: &Map<String, Value>, value: &Value, _: Location| {
            Ok(Box::new(FormatInt64 { applies: value == "int64" }) as _)
        })
        .build(&json_schema())
        .expect("schemars writes a valid schema, as every test of reading shows")
});

/// Every departure from the shape, sorted by place.
pub(super) fn faults(json: &Value) -> Vec<ShapeFault> {
    // Collecting the errors of a valid submission takes several times as long.
    if VALIDATOR.is_valid(json) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for error in VALIDATOR.iter_errors(json) {
        collect(&error, &mut faults);
    }
    faults.sort_by_cached_key(|fault| steps(&fault.pointer));
    // A fraction violates both `type` and `format` of an integer; one fault is enough.
    faults.dedup();
    faults
}

fn collect(error: &ValidationError<'_>, faults: &mut Vec<ShapeFault>) {
    let pointer = error.instance_path().as_str();
    let mut add = |pointer: String, kind| faults.push(ShapeFault { pointer, kind });
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                add(below(pointer, key), ShapeFaultKind::UnknownKey(key.clone()));
            }
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            add(below(pointer, key), ShapeFaultKind::MissingKey(key.to_owned()));
        }
        // An optional value is `anyOf` the value or null; report against the value.
        ValidationErrorKind::AnyOf { context } => {
            for nested in context.first().into_iter().flatten() {
                collect(nested, faults);
            }
        }
        // An enum whose values have descriptions is `oneOf` constants.
        ValidationErrorKind::OneOfNotValid { context } => {
            let allowed = context.iter().flatten().filter_map(constant).collect();
            let found = shallow(error.instance());
            add(pointer.to_owned(), ShapeFaultKind::NotListed { allowed, found });
        }
        ValidationErrorKind::Enum { options } => {
            let listed = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let allowed = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let found = shallow(error.instance());
            add(pointer.to_owned(), ShapeFaultKind::NotListed { allowed, found });
        }
        kind => {
            let expected = expected(kind);
            let found = shallow(error.instance());
            add(pointer.to_owned(), ShapeFaultKind::WrongType { expected, found });
        }
    }
}

fn constant(error: &ValidationError<'_>) -> Option<String> {
    match error.kind() {
        ValidationErrorKind::Constant { expected_value } => {
            expected_value.as_str().map(str::to_owned)
        }
        _ => None,
    }
}

/// An empty list or object in place of a full one, which may be most of the submission.
fn shallow(value: &Value) -> Value {
    match value {
        Value::Object(_) => Value::Object(Map::new()),
        Value::Array(_) => Value::Array(Vec::new()),
        plain => plain.clone(),
    }
}

/// The allowed types without null, because a missing key means the same.
fn expected(kind: &ValidationErrorKind) -> Vec<ValueType> {
    match kind {
        ValidationErrorKind::Type { kind: TypeKind::Single(one) } => vec![ValueType::named(*one)],
        ValidationErrorKind::Type { kind: TypeKind::Multiple(several) } => several
            .iter()
            .map(ValueType::named)
            .filter(|value_type| *value_type != ValueType::Null)
            .collect(),
        // The only other keyword of the schema is `format`: int64.
        _ => vec![ValueType::Integer],
    }
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The steps of a pointer as a sort key, so that entry 10 comes after entry 9.
fn steps(pointer: &str) -> Vec<(u64, String)> {
    pointer.split('/').map(|step| (step.parse().unwrap_or(u64::MAX), step.to_owned())).collect()
}

impl ValueType {
    fn named(json_type: JsonType) -> Self {
        match json_type {
            JsonType::Object => Self::Object,
            JsonType::Array => Self::Array,
            JsonType::String => Self::Text,
            JsonType::Integer => Self::Integer,
            JsonType::Number => Self::Number,
            JsonType::Boolean => Self::Boolean,
            JsonType::Null => Self::Null,
        }
    }
}

/// Whether the text parses as an `i64`. JSON Schema also accepts `2021.0` and `1e30` as integers.
fn is_plain_integer(digits: &str) -> bool {
    digits.parse::<i64>().is_ok_and(|number| number.to_string() == digits)
}

/// Checks `"format": "int64"`, which JSON Schema itself does not.
struct FormatInt64 {
    applies: bool,
}

impl<'i> Keyword<'i> for FormatInt64 {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom("not a whole number in plain digits"))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match instance {
            Value::Number(number) if self.applies => is_plain_integer(number.as_str()),
            _ => true,
        }
    }
}
