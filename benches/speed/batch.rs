//! Time and memory of `hongtou batch` with a filing for each of the country's 2,844 counties.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use hongtou::render::typesetter::Typesetter;

use crate::clock::Times;
use crate::filings::other_seed;
use crate::table::Row;

const COUNTIES: usize = 2_844;

/// The resident memory of the process in megabytes.
#[derive(Debug, Default)]
struct Memory {
    after_tenth: f64,
    last: f64,
    most: f64,
}

pub fn rows(_: &Typesetter) -> Vec<Row> {
    let folder = tempfile::tempdir().expect("there is room for files");
    let input = folder.path().join("counties.ndjson");
    let lines: Vec<Vec<u8>> = (0..COUNTIES).map(|_| other_seed()).collect();
    fs::write(&input, lines.join(&b'\n')).expect("there is room for the input");
    let output = folder.path().join("filings");
    let mut time = Times::default();
    let memory = time.add(|| watched(&input, &output));
    let made = pdfs(&output);
    assert_eq!(made, COUNTIES, "every line became a filing");
    vec![
        Row::heading(format!("`hongtou batch`, {COUNTIES} different filings, all cores")),
        Row::new("time", format!("{:.1} s", time.median() / 1e3)).goal("at most 60 s"),
        Row::new("memory after the tenth filing", format!("{:.0} MB", memory.after_tenth))
            .ratio("1"),
        Row::new("memory after the last filing", format!("{:.0} MB", memory.last))
            .ratio(format!("{:.2}", memory.last / memory.after_tenth))
            .goal("at most 1.1"),
        Row::new("peak memory", format!("{:.0} MB", memory.most)).goal("under 250 MB"),
    ]
}

fn watched(input: &Path, output: &Path) -> Memory {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hongtou"));
    command
        .arg("batch")
        .arg(input)
        .arg("-o")
        .arg(output)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut memory = Memory::default();
    while child.try_wait().expect("the child is ours").is_none() {
        thread::sleep(Duration::from_millis(20));
        look(&child, output, &mut memory);
    }
    memory
}

/// Records the memory of the process, unless it has just ended.
fn look(child: &Child, output: &Path, memory: &mut Memory) {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let Some(held) = megabytes(&status, "VmRSS:") else { return };
    memory.last = held;
    memory.most = megabytes(&status, "VmHWM:").unwrap_or(held);
    if memory.after_tenth == 0.0 && output.is_dir() && pdfs(output) >= 10 {
        memory.after_tenth = held;
    }
}

fn megabytes(status: &str, key: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn pdfs(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|suffix| suffix == "pdf")).count()
}
