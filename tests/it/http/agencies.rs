//! No route lets a key of one agency read, list, guess or overwrite what belongs to another.

use std::sync::LazyLock;

use axum::body::Body;
use hongtou::import::workbook::write_units;
use serde_json::{Value, json};

use crate::archive::filings::send;
use crate::fixture::SEED;
use crate::http::access::{TestServer, bearer, operations, test_server};
use crate::http::batches::NDJSON;
use crate::http::in_process::{Answer, JSON, UNBOUNDED, VALID};
use crate::signature::letter::printed;
use crate::signature::signer::sign;

/// 主办机关 of the seed filing, another of its issuers, and an agency that is not an issuer.
const LEAD: &str = "巴中市民政局";
const JOINT: &str = "巴中市财政局";
const FOREIGN: &str = "广元市民政局";

/// A well-formed id that no filing has.
const UNKNOWN_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// A signing that is prepared at the time of the test server.
const SIGNING_ID: &str = "cms-16384-1800000000";

const PDF: (&str, &str) = ("content-type", "application/pdf");
static UNITS: LazyLock<Vec<u8>> = LazyLock::new(|| write_units::empty().unwrap());
static SIGNED: LazyLock<Vec<u8>> = LazyLock::new(|| sign(&printed(SEED)));

/// The expected response of a route to a key of another agency.
enum Expected {
    /// The same 404 as for an unknown filing.
    FilingNotFound,
    /// The same 404 as for an unknown batch.
    BatchNotFound,
    /// The same refusal as for an unknown draft.
    AsUnknownDraft,
    /// A list without the filing.
    EmptyList,
    /// A feed without the filing.
    EmptyFeed,
    /// A list without the batch.
    ListWithoutBatch,
    /// A batch of its own; each line is checked like a post.
    OwnBatch,
    /// 403, because only the lead agency may file.
    OtherAgency,
    /// A success that reveals nothing stored.
    RevealsNothing,
    /// 403, because the route concerns all agencies and needs a role of its own.
    OtherRole,
}

/// The type of a file of any kind.
const FILE: (&str, &str) = ("content-type", "application/octet-stream");

/// The expectation for each route. A new route needs an entry here.
fn expected(method: &str, path: &str) -> Expected {
    match (method, path) {
        ("GET", "/v1/filings" | "/v1/confirmations") => Expected::EmptyList,
        ("GET", "/v1/feed") => Expected::EmptyFeed,
        ("POST", "/v1/filings") => Expected::OtherAgency,
        (_, path) if path.starts_with("/v1/drafts/{id}") => Expected::AsUnknownDraft,
        ("GET", "/v1/batches") => Expected::ListWithoutBatch,
        ("POST", "/v1/batches") => Expected::OwnBatch,
        ("GET" | "DELETE", path) if path.starts_with("/v1/batches/{id}") => Expected::BatchNotFound,
        ("DELETE", "/v1/filings/{id}/signed") | ("PUT", "/v1/sequences") => Expected::OtherRole,
        ("GET" | "PUT" | "DELETE" | "POST", path) if path.starts_with("/v1/filings/{id}") => {
            Expected::FilingNotFound
        }
        // These store nothing and return nothing stored, or only what is its own.
        (
            "POST",
            "/v1/checks" | "/v1/fixes" | "/v1/previews" | "/v1/previews/pages"
            | "/v1/verifications" | "/v1/imports" | "/v1/imports/units" | "/auth/logout",
        )
        | (
            "GET",
            "/v1/me" | "/v1/sequences" | "/v1/imports/template" | "/v1/imports/units/template",
        )
        | ("GET" | "POST", "/v1/drafts") => Expected::RevealsNothing,
        (
            _,
            "/v1/holds"
            | "/v1/holds/{id}/release"
            | "/v1/disposals"
            | "/v1/disposals/{id}"
            | "/v1/disposals/{id}/watch",
        ) => Expected::OtherAgency,
        ("GET", "/v1/audit" | "/metrics" | "/log/tile/entries/{path}")
        | ("POST", "/v1/disposals/{id}/decision")
        | (
            _,
            "/v1/fonts" | "/v1/fonts/{id}" | "/v1/keys" | "/v1/keys/{id}" | "/v1/sessions"
            | "/v1/sessions/{id}",
        ) => Expected::OtherRole,
        _ => panic!("add the expected response of {method} {path} for a key of another agency"),
    }
}

/// A server with a signed filing, a batch and a draft of one agency.
struct ServerWithFiling {
    server: TestServer,
    id: String,
    batch: String,
    draft: String,
}

