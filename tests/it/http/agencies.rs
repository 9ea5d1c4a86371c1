//! A key of one agency can by no route read, list, guess or overwrite what is another's.

use std::sync::LazyLock;

use axum::body::Body;
use serde_json::{Value, json};

use crate::archive::filings::send;
use crate::fixture::SEED;
use crate::http::access::{Served, bearer, operations, served};
use crate::http::batches::NDJSON;
use crate::http::in_process::{Answer, JSON, UNBOUNDED, VALID};
use crate::signature::signer::{printed, sign};

/// 主办机关 of the seed filing, an agency that issues it with that one, and one that does not.
const LEAD: &str = "巴中市民政局";
const JOINT: &str = "巴中市财政局";
const FOREIGN: &str = "广元市民政局";

/// An id that no filing has, of the form that they all have.
const NOBODYS: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

const PDF: (&str, &str) = ("content-type", "application/pdf");
static SIGNED: LazyLock<Vec<u8>> = LazyLock::new(|| sign(&printed(SEED)));

/// What another agency's key comes to see of a route.
enum Seen {
    /// Of a filing that is there the same as of one that is not.
    NotFound,
    /// Of a batch that is there the same as of one that is not.
    NoBatch,
    /// A list without it.
    ListWithoutIt,
    /// Batches without it.
    BatchesWithoutIt,
    /// It may post batches of its own; each line is judged like a post.
    OwnBatch,
    /// That it may not post in this agency's name.
    NotYours,
    /// Nothing is kept there, and nothing that was kept is given.
    KeepsNothing,
    /// An answer for admins, who are bound to no agency.
    ForAdmins,
}

/// A new route has an entry here, or the walk fails.
fn seen(method: &str, path: &str) -> Seen {
    match (method, path) {
        ("GET", "/v1/filings") => Seen::ListWithoutIt,
        ("POST", "/v1/filings") => Seen::NotYours,
        ("GET", "/v1/batches") => Seen::BatchesWithoutIt,
        ("POST", "/v1/batches") => Seen::OwnBatch,
        ("GET" | "DELETE", path) if path.starts_with("/v1/batches/{id}") => Seen::NoBatch,
        ("GET" | "PUT" | "DELETE" | "POST", path) if path.starts_with("/v1/filings/{id}") => {
            Seen::NotFound
        }
        // Nothing is kept there and no filing named, so any key that may submit may ask.
        ("POST", "/v1/checks" | "/v1/previews" | "/v1/verifications" | "/auth/logout")
        | ("GET", "/v1/me" | "/metrics") => Seen::KeepsNothing,
        ("GET", "/v1/audit") => Seen::ForAdmins,
        _ => panic!("say here what a key of another agency sees of {method} {path}"),
    }
}

/// A server with a signed filing and a batch of one agency, and how a key asks it.
struct House {
    served: Served,
    id: String,
    batch: String,
}

impl House {
    async fn with_a_filing() -> Self {
        let served = served(UNBOUNDED).await;
        let mut house = Self { served, id: String::new(), batch: String::new() };
        let lead = house.key_of(LEAD).await;
        let record = [JSON, ("accept", "application/json")];
        let posted = house.ask(&lead, "POST", "/v1/filings", &record, VALID).await;
        assert_eq!(posted.status, 201);
        house.id = posted.json()["id"].as_str().unwrap().to_owned();
        let put = house.ask(&lead, "PUT", "/v1/filings/{id}/signed", &[PDF], SIGNED.clone()).await;
        assert_eq!(put.status, 201);
        let batch = house.ask(&lead, "POST", "/v1/batches", &[NDJSON], "{}").await;
        assert_eq!(batch.status, 202);
        house.batch = batch.json()["id"].as_str().unwrap().to_owned();
        house
    }

    async fn key_of(&self, agency: &str) -> String {
        bearer(&self.served.key("submit,read,archive", Some(agency)).await)
    }

    async fn ask(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let headers = [headers, &[("authorization", key)]].concat();
        let is_batch = path.starts_with("/v1/batches");
        let path = path.replace("{id}", if is_batch { &self.batch } else { &self.id });
        send(&self.served.router, method, &path, &headers, body).await
    }
}

fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.json();
    body["request_id"] = json!("");
    body
}

