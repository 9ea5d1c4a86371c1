//! The SHA-256 of every accepted fixture, for each version of the program. A changed byte is a new
//! version: raise it in `Cargo.toml`, and keep the list of the earlier one.

use std::fmt::Write;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use hongtou::generate::generate;

use crate::fixture;
use crate::http::in_process::TYPESETTER;

const THREADS: usize = 2;

#[test]
fn every_fixture_has_the_bytes_of_this_version() {
    let folder = fs::read_dir(fixture::folder("valid")).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|suffix| suffix == "json"));
    paths.sort();
    let (next, lines) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = path.file_stem().unwrap().to_str().unwrap();
                    let pdf = generate(&fixture::bytes("valid", name), &TYPESETTER).unwrap();
                    lines.lock().unwrap().push((name.to_owned(), pdf.pdf_sha256));
                }
            });
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort();
    let list = lines.iter().fold(String::new(), |mut list, (name, sha256)| {
        let _ = writeln!(list, "{sha256}  {name}");
        list
    });
    let version = env!("CARGO_PKG_VERSION");
    insta::with_settings!({ snapshot_path => "golden", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(version, list);
    });
}
