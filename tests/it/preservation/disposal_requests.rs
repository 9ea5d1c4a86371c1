//! Retention, holds and disposals over HTTP.

use std::sync::Arc;

use axum::Router;
use hongtou::archive::access::caller::Grant;
use hongtou::archive::access::keys::Token;
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::{Value, json};

use crate::archive::filings::{address, send};
use crate::archive::services;
use crate::http::access::bearer;
use crate::http::in_process::{Answer, JSON, UNBOUNDED, VALID, access, app};
use crate::preservation::stock::{ACTOR, Later};

struct Office {
    router: Router,
    keys: Vec<Token>,
}

impl Office {
    /// A server in twenty years, with the keys of four archivists for all agencies, one of them an
    /// administrator, and the key of an agency.
    async fn new() -> Self {
        let clock = Arc::new(Later { days: 20 * 366 });
        let archive = services::at(&services::folder(), clock).await;
        let mut keys = Vec::new();
        let roles = "submit,read,archive";
        let agency = Some("巴中市民政局".to_owned());
        for (roles, agency) in
            [(roles, None), ("admin", None), (roles, None), (roles, None), (roles, agency)]
        {
            let grant = Grant::new(roles.parse().unwrap(), agency).unwrap();
            keys.push(archive.add_key("试验", &grant, None, ACTOR).await.unwrap());
        }
        let app = App { archive, access: access(UNBOUNDED), ..app().await };
        Self { router: router(Arc::new(app)), keys }
    }

    async fn send(&self, key: usize, method: &str, path: &str, body: Value) -> Answer {
        let bearer = bearer(&self.keys[key]);
        let headers = [("authorization", bearer.as_str()), JSON];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(&self.router, method, path, &headers, body).await
    }

    async fn filing(&self) -> Value {
        let bearer = bearer(&self.keys[0]);
        let accept = ("accept", "application/json");
        let headers = [("authorization", bearer.as_str()), JSON, accept];
        let posted = send(&self.router, "POST", "/v1/filings", &headers, VALID).await;
        assert_eq!(posted.status, 201);
        posted.json()
    }
}

#[tokio::test]
async fn four_people_destroy_a_filing() {
    let office = Office::new().await;
    let filing = office.filing().await;
    let path = address(&filing);
    let retention = format!("{path}/retention");
    let none = office.send(0, "GET", &retention, Value::Null).await.json();
    assert_eq!(none, json!({"class": null, "basis": null, "last_year": null, "holds": []}));
    let class = json!({"class": "10_years", "basis": "保管期限表第3条"});
    let set = office.send(4, "PUT", &retention, class).await;
    assert_eq!((set.status.as_u16(), &set.json()["last_year"]), (200, &json!(2031)));

    let hold = json!({"matter": "诉讼", "basis": "函〔2031〕1号", "filings": [filing["id"]]});
    let hold = office.send(0, "POST", "/v1/holds", hold).await;
    assert_eq!(hold.status, 201);
    let hold = hold.json();
    let proposal = json!({
        "appraisal": "期满，无保存价值",
        "filings": [{"filing": filing["id"], "decision": "destroy"}],
    });
    let held = office.send(0, "POST", "/v1/disposals", proposal.clone()).await;
    held.assert_problem(409, "retention-refused");
    let release = format!("/v1/holds/{}/release", hold["id"].as_str().unwrap());
    assert_eq!(office.send(0, "POST", &release, Value::Null).await.status, 204);
    let holds = office.send(0, "GET", "/v1/holds", Value::Null).await.json();
    assert_ne!(holds["holds"][0]["released_at"], Value::Null);

    let proposed = office.send(0, "POST", "/v1/disposals", proposal).await;
    assert_eq!(proposed.status, 201);
    let disposal = proposed.header("location").to_owned();
    let decision = format!("{disposal}/decision");
    let approve = json!({"approved": true});
    assert_eq!(office.send(0, "POST", &decision, approve.clone()).await.status, 403);
    let approved = office.send(1, "POST", &decision, approve).await.json();
    assert_eq!(approved["state"], json!("approved"));
    let watch = format!("{disposal}/watch");
    office.send(1, "POST", &watch, Value::Null).await.assert_problem(409, "retention-refused");
    let first = office.send(2, "POST", &watch, Value::Null).await.json();
    assert_eq!(first["state"], json!("approved"));
    let second = office.send(3, "POST", &watch, Value::Null).await.json();
    assert_eq!(second["state"], json!("done"));
    assert_eq!(office.send(0, "GET", &disposal, Value::Null).await.json(), second);
    let all = office.send(0, "GET", "/v1/disposals", Value::Null).await.json();
    assert_eq!(all["disposals"].as_array().unwrap().len(), 1);

    let record = office.send(0, "GET", &path, Value::Null).await.json();
    assert_eq!(record["disposal"], second["id"]);
    for file in ["pdf", "source"] {
        let gone = office.send(0, "GET", &format!("{path}/{file}"), Value::Null).await;
        gone.assert_problem(410, "filing-destroyed");
    }
    let bearer = bearer(&office.keys[0]);
    let headers = [("authorization", bearer.as_str()), JSON];
    let again = send(&office.router, "POST", "/v1/filings", &headers, VALID).await;
    again.assert_problem(409, "number-destroyed");
}

#[tokio::test]
async fn callers_of_one_agency_and_wrong_bodies_are_refused() {
    let office = Office::new().await;
    for path in ["/v1/holds", "/v1/disposals", "/v1/disposals/x"] {
        let refused = office.send(4, "GET", path, Value::Null).await;
        refused.assert_problem(403, "not-your-agency");
    }
    let filing = office.filing().await;
    let wrong = [
        ("/v1/holds", json!({"matter": "", "basis": "x", "filings": [filing["id"]]})),
        ("/v1/holds", json!({"matter": "x", "basis": "x", "filings": []})),
        ("/v1/holds", json!({"matter": "x"})),
        ("/v1/disposals", json!({"appraisal": "x", "filings": [], "more": 1})),
    ];
    for (path, body) in wrong {
        office.send(0, "POST", path, body).await.assert_problem(422, "invalid-body");
    }
    let unknown = json!({"matter": "x", "basis": "x", "filings": ["x"]});
    office.send(0, "POST", "/v1/holds", unknown).await.assert_problem(404, "not-found");
    office.send(0, "GET", "/v1/disposals/x", Value::Null).await.assert_problem(404, "not-found");
    let watch = office.send(0, "POST", "/v1/disposals/x/watch", Value::Null).await;
    watch.assert_problem(404, "not-found");
}
