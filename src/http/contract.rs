//! `GET /openapi.json`: the contract, made from the route table and the types of the answers.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use utoipa::openapi::{Info, OpenApi, Paths};

use crate::generate::Checked;
use crate::http::health::Health;
use crate::http::problem::Members;
use crate::http::record::Record;
use crate::http::search::Found;
use crate::http::table;
use crate::submission::Submission;

/// Where a document of OpenAPI keeps the schemas that it names.
const SCHEMAS: &str = "/components/schemas";

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// Gives the contract.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "getContract",
    tag = "服务",
    summary = "接口契约",
    description = "本接口的OpenAPI 3.1描述。",
    responses((status = 200, description = "OpenAPI 3.1文档", body = serde_json::Value))
)]
pub async fn get() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The contract as OpenAPI 3.1.
pub fn document() -> Value {
    let info = Info::new("红头（hongtou）", env!("CARGO_PKG_VERSION"));
    let mut api = OpenApi::new(info, Paths::new());
    api.merge(table().into_openapi());
    // Paths and answers are plain data, which always serializes.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    document["openapi"] = json!("3.1.0");
    document["components"] = json!({
        "schemas": schemas(),
        "securitySchemes": {
            "key": { "type": "http", "scheme": "bearer", "description": "密钥，见hongtou keys。" },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "hongtou",
                "description": "登录后的会话；经HTTPS访问时名为__Host-hongtou。",
            },
        },
    });
    document
}

/// The schemas that `ref("#/components/schemas/…")` of a handler names. A type that a handler
/// answers with is listed here; those within it come by themselves.
fn schemas() -> Map<String, Value> {
    let settings = || {
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = SCHEMAS.into())
    };
    let mut posted: SchemaGenerator = settings().for_deserialize().into_generator();
    posted.subschema_for::<Submission>();
    let mut answered: SchemaGenerator = settings().for_serialize().into_generator();
    answered.subschema_for::<Checked>();
    answered.subschema_for::<Record<'_>>();
    answered.subschema_for::<Found<'_>>();
    answered.subschema_for::<Health>();
    answered.subschema_for::<Members<'_>>();
    let mut schemas = posted.take_definitions(true);
    schemas.append(&mut answered.take_definitions(true));
    schemas
}
