//! `GET /openapi.json`: the contract, generated from the route table and the types of the bodies.

pub mod schemas;
pub mod problems;
pub mod responses;
pub mod page;
mod enums;
mod headers;
mod ordered;

use std::sync::Arc;

use axum::Extension;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use utoipa::openapi::{Info, OpenApi, Paths};

use crate::generate::BODY_LIMIT;
use crate::http::contract::ordered::Ordered;

/// The description of the interface. `{limit}` is replaced with the longest body in MiB.
const ABOUT: &str = "\
提交JSON，得到红头文件（GB/T 9704-2012）的PDF。\n\n\
- 提交内容须为UTF-8编码的JSON，不超过{limit} MiB；分数可写作数字或字符串，按原样精确读取。\n\
- 未能完成的请求以application/problem+json说明原因（RFC 9457）：type不会更改，title和detail给经办人看。\n\
- 内容不符合规定时回复422，errors逐项列出所在之处（JSON Pointer）、代码和说明。\n\
- 回复429或503时，请按Retry-After所说的秒数稍后重试。\n\
- 每个回复都有X-Request-Id；查问题时请将其告知管理员。";

/// The seed filing, as the example of a submission.
const SEED: &str = include_str!("../../../fixtures/valid/bazhong-2021-38.json");

/// The media types that generated clients must send and receive unchanged.
const BINARY: [&str; 7] = [
    "application/pdf",
    "application/zip",
    "application/x-ndjson",
    "image/png",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];

/// The groups of operations in their order on the page.
const TAGS: [(&str, &str); 8] = [
    ("公文", "检查、预览、生成、查询公文，归档和核验签署件"),
    ("草稿", "起草、取号和审签"),
    ("批次", "一次提交多份公文"),
    ("存证", "存证日志的检查点、散列和条目"),
    ("保管", "保管期限、暂停销毁和销毁"),
    ("登录", "以密钥或统一登录建立会话"),
    ("管理", "操作记录、密钥、会话和机关的字体"),
    ("服务", "接口契约、健康状况和指标"),
];

/// The contract as text, generated once by the router.
#[derive(Debug, Clone)]
pub struct ContractText(Arc<str>);

impl ContractText {
    /// Generates the contract for the operations of a route table.
    pub fn of(operations: OpenApi) -> Self {
        // Plain data always serializes.
        let document = document(operations);
        Self(serde_json::to_string(&Ordered(&document)).unwrap_or_default().into())
    }
}

/// Returns the contract.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "getContract",
    tag = "服务",
    summary = "接口契约",
    description = "本接口的OpenAPI 3.1描述。",
    responses((
        status = 200,
        description = "OpenAPI 3.1文档",
        body = serde_json::Value,
        content_type = "application/json"
    ))
)]
pub async fn get(Extension(ContractText(text)): Extension<ContractText>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text.to_string()).into_response()
}

/// Returns the JSON Schema of a submission.
#[utoipa::path(
    get,
    path = "/v1/schemas/submission.json",
    operation_id = "getSubmissionSchema",
    tag = "服务",
    summary = "提交内容的JSON Schema",
    description = "一份公文的内容的JSON Schema（2020-12），与接口契约中的Submission相同。",
    responses((
        status = 200,
        description = "提交内容的JSON Schema",
        body = serde_json::Value,
        content_type = "application/schema+json"
    ))
)]
pub async fn submission() -> Response {
    ([(header::CONTENT_TYPE, "application/schema+json")], schemas::submission()).into_response()
}