impl ServerWithFiling {
    async fn start() -> Self {
        let server = test_server(UNBOUNDED).await;
        let (id, batch, draft) = (String::new(), String::new(), String::new());
        let mut server = Self { server, id, batch, draft };
        let lead = server.key_of(LEAD).await;
        let record = [JSON, ("accept", "application/json")];
        let posted = server.send(&lead, "POST", "/v1/filings", &record, VALID).await;
        assert_eq!(posted.status, 201);
        server.id = posted.json()["id"].as_str().unwrap().to_owned();
        let put =
            server.send(&lead, "PUT", "/v1/filings/{id}/signed", &[PDF], SIGNED.clone()).await;
        assert_eq!(put.status, 201);
        let batch = server.send(&lead, "POST", "/v1/batches", &[NDJSON], "{}").await;
        assert_eq!(batch.status, 202);
        server.batch = batch.json()["id"].as_str().unwrap().to_owned();
        let draft = server.send(&lead, "POST", "/v1/drafts", &[JSON], VALID).await;
        assert_eq!(draft.status, 201);
        server.draft = draft.json()["id"].as_str().unwrap().to_owned();
        server
    }

    async fn key_of(&self, agency: &str) -> String {
        bearer(&self.server.key("submit,read,archive", Some(agency)).await)
    }

    async fn send(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let headers = [headers, &[("authorization", key)]].concat();
        let id = match path.split('/').nth(2) {
            Some("batches") => &self.batch,
            Some("drafts") => &self.draft,
            _ => &self.id,
        };
        let path = path.replace("{id}", id).replace("{version}", "1").replace("{sid}", SIGNING_ID);
        send(&self.server.router, method, &path, &headers, body).await
    }
}

fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.json();
    body["request_id"] = json!("");
    body
}

/// Asserts that the answer equals that to the same request about an unknown id.
async fn assert_as_unknown(
    server: &ServerWithFiling,
    key: &str,
    (method, path): (&str, &str),
    (content_type, body): ((&str, &str), &[u8]),
    answer: &Answer,
) {
    let unknown = path.replace("{id}", UNKNOWN_ID);
    let unknown = server.send(key, method, &unknown, &[content_type], body.to_vec()).await;
    assert_eq!(without_request_id(answer), without_request_id(&unknown), "{path}");
}

/// Asserts that the list has no filing, with any search.
async fn assert_list_is_empty(server: &ServerWithFiling, key: &str, path: &str) {
    for query in ["", "?year=2021", "?agency_code=巴市民政", "?issuer=巴中市民政局"] {
        let query = query.replace("巴市民政", "%E5%B7%B4%E5%B8%82%E6%B0%91%E6%94%BF");
        let query = query.replace(LEAD, "%E5%B7%B4%E4%B8%AD%E5%B8%82%E6%B0%91%E6%94%BF%E5%B1%80");
        let found = server.send(key, "GET", &format!("{path}{query}"), &[], "").await;
        assert_eq!(found.json(), json!({"filings": [], "next": null}), "{query}");
    }
}

/// Asserts that the feed has no filing, and that the filing of another agency is no place in it.
async fn assert_feed_is_empty(server: &ServerWithFiling, key: &str, path: &str) {
    let found = server.send(key, "GET", path, &[], "").await;
    assert_eq!(found.json(), json!({"filings": [], "next": "/v1/feed?limit=50"}));
    let after = format!("{path}?after={}", server.id);
    let refused = server.send(key, "GET", &after, &[], "").await;
    refused.assert_problem(400, "invalid-query");
}

