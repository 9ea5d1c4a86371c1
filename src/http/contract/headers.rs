//! The headers of responses and of conditional requests, added to the operations that have them.

use serde_json::{Map, Value, json};

/// The headers of the responses of an operation: its id, the statuses, and the names.
const OF_RESPONSES: [(&str, &[&str], &[&str]); 27] = [
    ("postFiling", &["201"], &["Location", "ETag", "Content-Disposition", "Hongtou-Warnings"]),
    ("searchFilings", &["200"], &["Link"]),
    ("getFiling", &["200", "304"], &["ETag"]),
    ("getFilingPdf", &["200", "304"], &FILE),
    ("getFilingPdf", &["206"], &PART),
    ("getFilingPdf", &["416"], &["Content-Range"]),
    ("getFilingSource", &["200", "304"], &FILE),
    ("getFilingSource", &["206"], &PART),
    ("getFilingSource", &["416"], &["Content-Range"]),
    ("getSignedCopy", &["200", "304"], &FILE),
    ("getSignedCopy", &["206"], &PART),
    ("getSignedCopy", &["416"], &["Content-Range"]),
    ("putSignedCopy", &["200", "201"], &["Location"]),
    ("postSigning", &["201"], &["Location"]),
    ("putSignature", &["200", "201"], &["Location"]),
    ("getVerdict", &["200", "304"], &["ETag"]),
    ("getReceipt", &["200"], &["Content-Disposition"]),
    ("getReceipt", &["202"], &["Location", "Retry-After"]),
    ("previewFiling", &["404"], &["Hongtou-Pages"]),
    ("postDraft", &["201"], &["Location", "ETag"]),
    ("listDrafts", &["200"], &["Link"]),
    ("getDraft", &["200"], &["ETag"]),
    ("putDraft", &["200"], &["ETag"]),
    ("postBatch", &["202"], &["Location"]),
    ("getBatchArchive", &["200", "304"], &FILE),
    ("getBatchArchive", &["206"], &PART),
    ("getBatchArchive", &["416"], &["Content-Range"]),
];

const FILE: [&str; 3] = ["ETag", "Accept-Ranges", "Content-Disposition"];
const PART: [&str; 4] = ["ETag", "Accept-Ranges", "Content-Disposition", "Content-Range"];

/// The name, the description and an example of each header.
const HEADERS: [(&str, &str, &str); 8] = [
    ("Location", "所建立者的地址", "/v1/filings/01987c5e-7d5a-7c10-8000-000000000000"),
    ("ETag", "内容的标记，可用于If-Match和If-None-Match", "\"0123abcd\""),
    (
        "Content-Disposition",
        "文件名，以发文字号命名",
        "attachment; filename=\"filing-2021-38.pdf\"",
    ),
    ("Accept-Ranges", "可以只取一部分", "bytes"),
    ("Content-Range", "所给的范围和全长", "bytes 0-99/1000"),
    (
        "Link",
        "下一页的地址",
        "</v1/filings?cursor=01987c5e-7d5a-7c10-8000-000000000000>; rel=\"next\"",
    ),
    ("Hongtou-Warnings", "疑点的个数", "0"),
    ("Hongtou-Pages", "全文的页数", "12"),
];

/// The parameters of an operation with one of these responses.
const CONDITIONS: [(&str, &str, &str); 4] = [
    ("304", "If-None-Match", "已有内容的ETag；内容未变时回复304"),
    ("412", "If-Match", "所要求的ETag；不符时回复412"),
    ("206", "Range", "只取一部分，如bytes=0-99；只支持一段"),
    ("206", "If-Range", "所取部分的ETag；不符时给出全部"),
];

/// The headers as components of the contract.
pub fn components() -> Map<String, Value> {
    let header = |(name, description, example): (&str, &str, &str)| {
        let value = json!({
            "description": description,
            "schema": { "type": "string" },
            "example": example,
        });
        (name.to_owned(), value)
    };
    HEADERS.into_iter().map(header).collect()
}

/// Adds the headers of an operation's responses, and its conditional parameters.
pub fn complete(operation: &mut Map<String, Value>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    for (_, statuses, names) in OF_RESPONSES.iter().filter(|(of, _, _)| *of == id) {
        for (status, response) in &mut *responses {
            if !statuses.contains(&status.as_str()) || response.get("$ref").is_some() {
                continue;
            }
            for name in *names {
                let reference = format!("#/components/headers/{name}");
                response["headers"][*name] = json!({ "$ref": reference });
            }
        }
    }
    let conditions: Vec<Value> = CONDITIONS
        .into_iter()
        .filter(|(status, _, _)| responses.contains_key(*status))
        .map(|(_, name, description)| {
            json!({
                "name": name,
                "in": "header",
                "description": description,
                "required": false,
                "schema": { "type": "string" },
            })
        })
        .collect();
    if conditions.is_empty() {
        return;
    }
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.extend(conditions);
    }
}
