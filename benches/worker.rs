//! Makes filings without a command line or a server, for programs that measure from outside.
//!
//! - `worker repeat N FILE`: makes the filing N times, to count instructions.
//! - `worker stay`: reads names of folders, makes the filing of each `filing.json`, writes `out.pdf` to
//!   the same folder and answers with a line.
//! - `worker files FILE FOLDER`: writes all files that Typst reads in the filing's last pass.

#![expect(clippy::print_stdout, reason = "the answers go to standard output")]

use std::fs;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;

use hongtou::generate::{Generated, generate};
use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use hongtou::render::worker_thread::WorkerThread;
use hongtou::submission::read::Posted;
use hongtou::validate::validate;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let worker = WorkerThread::start().expect("a thread can be started");
    worker.run(|| {
        let typesetter = Typesetter::new(FontSet::bundled());
        match *arguments {
            ["repeat", times, file] => repeat(times, file, &typesetter),
            ["stay"] => stay(&typesetter),
            ["files", file, folder] => write_files(file, Path::new(folder), &typesetter),
            _ => panic!("usage: worker repeat N FILE | stay | files FILE FOLDER"),
        }
    });
}

fn made(file: &Path, typesetter: &Typesetter) -> Generated {
    let body = fs::read(file).expect("the filing can be read");
    generate(&body, typesetter).expect("the filing is accepted")
}

/// The number in the text changes each time, so that no cache of Typst helps.
fn repeat(times: &str, file: &str, typesetter: &Typesetter) {
    let body = fs::read_to_string(file).expect("the filing can be read");
    for time in 0..times.parse().expect("a number of times") {
        let marked = body.replace("。\"", &format!("（甲{}）。\"", 100 + time));
        generate(marked.as_bytes(), typesetter).expect("the filing is accepted");
    }
}

fn stay(typesetter: &Typesetter) {
    for line in stdin().lock().lines() {
        let line = line.expect("the input is text");
        let folder = Path::new(&line);
        let made = made(&folder.join("filing.json"), typesetter);
        fs::write(folder.join("out.pdf"), made.pdf).expect("the file can be written");
        println!("made");
        stdout().flush().expect("the output is read");
    }
}

fn write_files(file: &str, folder: &Path, typesetter: &Typesetter) {
    let body = fs::read(file).expect("the filing can be read");
    let posted = Posted::read(&body).expect("the filing is JSON");
    let filing = validate(posted, typesetter.coverage()).expect("it is accepted").filing;
    fs::create_dir_all(folder).expect("the folder can be made");
    for (path, bytes) in typesetter.files(&filing).expect("it is laid out") {
        fs::write(folder.join(path), bytes).expect("the file can be written");
    }
}
