//! The server as a process: many concurrent posts, shutdown, metrics and long bodies.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use crate::archive::services;
use crate::cli::server::Server;

const VALID: &str = include_str!("../../../fixtures/valid/bazhong-2021-38.json");

/// Starts a server without a cache.
fn start() -> Server {
    Server::start(&services::folder(), &["--cache", "0"])
}

/// The seed filing with another number, so that it is not cached.
fn numbered(serial: usize) -> String {
    VALID.replace("\"serial\": 38", &format!("\"serial\": {serial}"))
}

fn connect_and_post(address: &str, token: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /v1/filings HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {token}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    stream
}

/// The status line and the body of a response, read until the server closes the connection.
fn read_answer(mut stream: TcpStream) -> (String, Vec<u8>) {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    let head = String::from_utf8(answer).unwrap();
    (head.lines().next().unwrap().to_owned(), body)
}

/// Posts concurrently: every other post is the same filing, the rest have 25 other numbers.
fn post_concurrently(server: &Server, n_posts: usize) -> Vec<(String, Vec<u8>)> {
    let address: Arc<str> = Arc::from(&*server.address);
    let token: Arc<str> = Arc::from(&*server.token);
    let clients: Vec<_> = (0..n_posts)
        .map(|index| {
            let (address, token) = (Arc::clone(&address), Arc::clone(&token));
            let body = numbered(if index % 2 == 0 { 38 } else { 100 + index % 50 });
            thread::spawn(move || read_answer(connect_and_post(&address, &token, &body)))
        })
        .collect();
    clients.into_iter().map(|client| client.join().unwrap()).collect()
}

#[test]
fn many_posts_return_equal_bytes_in_constant_memory() {
    let server = start();
    let first = post_concurrently(&server, 50);
    let resident_after_50 = server.resident();
    let second = post_concurrently(&server, 200);
    let resident_after_250 = server.resident();
    for (index, (status, body)) in first.iter().chain(&second).enumerate() {
        assert_eq!(status, "HTTP/1.1 201 Created");
        assert!(body == &first[index % 50].1, "post {index} returned other bytes");
    }
    assert!(first[0].1 == first[2].1);
    assert!(first[0].1 != first[1].1, "another number gives other bytes");
    let growth = resident_after_250.saturating_sub(resident_after_50);
    assert!(growth < 80 * 1024, "{growth} KiB more after 200 posts than after 50");
}

#[test]
fn shutdown_finishes_running_requests() {
    let mut server = start();
    // Once a later connection is served, the server has accepted those of the posts.
    let posts: Vec<_> =
        (0..4).map(|_| connect_and_post(&server.address, &server.token, VALID)).collect();
    let mut health = TcpStream::connect(&server.address).unwrap();
    health.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(read_answer(health).0, "HTTP/1.1 200 OK");
    server.terminate();
    for post in posts {
        assert_eq!(read_answer(post).0, "HTTP/1.1 201 Created");
    }
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(TcpStream::connect(&server.address).is_err());
}

#[test]
fn a_server_that_has_just_printed_its_address_stops_by_a_signal() {
    let mut server = start();
    server.terminate();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn phases_are_timed_at_any_log_level() {
    let server = start();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let (address, token) = (&server.address, &server.token);
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        String::from_utf8(read_answer(stream).1).unwrap()
    };
    for _ in 0..2 {
        read_answer(connect_and_post(&server.address, &server.token, VALID));
    }
    let metrics = get("/metrics");
    let count = |phase: &str| {
        let series = format!("hongtou_phase_duration_seconds_count{{phase=\"{phase}\"}} ");
        metrics.lines().find_map(|line| line.strip_prefix(&series)).map(str::to_owned)
    };
    for phase in ["read", "validate", "page_data", "export"] {
        assert_eq!(count(phase).as_deref(), Some("2"), "{phase} in\n{metrics}");
    }
    assert!(count("compile").is_some());
    assert_eq!(count("draw"), None);
}

#[test]
fn a_port_in_use_is_reported_in_chinese() {
    let server = start();
    let output = Command::new(env!("CARGO_BIN_EXE_hongtou"))
        .args(["serve", "--listen", &server.address, "--data"])
        .arg(services::folder())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, format!("无法监听{}：地址已被占用。\n", server.address));
}

#[test]
fn a_chunked_body_beyond_the_limit_is_refused() {
    let server = start();
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "POST /v1/filings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        server.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    let mut reading = stream.try_clone().unwrap();
    let writer = thread::spawn(move || {
        // The server stops reading at its limit, so a later write may fail.
        for _ in 0..9 {
            if stream.write_all(&chunk).is_err() {
                break;
            }
        }
        stream
    });
    let mut status = [0; 12];
    reading.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
    drop(writer.join().unwrap());
}

#[test]
fn a_request_names_exactly_one_host() {
    let server = start();
    let cases = [
        ("HTTP/1.1\r\n", "400"),
        ("HTTP/1.1\r\nHost: a\r\nHost: a\r\n", "400"),
        ("HTTP/1.1\r\nHost: a b\r\n", "400"),
        ("HTTP/1.1\r\nHost:\r\n", "400"),
        ("HTTP/1.1\r\nHost: localhost:8080\r\n", "200"),
        ("HTTP/1.0\r\n", "200"),
    ];
    for (head, status) in cases {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let request = format!("GET /healthz {head}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(read_answer(stream).0.split(' ').nth(1), Some(status), "{head}");
    }
}