#[tokio::test]
async fn no_route_reveals_or_changes_what_belongs_to_another_agency() {
    let server = ServerWithFiling::start().await;
    let foreign = server.key_of(FOREIGN).await;
    let mut n_routes = 0;
    for (path, method, security) in operations() {
        if security.as_array().is_some_and(Vec::is_empty) {
            // Public routes; `access` lists them.
            continue;
        }
        n_routes += 1;
        let is_signed_copy = method == "PUT" && path.ends_with("/signed");
        let takes_pdf = is_signed_copy || path == "/v1/verifications";
        let body = match path.as_str() {
            _ if takes_pdf => (PDF, SIGNED.as_slice()),
            "/v1/imports" | "/v1/imports/units" => (FILE, UNITS.as_slice()),
            _ => (JSON, VALID.as_bytes()),
        };
        let answer = server.send(&foreign, &method, &path, &[body.0], body.1).await;
        match expected(&method, &path) {
            expected @ (Expected::FilingNotFound | Expected::BatchNotFound) => {
                let is_batch = matches!(expected, Expected::BatchNotFound);
                answer.assert_problem(404, if is_batch { "batch-not-found" } else { "not-found" });
                assert_as_unknown(&server, &foreign, (&method, &path), body, &answer).await;
            }
            Expected::AsUnknownDraft => {
                assert!(answer.status.is_client_error(), "{method} {path}: {}", answer.status);
                assert_as_unknown(&server, &foreign, (&method, &path), body, &answer).await;
            }
            Expected::EmptyFeed => {
                assert_feed_is_empty(&server, &foreign, &path).await;
            }
            Expected::EmptyList => {
                assert_list_is_empty(&server, &foreign, &path).await;
            }
            Expected::ListWithoutBatch => {
                assert_eq!(answer.status, 200);
                assert!(!String::from_utf8_lossy(&answer.body).contains(&server.batch));
            }
            Expected::OwnBatch => {
                let own = server.send(&foreign, "POST", "/v1/batches", &[NDJSON], "{}").await;
                assert_eq!(own.status, 202);
                assert!(!String::from_utf8_lossy(&own.body).contains(&server.batch));
            }
            Expected::OtherAgency => answer.assert_problem(403, "not-your-agency"),
            Expected::RevealsNothing => {
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                assert!(!body.contains(&server.id) && !body.contains(&server.draft), "{path}");
                assert!(answer.status.is_success(), "{method} {path}: {}", answer.status);
            }
            Expected::OtherRole => answer.assert_problem(403, "forbidden"),
        }
    }
    assert!(n_routes >= 10, "{n_routes} routes");
    // The requests above have changed nothing.
    let lead = server.key_of(LEAD).await;
    let batch = server.send(&lead, "GET", "/v1/batches/{id}", &[], "").await.json();
    assert_eq!(batch["state"], json!("queued"));
    let signed = server.send(&lead, "GET", "/v1/filings/{id}/signed", &[], "").await;
    assert!(signed.body == *SIGNED);
    let list = server.send(&lead, "GET", "/v1/filings", &[], "").await.json();
    assert_eq!(list["filings"].as_array().unwrap().len(), 1);
    let draft = server.send(&lead, "GET", "/v1/drafts/{id}", &[], "").await.json();
    assert_eq!((&draft["version"], &draft["number"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn a_joint_issuer_can_read_a_filing_but_not_change_it() {
    let server = ServerWithFiling::start().await;
    let joint = server.key_of(JOINT).await;
    // Unasked, it is in no list and nothing depends on it, but the agency can read it.
    for path in ["/signed", "/verdict"] {
        let path = format!("/v1/filings/{{id}}{path}");
        server.send(&joint, "GET", &path, &[], "").await.assert_problem(404, "not-found");
    }
    for path in ["", "/pdf", "/source", "/word", "/pages"] {
        let path = format!("/v1/filings/{{id}}{path}");
        assert_eq!(server.send(&joint, "GET", &path, &[], "").await.status, 200, "{path}");
    }
    let list = async |path: &str| server.send(&joint, "GET", path, &[], "").await.json();
    assert_eq!(list("/v1/filings").await["filings"], json!([]));
    let verified = server.send(&joint, "POST", "/v1/verifications", &[PDF], SIGNED.clone()).await;
    assert_eq!(verified.json()["filing"], Value::Null);
    let waiting = list("/v1/confirmations").await;
    assert_eq!(waiting["filings"][0]["id"], json!(server.id));
    assert_eq!(waiting["filings"][0]["unconfirmed"], json!([JOINT]));
    // The lead agency cannot confirm for another.
    let lead = server.key_of(LEAD).await;
    let confirm = async |key: &str| {
        let answer = server.send(key, "POST", "/v1/filings/{id}/confirmation", &[], "").await;
        answer.json()["unconfirmed"].clone()
    };
    assert_eq!(confirm(&lead).await, json!([JOINT]));
    assert_eq!(confirm(&joint).await, json!([]));
    assert_eq!(list("/v1/confirmations").await["filings"], json!([]));
    for path in ["", "/pdf", "/source", "/word", "/pages", "/signed", "/verdict"] {
        let path = format!("/v1/filings/{{id}}{path}");
        assert_eq!(server.send(&joint, "GET", &path, &[], "").await.status, 200, "{path}");
    }
    let list = server.send(&joint, "GET", "/v1/filings", &[], "").await.json();
    assert_eq!(list["filings"][0]["id"], json!(server.id));
    let post = server.send(&joint, "POST", "/v1/filings", &[JSON], VALID).await;
    post.assert_problem(403, "not-your-agency");
    let put = server.send(&joint, "PUT", "/v1/filings/{id}/signed", &[PDF], "%PDF-1.7 x").await;
    put.assert_problem(403, "not-your-agency");
}
