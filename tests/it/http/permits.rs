//! Limits of concurrent work: full queues, deadlines, panics and the memory of bodies.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use hongtou::generate::permits::{Limits, Permits, RunError};
use hongtou::http::app::App;
use hongtou::http::problem::Problem;
use hongtou::http::request::bodies::{Bodies, BodyError};
use hongtou::http::router::{in_layers, router};

use crate::http::in_process::{JSON, LIMITS, VALID, answer, app, post_to};

#[tokio::test]
async fn a_full_queue_rejects_requests_at_once() {
    let limits = Limits { concurrency: NonZeroUsize::MIN, queue: 0, ..LIMITS };
    let app = Arc::new(App { renders: Permits::new(limits), ..app().await });
    let (release, released) = mpsc::channel::<()>();
    let (start, started) = tokio::sync::oneshot::channel();
    let holder = Arc::clone(&app);
    let held = tokio::spawn(async move {
        let hold = move || {
            start.send(()).unwrap();
            released.recv().unwrap();
        };
        holder.renders.run(hold).await
    });
    started.await.unwrap();

    let rejected = post_to(router(Arc::clone(&app)), "/v1/filings", &[JSON], VALID).await;
    rejected.assert_problem(503, "busy");
    assert_eq!(rejected.header("retry-after"), "5");
    let check = post_to(router(Arc::clone(&app)), "/v1/checks", &[JSON], VALID).await;
    assert_eq!(check.status, StatusCode::OK, "a check does not wait behind renderings");

    release.send(()).unwrap();
    assert_eq!(held.await.unwrap(), Ok(()));
    let served = post_to(router(app), "/v1/filings", &[JSON], VALID).await;
    assert_eq!(served.status, StatusCode::CREATED);
}

#[tokio::test]
async fn waiting_ends_at_the_queue_deadline() {
    let limits = Limits {
        concurrency: NonZeroUsize::MIN,
        queue: 1,
        queue_deadline: Duration::ZERO,
        ..LIMITS
    };
    let permits = Arc::new(Permits::new(limits));
    let (release, released) = mpsc::channel::<()>();
    let (start, started) = tokio::sync::oneshot::channel();
    let holder = Arc::clone(&permits);
    let held = tokio::spawn(async move {
        let hold = move || {
            start.send(()).unwrap();
            released.recv().unwrap();
        };
        holder.run(hold).await
    });
    started.await.unwrap();
    assert_eq!(permits.run(|| ()).await, Err(RunError::QueueDeadline));
    release.send(()).unwrap();
    assert_eq!(held.await.unwrap(), Ok(()));
    assert_eq!(permits.run(|| ()).await, Ok(()), "the queue has room again");
}

#[tokio::test]
async fn slow_work_fails_at_the_run_deadline() {
    let limits = Limits { run_deadline: Duration::from_millis(1), ..LIMITS };
    let permits = Arc::new(Permits::new(limits));
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    let slow = async move || {
        let ran = permits.run(move || released.lock().unwrap().recv().unwrap()).await;
        ran.map_err(Problem::from)
    };
    let request = Request::get("/slow").body(Body::empty()).unwrap();
    let routes = Router::new().route("/slow", get(slow));
    let answer = answer(in_layers(routes, Arc::new(app().await)), request).await;
    answer.assert_problem(503, "busy");
    assert_eq!(answer.header("retry-after"), "30");
    release.send(()).unwrap();
}

#[tokio::test]
async fn work_past_its_deadline_holds_its_permit_until_it_ends() {
    let limits =
        Limits { concurrency: NonZeroUsize::MIN, queue: 1, run_deadline: Duration::ZERO, ..LIMITS };
    let permits = Arc::new(Permits::new(limits));
    let (release, released) = mpsc::channel::<()>();
    let slow = permits.run(move || released.recv().unwrap()).await;
    assert_eq!(slow, Err(RunError::RunDeadline));

    let waiter = Arc::clone(&permits);
    let (start, started) = mpsc::channel();
    let waiting = tokio::spawn(async move { waiter.run(move || start.send(()).unwrap()).await });
    tokio::task::yield_now().await;
    assert_eq!(started.try_recv(), Err(mpsc::TryRecvError::Empty), "the slow work still runs");
    release.send(()).unwrap();
    // The waiter runs now. Whether it meets its own deadline does not matter.
    let _ = waiting.await.unwrap();
    started.recv().unwrap();
}

#[tokio::test]
async fn a_panic_fails_only_its_request_and_reveals_nothing() {
    let permits = Arc::new(Permits::new(LIMITS));
    let rendering = async move || {
        let ran: Result<(), RunError> = permits.run(|| panic!("inner secret")).await;
        ran.map_err(Problem::from)
    };
    let routes = Router::new()
        .route("/rendering", get(rendering))
        .route("/handler", get(async || -> () { panic!("inner secret") }))
        .route("/fine", get(async || "fine"));
    let router = in_layers(routes, Arc::new(app().await));
    for path in ["/rendering", "/handler"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let panicked = answer(router.clone(), request).await;
        panicked.assert_problem(500, "internal");
        assert!(!String::from_utf8_lossy(&panicked.body).contains("secret"));
    }
    let request = Request::get("/fine").body(Body::empty()).unwrap();
    assert_eq!(answer(router, request).await.body, b"fine");
}

#[tokio::test]
async fn the_memory_of_all_bodies_is_limited() {
    let kib = 1024;
    let bodies = Bodies::new(4 * kib);
    let body = |length: usize| Body::from(vec![b' '; length]);
    let first = bodies.receive(body(3 * kib), 8 * kib).await.unwrap();
    let second = bodies.receive(body(kib), 8 * kib).await.unwrap();
    let third = bodies.receive(body(1), 8 * kib).await;
    assert!(matches!(third, Err(BodyError::NoMemory)), "{third:?}");
    assert_eq!((first.len(), second.len()), (3 * kib, kib));
    drop(first);
    bodies.receive(body(3 * kib), 8 * kib).await.unwrap();

    drop(second);
    bodies.receive(body(4 * kib), 8 * kib).await.unwrap();

    let app = Arc::new(App { bodies: Bodies::new(kib), ..app().await });
    for path in ["/v1/filings", "/v1/checks"] {
        let rejected = post_to(router(Arc::clone(&app)), path, &[JSON], VALID).await;
        rejected.assert_problem(503, "busy");
        assert_eq!(rejected.header("retry-after"), "5");
    }
}
