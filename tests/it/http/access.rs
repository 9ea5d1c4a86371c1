//! Who may ask: keys and their roles, requests from elsewhere, and how much a caller may have.

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
use hongtou::http::access::policy::Access;
use hongtou::http::access::shares::Share;
use hongtou::http::app::App;
use hongtou::http::router::{self, router};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::archive::filings::send;
use crate::archive::services;
use crate::http::in_process::{Answer, JSON, UNBOUNDED, VALID, answer, app};

const ACTOR: Actor<'static> = Actor { caller: "cli", request_id: "" };

/// A clock that goes when it is told to.
#[derive(Debug)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_800_000_000_000)))
    }

    pub(crate) fn go(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::Relaxed))
    }
}

/// A server, the folder of its archive, and its clock.
pub(crate) struct Served {
    pub(crate) archive: Archive,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) router: Router,
}

pub(crate) async fn served(share: Share) -> Served {
    let clock = SetClock::new();
    let archive = services::at(&services::folder(), clock.clone()).await;
    let access = Access::new(share, None, None);
    let app = App { archive: archive.clone(), access, ..app().await };
    Served { archive, clock, router: router(Arc::new(app)) }
}

impl Served {
    pub(crate) async fn key(&self, roles: &str, agency: Option<&str>) -> Token {
        let grant = Grant::new(roles.parse().unwrap(), agency.map(str::to_owned)).unwrap();
        self.archive.add_key("试验系统", &grant, ACTOR).await.unwrap()
    }

    /// Asks with headers and the seed filing, from this machine.
    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        send(&self.router, method, path, headers, VALID).await
    }

    /// Checks the seed filing with these headers.
    pub(crate) async fn check(&self, headers: &[(&str, &str)]) -> Answer {
        self.ask("POST", "/v1/checks", &[&[JSON], headers].concat()).await
    }

    async fn check_with(&self, token: &Token) -> Answer {
        self.check(&[("authorization", &bearer(token))]).await
    }
}

pub(crate) fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.reveal())
}

#[tokio::test]
async fn without_keys_only_this_machine_is_answered() {
    let served = served(UNBOUNDED).await;
    assert_eq!(served.check(&[]).await.status, 200);
    assert_eq!(served.check(&[("host", "localhost:8080")]).await.status, 200);
    for header in [
        ("host", "filings.example"),
        ("x-forwarded-for", "10.0.0.7"),
        ("x-real-ip", "10.0.0.7"),
        ("forwarded", "for=10.0.0.7"),
    ] {
        served.check(&[header]).await.assert_problem(403, "local-only");
    }
    let from_elsewhere = |path: &str| {
        let peer: SocketAddr = ([10, 0, 0, 7], 40_000).into();
        let request = Request::get(path).extension(ConnectInfo(peer)).body(Body::empty());
        answer(served.router.clone(), request.unwrap())
    };
    assert_eq!(from_elsewhere("/healthz").await.status, 200);
    let mut request =
        Request::post("/v1/checks").header(JSON.0, JSON.1).body(VALID.into()).unwrap();
    let refused = served.router.clone().oneshot(request).await.unwrap();
    assert_eq!(refused.status(), 403, "who has no address is not from this machine");
    request = Request::post("/v1/checks").header(JSON.0, JSON.1).body(VALID.into()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 7], 40_000))));
    answer(served.router.clone(), request).await.assert_problem(403, "local-only");
}

#[tokio::test]
async fn without_keys_no_other_site_makes_a_browser_ask() {
    let served = served(UNBOUNDED).await;
    let host = ("host", "localhost:8080");
    for header in [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")] {
        served.check(&[host, header]).await.assert_problem(403, "cross-site");
    }
    assert_eq!(served.check(&[host, ("origin", "http://localhost:8080")]).await.status, 200);
}

#[tokio::test]
async fn from_the_first_key_on_every_request_needs_one() {
    let served = served(UNBOUNDED).await;
    assert_eq!(served.check(&[]).await.status, 200);
    let token = served.key("submit", None).await;
    served.clock.go(2);
    let refused = served.check(&[]).await;
    refused.assert_problem(401, "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"hongtou\"");
    assert_eq!(served.check_with(&token).await.status, 200);
    let (good, other) = (token.reveal(), served.key("submit", None).await.reveal());
    let secret_of_another = format!("{}{}", &good[..16], &other[16..]);
    for token in [secret_of_another.as_str(), "ht_nobody_x", "", &good[1..]] {
        let refused = served.check(&[("authorization", &format!("Bearer {token}"))]).await;
        refused.assert_problem(401, "unauthenticated");
        let challenge = "Bearer realm=\"hongtou\", error=\"invalid_token\"";
        assert_eq!(refused.header("www-authenticate"), challenge, "{token}");
    }
    assert_eq!(served.ask("GET", "/healthz", &[]).await.status, 200);
}

