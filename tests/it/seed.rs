//! The seed filing and the typesetter every page test shares.

use std::path::PathBuf;
use std::sync::LazyLock;

use hongtou::render::Typesetter;
use hongtou::render::fonts::FontSet;
use hongtou::submission::read::Posted;
use hongtou::validate::filing::Filing;
use hongtou::validate::validate;
use serde_json::Value;

pub static TYPESETTER: LazyLock<Typesetter> = LazyLock::new(|| Typesetter::new(FontSet::bundled()));

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The seed filing as posted.
pub fn body() -> Vec<u8> {
    std::fs::read(folder().join("fixtures/valid/bazhong-2021-38.json")).unwrap()
}

/// The seed filing as JSON, to change.
pub fn json() -> Value {
    serde_json::from_slice(&body()).unwrap()
}

/// A file of `fixtures/valid` as JSON, to change.
pub fn valid_json(name: &str) -> Value {
    let path = folder().join("fixtures/valid").join(name).with_extension("json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A file of `fixtures/valid` as a filing.
pub fn valid(name: &str) -> Filing {
    filing(&valid_json(name))
}

/// A filing that the rules accept.
pub fn filing(json: &Value) -> Filing {
    let posted = Posted::read(&serde_json::to_vec(json).unwrap()).unwrap();
    validate(posted, TYPESETTER.coverage()).unwrap().filing
}
