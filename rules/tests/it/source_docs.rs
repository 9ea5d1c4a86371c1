//! The documentation of the types of the input format, read from their source files.

use std::collections::BTreeMap;

use crate::fixture;

const FILES: [&str; 18] = [
    "submission/mod.rs",
    "submission/elements/number.rs",
    "submission/issued.rs",
    "submission/scores.rs",
    "document/block.rs",
    "scoring/not_applicable.rs",
    "scoring/wording.rs",
    "submission/block.rs",
    "submission/cell.rs",
    "submission/project.rs",
    "document/attachment.rs",
    "document/kind/mod.rs",
    "document/masthead/mod.rs",
    "document/masthead/number.rs",
    "document/sign_off.rs",
    "document/table.rs",
    "scoring/amount.rs",
    "scoring/sheet.rs",
];

/// Documentation by type and by field or serialized value; the type's own has no key.
pub fn read() -> BTreeMap<(String, String), String> {
    items().into_iter().map(|(name, key, docs)| ((schema_name(name), key), docs)).collect()
}

/// The fields of a type in the order of their declaration.
pub fn fields(name: &str) -> Vec<String> {
    let own = items()
        .into_iter()
        .filter(|(of, key, _)| schema_name(of.clone()) == name && !key.is_empty());
    own.map(|(_, key, _)| key).collect()
}

/// The published name of a type.
fn schema_name(name: String) -> String {
    match name.as_str() {
        "PostedCell" => "Cell".to_owned(),
        "PostedBlock" => "Text".to_owned(),
        "PostedIssuedText" => "IssuedText".to_owned(),
        // The type of `document::table`, which the schema does not have.
        "Cell" => "TableCell".to_owned(),
        _ => name,
    }
}

fn items() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for file in FILES {
        let path = fixture::root().join("rules/src").join(file);
        let source = std::fs::read_to_string(path).unwrap();
        let (mut docs, mut rename, mut owner) = (Vec::new(), None, String::new());
        for line in source.lines() {
            let text = line.trim();
            if let Some(doc) = text.strip_prefix("/// ") {
                docs.push(doc.to_owned());
                continue;
            }
            if let Some(rest) = text.strip_prefix("#[serde(rename = \"") {
                rename = rest.split('"').next().map(str::to_owned);
                continue;
            }
            let top = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            let variant = rename.clone().filter(|_| text.ends_with(','));
            let field = text.strip_prefix("pub ").and_then(|rest| rest.split_once(": "));
            if let Some(rest) = top {
                owner = rest.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
                found.push((owner.clone(), String::new(), docs.join(" ")));
            } else if let Some(code) = variant {
                found.push((owner.clone(), code, docs.join(" ")));
            } else if let Some((field, _)) = field {
                found.push((owner.clone(), field.to_owned(), docs.join(" ")));
            } else {
                // An attribute stands between the documentation and its item.
                let is_between = text.starts_with("#[")
                    || text.starts_with("description")
                    || text.starts_with("schema_with")
                    || text.starts_with(")]")
                    || text.starts_with("Debug");
                if !is_between {
                    docs.clear();
                }
                continue;
            }
            docs.clear();
            rename = None;
        }
    }
    found
}
