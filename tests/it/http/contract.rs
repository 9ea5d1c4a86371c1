//! The contract agrees with the routes, the responses and the submissions.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::http::Method;
use hongtou::http::router::contract as document;
use hongtou::http::router::table;
use serde_json::{Map, Value, json};

use crate::http::in_process::{Answer, get};

static CONTRACT: LazyLock<Value> = LazyLock::new(document);

/// The operation of the contract for a request, if there is one.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let paths = CONTRACT["paths"].as_object().unwrap();
    let exact = paths.get(path);
    let item = exact.or_else(|| paths.iter().find(|(one, _)| fits(one, path)).map(|(_, it)| it))?;
    item.get(method.as_str().to_ascii_lowercase())
}

/// Whether a path matches a template such as `/docs/{file}`.
fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(want, is)| want.starts_with('{') || want == is)
}

/// The target of a `$ref` in the contract; any other value is returned unchanged.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => CONTRACT
            .pointer(&reference[1..])
            .unwrap_or_else(|| panic!("the contract has no {reference}")),
        None => value,
    }
}

/// Asserts that the contract has this response: its status, media type, headers and body schema.
#[track_caller]
pub(crate) fn assert_conforms(method: &Method, path: &str, answer: &Answer) {
    let body_type = answer.header("content-type").split(';').next().unwrap();
    let Some(operation) = operation(method, path) else {
        // Some tests have routes of their own, whose errors are problems too.
        if body_type == "application/problem+json" && method != Method::HEAD {
            assert_fits(&json!({ "$ref": "#/components/schemas/Problem" }), &answer.body);
        }
        return;
    };
    let status = answer.status.as_u16().to_string();
    let name = format!("{method} {path}: {status}");
    let response = operation["responses"].get(&status);
    let response = resolved(response.unwrap_or_else(|| panic!("{name} is not in the contract")));
    for header in response["headers"].as_object().into_iter().flat_map(Map::keys) {
        let required = resolved(&response["headers"][header])["required"] == true;
        assert!(!required || !answer.header(header).is_empty(), "{name} has no {header}");
    }
    match response.get("content") {
        Some(content) => {
            let content = content.get(body_type);
            let content = content.unwrap_or_else(|| panic!("{name} may not be {body_type}"));
            // A part of a JSON document is not JSON.
            if body_type.ends_with("json") && status != "206" {
                assert_fits(&content["schema"], &answer.body);
            }
        }
        None => assert!(answer.body.is_empty(), "{name} has a body"),
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

/// Every operation of the contract with its method and path.
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
fn the_gate_and_the_contract_have_the_same_operations() {
    // `Table` adds a route together with its rule and its operation, so these are all routes.
    let table = table();
    let ruled: BTreeSet<(String, String)> = table
        .rules
        .operations()
        // The contract writes a parameter that takes the rest of the path like any other.
        .map(|(path, method)| (path.replace("{*", "{"), method.to_owned()))
        .collect();
    let described: BTreeSet<(String, String)> = operations()
        .into_iter()
        .map(|(method, path, _)| (path.clone(), method.to_uppercase()))
        .collect();
    assert_eq!(ruled, described);
    assert!(ruled.len() >= 30, "{} operations", ruled.len());
}

#[test]
fn every_operation_has_a_unique_id_and_chinese_texts() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let name = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}: duplicate id");
        assert!(is_chinese(&operation["summary"]), "{name}: summary");
        if let Some(description) = operation.get("description") {
            assert!(is_chinese(description), "{name}: description");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(is_chinese(&resolved(parameter)["description"]), "{name}: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(is_chinese(&resolved(response)["description"]), "{name}: {status}");
        }
    }
}

#[test]
fn every_property_of_every_schema_has_a_chinese_description() {
    let schemas = CONTRACT["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            // `Cell` has one description for all its properties.
            assert!(name == "Cell" || is_chinese(&property["description"]), "{name}: {key}");
        }
        assert!(is_chinese(&schema["description"]), "{name}");
    }
}

#[test]
fn generators_of_clients_find_what_they_need() {
    let text = CONTRACT["components"]["schemas"].to_string();
    assert!(!text.contains("\"const\""), "a list of values is an `enum`");
    let declared: Vec<&Value> =
        CONTRACT["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    assert_eq!(declared[0], "公文");
    assert_eq!(CONTRACT["servers"][0]["url"], "/");
    let paths = CONTRACT["paths"].to_string();
    for name in CONTRACT["components"]["responses"].as_object().unwrap().keys() {
        assert!(paths.contains(&format!("/responses/{name}\"")), "{name} is not used");
    }
    for (method, path, operation) in operations() {
        let name = format!("{method} {path}");
        for tag in operation["tags"].as_array().unwrap() {
            assert!(declared.contains(&tag), "{name}: {tag}");
        }
        let has = |parameter: &str| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters.into_iter().any(|one| resolved(one)["name"] == parameter)
        };
        let responses = operation["responses"].as_object().unwrap();
        assert_eq!(responses.contains_key("304"), has("If-None-Match"), "{name}");
        assert_eq!(responses.contains_key("206"), has("Range"), "{name}");
        for (status, response) in responses {
            let sends = |header: &str| resolved(response)["headers"].get(header).is_some();
            assert!(status != "304" || sends("ETag"), "{name}: {status}");
            assert!(status != "202" || sends("Location"), "{name}: {status}");
            assert!(status != "206" || sends("Content-Range"), "{name}: {status}");
        }
    }
}

#[tokio::test]
async fn a_filing_is_a_pdf_unless_the_client_prefers_its_record() {
    let served = String::from_utf8(get("/openapi.json").await.body).unwrap();
    let post = served.find("\"postFiling\"").unwrap();
    let created = post + served[post..].find("\"201\"").unwrap();
    let content = created + served[created..].find("\"content\"").unwrap();
    assert!(served[content..].starts_with("\"content\":{\"application/pdf\""));
}

#[test]
fn every_reference_resolves() {
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
fn the_contract_equals_its_snapshot() {
    let mut contract = CONTRACT.clone();
    // The example is a fixture, which other tests cover.
    contract["components"]["examples"]["Submission"]["value"] = json!("the seed filing");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(".");
    settings.bind(|| insta::assert_json_snapshot!("openapi", contract));
}

#[tokio::test]
async fn the_contract_is_served_and_its_example_is_valid() {
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
async fn the_page_loads_only_files_of_this_server() {
    let page = get("/docs").await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let html = String::from_utf8(page.body).unwrap();
    let loaded = html.split(['"', ' ']).filter(|word| word.starts_with("/docs/"));
    let mut n_files = 0;
    for file in loaded {
        let file = get(file).await;
        assert_eq!(file.status, 200);
        assert!(file.body.len() > 500);
        n_files += 1;
    }
    assert_eq!(n_files, 4);
    assert!(!html.contains("http"), "{html}");
    get("/docs/index.html").await.assert_problem(404, "not-found");
}
