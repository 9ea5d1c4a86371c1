//! Webhooks: signatures, retries and forbidden addresses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::jobs::Jobs;
use hongtou::jobs::webhook::{Settings, SigningSecret};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use crate::http::batches::{NDJSON, get, letter, work};
use crate::http::in_process::{Answer, app, post_to};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A received request.
struct Received {
    path: String,
    headers: HeaderMap,
    body: String,
}

/// Starts a receiver on loopback that sends these responses in order.
fn receiver(answers: &'static [&'static str]) -> (u16, Receiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, requests) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(&stream);
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                lines.push(line.trim().to_owned());
            }
            let headers: HeaderMap = lines[1..]
                .iter()
                .map(|line| line.split_once(": ").unwrap())
                .map(|(name, value)| {
                    (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
                })
                .collect();
            let length = headers["content-length"].to_str().unwrap().parse().unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let path = lines[0].split(' ').nth(1).unwrap().to_owned();
            let rest = "Content-Length: 0\r\nConnection: close\r\n\r\n";
            (&stream).write_all(format!("HTTP/1.1 {answer}\r\n{rest}").as_bytes()).unwrap();
            let body = String::from_utf8(body).unwrap();
            sender.send(Received { path, headers, body }).unwrap();
        }
    });
    (port, requests)
}

async fn app_with(settings: Settings) -> Arc<App> {
    let app = app().await;
    let jobs = Jobs::open(&app.archive, settings).await.unwrap();
    Arc::new(App { jobs, ..app })
}

fn settings(allowed: &[&str], retry_delays: &[Duration]) -> Settings {
    Settings {
        secret: SigningSecret::new(SECRET),
        allowed: allowed.iter().map(|&host| host.to_owned()).collect(),
        retry_delays: retry_delays.to_vec(),
    }
}

async fn post(app: &Arc<App>, address: &str) -> Answer {
    let headers = [NDJSON, ("hongtou-webhook", address)];
    post_to(router(Arc::clone(app)), "/v1/batches", &headers, letter(1)).await
}

/// The record of a batch as soon as its webhook is in this state.
async fn record_once(app: &Arc<App>, batch: &str, state: &str) -> Value {
    loop {
        let record = get(app, batch).await.json();
        if record["webhook"]["state"] == state {
            return record;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_signed_and_retried() {
    let (port, requests) = receiver(&["500 Internal Server Error", "204 No Content"]);
    let app = app_with(settings(&["127.0.0.1"], &[Duration::ZERO])).await;
    let _workers = work(&app);
    let batch = post(&app, &format!("http://127.0.0.1:{port}/hook?a=1"))
        .await
        .header("location")
        .to_owned();
    let record = record_once(&app, &batch, "delivered").await;
    let webhook = json!({
        "host": "127.0.0.1", "state": "delivered", "attempts": 2, "last_status": 204
    });
    assert_eq!(record["webhook"], webhook);

    let (first, second) = (requests.recv().unwrap(), requests.recv().unwrap());
    assert_eq!(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert_eq!(first.body, second.body);
    let verifier = Webhook::new(SECRET).unwrap();
    for received in [first, second] {
        assert_eq!(received.path, "/hook?a=1");
        verifier.verify(received.body.as_bytes(), &received.headers).unwrap();
        let body: Value = serde_json::from_str(&received.body).unwrap();
        assert_eq!(body["type"], json!("batch.done"));
        assert_eq!(body["timestamp"], record["finished_at"]);
        assert_eq!(body["data"]["id"], record["id"]);
        assert_eq!(body["data"]["counts"], record["counts"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_given_up_after_410_or_the_last_retry() {
    let cases: [(&[&str], i64, Value); 3] = [
        (&["410 Gone"], 1, json!(410)),
        // Redirects are not followed.
        (&["302 Found\r\nLocation: http://127.0.0.1/", "404 Not Found"], 2, json!(404)),
        (&[], 2, Value::Null),
    ];
    for (answers, attempts, last_status) in cases {
        let (port, _requests) = receiver(answers.to_vec().leak());
        let app = app_with(settings(&["localhost"], &[Duration::ZERO])).await;
        let _workers = work(&app);
        let posted = post(&app, &format!("http://localhost:{port}/")).await;
        let record = record_once(&app, posted.header("location"), "given_up").await;
        assert_eq!(record["webhook"]["attempts"], json!(attempts));
        assert_eq!(record["webhook"]["last_status"], last_status);
        assert_eq!(record["state"], json!("done"));
    }
}

#[tokio::test]
async fn forbidden_webhook_addresses_are_refused() {
    let app = app_with(settings(&["hooks.internal"], &[])).await;
    let addresses = [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/",
        "https://localhost/",
        "https://hooks.internal.invalid/",
        "hooks",
    ];
    for address in addresses {
        post(&app, address).await.assert_problem(422, "webhook-refused");
    }
    assert_eq!(get(&app, "/v1/batches").await.json()["batches"], json!([]));
    let without_secret = Settings { secret: None, ..settings(&["localhost"], &[]) };
    let app = app_with(without_secret).await;
    let answer = post(&app, "http://localhost/").await;
    answer.assert_problem(422, "webhook-refused");
    assert!(answer.json()["detail"].as_str().unwrap().contains("--webhook-secret"));
    assert!(SigningSecret::new("secret").is_none() && SigningSecret::new("whsec_~").is_none());
}
