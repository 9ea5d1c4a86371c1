//! What a key may see of batches, and how keys, their batches and sessions end.

use std::sync::Arc;

use axum::Router;
use hongtou::archive::Archive;
use hongtou::archive::access::caller::Grant;
use hongtou::archive::access::keys::Token;
use hongtou::archive::access::sessions::Ending;
use hongtou::document::moment::Moment;
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::json;

use crate::archive::filings::send;
use crate::http::access::{ACTOR, bearer, test_server};
use crate::http::batches::{NDJSON, letter, work};
use crate::http::in_process::{Answer, UNBOUNDED, app};
use crate::http::sign_in::sign_in;

const AGENCY: &str = "巴中市民政局";

async fn key(archive: &Archive, roles: &str, agency: Option<&str>) -> Token {
    let grant = Grant::new(roles.parse().unwrap(), agency.map(str::to_owned)).unwrap();
    archive.add_key("试验系统", &grant, None, ACTOR).await.unwrap()
}

async fn with_key(router: &Router, token: &Token, method: &str, path: &str, body: &str) -> Answer {
    let authorization = bearer(token);
    let headers = [NDJSON, ("authorization", &*authorization)];
    send(router, method, path, &headers, body.to_owned()).await
}

#[tokio::test]
async fn without_the_role_read_a_key_sees_only_its_own_batches() {
    let app = Arc::new(app().await);
    let router = router(Arc::clone(&app));
    for agency in [Some(AGENCY), None] {
        let poster = key(&app.archive, "submit", agency).await;
        let posted = with_key(&router, &poster, "POST", "/v1/batches", "{}").await;
        let batch = posted.header("location").to_owned();
        app.jobs.cancel_batches_of(&poster.id, ACTOR).await.unwrap();
        for (roles, status) in
            [("submit", 404), ("archive", 404), ("submit,archive", 404), ("read", 200)]
        {
            let other = key(&app.archive, roles, agency).await;
            for path in ["", "/events", "/archive.zip"] {
                let path = format!("{batch}{path}");
                let answer = with_key(&router, &other, "GET", &path, "").await;
                assert_eq!(answer.status, status, "{path} with {roles} of {agency:?}");
            }
            let list = with_key(&router, &other, "GET", "/v1/batches", "").await.json();
            let is_listed = list.to_string().contains(batch.rsplit('/').next().unwrap());
            assert_eq!(is_listed, status == 200, "{roles} of {agency:?}");
        }
        assert_eq!(with_key(&router, &poster, "GET", &batch, "").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_batches_of_a_revoked_key_are_cancelled() {
    let app: Arc<App> = Arc::new(app().await);
    let router = router(Arc::clone(&app));
    let (token, reader) =
        (key(&app.archive, "submit", None).await, key(&app.archive, "read", None).await);
    let post = async || {
        let posted = with_key(&router, &token, "POST", "/v1/batches", &letter(1)).await;
        posted.header("location").to_owned()
    };
    let state = async |batch: &str| {
        with_key(&router, &reader, "GET", batch, "").await.json()["state"].clone()
    };
    let (first, second) = (post().await, post().await);
    assert_eq!(app.jobs.cancel_batches_of(&token.id, ACTOR).await.unwrap(), 2);
    assert_eq!(
        (state(&first).await, state(&second).await),
        (json!("cancelled"), json!("cancelled"))
    );
    // A batch that was still arriving when its key was revoked.
    let third = post().await;
    app.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    let _workers = work(&app);
    let events = with_key(&router, &reader, "GET", &format!("{third}/events"), "").await;
    assert!(String::from_utf8(events.body).unwrap().contains("event: done"));
    assert_eq!(state(&third).await, json!("cancelled"));
    let list = with_key(&router, &reader, "GET", "/v1/filings", "").await;
    assert_eq!(list.json()["filings"], json!([]));
}

#[tokio::test]
async fn an_expired_key_and_its_sessions_are_refused() {
    let server = test_server(UNBOUNDED).await;
    let grant = Grant::new("submit".parse().unwrap(), None).unwrap();
    let Moment(now) = server.archive.now();
    let expires_at = Some(Moment(now + 60_000));
    let token = server.archive.add_key("试验系统", &grant, expires_at, ACTOR).await.unwrap();
    let authorization = bearer(&token);
    let cookie = sign_in(&server, &authorization).await;
    for (seconds, status) in [(59, 200), (1, 401)] {
        server.clock.advance(seconds);
        for header in [("authorization", &*authorization), ("cookie", &*cookie)] {
            let answer = server.send("GET", "/v1/me", &[header]).await;
            assert_eq!(answer.status, status, "{header:?}");
        }
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_id_and_by_caller() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", Some(AGENCY)).await;
    let mut cookies = Vec::new();
    for _ in 0..3 {
        cookies.push(sign_in(&server, &bearer(&token)).await);
        server.clock.advance(1);
    }
    let sessions = server.archive.sessions().await.unwrap();
    let known = sessions.iter().map(|one| (one.caller.as_str(), one.agency.as_deref()));
    assert!(known.eq([(token.id.as_str(), Some(AGENCY)); 3]));
    let statuses = async || {
        let mut statuses = Vec::new();
        for cookie in &cookies {
            let answer = server.send("GET", "/v1/me", &[("cookie", cookie)]).await;
            statuses.push(answer.status.as_u16());
        }
        statuses
    };
    let end = async |which| server.archive.end_sessions(which, ACTOR).await.unwrap();
    assert_eq!(end(Ending::Id(&sessions[1].id)).await, 1);
    assert_eq!(statuses().await, [200, 401, 200]);
    assert_eq!(end(Ending::Id(&sessions[1].id)).await, 0);
    assert_eq!(end(Ending::Caller(&token.id)).await, 2);
    assert_eq!(statuses().await, [401, 401, 401]);
    assert_eq!(server.archive.sessions().await.unwrap(), []);
}
