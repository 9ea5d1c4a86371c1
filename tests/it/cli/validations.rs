//! A server validates each body of an agency's key exactly once, and before it typesets.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::archive::services;
use crate::cli::server::Server;

const VALID: &str = include_str!("../../../fixtures/valid/bazhong-2021-38.json");

/// The lead agency of the seed filing.
const LEAD: &str = "巴中市民政局";
const OTHER: &str = "广元市民政局";

impl Server {
    /// Sends a request and returns the status line and the body.
    fn send(&self, token: &str, request: &str, media_type: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "{request} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
             Accept: application/json\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len(),
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }

    fn post(&self, token: &str, body: &str) -> String {
        self.send(token, "POST /v1/filings", "application/json", body).0
    }

    /// How often each of the phases has run so far.
    fn phases(&self, token: &str) -> [u64; 3] {
        let metrics = self.send(token, "GET /metrics", "text/plain", "").1;
        ["read", "validate", "page_data"].map(|phase| {
            let series = format!("hongtou_phase_duration_seconds_count{{phase=\"{phase}\"}} ");
            let count = metrics.lines().find_map(|line| line.strip_prefix(&series));
            count.map_or(0, |count| count.parse().unwrap())
        })
    }
}

fn key(data: &Path, agency: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .args(["keys", "add", "--name", "x", "--role", "read,submit", "--agency", agency, "--data"])
        .arg(data)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    output.lines().nth(2).unwrap().to_owned()
}

#[test]
fn a_body_of_an_agency_is_validated_once() {
    let data = services::folder();
    let (lead, other) = (key(&data, LEAD), key(&data, OTHER));
    let server = Server::start(&data, &[]);
    assert_eq!(server.post(&other, VALID), "HTTP/1.0 403 Forbidden");
    assert_eq!(server.phases(&lead), [1, 1, 0], "another agency is refused before typesetting");
    assert_eq!(server.post(&lead, VALID), "HTTP/1.0 201 Created");
    assert_eq!(server.phases(&lead), [2, 2, 1]);
    assert_eq!(server.post(&lead, VALID), "HTTP/1.0 201 Created");
    assert_eq!(server.phases(&lead), [2, 2, 1], "a cached filing is not validated");
    assert_eq!(server.post(&other, VALID), "HTTP/1.0 403 Forbidden", "but authorized");
}

#[test]
fn a_batch_line_of_an_agency_is_validated_once() {
    let data = services::folder();
    let (lead, other) = (key(&data, LEAD), key(&data, OTHER));
    let server = Server::start(&data, &[]);
    let line = serde_json::from_str::<Value>(VALID).unwrap().to_string();
    for (token, filed, phases) in [(&other, 0, [1, 1, 0]), (&lead, 1, [2, 2, 1])] {
        let (status, batch) = server.send(token, "POST /v1/batches", "application/x-ndjson", &line);
        assert_eq!(status, "HTTP/1.0 202 Accepted");
        let batch: Value = serde_json::from_str(&batch).unwrap();
        let id = batch["id"].as_str().unwrap();
        let request = format!("GET /v1/batches/{id}/events");
        let events = server.send(token, &request, "text/plain", "").1;
        let done = events.split("event: done\n").nth(1).unwrap();
        assert!(done.contains(&format!("\"filed\":{filed}")), "{events}");
        assert_eq!(server.phases(token), phases);
    }
}
