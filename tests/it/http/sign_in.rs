//! Sessions of staff who sign in with a key, what `/v1/me` says of them, and what the trail keeps.

use serde_json::{Value, json};

use crate::http::access::{Served, bearer, served};
use crate::http::in_process::UNBOUNDED;

const OWN_PAGE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Signs in with a key and gives the cookie that a browser sends from then on.
async fn sign_in(served: &Served, authorization: &str) -> String {
    let answer = served.ask("POST", "/auth/key", &[("authorization", authorization)]).await;
    assert_eq!(answer.status, 200);
    let set = answer.header("set-cookie");
    let (cookie, rest) = set.split_once("; ").unwrap();
    assert_eq!(rest, "HttpOnly; SameSite=Lax; Path=/; Max-Age=36000");
    assert!(cookie.starts_with("hongtou="));
    cookie.to_owned()
}

#[tokio::test]
async fn a_key_is_exchanged_for_a_session_that_may_what_the_key_may() {
    let served = served(UNBOUNDED).await;
    let token = served.key("submit", Some("巴中市民政局")).await;
    let me = json!({
        "id": token.id, "name": "试验系统", "roles": ["submit"], "agency": "巴中市民政局",
    });
    let authorization = bearer(&token);
    let with_key = served.ask("GET", "/v1/me", &[("authorization", &authorization)]).await;
    assert_eq!(with_key.json(), me);
    let cookie = sign_in(&served, &authorization).await;
    assert_eq!(served.ask("GET", "/v1/me", &[("cookie", &cookie)]).await.json(), me);
    assert_eq!(served.check(&[("cookie", &cookie), OWN_PAGE]).await.status, 200);
    let audit = served.ask("GET", "/v1/audit", &[("cookie", &cookie)]).await;
    audit.assert_problem(403, "forbidden");
}

#[tokio::test]
async fn a_session_is_not_used_by_other_sites() {
    let served = served(UNBOUNDED).await;
    let cookie = sign_in(&served, &bearer(&served.key("submit", None).await)).await;
    let cookie = ("cookie", &*cookie);
    let host = ("host", "localhost:8080");
    let origin = |origin| ("origin", origin);
    served.check(&[cookie]).await.assert_problem(403, "cross-site");
    served
        .check(&[cookie, ("sec-fetch-site", "cross-site")])
        .await
        .assert_problem(403, "cross-site");
    let foreign = served.check(&[cookie, host, origin("http://evil.example")]).await;
    foreign.assert_problem(403, "cross-site");
    let own = served.check(&[cookie, host, origin("http://localhost:8080")]).await;
    assert_eq!(own.status, 200);
    assert_eq!(served.ask("GET", "/v1/me", &[cookie]).await.status, 200, "reading changes nothing");
}

#[tokio::test]
async fn a_session_ends_with_its_time_with_its_key_and_at_will() {
    let served = served(UNBOUNDED).await;
    let token = served.key("submit", None).await;
    let me = async |cookie: &str| {
        let answer = served.ask("GET", "/v1/me", &[("cookie", cookie)]).await;
        if answer.status != 200 {
            answer.assert_problem(401, "unauthenticated");
        }
        answer.status
    };
    let at_will = sign_in(&served, &bearer(&token)).await;
    let left = served.ask("POST", "/auth/logout", &[("cookie", &at_will), OWN_PAGE]).await;
    assert_eq!(left.status, 204);
    assert_eq!(left.header("set-cookie"), "hongtou=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    assert_eq!(me(&at_will).await, 401);

    let with_its_time = sign_in(&served, &bearer(&token)).await;
    served.clock.go(10 * 60 * 60 - 1);
    assert_eq!(me(&with_its_time).await, 200);
    served.clock.go(1);
    assert_eq!(me(&with_its_time).await, 401);

    let with_its_key = sign_in(&served, &bearer(&token)).await;
    assert_eq!(me(&with_its_key).await, 200);
    let actor = hongtou::archive::audit::act::Actor { caller: "cli", request_id: "" };
    served.archive.revoke_key(&token.id, actor).await.unwrap();
    assert_eq!(me(&with_its_key).await, 401);
}

#[tokio::test]
async fn only_a_good_key_signs_in() {
    let served = served(UNBOUNDED).await;
    served.ask("POST", "/auth/key", &[]).await.assert_problem(401, "unauthenticated");
    let token = served.key("submit", None).await;
    let cookie = sign_in(&served, &bearer(&token)).await;
    // A session does not beget another: it would outlive its time.
    let again = served.ask("POST", "/auth/key", &[("cookie", &cookie), OWN_PAGE]).await;
    again.assert_problem(401, "unauthenticated");
    let mut answers = Vec::new();
    for _ in 0..400 {
        let forged = served.ask("POST", "/auth/key", &[("authorization", "Bearer x")]).await;
        answers.push(forged.status.as_u16());
    }
    assert_eq!((answers[0], answers.last()), (401, Some(&429)));
}

#[tokio::test]
async fn without_a_provider_nobody_is_sent_to_one() {
    let served = served(UNBOUNDED).await;
    for path in ["/auth/login", "/auth/callback?state=x&code=y"] {
        served.ask("GET", path, &[]).await.assert_problem(404, "not-found");
    }
}

#[tokio::test]
async fn the_trail_is_read_page_by_page() {
    let served = served(UNBOUNDED).await;
    let admin = bearer(&served.key("admin", None).await);
    let token = served.key("submit", None).await;
    for _ in 0..2 {
        served.clock.go(24 * 60 * 60);
        let cookie = sign_in(&served, &bearer(&token)).await;
        served.clock.go(1);
        served.ask("POST", "/auth/logout", &[("cookie", &cookie), OWN_PAGE]).await;
    }
    let read = async |query: &str| {
        let path = format!("/v1/audit{query}");
        let page = served.ask("GET", &path, &[("authorization", &admin)]).await;
        assert_eq!(page.status, 200);
        page.json()
    };
    let acts = |page: &Value| -> Vec<String> {
        let entries = page["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["act"].as_str().unwrap().to_owned()).collect()
    };
    let everything = read("").await;
    let all = ["signed_out", "signed_in", "signed_out", "signed_in", "key_added", "key_added"];
    assert_eq!(acts(&everything), all);
    assert_eq!(everything["next"], Value::Null);
    let newest = &everything["entries"][0];
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
        let refused = served.ask("GET", &path, &[("authorization", &admin)]).await;
        refused.assert_problem(400, "invalid-query");
    }
}
