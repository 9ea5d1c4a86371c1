//! What one request and one caller may take: bounds of JSON, and shares of memory and slots.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::task::Poll;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use futures_util::stream;
use hongtou::archive::Archive;
use hongtou::archive::access::caller::Grant;
use hongtou::archive::audit::act::Actor;
use hongtou::generate::room::Room;
use hongtou::http::access::limits::CallerLimits;
use hongtou::http::app::App;
use hongtou::http::request::bodies::Bodies;
use hongtou::http::router::router;
use hongtou::submission::bounds::{DEPTH, VALUES};
use serde_json::json;
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::archive::filings::send;
use crate::http::access::{MAX_REQUESTS, bearer, test_server};
use crate::http::batches::{self, NDJSON, letter, work};
use crate::http::in_process::{JSON, UNBOUNDED, VALID, answer, app, post_to};

const ACTOR: Actor<'static> = Actor { caller: "cli", request_id: "", address: "" };

/// A letter whose body has this many empty objects more.
fn with_objects(count: usize) -> String {
    let objects = vec!["{}"; count].join(",");
    letter(1).replacen("\"body\":[", &format!("\"body\":[{objects},"), 1)
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[tokio::test]
async fn a_body_with_too_many_values_is_refused_at_every_door() {
    let app = Arc::new(app().await);
    let many = with_objects(VALUES);
    assert_ne!(many, letter(1));
    for path in ["/v1/filings", "/v1/checks", "/v1/previews"] {
        for body in [many.clone(), nested(DEPTH + 1)] {
            let refused = post_to(router(Arc::clone(&app)), path, &[JSON], body).await;
            refused.assert_problem(413, "too-complex");
        }
        let fewer = post_to(router(Arc::clone(&app)), path, &[JSON], with_objects(100)).await;
        assert!([200, 422].contains(&fewer.status.as_u16()), "{path}: {}", fewer.status);
    }
    let _workers = work(&app);
    let lines = format!("{many}\n{}\n", letter(2));
    let accepted = batches::post(&app, lines).await;
    let batch = accepted.header("location").to_owned();
    let events = batches::events(&app, &batch).await;
    let counts = &events.last().unwrap().1["counts"];
    assert_eq!((&counts["refused"], &counts["filed"]), (&json!(1), &json!(1)), "{counts}");
}

/// A key of an archive, as `Authorization`.
async fn key(archive: &Archive, roles: &str) -> String {
    let grant = Grant::new(roles.parse().unwrap(), None).unwrap();
    bearer(&archive.add_key("试验系统", &grant, None, ACTOR).await.unwrap())
}

/// A body that sends this many bytes and then never ends. Tells when they are read.
fn endless(bytes: usize) -> (Body, oneshot::Receiver<()>) {
    let (sender, read) = oneshot::channel();
    let mut first = Some(Bytes::from(vec![b' '; bytes]));
    let mut sender = Some(sender);
    let body = stream::poll_fn(move |_| match first.take() {
        Some(first) => Poll::Ready(Some(Ok::<_, io::Error>(first))),
        None => {
            if let Some(sender) = sender.take() {
                sender.send(()).unwrap();
            }
            Poll::Pending
        }
    });
    (Body::from_stream(body), read)
}

#[tokio::test]
async fn slow_bodies_of_one_key_do_not_block_another() {
    let mebi = 1 << 20;
    let app = App { bodies: Bodies::new(2 * mebi), ..app().await };
    let (slow, other) = (key(&app.archive, "submit").await, key(&app.archive, "submit").await);
    let router = router(Arc::new(app));
    let mut waiting = Vec::new();
    for _ in 0..2 {
        // With the copies that reading makes, two of these take half of the room.
        let (body, read) = endless(mebi / 8);
        let request = Request::post("/v1/checks")
            .header(JSON.0, JSON.1)
            .header("authorization", &slow)
            .body(body)
            .unwrap();
        waiting.push(tokio::spawn(answer(router.clone(), request)));
        read.await.unwrap();
    }
    let refused =
        send(&router, "POST", "/v1/checks", &[JSON, ("authorization", &slow)], VALID).await;
    refused.assert_problem(429, "too-many-requests");
    let small = letter(1);
    let checked =
        send(&router, "POST", "/v1/checks", &[JSON, ("authorization", &other)], small).await;
    assert_eq!(checked.status, 200);
    for slow in waiting {
        slow.abort();
    }
}

#[tokio::test]
async fn searches_of_one_key_leave_slots_for_others() {
    let searches = Room::new(4);
    let app = App { searches: searches.clone(), ..app().await };
    let (greedy, other) = (key(&app.archive, "read").await, key(&app.archive, "read").await);
    let id = greedy["Bearer ht_".len()..].split('_').next().unwrap().to_owned();
    let mut slots = searches.reservation(&id);
    slots.try_grow(2).unwrap();
    assert!(slots.try_grow(1).is_err());
    let router = router(Arc::new(app));
    let path = "/v1/filings?title=x";
    let found = send(&router, "GET", path, &[("authorization", &other)], "").await;
    assert_eq!(found.status, 200);
    drop(slots);
    let found = send(&router, "GET", path, &[("authorization", &greedy)], "").await;
    assert_eq!(found.status, 200);
}

#[tokio::test]
async fn wrong_keys_do_not_lock_out_those_who_sign_in_with_a_good_one() {
    let server = test_server(UNBOUNDED).await;
    let token = bearer(&server.key("submit", None).await);
    let mut statuses = Vec::new();
    while statuses.last() != Some(&429) && statuses.len() < MAX_REQUESTS {
        let forged = server.send("POST", "/auth/key", &[("authorization", "Bearer x")]).await;
        statuses.push(forged.status.as_u16());
    }
    let good = server.send("POST", "/auth/key", &[("authorization", &token)]).await;
    assert_eq!(good.status, 200);
}

#[tokio::test]
async fn an_event_stream_leaves_the_other_requests_of_its_key_alone() {
    let server =
        test_server(CallerLimits { per_minute: None, concurrent: NonZeroUsize::new(1) }).await;
    let token = bearer(&server.key("submit,read", None).await);
    let headers = [NDJSON, ("authorization", token.as_str())];
    let accepted = send(&server.router, "POST", "/v1/batches", &headers, letter(1)).await;
    // No workers run, so the stream does not end.
    let mut request = Request::get(format!("{}/events", accepted.header("location")))
        .header("authorization", &token)
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
    let events = server.router.clone().oneshot(request).await.unwrap();
    assert_eq!(events.status(), 200);
    assert_eq!(server.check(&[("authorization", &token)]).await.status, 200);
    drop(events);
}