#[tokio::test]
async fn what_is_one_agencys_is_by_no_route_anothers() {
    let house = House::with_a_filing().await;
    let foreign = house.key_of(FOREIGN).await;
    let mut n_walked = 0;
    for (path, method, security) in operations() {
        if security.as_array().is_some_and(Vec::is_empty) {
            // Open to everyone; `access` lists them.
            continue;
        }
        n_walked += 1;
        let takes_pdf = method == "PUT" || path == "/v1/verifications";
        let body = if takes_pdf { (PDF, SIGNED.as_slice()) } else { (JSON, VALID.as_bytes()) };
        let answer = house.ask(&foreign, &method, &path, &[body.0], body.1).await;
        match seen(&method, &path) {
            seen @ (Seen::NotFound | Seen::NoBatch) => {
                let is_batch = matches!(seen, Seen::NoBatch);
                answer.assert_problem(404, if is_batch { "batch-not-found" } else { "not-found" });
                let nobodys = path.replace("{id}", NOBODYS);
                let nothing = house.ask(&foreign, &method, &nobodys, &[body.0], body.1).await;
                assert_eq!(without_request_id(&answer), without_request_id(&nothing), "{path}");
            }
            Seen::ListWithoutIt => {
                for query in ["", "?year=2021", "?agency_code=巴市民政", "?issuer=巴中市民政局"]
                {
                    let query = query.replace("巴市民政", "%E5%B7%B4%E5%B8%82%E6%B0%91%E6%94%BF");
                    let query = query
                        .replace(LEAD, "%E5%B7%B4%E4%B8%AD%E5%B8%82%E6%B0%91%E6%94%BF%E5%B1%80");
                    let found =
                        house.ask(&foreign, &method, &format!("{path}{query}"), &[], "").await;
                    assert_eq!(found.json(), json!({"filings": [], "next": null}), "{query}");
                }
            }
            Seen::BatchesWithoutIt => {
                assert_eq!(answer.status, 200);
                assert!(!String::from_utf8_lossy(&answer.body).contains(&house.batch));
            }
            Seen::OwnBatch => {
                let own = house.ask(&foreign, "POST", "/v1/batches", &[NDJSON], "{}").await;
                assert_eq!(own.status, 202);
                assert!(!String::from_utf8_lossy(&own.body).contains(&house.batch));
            }
            Seen::NotYours => answer.assert_problem(403, "not-your-agency"),
            Seen::KeepsNothing => {
                assert!(!String::from_utf8_lossy(&answer.body).contains(&house.id), "{path}");
                assert!(answer.status.is_success(), "{method} {path}: {}", answer.status);
            }
            Seen::ForAdmins => answer.assert_problem(403, "forbidden"),
        }
    }
    assert!(n_walked >= 10, "{n_walked} routes");
    // All is as it was: what was tried has changed nothing.
    let lead = house.key_of(LEAD).await;
    let batch = house.ask(&lead, "GET", "/v1/batches/{id}", &[], "").await.json();
    assert_eq!(batch["state"], json!("queued"));
    let signed = house.ask(&lead, "GET", "/v1/filings/{id}/signed", &[], "").await;
    assert!(signed.body == *SIGNED);
    let list = house.ask(&lead, "GET", "/v1/filings", &[], "").await.json();
    assert_eq!(list["filings"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_agency_that_issues_with_others_sees_it_and_does_not_change_it() {
    let house = House::with_a_filing().await;
    let joint = house.key_of(JOINT).await;
    for path in ["", "/pdf", "/source", "/signed", "/verdict"] {
        let path = format!("/v1/filings/{{id}}{path}");
        assert_eq!(house.ask(&joint, "GET", &path, &[], "").await.status, 200, "{path}");
    }
    let list = house.ask(&joint, "GET", "/v1/filings", &[], "").await.json();
    assert_eq!(list["filings"][0]["id"], json!(house.id));
    let post = house.ask(&joint, "POST", "/v1/filings", &[JSON], VALID).await;
    post.assert_problem(403, "not-your-agency");
    let put = house.ask(&joint, "PUT", "/v1/filings/{id}/signed", &[PDF], "%PDF-1.7 x").await;
    put.assert_problem(403, "not-your-agency");
}
