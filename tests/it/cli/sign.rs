//! `hongtou sign` with a signing service on this machine.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::cli::exit_codes::assert_exit;

/// Signs a file with the service at this address, in an environment with this proxy.
fn sign(service: &str, proxy: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("signed.pdf");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hongtou"));
    command.args(["sign", "--service", service, "--pin", "123456"]);
    command.args(["--output", output.to_str().unwrap(), "original.pdf"]);
    for name in ["NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, proxy);
    }
    command.output().unwrap()
}

/// Answers every connection with a response that depends on the request. Returns the address, and how
/// many connections there were.
fn serve(answer: fn(&str) -> &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let body = answer(&String::from_utf8_lossy(&request[..length]));
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    (address, count)
}

#[test]
fn secrets_for_this_machine_go_through_no_proxy() {
    let (proxy, n_proxied) = serve(|_| "{}");
    let (service, n_requests) = serve(|request| match request {
        _ if request.contains("/info ") => r#"{"specs": "1.0.4.0"}"#,
        _ => r#"{"credentialIDs": []}"#,
    });
    let (_, err) = assert_exit(&sign(&service, &proxy), 2);
    assert_eq!(err, "未能签署：签名服务中没有签名证书。\n");
    assert_eq!(n_requests.load(Ordering::SeqCst), 2);
    assert_eq!(n_proxied.load(Ordering::SeqCst), 0);
}
