//! The cache of filings: equal bytes, bounded memory, and no entries for refused bodies.

use std::sync::{Arc, Barrier};
use std::thread;

use axum::http::StatusCode;
use hongtou::archive::objects::sha256;
use hongtou::generate::cache::{Generator, Lookups};
use hongtou::generate::typesetters::AgencyTypesetter;
use hongtou::generate::{Generated, accept, generate};
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::json;

use crate::fixture;
use crate::http::in_process::{JSON, TYPESETTER, VALID, app, post_to};

const MIB: u64 = 1 << 20;

fn caching(bytes: u64) -> Generator {
    Generator::new(TYPESETTER.clone(), bytes)
}

fn of_server(generator: &Generator) -> AgencyTypesetter {
    generator.typesetters().without_agency(None)
}

fn render(generator: &Generator, body: &[u8]) -> Arc<Generated> {
    let accepted = accept(body, TYPESETTER.coverage()).unwrap();
    generator.render(&of_server(generator), &sha256(body), accepted).unwrap()
}

fn cached(generator: &Generator, body: &[u8]) -> Option<Arc<Generated>> {
    generator.cached(&of_server(generator), &sha256(body))
}

fn numbered(serial: u32) -> Vec<u8> {
    fixture::seed_with("/document/document_number/serial", json!(serial))
}

#[test]
fn equal_bodies_share_one_filing() {
    let generator = caching(8 * MIB);
    let body = numbered(1);
    assert!(cached(&generator, &body).is_none());
    let first = render(&generator, &body);
    assert_eq!(first.pdf, generate(&body, &TYPESETTER).unwrap().pdf);
    assert!(Arc::ptr_eq(&first, &render(&generator, &body)));
    assert!(Arc::ptr_eq(&first, &cached(&generator, &body).unwrap()));
    let mut other = body;
    other.push(b' ');
    assert!(!Arc::ptr_eq(&first, &render(&generator, &other)), "other bytes have another key");
}

#[test]
fn the_cache_is_bounded_by_its_bytes() {
    let generator = caching(MIB);
    let bodies: Vec<Vec<u8>> = (1..=8).map(numbered).collect();
    for body in &bodies {
        render(&generator, body);
        let lengths =
            bodies.iter().filter_map(|body| cached(&generator, body)).map(|g| g.pdf.len());
        let (count, total) = lengths.fold((0, 0), |(n, sum), length| (n + 1, sum + length));
        assert!(count > 0 && total as u64 <= MIB, "{count} filings of {total} bytes are cached");
    }
    assert!(bodies.iter().any(|body| cached(&generator, body).is_none()));
}

#[test]
fn recent_filings_stay_cached_next_to_popular_ones() {
    let generator = caching(4 * MIB);
    for body in (1..=10).map(numbered) {
        render(&generator, &body);
        cached(&generator, &body).expect("it was rendered just now");
    }
    let recent: Vec<Vec<u8>> = (11..=13).map(numbered).collect();
    for body in &recent {
        render(&generator, body);
    }
    assert!(recent.iter().all(|body| cached(&generator, body).is_some()));
}

#[test]
fn a_disabled_or_tiny_cache_caches_nothing() {
    let body = numbered(1);
    let (disabled, tiny) = (caching(0), caching(1));
    for generator in [disabled, tiny] {
        render(&generator, &body);
        assert!(cached(&generator, &body).is_none());
    }
}

#[tokio::test]
async fn a_refused_body_is_not_cached() {
    let refused = fixture::seed_with("/scores/total/self_score", json!("109"));
    let app = Arc::new(App { generator: caching(8 * MIB), ..app().await });
    let post = || post_to(router(Arc::clone(&app)), "/v1/filings", &[JSON], refused.clone());
    for _ in 0..2 {
        post().await.assert_problem(422, "refused");
    }
    assert_eq!(app.generator.lookups(), Lookups { hits: 0, misses: 2 });
    assert_eq!(app.generator.cached_bytes(), 0);
}

#[test]
fn concurrent_requests_for_one_body_share_one_rendering() {
    let generator = caching(8 * MIB);
    let body = numbered(1);
    let start = Barrier::new(4);
    let filings: Vec<_> = thread::scope(|scope| {
        let ask = || {
            start.wait();
            render(&generator, &body)
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(filings.iter().all(|filing| Arc::ptr_eq(filing, &filings[0])));
}

#[tokio::test]
async fn a_cached_filing_gives_the_same_response() {
    let app = Arc::new(App { generator: caching(8 * MIB), ..app().await });
    let post = || post_to(router(Arc::clone(&app)), "/v1/filings", &[JSON], VALID);
    let (first, second) = (post().await, post().await);
    assert!(cached(&app.generator, VALID.as_bytes()).is_some());
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert!(first.body == second.body);
    for name in ["etag", "content-disposition", "hongtou-warnings"] {
        assert_eq!(first.header(name), second.header(name));
        assert_ne!(first.header(name), "");
    }
}
