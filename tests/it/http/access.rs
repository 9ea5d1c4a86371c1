//! Access control: keys and roles, remote and cross-site requests, and the limits per caller.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use futures_util::stream;
use hongtou::archive::Archive;
use hongtou::archive::access::caller::{Grant, Role, Roles};
use hongtou::archive::access::keys::Token;
use hongtou::archive::audit::act::Actor;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::archive::clock::Clock;
use hongtou::document::moment::Moment;
use hongtou::http::access::limits::CallerLimits;
use hongtou::http::access::policy::Access;
use hongtou::http::app::App;
use hongtou::http::router::{self, router};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::archive::filings::send;
use crate::archive::services;
use crate::http::in_process::{Answer, JSON, UNBOUNDED, VALID, answer, app};

const ACTOR: Actor<'static> = Actor { caller: "cli", request_id: "" };

/// The most requests that a test sends to reach a rate limit.
pub(crate) const MAX_REQUESTS: usize = 100_000;

/// A clock that only `advance` moves.
#[derive(Debug)]
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_800_000_000_000)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::Relaxed))
    }
}

/// A server in process, its archive and its clock.
pub(crate) struct TestServer {
    pub(crate) archive: Archive,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) router: Router,
}

pub(crate) async fn test_server(share: CallerLimits) -> TestServer {
    let clock = ManualClock::new();
    let archive = services::at(&services::folder(), clock.clone()).await;
    let access = Access::new(share, None, None);
    let app = App { archive: archive.clone(), access, ..app().await };
    TestServer { archive, clock, router: router(Arc::new(app)) }
}

impl TestServer {
    pub(crate) async fn key(&self, roles: &str, agency: Option<&str>) -> Token {
        let grant = Grant::new(roles.parse().unwrap(), agency.map(str::to_owned)).unwrap();
        self.archive.add_key("试验系统", &grant, ACTOR).await.unwrap()
    }

    /// Sends the seed filing with these headers, from this machine.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        send(&self.router, method, path, headers, VALID).await
    }

    /// Checks the seed filing with these headers.
    pub(crate) async fn check(&self, headers: &[(&str, &str)]) -> Answer {
        self.send("POST", "/v1/checks", &[&[JSON], headers].concat()).await
    }

    async fn check_with(&self, token: &Token) -> Answer {
        self.check(&[("authorization", &bearer(token))]).await
    }
}

pub(crate) fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.reveal())
}

#[tokio::test]
async fn without_keys_only_local_requests_are_accepted() {
    let server = test_server(UNBOUNDED).await;
    assert_eq!(server.check(&[]).await.status, 200);
    assert_eq!(server.check(&[("host", "localhost:8080")]).await.status, 200);
    for header in [
        ("host", "filings.example"),
        ("x-forwarded-for", "10.0.0.7"),
        ("x-real-ip", "10.0.0.7"),
        ("forwarded", "for=10.0.0.7"),
    ] {
        server.check(&[header]).await.assert_problem(403, "local-only");
    }
    let from_elsewhere = |path: &str| {
        let peer: SocketAddr = ([10, 0, 0, 7], 40_000).into();
        let request = Request::get(path).extension(ConnectInfo(peer)).body(Body::empty());
        answer(server.router.clone(), request.unwrap())
    };
    assert_eq!(from_elsewhere("/healthz").await.status, 200);
    let mut request =
        Request::post("/v1/checks").header(JSON.0, JSON.1).body(VALID.into()).unwrap();
    let refused = server.router.clone().oneshot(request).await.unwrap();
    assert_eq!(refused.status(), 403, "a request without an address is not local");
    request = Request::post("/v1/checks").header(JSON.0, JSON.1).body(VALID.into()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 7], 40_000))));
    answer(server.router.clone(), request).await.assert_problem(403, "local-only");
}

#[tokio::test]
async fn without_keys_cross_site_requests_are_refused() {
    let server = test_server(UNBOUNDED).await;
    let host = ("host", "localhost:8080");
    for header in [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")] {
        server.check(&[host, header]).await.assert_problem(403, "cross-site");
    }
    assert_eq!(server.check(&[host, ("origin", "http://localhost:8080")]).await.status, 200);
}

