//! The audit trail names who was refused and who read which file, and from where.

use hongtou::archive::audit::trail::TrailFilter;
use serde_json::{Value, json};

use crate::http::access::{MAX_REQUESTS, TestServer, bearer, test_server};
use crate::http::in_process::{JSON, UNBOUNDED};

/// The caller, subject and address of the entries of an act, oldest first.
async fn entries(server: &TestServer, act: &str) -> Vec<Value> {
    let filter = TrailFilter { act: Some(act.to_owned()), ..TrailFilter::default() };
    let entries = server.archive.trail(&filter, 1000).await.unwrap();
    let entries = entries.into_iter().rev();
    entries.map(|entry| json!([entry.caller, entry.subject, entry.address])).collect()
}

#[tokio::test]
async fn refusals_are_recorded_with_caller_and_address() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit", None).await;
    let authorization = bearer(&token);
    server.send("GET", "/v1/filings?title=x", &[]).await.assert_problem(401, "unauthenticated");
    server.clock.advance(1);
    let forbidden = server.send("GET", "/v1/audit", &[("authorization", &authorization)]).await;
    forbidden.assert_problem(403, "forbidden");
    server.clock.advance(1);
    let wrong = server.send("POST", "/auth/key", &[("authorization", "Bearer x")]).await;
    wrong.assert_problem(401, "unauthenticated");
    let expected = [
        json!(["", "401 GET /v1/filings", "127.0.0.1"]),
        json!([token.id, "403 GET /v1/audit", "127.0.0.1"]),
        json!(["", "401 POST /auth/key", "127.0.0.1"]),
    ];
    assert_eq!(entries(&server, "refused").await, expected);
}

#[tokio::test]
async fn nobody_can_fill_the_trail_with_refusals() {
    let server = test_server(UNBOUNDED).await;
    server.key("submit", None).await;
    let mut n_recorded = 0;
    for n_sent in 1..MAX_REQUESTS {
        server.send("GET", "/v1/me", &[]).await;
        if n_sent % 100 == 0 {
            n_recorded = entries(&server, "refused").await.len();
            if n_recorded < n_sent {
                break;
            }
        }
    }
    // The quota refills with time, so the number depends on the speed of the machine.
    assert!((300..1000).contains(&n_recorded), "{n_recorded} refusals are recorded");
}

#[tokio::test]
async fn reads_of_files_are_recorded() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit,read", None).await;
    let authorization = bearer(&token);
    let key = ("authorization", &*authorization);
    let posted = server.send("POST", "/v1/filings", &[JSON, key]).await;
    let location = posted.header("location").to_owned();
    let etag = posted.header("etag").to_owned();
    let id = location.rsplit('/').next().unwrap();
    for (method, path, header, status) in [
        ("GET", "pdf", ("accept", "*/*"), 200),
        ("HEAD", "pdf", ("accept", "*/*"), 200),
        ("GET", "pdf", ("if-none-match", &*etag), 304),
        ("GET", "source", ("accept", "*/*"), 200),
    ] {
        let answer = server.send(method, &format!("{location}/{path}"), &[key, header]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        server.clock.advance(1);
    }
    let expected = [
        json!([token.id, format!("{id} pdf"), "127.0.0.1"]),
        json!([token.id, format!("{id} source"), "127.0.0.1"]),
    ];
    assert_eq!(entries(&server, "file_read").await, expected);
}

#[tokio::test]
async fn reads_of_pages_are_recorded_once_in_ten_minutes() {
    let server = test_server(UNBOUNDED).await;
    let token = server.key("submit,read", None).await;
    let other = server.key("read", None).await;
    let (authorization, of_other) = (bearer(&token), bearer(&other));
    let key = ("authorization", &*authorization);
    let posted = server.send("POST", "/v1/filings", &[JSON, key]).await;
    let location = posted.header("location").to_owned();
    let id = location.rsplit('/').next().unwrap();
    for (key, path, later) in [
        (key, "pages", 1),
        (key, "pages?want=2", 590),
        (key, "pages?want=3", 0),
        (("authorization", &*of_other), "pages", 10),
        (key, "pages?want=4", 1),
        (key, "word", 1),
        (key, "word", 1),
    ] {
        let answer = server.send("GET", &format!("{location}/{path}"), &[key]).await;
        assert_eq!(answer.status, 200, "{path}");
        server.clock.advance(later);
    }
    let expected = [
        json!([token.id, format!("{id} pages"), "127.0.0.1"]),
        json!([other.id, format!("{id} pages"), "127.0.0.1"]),
        json!([token.id, format!("{id} pages"), "127.0.0.1"]),
        json!([token.id, format!("{id} word"), "127.0.0.1"]),
        json!([token.id, format!("{id} word"), "127.0.0.1"]),
    ];
    assert_eq!(entries(&server, "file_read").await, expected);
}

#[tokio::test]
async fn asking_for_the_headers_is_no_read() {
    let server = test_server(UNBOUNDED).await;
    let agency = Some("巴中市民政局");
    let (token, other) =
        (server.key("submit,read", agency).await, server.key("submit,read", agency).await);
    let (authorization, of_other) = (bearer(&token), bearer(&other));
    let key = ("authorization", &*authorization);
    let filing =
        server.send("POST", "/v1/filings", &[JSON, key]).await.header("location").to_owned();
    let own = [JSON, ("authorization", &*of_other)];
    let draft = server.send("POST", "/v1/drafts", &own).await.header("location").to_owned();
    for path in [
        format!("{filing}/word"),
        format!("{filing}/pages"),
        format!("{draft}/pages"),
        draft.clone(),
        format!("{draft}/versions/1"),
    ] {
        let head = server.send("HEAD", &path, &[key]).await;
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0), "{path}");
    }
    let word = server.send("HEAD", &format!("{filing}/word"), &[key]).await;
    assert!(word.header("content-disposition").contains(".docx"));
    let unknown = filing.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(server.send("HEAD", &format!("{unknown}/pages"), &[key]).await.status, 404);
    assert_eq!(entries(&server, "file_read").await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_query_in_another_encoding_is_refused() {
    let server = test_server(UNBOUNDED).await;
    let authorization = bearer(&server.key("read", None).await);
    let key = [("authorization", &*authorization)];
    // 困难 in GBK, then in UTF-8.
    for (title, status) in [("%C0%A7%C4%D1", 400), ("%E5%9B%B0%E9%9A%BE", 200)] {
        let found = server.send("GET", &format!("/v1/filings?title={title}"), &key).await;
        assert_eq!(found.status, status, "{title}");
    }
}
