//! The contract and the code, held to each other.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::http::Method;
use hongtou::http::router::contract as document;
use hongtou::http::router::table;
use serde_json::{Map, Value, json};

use crate::http::in_process::{Answer, get};

static CONTRACT: LazyLock<Value> = LazyLock::new(document);

/// The operation of the contract that serves a request, where there is one.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let paths = CONTRACT["paths"].as_object().unwrap();
    let exact = paths.get(path);
    let item = exact.or_else(|| paths.iter().find(|(one, _)| fits(one, path)).map(|(_, it)| it))?;
    item.get(method.as_str().to_ascii_lowercase())
}

/// Whether a path is of a template such as `/docs/{file}`.
fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(want, is)| want.starts_with('{') || want == is)
}

/// What a `$ref` of the contract names; anything else names itself.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => CONTRACT
            .pointer(&reference[1..])
            .unwrap_or_else(|| panic!("the contract has no {reference}")),
        None => value,
    }
}

/// Asserts that the contract has this answer: its status, type, headers and the shape of its body.
#[track_caller]
pub(crate) fn hold(method: &Method, path: &str, answer: &Answer) {
    let body_type = answer.header("content-type").split(';').next().unwrap();
    let Some(operation) = operation(method, path) else {
        // Some tests bring routes of their own; what is no answer is a problem there too.
        if body_type == "application/problem+json" {
            assert_fits(&json!({ "$ref": "#/components/schemas/Problem" }), &answer.body);
        }
        return;
    };
    let status = answer.status.as_u16().to_string();
    let place = format!("{method} {path}: {status}");
    let response = operation["responses"].get(&status);
    let response = resolved(response.unwrap_or_else(|| panic!("{place} is not in the contract")));
    for name in response["headers"].as_object().into_iter().flat_map(Map::keys) {
        let required = resolved(&response["headers"][name])["required"] == true;
        assert!(!required || !answer.header(name).is_empty(), "{place} lacks {name}");
    }
    match response.get("content") {
        Some(content) => {
            let content = content.get(body_type);
            let content = content.unwrap_or_else(|| panic!("{place} may not be {body_type}"));
            // A part of a text is no text of its own.
            if body_type.ends_with("json") && status != "206" {
                assert_fits(&content["schema"], &answer.body);
            }
        }
        None => assert!(answer.body.is_empty(), "{place} has a body"),
    }
}

#[track_caller]
fn assert_fits(schema: &Value, body: &[u8]) {
    let mut schema = schema.clone();
    schema["components"] = CONTRACT["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let body: Value = serde_json::from_slice(body).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every operation with its method and path.
fn operations() -> Vec<(&'static String, &'static String, &'static Value)> {
    let paths = CONTRACT["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (method, path, operation))
    });
    each.collect()
}

fn is_chinese(text: &Value) -> bool {
    text.as_str().is_some_and(|text| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)))
}

#[test]
fn no_route_is_outside_the_contract() {
    let mut api = table().routes;
    let described: BTreeSet<String> = api.to_openapi().paths.paths.into_keys().collect();
    let published: BTreeSet<String> =
        CONTRACT["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(described, published);
    // A route added by `route` and not by `routes!` would be in the router alone.
    let router = format!("{:?}", axum::Router::from(api));
    let routed = router.split('"').filter(|word| word.starts_with('/'));
    // Beside its routes a router has a fallback, in two places.
    let routed: BTreeSet<String> = routed
        .filter(|path| *path != "/" && !path.contains("private"))
        .map(str::to_owned)
        .collect();
    assert_eq!(routed, published.into_iter().filter(|path| path != "/").collect());
}

#[test]
fn every_operation_is_described_in_chinese_and_by_an_id_of_its_own() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let place = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{place}: its id");
        assert!(is_chinese(&operation["summary"]), "{place}: its summary");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(is_chinese(&resolved(parameter)["description"]), "{place}: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(is_chinese(&resolved(response)["description"]), "{place}: {status}");
        }
    }
}

#[test]
fn every_key_of_every_schema_is_described_in_chinese() {
    let schemas = CONTRACT["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            // A cell is said to be what it is as a whole.
            assert!(name == "Cell" || is_chinese(&property["description"]), "{name}: {key}");
        }
        assert!(is_chinese(&schema["description"]), "{name}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&CONTRACT, &mut found);
    assert!(found.len() > 100);
    for reference in found {
        assert!(CONTRACT.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

#[test]
fn the_contract_is_as_it_was() {
    let mut contract = CONTRACT.clone();
    // A fixture with tests of its own.
    contract["components"]["examples"]["Submission"]["value"] = json!("the seed filing");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(".");
    settings.bind(|| insta::assert_json_snapshot!("openapi", contract));
}

#[tokio::test]
async fn the_contract_is_served_and_fits_the_submissions() {
    let served = get("/openapi.json").await.json();
    assert_eq!(served, *CONTRACT);
    let schema = get("/v1/schemas/submission.json").await;
    assert_eq!(schema.header("content-type"), "application/schema+json");
    let validator = jsonschema::validator_for(&schema.json()).unwrap();
    let example = &served["components"]["examples"]["Submission"]["value"];
    assert!(validator.is_valid(example));
    assert_fits(
        &json!({ "$ref": "#/components/schemas/Submission" }),
        example.to_string().as_bytes(),
    );
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let page = get("/docs").await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let html = String::from_utf8(page.body).unwrap();
    let loaded = html.split(['"', ' ']).filter(|word| word.starts_with("/docs/"));
    let mut files = 0;
    for file in loaded {
        let file = get(file).await;
        assert_eq!(file.status, 200);
        assert!(file.body.len() > 500);
        files += 1;
    }
    assert_eq!(files, 4);
    assert!(!html.contains("http"), "{html}");
    get("/docs/index.html").await.assert_problem(404, "not-found");
}