#[tokio::test]
async fn a_revoked_key_holds_no_more_and_opens_no_door() {
    let served = served(UNBOUNDED).await;
    let token = served.key("submit", None).await;
    assert_eq!(served.check_with(&token).await.status, 200);
    served.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    served.check_with(&token).await.assert_problem(401, "unauthenticated");
    served.clock.go(60);
    served.check(&[]).await.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_last_use_of_a_key_is_known_to_the_minute() {
    let served = served(UNBOUNDED).await;
    let token = served.key("submit", None).await;
    let last_use = async || served.archive.keys().await.unwrap()[0].last_used_at;
    assert_eq!(last_use().await, None);
    let first = served.clock.now();
    served.check_with(&token).await;
    assert_eq!(last_use().await, Some(first));
    served.clock.go(59);
    served.check_with(&token).await;
    assert_eq!(last_use().await, Some(first), "not every request writes");
    served.clock.go(1);
    served.check_with(&token).await;
    assert_eq!(last_use().await, Some(served.clock.now()));
}

#[tokio::test]
async fn every_route_requires_a_key_and_its_role() {
    let served = served(UNBOUNDED).await;
    let keys = {
        let mut keys = Vec::new();
        for role in Role::ALL {
            keys.push((role, served.key(role.name(), None).await));
        }
        keys
    };
    let mut n_needing = 0;
    for (path, method, security) in operations() {
        let path = path.replace(['{', '}'], "");
        let ask = |headers: Vec<(&'static str, String)>| {
            let served = &served;
            let (method, path) = (method.clone(), path.clone());
            async move {
                let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
                // As a proxy passes it on: some routes ask less of this machine.
                let elsewhere = ("x-forwarded-for", "10.0.0.7");
                served.ask(&method, &path, &[&[JSON, elsewhere], headers.as_slice()].concat()).await
            }
        };
        let requirements =
            security.as_array().unwrap_or_else(|| panic!("{method} {path} has no access rule"));
        if requirements.is_empty() {
            assert!(OPEN.contains(&path.as_str()), "{method} {path} is open to everyone");
            continue;
        }
        ask(vec![]).await.assert_problem(401, "unauthenticated");
        let forged = format!("Bearer ht_000000000000_{}", "a".repeat(43));
        ask(vec![("authorization", forged)]).await.assert_problem(401, "unauthenticated");
        let needed = requirements.iter().find_map(|requirement| requirement["key"].as_array());
        let needed = needed.unwrap().first().map(|role| role.as_str().unwrap().to_owned());
        n_needing += usize::from(needed.is_some());
        for (role, key) in &keys {
            let may = needed.as_ref().is_none_or(|needed| Roles::new([*role]).has(named(needed)));
            let answer = ask(vec![("authorization", bearer(key))]).await;
            let refused = [401, 403].contains(&answer.status.as_u16());
            assert_eq!(refused, !may, "{method} {path} with {role:?}: {}", answer.status);
        }
    }
    // A route that loses its role must not go unnoticed.
    assert_eq!(n_needing, 15);
}

/// The routes that anyone may ask for: none says anything of a filing or of a caller.
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

/// Each operation of the contract, with what it says of who may ask.
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
async fn a_key_has_so_many_requests_a_minute() {
    let served = served(Share { a_minute: NonZeroU32::new(2), at_once: None }).await;
    let (token, other) = (served.key("submit", None).await, served.key("submit", None).await);
    assert_eq!(served.check_with(&token).await.status, 200);
    assert_eq!(served.check_with(&token).await.status, 200);
    let refused = served.check_with(&token).await;
    refused.assert_problem(429, "too-many-requests");
    assert!((1..=30).contains(&refused.header("retry-after").parse::<u16>().unwrap()));
    assert_eq!(served.check_with(&other).await.status, 200);
}

#[tokio::test]
async fn a_key_has_so_many_requests_at_once() {
    let served = served(Share { a_minute: None, at_once: NonZeroUsize::new(1) }).await;
    let token = served.key("submit", None).await;
    let (tell_read, read) = oneshot::channel();
    let mut tell_read = Some(tell_read);
    let endless = stream::poll_fn(move |_| {
        if let Some(tell_read) = tell_read.take() {
            tell_read.send(()).unwrap();
        }
        Poll::<Option<Result<Bytes, io::Error>>>::Pending
    });
    let request = Request::post("/v1/checks")
        .header(JSON.0, JSON.1)
        .header("authorization", bearer(&token))
        .body(Body::from_stream(endless))
        .unwrap();
    let waiting = tokio::spawn(answer(served.router.clone(), request));
    read.await.unwrap();
    let refused = served.check_with(&token).await;
    refused.assert_problem(429, "too-many-requests");
    assert_eq!(refused.header("retry-after"), "1");
    waiting.abort();
    assert!(waiting.await.is_err());
    assert_eq!(served.check_with(&token).await.status, 200);
}

#[tokio::test]
async fn requests_without_good_credentials_are_counted_too() {
    let served = served(UNBOUNDED).await;
    let token = served.key("submit", None).await;
    let mut answers = Vec::new();
    for _ in 0..700 {
        answers.push(served.check(&[("authorization", "Bearer x")]).await.status.as_u16());
    }
    assert_eq!(answers[0], 401);
    assert!(answers.contains(&429));
    assert_eq!(served.check_with(&token).await.status, 200, "who has a key is none the worse");
}

#[tokio::test]
async fn keys_are_in_the_trail_and_the_trail_is_only_added_to() {
    let served = served(UNBOUNDED).await;
    let token = served.key("submit", None).await;
    served.clock.go(1);
    served.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    served.archive.revoke_key(&token.id, ACTOR).await.unwrap();
    let trail = async || {
        let entries = served.archive.trail(&TrailFilter::default(), 10).await.unwrap();
        let entries = entries.into_iter();
        entries.map(|entry| json!([entry.caller, entry.act, entry.subject])).collect::<Vec<_>>()
    };
    let expected = [json!(["cli", "key_revoked", token.id]), json!(["cli", "key_added", token.id])];
    assert_eq!(trail().await, expected);
    for statement in ["UPDATE audit_trail SET caller = 'x'", "DELETE FROM audit_trail"] {
        let refused = served.archive.database.query(statement).execute().await;
        let error = refused.unwrap_err().source().unwrap().to_string();
        assert!(error.contains("the audit trail is only added to"), "{error}");
    }
    assert_eq!(trail().await, expected);
}
