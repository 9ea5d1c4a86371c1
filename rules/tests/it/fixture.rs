//! Fixtures as request bodies, a coverage with almost every character, and results as JSON.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hongtou_rules::submission::read::{Posted, ReadError};
use hongtou_rules::validate::findings::violation::Findings;
use hongtou_rules::validate::text::font_coverage::FontCoverage;
use hongtou_rules::validate::text::typeface::Typeface;
use hongtou_rules::validate::{Accepted, validate};
use serde_json::{Value, json};

/// The seed filing, which is valid.
pub const SEED: &str = "bazhong-2021-38";

/// Every character except 𡋾; 镕, 喆 and 淼 are each missing in one typeface.
pub static COVERAGE: LazyLock<FontCoverage> = LazyLock::new(|| {
    Typeface::ALL.into_iter().fold(FontCoverage::default(), |coverage, face| {
        let missing = match face {
            Typeface::Biaosong => '镕',
            Typeface::Kaiti => '喆',
            Typeface::Heiti => '淼',
            Typeface::Fangsong | Typeface::Songti => '𡋾',
        };
        let all = ('\0'..='\u{2FFFF}').filter(|c| *c != missing && *c != '𡋾');
        coverage.with_face(face, all.collect())
    })
});

/// The folder of fixtures of one kind.
pub fn folder(kind: &str) -> PathBuf {
    root().join("fixtures").join(kind)
}

/// The root of the repository; the packages share its fixtures.
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().find(|folder| folder.join("fixtures").is_dir()).unwrap()
}

/// The names of the fixtures of one kind, sorted.
pub fn names(kind: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder(kind))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|file| file.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// The bytes of a fixture.
pub fn bytes(kind: &str, name: &str) -> Vec<u8> {
    std::fs::read(folder(kind).join(name).with_extension("json")).unwrap()
}

/// The seed filing as JSON.
pub fn seed() -> Value {
    serde_json::from_slice(&bytes("valid", SEED)).unwrap()
}

/// The seed filing with another value at one place.
pub fn seed_with(pointer: &str, value: Value) -> Vec<u8> {
    let mut json = seed();
    *json.pointer_mut(pointer).unwrap() = value;
    serde_json::to_vec(&json).unwrap()
}

/// The body of a fixture in `invalid/` or `warned/`, and its purpose.
pub fn body(kind: &str, name: &str) -> (String, Vec<u8>) {
    let fixture: Value = serde_json::from_slice(&bytes(kind, name)).unwrap();
    let why = fixture["why"].as_str().unwrap().to_owned();
    if let Some(text) = fixture["body"].as_str() {
        return (why, text.as_bytes().to_vec());
    }
    if let Some(encoded) = fixture["body_base64"].as_str() {
        return (why, BASE64_STANDARD.decode(encoded).unwrap());
    }
    let base = fixture["base"].as_str().unwrap();
    let mut json: Value = serde_json::from_slice(&bytes("valid", base)).unwrap();
    for operation in fixture["patch"].as_array().unwrap() {
        apply(&mut json, operation);
    }
    (why, serde_json::to_vec(&json).unwrap())
}

/// Applies one operation of a JSON Patch (RFC 6902).
fn apply(json: &mut Value, operation: &Value) {
    let path = operation["path"].as_str().unwrap();
    let (parent, last) = path.rsplit_once('/').unwrap();
    let key = last.replace("~1", "/").replace("~0", "~");
    let value = operation["value"].clone();
    let parent = json.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}"));
    match (operation["op"].as_str().unwrap(), parent) {
        ("add", Value::Object(object)) => {
            assert!(object.insert(key, value).is_none_or(|old| old.is_null()), "{path} is there");
        }
        ("add", Value::Array(list)) if key == "-" => list.push(value),
        ("add", Value::Array(list)) => list.insert(key.parse().unwrap(), value),
        ("replace", Value::Object(object)) => {
            assert!(object.insert(key, value).is_some(), "{path} is not there");
        }
        ("replace", Value::Array(list)) => list[key.parse::<usize>().unwrap()] = value,
        ("remove", Value::Object(object)) => assert!(object.remove(&key).is_some(), "no {path}"),
        ("remove", Value::Array(list)) => drop(list.remove(key.parse().unwrap())),
        (op, _) => panic!("cannot {op} at {path}"),
    }
}

/// The result of a body.
#[derive(Debug)]
pub enum Answer {
    Accepted(Box<Accepted>),
    Refused(Findings),
    Unreadable(ReadError),
}

/// Reads and checks a body.
pub fn answer(body: &[u8]) -> Answer {
    match Posted::read(body) {
        Ok(posted) => match validate(posted, &COVERAGE) {
            Ok(accepted) => Answer::Accepted(Box::new(accepted)),
            Err(findings) => Answer::Refused(findings),
        },
        Err(ReadError::Shape(faults)) => Answer::Refused(Findings::from(faults)),
        Err(unreadable) => Answer::Unreadable(unreadable),
    }
}

impl Answer {
    /// The accepted filing.
    pub fn accepted(self) -> Accepted {
        match self {
            Self::Accepted(accepted) => *accepted,
            other => panic!("not accepted: {:#}", other.shown()),
        }
    }

    /// The findings of a refusal.
    pub fn refused(self) -> Findings {
        match self {
            Self::Refused(findings) => findings,
            other => panic!("not refused: {:#}", other.shown()),
        }
    }

    /// The answer as a snapshot shows it.
    pub fn shown(&self) -> Value {
        match self {
            Self::Accepted(accepted) => json!({ "warnings": accepted.warnings }),
            Self::Refused(findings) => json!(findings),
            Self::Unreadable(error) => json!({ "unreadable": error.to_string() }),
        }
    }
}
