//! Finished filings that are kept: the same bytes, no more memory than said, and nothing refused.

use std::sync::{Arc, Barrier};
use std::thread;

use axum::http::StatusCode;
use hongtou::generate::cache::Generator;
use hongtou::generate::generate;
use hongtou::http::app::App;
use hongtou::http::router::router;
use serde_json::json;

use crate::fixture;
use crate::http::in_process::{JSON, TYPESETTER, VALID, app, post_to};

const MIB: u64 = 1 << 20;

fn keeping(bytes: u64) -> Generator {
    Generator::new(TYPESETTER.clone(), bytes)
}

fn numbered(serial: u32) -> Vec<u8> {
    fixture::seed_with("/document/document_number/serial", json!(serial))
}

#[test]
fn the_same_body_gives_the_very_filing() {
    let generator = keeping(8 * MIB);
    let body = numbered(1);
    assert!(generator.kept(&body).is_none());
    let first = generator.generate(&body).unwrap();
    assert_eq!(first.pdf, generate(&body, &TYPESETTER).unwrap().pdf);
    assert!(Arc::ptr_eq(&first, &generator.generate(&body).unwrap()));
    assert!(Arc::ptr_eq(&first, &generator.kept(&body).unwrap()));
    let mut other = body;
    other.push(b' ');
    assert!(!Arc::ptr_eq(&first, &generator.generate(&other).unwrap()), "other bytes, other key");
}

#[test]
fn what_is_kept_is_bounded_by_its_bytes() {
    let generator = keeping(MIB);
    let bodies: Vec<Vec<u8>> = (1..=8).map(numbered).collect();
    for body in &bodies {
        generator.generate(body).unwrap();
        let lengths = bodies.iter().filter_map(|body| generator.kept(body)).map(|g| g.pdf.len());
        let (count, total) = lengths.fold((0, 0), |(n, sum), length| (n + 1, sum + length));
        assert!(count > 0 && total as u64 <= MIB, "{count} filings of {total} bytes are kept");
    }
    assert!(bodies.iter().any(|body| generator.kept(body).is_none()));
}

#[test]
fn what_came_last_is_kept_beside_what_is_asked_for_again() {
    let generator = keeping(4 * MIB);
    for body in (1..=10).map(numbered) {
        generator.generate(&body).unwrap();
        generator.kept(&body).expect("it is asked for again at once");
    }
    let late: Vec<Vec<u8>> = (11..=13).map(numbered).collect();
    for body in &late {
        generator.generate(body).unwrap();
    }
    assert!(late.iter().all(|body| generator.kept(body).is_some()));
}

#[test]
fn nothing_is_kept_of_a_refusal_or_without_room() {
    let refused = fixture::seed_with("/scores/total/self_score", json!("109"));
    let generator = keeping(8 * MIB);
    generator.generate(&refused).unwrap_err();
    assert!(generator.kept(&refused).is_none());

    let body = numbered(1);
    let (none, tiny) = (keeping(0), keeping(1));
    for generator in [none, tiny] {
        generator.generate(&body).unwrap();
        assert!(generator.kept(&body).is_none());
    }
}

#[test]
fn those_who_ask_at_once_get_one_filing() {
    let generator = keeping(8 * MIB);
    let body = numbered(1);
    let start = Barrier::new(4);
    let filings: Vec<_> = thread::scope(|scope| {
        let ask = || {
            start.wait();
            generator.generate(&body).unwrap()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(filings.iter().all(|filing| Arc::ptr_eq(filing, &filings[0])));
}

#[tokio::test]
async fn posted_again_it_is_answered_as_before() {
    let app = Arc::new(App { generator: keeping(8 * MIB), ..app().await });
    let post = || post_to(router(Arc::clone(&app)), "/v1/filings", &[JSON], VALID);
    let (first, second) = (post().await, post().await);
    assert!(app.generator.kept(VALID.as_bytes()).is_some());
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert!(first.body == second.body);
    for name in ["etag", "content-disposition", "hongtou-warnings"] {
        assert_eq!(first.header(name), second.header(name));
        assert_ne!(first.header(name), "");
    }
}
