//! A bucket that refuses to lock one object is asked again about that one only.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use hongtou::archive::Archive;
use hongtou::archive::objects::Objects;
use hongtou::archive::objects::lock::LockMode;
use hongtou::archive::retention::class::RetentionClass;

use crate::preservation::stock::{ACTOR, Later, archive, file};

/// The requests that a bucket has received, such as `PUT /bucket/ab/cdef`.
type Requests = Arc<Mutex<Vec<String>>>;

/// Starts a bucket on loopback whose objects have no locks, and which refuses to lock this object.
fn bucket(refused: String) -> (Objects, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let requests = Requests::default();
    let received = Arc::clone(&requests);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let mut reader = BufReader::new(&stream);
            let (mut request, mut length) = (String::new(), 0);
            reader.read_line(&mut request).unwrap();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                let header = line.trim().to_ascii_lowercase();
                if let Some(bytes) = header.strip_prefix("content-length: ") {
                    length = bytes.parse().unwrap();
                }
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            let request = request.split(['?', ' ']).take(2).collect::<Vec<_>>().join(" ");
            let is_refused = request.starts_with("PUT") && request.ends_with(&refused);
            received.lock().unwrap().push(request);
            let status = if is_refused { "403 Forbidden" } else { "200 OK" };
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            (&stream).write_all(answer.as_bytes()).unwrap();
        }
    });
    let options = [
        ("aws_endpoint", endpoint.as_str()),
        ("aws_allow_http", "true"),
        ("aws_region", "us-east-1"),
        ("aws_access_key_id", "test"),
        ("aws_secret_access_key", "test"),
    ];
    let options = options.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (Objects::in_bucket("s3://bucket", options).unwrap(), requests)
}

#[tokio::test]
async fn only_a_refused_object_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = archive(folder.path(), 0).await;
    let mut filings = Vec::new();
    for serial in 1..=3 {
        let filing = file(&in_folder, serial).await;
        let class = RetentionClass::Permanent;
        in_folder.set_retention(&filing.id, class, "第3条", ACTOR).await.unwrap();
        filings.push(filing);
    }
    let refused = filings[1].pdf.sha256.clone();
    let path = format!("/bucket/{}/{}", &refused[..2], &refused[2..]);
    let (objects, requests) = bucket(path.clone());
    let archive = Archive::new(in_folder.database, objects, Arc::new(Later { days: 0 }));

    let all = archive.mirror_locks(LockMode::Governance).await.unwrap().unwrap();
    assert_eq!((all.done.objects, all.done.retained, all.done.refused), (6, 5, 1));
    assert_eq!(all.refused, [refused]);
    assert!(all.names_all_refused());
    assert_eq!(requests.lock().unwrap().drain(..).count(), 12);

    let again = archive.mirror_locks_of(LockMode::Governance, &all.refused).await.unwrap().unwrap();
    assert_eq!((again.done.objects, again.done.retained, again.done.refused), (1, 0, 1));
    assert_eq!(again.refused, all.refused);
    assert_eq!(*requests.lock().unwrap(), [format!("HEAD {path}"), format!("PUT {path}")]);
}
