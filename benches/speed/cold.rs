//! Compares the time from process start to the first PDF with that of a filing in a warm process.

use std::process::Command;

use hongtou::generate::generate;
use hongtou::render::typesetter::Typesetter;
use hongtou::render::worker_thread::WorkerThread;

use crate::clock::Times;
use crate::filings::other_seed;
use crate::table::{Row, ms};

const ROUNDS: usize = 40;

pub fn rows(typesetter: &Typesetter) -> Vec<Row> {
    let folder = tempfile::tempdir().expect("there is room for files");
    let (input, output) = (folder.path().join("filing.json"), folder.path().join("filing.pdf"));
    let (mut cold, mut warm) = (Times::default(), Times::default());
    let worker = WorkerThread::start().expect("the bench needs a thread");
    for _ in 0..ROUNDS {
        std::fs::write(&input, other_seed()).expect("there is room for a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_hongtou"));
        command.arg("render").arg(&input).arg("-o").arg(&output);
        let ended = cold.add(|| command.output()).expect("the program starts");
        assert!(ended.status.success(), "the filing is made");
        worker.run(|| {
            // Refills the CPU caches after the other process.
            generate(&other_seed(), typesetter).expect("it is accepted");
            let body = other_seed();
            warm.add(|| generate(&body, typesetter)).expect("it is accepted");
        });
    }
    let (cold, warm) = (cold.median(), warm.median());
    vec![
        Row::heading(format!("a new process, {ROUNDS} times")),
        Row::new("a filing in a warm process", ms(warm)).ratio("1"),
        Row::new("`hongtou render`, from start to exit", ms(cold))
            .ratio(format!("{:.2}", cold / warm))
            .goal("at most 3"),
    ]
}
