//! Mends over HTTP, and keys and sessions that administrators manage.

use std::sync::Arc;

use axum::Router;
use hongtou::http::router::router;
use serde_json::{Value, json};

use crate::archive::filings::send;
use crate::http::in_process::{Answer, JSON, VALID, app};

async fn call(router: &Router, method: &str, path: &str, key: &str, body: &Value) -> Answer {
    let authorization = format!("Bearer {key}");
    let headers = [JSON, ("authorization", &*authorization)];
    send(router, method, path, &headers, body.to_string()).await
}

#[tokio::test]
async fn a_submission_is_mended_and_the_mends_are_listed() {
    let router = router(Arc::new(app().await));
    let mut posted: Value = serde_json::from_str(VALID).unwrap();
    let right = posted["opening"][0].as_str().unwrap().to_owned();
    // A radical that looks like the character.
    posted["opening"][0] = json!(right.replace('自', "⾃"));
    let answer = send(&router, "POST", "/v1/fixes", &[JSON], posted.to_string()).await;
    assert_eq!(answer.status, 200);
    let mended = answer.json();
    assert_eq!(mended["submission"], serde_json::from_str::<Value>(VALID).unwrap());
    let fixes = mended["fixes"].as_array().unwrap();
    assert_eq!(fixes.len(), 1);
    assert_eq!(fixes[0]["pointer"], "/opening/0");
    assert_eq!(fixes[0]["after"], right);
    assert!(fixes[0]["detail"].as_str().unwrap().contains("第1段"), "{mended}");

    let again = send(&router, "POST", "/v1/fixes", &[JSON], mended["submission"].to_string()).await;
    assert_eq!(again.json()["fixes"], json!([]));
    let cut = send(&router, "POST", "/v1/fixes", &[JSON], "{\"a".to_owned()).await;
    cut.assert_problem(400, "unreadable-json");
}

#[tokio::test]
async fn an_administrator_adds_lists_and_revokes_keys() {
    let router = router(Arc::new(app().await));
    let first = json!({ "name": "管理员", "roles": ["admin"] });
    let added = send(&router, "POST", "/v1/keys", &[JSON], first.to_string()).await;
    assert_eq!(added.status, 201);
    let admin = added.json()["key"].as_str().unwrap().to_owned();
    // Now there is a key, so the local token is refused.
    let refused = send(&router, "GET", "/v1/keys", &[], String::new()).await;
    refused.assert_problem(401, "unauthenticated");

    let clerk = json!({
        "name": "经办人", "roles": ["submit", "read"], "agency": "巴中市民政局", "expires": "2099-12-31",
    });
    let added = call(&router, "POST", "/v1/keys", &admin, &clerk).await.json();
    let (id, key) = (added["id"].as_str().unwrap(), added["key"].as_str().unwrap());
    assert_eq!(call(&router, "GET", "/v1/me", key, &Value::Null).await.status, 200);
    let listed = call(&router, "GET", "/v1/keys", &admin, &Value::Null).await.json();
    assert_eq!(listed["keys"][1]["name"], "经办人");
    assert_eq!(listed["keys"][1]["agency"], "巴中市民政局");
    assert!(!listed.to_string().contains(key), "a list contains a key");

    let path = format!("/v1/keys/{id}");
    for _ in 0..2 {
        assert_eq!(call(&router, "DELETE", &path, &admin, &Value::Null).await.status, 204);
    }
    let refused = call(&router, "GET", "/v1/me", key, &Value::Null).await;
    refused.assert_problem(401, "unauthenticated");
    let unknown = call(&router, "DELETE", "/v1/keys/none", &admin, &Value::Null).await;
    unknown.assert_problem(404, "not-found");
}

#[tokio::test]
async fn a_key_that_cannot_be_granted_is_not_added() {
    let router = router(Arc::new(app().await));
    for (key, word) in [
        (json!({ "name": "甲", "roles": [] }), "角色"),
        (json!({ "name": "甲", "roles": ["owner"] }), "角色"),
        (json!({ "name": " ", "roles": ["read"] }), "名称"),
        (json!({ "name": "甲", "roles": ["admin"], "agency": "乙局" }), "管理角色"),
        (json!({ "name": "甲", "roles": ["read"], "expires": "2020-01-01" }), "已过"),
        (json!({ "name": "甲", "roles": ["read"], "expires": "明年" }), "日期"),
        (json!({ "name": "甲", "roles": ["read"], "other": 1 }), "roles"),
    ] {
        let refused = send(&router, "POST", "/v1/keys", &[JSON], key.to_string()).await;
        refused.assert_problem(400, "invalid-key");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(word), "{key}: {detail}");
    }
    let listed = send(&router, "GET", "/v1/keys", &[], String::new()).await;
    assert_eq!(listed.json()["keys"], json!([]));
}

#[tokio::test]
async fn an_administrator_ends_a_session() {
    let router = router(Arc::new(app().await));
    let signed_in = send(&router, "POST", "/auth/key", &[], String::new()).await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let sessions = send(&router, "GET", "/v1/sessions", &[], String::new()).await.json();
    let id = sessions["sessions"][0]["id"].as_str().unwrap();
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
    let me = send(&router, "GET", "/v1/me", &[("cookie", &*cookie)], String::new()).await;
    assert_eq!(me.status, 200);

    let path = format!("/v1/sessions/{id}");
    assert_eq!(send(&router, "DELETE", &path, &[], String::new()).await.status, 204);
    let ended = send(&router, "GET", "/v1/me", &[("cookie", &*cookie)], String::new()).await;
    ended.assert_problem(401, "unauthenticated");
    let again = send(&router, "DELETE", &path, &[], String::new()).await;
    again.assert_problem(404, "not-found");
}
