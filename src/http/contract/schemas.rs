//! The schemas of what is posted and answered, made from the types that read and write it.

use std::sync::LazyLock;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::generate::Checked;
use crate::http::access::audit::Trail;
use crate::http::access::me::Me;
use crate::http::batches::status::{BatchPage, BatchRecord};
use crate::http::filings::record::Record;
use crate::http::filings::search::Found;
use crate::http::filings::verifications::Verification;
use crate::http::operations::health::Health;
use crate::http::operations::readiness::Readiness;
use crate::http::problem::Members;
use crate::signature::verdict::report::Report;
use crate::submission::{Submission, shape};

/// Where a document of OpenAPI keeps the schemas that it names.
const PLACE: &str = "/components/schemas";

/// How the contract names what is posted.
pub const SUBMISSION: &str = "#/components/schemas/Submission";

/// How the contract names what may be checked.
pub const CHECKABLE: &str = "#/components/schemas/Checkable";

static SUBMISSION_TEXT: LazyLock<String> = LazyLock::new(|| shape::json_schema().to_string());

/// The JSON Schema of a submission by itself.
pub fn submission() -> &'static str {
    &SUBMISSION_TEXT
}

/// The schemas that `ref("#/components/schemas/…")` of a handler names. A type that a handler
/// answers with is listed here; those within it come by themselves.
pub fn schemas() -> Map<String, Value> {
    let mut posted: SchemaGenerator = settings().for_deserialize().into_generator();
    posted.subschema_for::<Submission>();
    let mut answered: SchemaGenerator = settings().for_serialize().into_generator();
    answered.subschema_for::<Checked>();
    answered.subschema_for::<Record<'_>>();
    answered.subschema_for::<Found<'_>>();
    answered.subschema_for::<Report>();
    answered.subschema_for::<Verification>();
    answered.subschema_for::<BatchRecord>();
    answered.subschema_for::<BatchPage>();
    answered.subschema_for::<Health>();
    answered.subschema_for::<Me>();
    answered.subschema_for::<Trail>();
    answered.subschema_for::<Readiness>();
    answered.subschema_for::<Members<'_>>();
    let mut schemas = posted.take_definitions(true);
    schemas.append(&mut answered.take_definitions(true));
    schemas.insert("Checkable".to_owned(), checkable());
    schemas.insert("Event".to_owned(), event());
    schemas["Problem"]["properties"]["type"]["enum"] = json!(super::problems::types());
    schemas
}

/// What may be checked: whatever is JSON. How it departs from a submission is the answer.
fn checkable() -> Value {
    json!({
        "description": "任何JSON；应为一份公文的内容（Submission），不符之处在检查结果中列出",
    })
}

/// One of the server-sent events of a batch.
fn event() -> Value {
    json!({
        "type": "object",
        "description": "一个事件；data是批次的记录（BatchRecord），写作JSON",
        "properties": {
            "event": {
                "type": "string",
                "enum": ["progress", "done"],
                "description": "有进展，或已结束",
            },
            "id": { "type": "string", "description": "事件的序号" },
            "data": { "type": "string", "description": "批次的记录，写作JSON" },
        },
    })
}

fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = PLACE.into())
}
