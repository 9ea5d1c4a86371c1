//! Access control: keys and roles, remote and cross-site requests, and the limits per caller.

use std::error::Error;
use std::io;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;

use axum::Router;
use axum::body::{Body, Bytes};
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

use crate::archive::filings::send;
use crate::archive::services;
use crate::http::in_process::{
    Anonymous, Answer, JSON, LOCAL_TOKEN, UNBOUNDED, VALID, access, answer, app,
};

pub(crate) const ACTOR: Actor<'static> = Actor { caller: "cli", request_id: "", address: "" };

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
    let app = App { archive: archive.clone(), access: access(share), ..app().await };
    TestServer { archive, clock, router: router(Arc::new(app)) }
}

impl TestServer {
    pub(crate) async fn key(&self, roles: &str, agency: Option<&str>) -> Token {
        let grant = Grant::new(roles.parse().unwrap(), agency.map(str::to_owned)).unwrap();
        self.archive.add_key("试验系统", &grant, None, ACTOR).await.unwrap()
    }

    /// Sends the seed filing with these headers and no others.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path).extension(Anonymous);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(self.router.clone(), request.body(VALID.into()).unwrap()).await
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
async fn without_keys_only_the_local_token_is_accepted() {
    let server = test_server(UNBOUNDED).await;
    let local = bearer(&LOCAL_TOKEN);
    // What a proxy on this machine or its client sends makes no request local.
    for header in [
        ("host", "localhost:8080"),
        ("host", "127.0.0.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("forwarded", "for=127.0.0.1"),
    ] {
        for path in ["/v1/filings", "/v1/me", "/v1/audit", "/metrics"] {
            let refused = server.send("GET", path, &[header]).await;
            refused.assert_problem(401, "unauthenticated");
            let detail = refused.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.starts_with("服务尚未设置密钥。"), "{detail}");
        }
        server.check(&[header]).await.assert_problem(401, "unauthenticated");
        // The token is a secret, so it does not matter from where it is sent.
        assert_eq!(server.check(&[header, ("authorization", &local)]).await.status, 200);
    }
    assert_eq!(server.send("GET", "/healthz", &[]).await.status, 200);
    let other = bearer(&Token::random_local());
    let refused = server.check(&[("authorization", &other)]).await;
    refused.assert_problem(401, "unauthenticated");
    let me = server.send("GET", "/v1/me", &[("authorization", &local)]).await.json();
    let amount = json!({"filings": 0, "max_filings": null, "bytes": 0, "max_bytes": null});
    let stored = json!({"by_caller": amount, "of_agency": null});
    assert_eq!(me["stored"], stored);
    let me = ["id", "name", "roles", "agency"].map(|name| me[name].clone());
    assert_eq!(json!(me), json!(["local", "本机", ["admin"], null]));
    assert_eq!(server.send("GET", "/metrics", &[("authorization", &local)]).await.status, 200);
}

#[tokio::test]
async fn without_a_local_token_nobody_is_local() {
    let archive = services::empty().await;
    let access = Access::new(UNBOUNDED, None, None);
    let server = router(Arc::new(App { archive, access, ..app().await }));
    let refused = send(&server, "GET", "/v1/me", &[], "").await;
    refused.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_printed_address_signs_a_browser_in_until_the_first_key() {
    let server = test_server(UNBOUNDED).await;
    let address = format!("/auth/local?token={}", LOCAL_TOKEN.reveal());
    let open = async || server.send("GET", &address, &[]).await;
    let answer = open().await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let me = async || server.send("GET", "/v1/me", &[("cookie", &cookie)]).await;
    assert_eq!(me().await.json()["id"], json!("local"));
    let own_page = ("sec-fetch-site", "same-origin");
    assert_eq!(server.check(&[("cookie", &cookie), own_page]).await.status, 200);
    server.check(&[("cookie", &cookie)]).await.assert_problem(403, "cross-site");

    let key = server.key("admin", None).await;
    for query in ["", "?token=", "?token=ht_local_x", &format!("?token={}", key.reveal())] {
        let refused = server.send("GET", &format!("/auth/local{query}"), &[]).await;
        refused.assert_problem(401, "unauthenticated");
    }
    server.clock.advance(2);
    me().await.assert_problem(401, "unauthenticated");
    open().await.assert_problem(401, "unauthenticated");
    let local = bearer(&LOCAL_TOKEN);
    server.check(&[("authorization", &local)]).await.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn only_a_trusted_proxy_changes_the_address_that_limits_count() {
    let behind = async |trusted: &[&str]| {
        let archive = services::empty().await;
        let mut access = access(UNBOUNDED);
        access.trusted_proxies = trusted.iter().map(|text| text.parse().unwrap()).collect();
        router(Arc::new(App { archive, access, ..app().await }))
    };
    let proxied = async |router: &Router, client: &str| {
        let headers = [("authorization", "Bearer x"), ("x-forwarded-for", client)];
        send(router, "GET", "/v1/me", &headers, "").await.status.as_u16()
    };
    let exhaust = async |router: &Router| {
        let mut n_requests = 0;
        while proxied(router, "10.0.0.7").await != 429 && n_requests < MAX_REQUESTS {
            n_requests += 1;
        }
    };
    let trusting = behind(&["127.0.0.1"]).await;
    exhaust(&trusting).await;
    assert_eq!(proxied(&trusting, "10.0.0.8").await, 401, "another client has its own quota");
    let trusting_none = behind(&[]).await;
    exhaust(&trusting_none).await;
    assert_eq!(proxied(&trusting_none, "10.0.0.8").await, 429, "the header is not believed");
}

#[tokio::test]
async fn after_the_first_key_every_request_needs_one() {
    let server = test_server(UNBOUNDED).await;
    let local = bearer(&LOCAL_TOKEN);
    assert_eq!(server.check(&[("authorization", &local)]).await.status, 200);
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
                server.send(&method, &path, &[&[JSON], headers.as_slice()].concat()).await
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
    assert_eq!(n_needing, 65, "a route has lost its role");
}

/// The public routes: none of them reveals anything about a filing or a caller.
const OPEN: [&str; 14] = [
    "/",
    "/assets/version/folder/file",
    "/auth/key",
    "/auth/local",
    "/auth/login",
    "/auth/callback",
    "/openapi.json",
    "/v1/schemas/submission.json",
    "/docs",
    "/docs/file",
    "/log/checkpoint",
    "/log/tile/path",
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
        let refused = server.archive.database.query(statement).execute().await.unwrap_err();
        let error = refused.source().unwrap().to_string();
        assert!(error.contains("the audit trail is only added to"), "{error}");
    }
    assert_eq!(trail().await, expected);
}