#[tokio::test]
async fn after_the_first_key_every_request_needs_one() {
    let server = test_server(UNBOUNDED).await;
    assert_eq!(server.check(&[]).await.status, 200);
    let token = server.key("submit", None).await;
    server.clock.advance(2);
    let refused = server.check(&[]).await;
    refused.assert_problem(401, "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"hongtou\"");
    assert_eq!(server.check_with(&token).await.status, 200);
    let (good, other) = (token.reveal(), server.key("submit", None).await.reveal());
    let secret_of_another = format!("{}{}", &good[..16], &other[16..]);
    for token in [secret_of_another.as_str(), "ht_nobody_x", "", &good[1..]] {
        let refused = server.check(&[("authorization", &format!("Bearer {token}"))]).await;
        refused.assert_problem(401, "unauthenticated");
        let challenge = "Bearer realm=\"hongtou\", error=\"invalid_token\"";
        assert_eq!(refused.header("www-authenticate"), challenge, "{token}");
    }
    assert_eq!(server.send("GET", "/healthz", &[]).await.status, 200);
}

#[tokio::test]
async fn a_revoked_key_is_refused_and_keys_stay_required() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", None).await;
    assert_eq!(server.check_with(&token).await.status, 200);
    server.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    server.check_with(&token).await.assert_problem(401, "unauthenticated");
    server.clock.advance(60);
    server.check(&[]).await.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_last_use_of_a_key_is_recorded_once_a_minute() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", None).await;
    let last_use = async || server.archive.keys().await.unwrap()[0].last_used_at;
    assert_eq!(last_use().await, None);
    let first = server.clock.now();
    server.check_with(&token).await;
    assert_eq!(last_use().await, Some(first));
    server.clock.advance(59);
    server.check_with(&token).await;
    assert_eq!(last_use().await, Some(first), "not every request writes to the database");
    server.clock.advance(1);
    server.check_with(&token).await;
    assert_eq!(last_use().await, Some(server.clock.now()));
}

#[tokio::test]
async fn every_route_requires_a_key_and_its_role() {
    let server = test_server(UNBOUNDED).await;
    let keys = {
        let mut keys = Vec::new();
        for role in Role::ALL {
            keys.push((role, server.key(role.name(), None).await));
        }
        keys
    };
    let mut n_needing = 0;
    for (path, method, security) in operations() {
        let path = path.replace(['{', '}'], "");
        let send = |headers: Vec<(&'static str, String)>| {
            let server = &server;
            let (method, path) = (method.clone(), path.clone());
            async move {
                let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
                // Through a proxy, because some routes need no key for local requests.
                let elsewhere = ("x-forwarded-for", "10.0.0.7");
                server
                    .send(&method, &path, &[&[JSON, elsewhere], headers.as_slice()].concat())
                    .await
            }
        };
        let requirements =
            security.as_array().unwrap_or_else(|| panic!("{method} {path} has no access rule"));
        if requirements.is_empty() {
            assert!(OPEN.contains(&path.as_str()), "{method} {path} is open to everyone");
            continue;
        }
        send(vec![]).await.assert_problem(401, "unauthenticated");
        let forged = format!("Bearer ht_000000000000_{}", "a".repeat(43));
        send(vec![("authorization", forged)]).await.assert_problem(401, "unauthenticated");
        let needed = requirements.iter().find_map(|requirement| requirement["key"].as_array());
        let needed = needed.unwrap().first().map(|role| role.as_str().unwrap().to_owned());
        n_needing += usize::from(needed.is_some());
        for (role, key) in &keys {
            let may = needed.as_ref().is_none_or(|needed| Roles::new([*role]).has(named(needed)));
            let answer = send(vec![("authorization", bearer(key))]).await;
            let refused = [401, 403].contains(&answer.status.as_u16());
            assert_eq!(refused, !may, "{method} {path} with {role:?}: {}", answer.status);
        }
    }
    // So that a route that loses its role does not go unnoticed.
    assert_eq!(n_needing, 15);
}