/// The contract (OpenAPI 3.1) for the operations of a route table.
pub fn document(operations: OpenApi) -> Value {
    let mut api = OpenApi::new(Info::new("红头接口", env!("CARGO_PKG_VERSION")), Paths::new());
    api.merge(operations);
    // Plain data always serializes.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    document["openapi"] = json!("3.1.0");
    document["info"]["description"] =
        json!(ABOUT.replace("{limit}", &(BODY_LIMIT >> 20).to_string()));
    document["info"]["license"] =
        json!({ "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" });
    document["info"]["contact"] = json!({ "name": "hongtou" });
    document["servers"] = json!([{ "url": "/", "description": "本服务" }]);
    document["tags"] = json!(
        TAGS.map(|(name, description)| { json!({ "name": name, "description": description }) })
    );
    document["components"] = json!({
        "schemas": schemas::schemas(),
        "responses": problems::responses(),
        "headers": common_headers(),
        "examples": { "Submission": example() },
        "securitySchemes": security_schemes(),
    });
    for operation in operations_of(&mut document) {
        problems::complete(operation);
        headers::complete(operation);
        complete_request(operation);
        complete_responses(operation);
    }
    rename_rest_of_path(&mut document);
    enums::flatten(&mut document["components"]["schemas"]);
    remove_unused_responses(&mut document);
    document
}

/// A parameter that takes the rest of a path is written `{*path}` in the route table, which OpenAPI does
/// not know.
fn rename_rest_of_path(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let renamed = std::mem::take(paths).into_iter();
    *paths = renamed.map(|(path, item)| (path.replace("{*", "{"), item)).collect();
}

/// Removes the shared responses that no operation refers to, because each has its own.
fn remove_unused_responses(document: &mut Value) {
    let paths = document["paths"].to_string();
    if let Some(responses) = document["components"]["responses"].as_object_mut() {
        responses.retain(|name, _| paths.contains(&format!("/responses/{name}\"")));
    }
}

/// All operations of the document.
fn operations_of(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    let items = paths.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    items.filter_map(Value::as_object_mut)
}

/// Marks the body as required, and adds the example to submissions.
fn complete_request(operation: &mut Map<String, Value>) {
    let Some(request) = operation.get_mut("requestBody") else { return };
    request["required"] = json!(true);
    let Some(content) = request["content"].as_object_mut() else { return };
    as_bytes(content);
    let is_submission = |body: &&mut Value| {
        [schemas::SUBMISSION, schemas::CHECKABLE].iter().any(|name| body["schema"]["$ref"] == *name)
    };
    for body in content.values_mut().filter(is_submission) {
        body["examples"] = json!({ "seed": { "$ref": "#/components/examples/Submission" } });
    }
}

/// Adds the request id to every response, and marks files as binary.
fn complete_responses(operation: &mut Map<String, Value>) {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(|responses| responses.values_mut()) {
        if response.get("$ref").is_some() {
            continue;
        }
        response["headers"]["X-Request-Id"] =
            json!({ "$ref": "#/components/headers/X-Request-Id" });
        if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
            as_bytes(content);
        }
    }
}

fn as_bytes(content: &mut Map<String, Value>) {
    for (media_type, body) in content {
        if BINARY.contains(&media_type.as_str()) {
            body["schema"] = json!({ "type": "string", "format": "binary" });
        }
    }
}

fn example() -> Value {
    let seed: Value = serde_json::from_str(SEED).unwrap_or_default();
    json!({ "summary": "巴市民政〔2021〕38号", "value": seed })
}

fn common_headers() -> Value {
    let mut headers = headers::components();
    let common = json!({
        "X-Request-Id": {
            "description": "请求编号：客户端所给，或由服务生成",
            "required": true,
            "schema": { "type": "string", "maxLength": 64 },
        },
        "Retry-After": {
            "description": "多少秒之后重试",
            "required": true,
            "schema": { "type": "string", "pattern": "^[0-9]+$" },
        },
    });
    headers.extend(common.as_object().cloned().unwrap_or_default());
    headers.into()
}

fn security_schemes() -> Value {
    json!({
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "密钥（hongtou keys add），写作Authorization: Bearer 密钥。\
                            没有任何密钥时，为hongtou serve启动时给出的本机令牌。",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "hongtou",
            "description": "登录后的会话；经HTTPS访问时名为__Host-hongtou。",
        },
    })
}
