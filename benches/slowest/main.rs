//! Searches for the accepted filing that takes the most time or memory: `just slowest SEED ROUNDS`.
//!
//! The seed determines the search. Each filing is typeset in a process of its own, which reports its
//! CPU time and memory, and fails if the PDF cannot be verified.

#![expect(clippy::print_stdout, reason = "the search prints what it found")]

mod child;
mod filing;
mod genes;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::genes::{Genes, Random};

/// The most that a filing may take: CPU seconds and megabytes.
const MOST: (f64, f64) = (5.0, 500.0);
/// How many of the heaviest filings the search changes further.
const PARENTS: usize = 8;
/// The option with which the program starts itself.
const CHILD: &str = "--child";

/// What one filing took.
#[derive(Debug, Clone, Copy)]
struct Taken {
    seconds: f64,
    megabytes: f64,
    pages: usize,
}

impl Taken {
    /// The share of the limits that it takes; above 1 it exceeds one of them.
    fn weight(self) -> f64 {
        (self.seconds / MOST.0).max(self.megabytes / MOST.1)
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:5.2} s {:4.0} MB {:4} pages", self.seconds, self.megabytes, self.pages)
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|a| a != "--bench").collect();
    if let [_, option, file] = arguments.as_slice()
        && option == CHILD
    {
        println!("{}", child::set(Path::new(file)));
        return;
    }
    let number = |index: usize, default| {
        arguments.get(index).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    search(number(1, 1), number(2, 100));
}

fn search(seed: u64, rounds: u64) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("slowest");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let mut random = Random::new(seed);
    let mut heaviest: Vec<(Taken, Genes)> = Vec::new();
    let mut refused = 0;
    let extremes = Genes::extremes();
    for round in 0..extremes.len() as u64 + rounds {
        let genes = match extremes.get(round as usize) {
            Some(extreme) => extreme.clone(),
            None => {
                let parent = random.below(heaviest.len().max(1) as u64) as usize;
                heaviest
                    .get(parent)
                    .map_or_else(Genes::default, |(_, genes)| genes.mutated(&mut random))
            }
        };
        match measured(&folder.join(format!("{seed}-{round}.json")), &genes) {
            Some(taken) => {
                println!("{round:4} {taken}  {genes}");
                heaviest.push((taken, genes));
            }
            None => refused += 1,
        }
        heaviest.sort_by(|a, b| b.0.weight().total_cmp(&a.0.weight()));
        heaviest.truncate(PARENTS);
    }
    println!(
        "\n{refused} were refused. The heaviest, with limits of {} s and {} MB:",
        MOST.0, MOST.1
    );
    for (taken, genes) in &heaviest {
        println!("{:5.2} {taken}  {genes}", taken.weight());
    }
}

/// What typesetting the filing takes, or `None` if the rules refuse it. Only files of heavy filings
/// are left behind.
fn measured(file: &Path, genes: &Genes) -> Option<Taken> {
    let body = serde_json::to_vec(&filing::of(genes)).expect("a filing is JSON");
    fs::write(file, body).expect("the target folder can be written");
    let program = std::env::current_exe().expect("the program knows its path");
    let output = Command::new("sh")
        .args(["-c", "ulimit -t 120; exec \"$0\" \"$@\""])
        .arg(program)
        .arg(CHILD)
        .arg(file)
        .output()
        .expect("the program can start itself");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut words = text.split_whitespace();
    if words.next() == Some(child::REFUSED) {
        fs::remove_file(file).expect("the file was written above");
        return None;
    }
    let mut numbers = text.split_whitespace().map_while(|word| word.parse::<f64>().ok());
    let taken = match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(seconds), Some(megabytes), Some(pages)) => {
            Taken { seconds, megabytes, pages: pages as usize }
        }
        // It was killed or panicked, which is the worst result.
        _ => Taken { seconds: f64::INFINITY, megabytes: f64::INFINITY, pages: 0 },
    };
    if taken.weight() < 0.8 {
        fs::remove_file(file).expect("the file was written above");
    }
    Some(taken)
}
