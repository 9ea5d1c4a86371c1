//! Adds the problems to the contract: their types, their responses, and which routes return them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::http::problem::Problem;

/// Statuses that any route may return.
const OF_ANY: [u16; 1] = [500];

/// Statuses of routes that read a body.
const OF_BODIES: [u16; 5] = [400, 408, 413, 415, 503];

/// The tag of the sign-in routes, and the statuses of the public ones among them, which check
/// credentials themselves.
const SIGN_INS: &str = "登录";
const OF_SIGN_INS: [u16; 5] = [401, 403, 404, 429, 503];

/// The values of `type`, without duplicates.
pub fn types() -> Vec<String> {
    let types: BTreeSet<String> = Problem::one_of_each().iter().map(Problem::type_name).collect();
    types.into_iter().collect()
}

/// One response for each status, whose description lists the problems with that status.
pub fn responses() -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for problem in Problem::one_of_each() {
        let line = format!("{}（`{}`）", problem.title(), problem.type_name());
        by_status.entry(problem.status().as_u16()).or_default().push(line);
    }
    by_status.into_iter().map(|(status, lines)| (name(status), response(status, &lines))).collect()
}

/// Adds the problems that an operation may return because of its body, parameters and access rule.
pub fn complete(operation: &mut Map<String, Value>) {
    let has = |key| operation.contains_key(key);
    let mut statuses = OF_ANY.to_vec();
    if has("requestBody") {
        statuses.extend(OF_BODIES);
    }
    if operation["security"].as_array().is_some_and(|requirements| !requirements.is_empty()) {
        statuses.extend([401, 403, 429, 503]);
    } else if operation["tags"][0] == SIGN_INS {
        statuses.extend(OF_SIGN_INS);
    }
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let places = parameters.into_iter().flatten().map(|parameter| &parameter["in"]);
    statuses.extend(places.filter_map(|place| match place.as_str() {
        Some("path") => Some(404),
        Some("query") => Some(400),
        _ => None,
    }));
    let known = responses();
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    for status in statuses {
        let name = name(status);
        if known.contains_key(&name) {
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            responses.entry(status.to_string()).or_insert(reference);
        }
    }
}

fn name(status: u16) -> String {
    format!("Problem{status}")
}

fn response(status: u16, lines: &[String]) -> Value {
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    if matches!(status, 429 | 503) {
        headers["Retry-After"] = json!({ "$ref": "#/components/headers/Retry-After" });
    }
    json!({
        "description": lines.join("；"),
        "headers": headers,
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
        },
    })
}