/// The public routes: none of them reveals anything about a filing or a caller.
const OPEN: [&str; 9] = [
    "/auth/key",
    "/auth/login",
    "/auth/callback",
    "/openapi.json",
    "/v1/schemas/submission.json",
    "/docs",
    "/docs/file",
    "/healthz",
    "/readyz",
];

/// The path, method and security requirements of each operation of the contract.
pub(crate) fn operations() -> Vec<(String, String, Value)> {
    let contract = router::contract();
    let paths = contract["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.filter_map(|(method, operation)| {
            let method: Method = method.to_uppercase().parse().ok()?;
            Some((path.clone(), method.to_string(), operation["security"].clone()))
        })
    });
    operations.collect()
}

fn named(role: &str) -> Role {
    Role::ALL.into_iter().find(|known| known.name() == role).unwrap()
}

#[tokio::test]
async fn requests_of_a_key_per_minute_are_limited() {
    let server =
        test_server(CallerLimits { per_minute: NonZeroU32::new(2), concurrent: None }).await;
    let (token, other) = (server.key("submit", None).await, server.key("submit", None).await);
    assert_eq!(server.check_with(&token).await.status, 200);
    assert_eq!(server.check_with(&token).await.status, 200);
    let refused = server.check_with(&token).await;
    refused.assert_problem(429, "too-many-requests");
    assert!((1..=30).contains(&refused.header("retry-after").parse::<u16>().unwrap()));
    assert_eq!(server.check_with(&other).await.status, 200);
}

#[tokio::test]
async fn concurrent_requests_of_a_key_are_limited() {
    let server =
        test_server(CallerLimits { per_minute: None, concurrent: NonZeroUsize::new(1) }).await;
    let token = server.key("submit", None).await;
    let (sender, body_is_read) = oneshot::channel();
    let mut sender = Some(sender);
    let endless = stream::poll_fn(move |_| {
        if let Some(sender) = sender.take() {
            sender.send(()).unwrap();
        }
        Poll::<Option<Result<Bytes, io::Error>>>::Pending
    });
    let request = Request::post("/v1/checks")
        .header(JSON.0, JSON.1)
        .header("authorization", bearer(&token))
        .body(Body::from_stream(endless))
        .unwrap();
    let waiting = tokio::spawn(answer(server.router.clone(), request));
    body_is_read.await.unwrap();
    let refused = server.check_with(&token).await;
    refused.assert_problem(429, "too-many-requests");
    assert_eq!(refused.header("retry-after"), "1");
    waiting.abort();
    assert!(waiting.await.is_err());
    assert_eq!(server.check_with(&token).await.status, 200);
}

#[tokio::test]
async fn requests_without_valid_credentials_are_limited() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", None).await;
    let mut statuses = Vec::new();
    // The quota refills with time, so the number of requests depends on the speed of the machine.
    while statuses.last() != Some(&429) && statuses.len() < MAX_REQUESTS {
        statuses.push(server.check(&[("authorization", "Bearer x")]).await.status.as_u16());
    }
    assert_eq!((statuses[0], statuses.last()), (401, Some(&429)));
    assert_eq!(server.check_with(&token).await.status, 200, "valid keys are not affected");
}

#[tokio::test]
async fn changes_of_keys_are_audited_and_the_trail_is_append_only() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", None).await;
    server.clock.advance(1);
    server.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    server.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    let trail = async || {
        let entries = server.archive.trail(&TrailFilter::default(), 10).await.unwrap();
        let entries = entries.into_iter();
        entries.map(|entry| json!([entry.caller, entry.act, entry.subject])).collect::<Vec<_>>()
    };
    let expected = [json!(["cli", "key_revoked", token.id]), json!(["cli", "key_added", token.id])];
    assert_eq!(trail().await, expected);
    for statement in ["UPDATE audit_trail SET caller = 'x'", "DELETE FROM audit_trail"] {
        let refused = server.archive.database.query(statement).execute().await;
        let error = refused.unwrap_err().source().unwrap().to_string();
        assert!(error.contains("the audit trail is only added to"), "{error}");
    }
    assert_eq!(trail().await, expected);
}
