//! The schemas of request and response bodies, generated from their types.

use std::sync::LazyLock;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::generate::Checked;
use crate::http::access::audit::Trail;
use crate::http::access::me::Me;
use crate::http::administration::fonts::{FontList, FontRecord};
use crate::http::administration::keys::{AddedKey, KeyList, NewKey};
use crate::http::administration::sessions::SessionList;
use crate::http::batches::problems::ProblemLines;
use crate::http::batches::status::{BatchPage, BatchRecord};
use crate::http::drafts::members::{NumberMembers, SequenceMembers, StepMembers};
use crate::http::drafts::numbers::Taken;
use crate::http::drafts::record::{DraftList, DraftWithContent, VersionWithContent, Versions};
use crate::http::drafts::sequences::{SequenceRecord, Sequences};
use crate::http::drafts::steps::Steps;
use crate::http::filings::feed::Feed;
use crate::http::filings::fixes::Mended;
use crate::http::filings::previews::page_previews::PageLayout;
use crate::http::filings::record::Record;
use crate::http::filings::search::Found;
use crate::http::filings::signing::bodies::{NewSignature, NewSigning, Signing};
use crate::http::filings::verifications::Verification;
use crate::http::imports::Imported;
use crate::http::operations::health::Health;
use crate::http::operations::readiness::Readiness;
use crate::http::preservation::bodies::{NewApproval, NewDisposal, NewHold, NewRetention};
use crate::http::preservation::disposals::DisposalList;
use crate::http::preservation::holds::HoldList;
use crate::http::preservation::inspection::Inspection;
use crate::http::preservation::retention::RetentionRecord;
use crate::http::problem::Members;
use crate::http::units::ImportedUnits;
use crate::signature::verdict::report::Report;
use crate::submission::{Submission, shape};

/// The path of the schemas in an OpenAPI document.
const SCHEMAS_PATH: &str = "/components/schemas";

/// The reference to the schema of a submission.
pub const SUBMISSION: &str = "#/components/schemas/Submission";

/// The reference to the schema of a body that may be checked.
pub const CHECKABLE: &str = "#/components/schemas/Checkable";

static SUBMISSION_TEXT: LazyLock<String> = LazyLock::new(|| shape::json_schema().to_string());

/// The JSON Schema of a submission, as a document of its own.
pub fn submission() -> &'static str {
    &SUBMISSION_TEXT
}

/// All schemas that handlers refer to as `#/components/schemas/…`. Lists the types of response
/// bodies; the types of their fields are added automatically.
pub fn schemas() -> Map<String, Value> {
    let (mut schemas, mut of_responses) = (of_requests(), of_responses());
    schemas.append(&mut of_responses);
    schemas.insert("Checkable".to_owned(), checkable());
    schemas.insert("DraftContent".to_owned(), draft_content());
    schemas.insert("Event".to_owned(), event());
    schemas.insert("PagePreviews".to_owned(), page_previews());
    schemas["Problem"]["properties"]["type"]["enum"] = json!(super::problems::types());
    schemas
}

/// The schemas of request bodies and of the types of their fields.
fn of_requests() -> Map<String, Value> {
    let mut requests: SchemaGenerator = settings().for_deserialize().into_generator();
    requests.subschema_for::<Submission>();
    requests.subschema_for::<NewKey>();
    requests.subschema_for::<NumberMembers>();
    requests.subschema_for::<StepMembers>();
    requests.subschema_for::<SequenceMembers>();
    requests.subschema_for::<NewRetention>();
    requests.subschema_for::<NewHold>();
    requests.subschema_for::<NewDisposal>();
    requests.subschema_for::<NewApproval>();
    requests.subschema_for::<NewSigning>();
    requests.subschema_for::<NewSignature>();
    requests.take_definitions(true)
}

/// The schemas of response bodies and of the types of their fields.
fn of_responses() -> Map<String, Value> {
    let mut responses: SchemaGenerator = settings().for_serialize().into_generator();
    responses.subschema_for::<Checked>();
    responses.subschema_for::<Mended>();
    responses.subschema_for::<PageLayout>();
    responses.subschema_for::<Record<'_>>();
    responses.subschema_for::<Found<'_>>();
    responses.subschema_for::<Feed<'_>>();
    responses.subschema_for::<DraftWithContent<'_>>();
    responses.subschema_for::<DraftList<'_>>();
    responses.subschema_for::<Versions<'_>>();
    responses.subschema_for::<VersionWithContent<'_>>();
    responses.subschema_for::<Steps>();
    responses.subschema_for::<Taken>();
    responses.subschema_for::<Sequences>();
    responses.subschema_for::<SequenceRecord>();
    responses.subschema_for::<Report>();
    responses.subschema_for::<Verification>();
    responses.subschema_for::<Signing>();
    responses.subschema_for::<Imported>();
    responses.subschema_for::<ImportedUnits>();
    responses.subschema_for::<BatchRecord>();
    responses.subschema_for::<BatchPage>();
    responses.subschema_for::<ProblemLines>();
    responses.subschema_for::<RetentionRecord>();
    responses.subschema_for::<Inspection>();
    responses.subschema_for::<HoldList>();
    responses.subschema_for::<DisposalList>();
    responses.subschema_for::<Health>();
    responses.subschema_for::<Me>();
    responses.subschema_for::<Trail>();
    responses.subschema_for::<KeyList>();
    responses.subschema_for::<AddedKey>();
    responses.subschema_for::<SessionList>();
    responses.subschema_for::<FontList>();
    responses.subschema_for::<FontRecord>();
    responses.subschema_for::<Readiness>();
    responses.subschema_for::<Members<'_>>();
    responses.take_definitions(true)
}

/// A body that may be checked: any JSON, because the check reports what is wrong with it.
fn checkable() -> Value {
    json!({
        "description": "任何JSON；应为一份公文的内容（Submission），不符之处在检查结果中列出",
    })
}

/// The content of a draft: any object, because a draft is unfinished.
fn draft_content() -> Value {
    json!({
        "type": "object",
        "description": "草稿的内容：一份公文的内容（Submission），可以未写完",
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

/// The parts of a preview of pages.
fn page_previews() -> Value {
    json!({
        "type": "object",
        "description": "各部分：layout在先，其后是图片",
        "properties": {
            "layout": {
                "description": "检查结果和各页（JSON）",
                "allOf": [{ "$ref": "#/components/schemas/PageLayout" }],
            },
            "page-1": {
                "type": "string",
                "format": "binary",
                "description": "第1页的图片（PNG）；其他各页为page-2等",
            },
        },
        "required": ["layout"],
    })
}

fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = SCHEMAS_PATH.into())
}

#[cfg(test)]
mod tests {
    use super::{of_requests, of_responses};

    #[test]
    fn no_name_has_two_schemas() {
        let responses = of_responses();
        for (name, schema) in of_requests() {
            if let Some(other) = responses.get(&name) {
                assert_eq!(other["properties"], schema["properties"], "{name}");
                assert_eq!(other["type"], schema["type"], "{name}");
            }
        }
    }
}
