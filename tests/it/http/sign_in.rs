//! Sessions that are started with a key, `/v1/me`, and the audit trail.

use serde_json::{Value, json};

use crate::http::access::{ACTOR, MAX_REQUESTS, TestServer, bearer, test_server};
use crate::http::in_process::UNBOUNDED;

const OWN_PAGE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Signs in with a key and returns the session cookie.
pub(crate) async fn sign_in(server: &TestServer, authorization: &str) -> String {
    let answer = server.send("POST", "/auth/key", &[("authorization", authorization)]).await;
    assert_eq!(answer.status, 200);
    let set = answer.header("set-cookie");
    let (cookie, rest) = set.split_once("; ").unwrap();
    assert_eq!(rest, "HttpOnly; SameSite=Lax; Path=/; Max-Age=36000");
    assert!(cookie.starts_with("hongtou="));
    cookie.to_owned()
}

#[tokio::test]
async fn a_session_has_the_roles_and_agency_of_its_key() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", Some("巴中市民政局")).await;
    let amount = json!({"filings": 0, "max_filings": null, "bytes": 0, "max_bytes": null});
    let me = json!({
        "id": token.id, "name": "试验系统", "roles": ["submit"], "agency": "巴中市民政局",
        "stored": {"by_caller": amount, "of_agency": amount},
    });
    let authorization = bearer(&token);
    let with_key = server.send("GET", "/v1/me", &[("authorization", &authorization)]).await;
    assert_eq!(with_key.json(), me);
    let cookie = sign_in(&server, &authorization).await;
    assert_eq!(server.send("GET", "/v1/me", &[("cookie", &cookie)]).await.json(), me);
    assert_eq!(server.check(&[("cookie", &cookie), OWN_PAGE]).await.status, 200);
    let audit = server.send("GET", "/v1/audit", &[("cookie", &cookie)]).await;
    audit.assert_problem(403, "forbidden");
}

#[tokio::test]
async fn cross_site_requests_cannot_use_a_session() {
    let server = test_server(UNBOUNDED).await;
    let cookie = sign_in(&server, &bearer(&server.key("submit", None).await)).await;
    let cookie = ("cookie", &*cookie);
    let host = ("host", "localhost:8080");
    let origin = |origin| ("origin", origin);
    server.check(&[cookie]).await.assert_problem(403, "cross-site");
    server
        .check(&[cookie, ("sec-fetch-site", "cross-site")])
        .await
        .assert_problem(403, "cross-site");
    let foreign = server.check(&[cookie, host, origin("http://evil.example")]).await;
    foreign.assert_problem(403, "cross-site");
    let own = server.check(&[cookie, host, origin("http://localhost:8080")]).await;
    assert_eq!(own.status, 200);
    assert_eq!(
        server.send("GET", "/v1/me", &[cookie]).await.status,
        200,
        "reading changes nothing"
    );
}

#[tokio::test]
async fn a_session_ends_by_expiry_by_revocation_and_by_logout() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", None).await;
    let me = async |cookie: &str| {
        let answer = server.send("GET", "/v1/me", &[("cookie", cookie)]).await;
        if answer.status != 200 {
            answer.assert_problem(401, "unauthenticated");
        }
        answer.status
    };
    let logged_out = sign_in(&server, &bearer(&token)).await;
    let logout = server.send("POST", "/auth/logout", &[("cookie", &logged_out), OWN_PAGE]).await;
    assert_eq!(logout.status, 204);
    assert_eq!(logout.header("set-cookie"), "hongtou=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    assert_eq!(me(&logged_out).await, 401);

    let expired = sign_in(&server, &bearer(&token)).await;
    for minutes in [59; 10] {
        server.clock.advance(minutes * 60);
        assert_eq!(me(&expired).await, 200);
    }
    server.clock.advance(10 * 60 - 1);
    assert_eq!(me(&expired).await, 200);
    server.clock.advance(1);
    assert_eq!(me(&expired).await, 401);

    let idle = sign_in(&server, &bearer(&token)).await;
    server.clock.advance(60 * 60 - 1);
    assert_eq!(me(&idle).await, 200);
    server.clock.advance(60 * 60);
    assert_eq!(me(&idle).await, 401);

    let revoked = sign_in(&server, &bearer(&token)).await;
    assert_eq!(me(&revoked).await, 200);
    server.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    assert_eq!(me(&revoked).await, 401);
}

#[tokio::test]
async fn only_a_valid_key_signs_in() {
    let server = test_server(UNBOUNDED).await;
    server.send("POST", "/auth/key", &[]).await.assert_problem(401, "unauthenticated");
    let token = server.key("submit", None).await;
    let cookie = sign_in(&server, &bearer(&token)).await;
    // A session cannot start another one, which would outlive it.
    let again = server.send("POST", "/auth/key", &[("cookie", &cookie), OWN_PAGE]).await;
    again.assert_problem(401, "unauthenticated");
    let mut statuses = Vec::new();
    while statuses.last() != Some(&429) && statuses.len() < MAX_REQUESTS {
        let forged = server.send("POST", "/auth/key", &[("authorization", "Bearer x")]).await;
        statuses.push(forged.status.as_u16());
    }
    assert_eq!((statuses[0], statuses.last()), (401, Some(&429)));
}

#[tokio::test]
async fn without_a_provider_its_routes_are_not_found() {
    let server = test_server(UNBOUNDED).await;
    for path in ["/auth/login", "/auth/callback?state=x&code=y"] {
        server.send("GET", path, &[]).await.assert_problem(404, "not-found");
    }
}

#[tokio::test]
async fn the_audit_trail_is_filtered_and_paged() {
    let server = test_server(UNBOUNDED).await;
    let admin = bearer(&server.key("admin", None).await);
    let token = server.key("submit", None).await;
    for _ in 0..2 {
        server.clock.advance(24 * 60 * 60);
        let cookie = sign_in(&server, &bearer(&token)).await;
        server.clock.advance(1);
        server.send("POST", "/auth/logout", &[("cookie", &cookie), OWN_PAGE]).await;
    }
    let read = async |query: &str| {
        let path = format!("/v1/audit{query}");
        let page = server.send("GET", &path, &[("authorization", &admin)]).await;
        assert_eq!(page.status, 200);
        page.json()
    };
    let acts = |page: &Value| -> Vec<String> {
        let entries = page["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["act"].as_str().unwrap().to_owned()).collect()
    };
    let whole = read("").await;
    let all = ["signed_out", "signed_in", "signed_out", "signed_in", "key_added", "key_added"];
    assert_eq!(acts(&whole), all);
    assert_eq!(whole["next"], Value::Null);
    let newest = &whole["entries"][0];
    assert_eq!(newest["caller"], json!(token.id));
    assert_eq!(newest["at"], json!("2027-01-17T08:00:02.000Z"));
    assert_eq!(newest["request_id"].as_str().unwrap().len(), 36);
    let first = read("?limit=4").await;
    assert_eq!(acts(&first), all[..4]);
    let rest = read(&format!("?limit=4&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!(acts(&rest), all[4..]);
    assert_eq!(acts(&read("?act=signed_in").await), ["signed_in", "signed_in"]);
    assert_eq!(acts(&read("?caller=cli").await), ["key_added", "key_added"]);
    // 2027-01-15T08:00:00Z is the afternoon of that day in China.
    assert_eq!(acts(&read("?date_to=2027-01-15").await), all[4..]);
    assert_eq!(acts(&read("?date_from=2027-01-16&date_to=2027-01-16").await), all[2..4]);
    for query in ["?limit=0", "?limit=201", "?limit=x", "?page=2", "?date_to=2027-13-01", "?act="] {
        let path = format!("/v1/audit{query}");
        let refused = server.send("GET", &path, &[("authorization", &admin)]).await;
        refused.assert_problem(400, "invalid-query");
    }
}
