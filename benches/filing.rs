//! What one filing costs, part by part, on one thread: ratios within one run.
//!
//! Each filing has other text and another number, as those of different counties have, so that no
//! memo of the typesetting engine helps. The parts take turns, so that what else the machine does
//! falls on all of them alike.

#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

use std::time::Instant;

use hongtou::generate::generate;
use hongtou::render::Typesetter;
use hongtou::render::fonts::FontSet;
use hongtou::render::lane::Lane;
use hongtou::submission::read::Posted;
use hongtou::validate::filing::Filing;
use hongtou::validate::validate;
use serde_json::Value;

const SEED: &str = include_str!("../fixtures/valid/bazhong-2021-38.json");
const FILINGS: usize = 200;
/// Filings before the first that counts: they warm what every later one finds warm.
const WARMING: usize = 5;

fn main() {
    let lane = Lane::new().expect("the bench needs a thread");
    lane.run(|| measure(&Typesetter::new(FontSet::bundled())));
}

fn measure(typesetter: &Typesetter) {
    let seed: Value = serde_json::from_str(SEED).expect("the seed filing is JSON");
    let mut serial = 0;
    let mut next = || {
        serial += 1;
        variant(&seed, serial)
    };
    let (mut whole, mut check, mut layout, mut typeset) =
        (Times::default(), Times::default(), Times::default(), Times::default());
    let mut pages = 0;
    for round in 0..FILINGS + WARMING {
        let bodies = [next(), next(), next(), next()];
        if round < WARMING {
            generate(&bodies[0], typesetter).expect("the seed filing is accepted");
            continue;
        }
        pages = whole.add(|| generate(&bodies[0], typesetter)).expect("it is accepted").pages;
        check.add(|| read(&bodies[1], typesetter));
        let filing = read(&bodies[2], typesetter);
        layout.add(|| typesetter.lay_out(&filing)).expect("it is laid out");
        let filing = read(&bodies[3], typesetter);
        typeset.add(|| typesetter.typeset(&filing)).expect("it is set in type");
    }
    let whole = whole.median();
    let line = |what: &str, part: f64| {
        println!("{what:<28}{:>8.2} ms{:>8.1} %", part, 100.0 * part / whole);
    };
    println!("{FILINGS} different filings of {pages} pages, medians, one thread");
    line("JSON to PDF", whole);
    line("  reading and checking", check.median());
    line("  laying out", layout.median());
    line("  writing the file", typeset.median() - layout.median());
    println!("a page                      {:>8.2} ms", whole / pages as f64);
}

fn read(body: &[u8], typesetter: &Typesetter) -> Filing {
    let posted = Posted::read(body).expect("the seed filing is JSON");
    validate(posted, typesetter.coverage()).expect("the seed filing is accepted").filing
}

/// How long one kind of work took each time, in milliseconds.
#[derive(Debug, Default)]
struct Times(Vec<f64>);

impl Times {
    #[expect(clippy::disallowed_methods, reason = "a bench measures durations")]
    fn add<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = work();
        self.0.push(begin.elapsed().as_secs_f64() * 1e3);
        result
    }

    fn median(&mut self) -> f64 {
        self.0.sort_by(f64::total_cmp);
        self.0[self.0.len() / 2]
    }
}

/// The seed filing with another number and a mark in each of its paragraphs.
fn variant(seed: &Value, serial: usize) -> Vec<u8> {
    let mut filing = seed.clone();
    filing["document"]["document_number"]["serial"] = serial.into();
    for section in filing["scores"]["sections"].as_array_mut().into_iter().flatten() {
        match section["groups"].as_array_mut() {
            Some(groups) => groups.iter_mut().for_each(|group| mark(group, serial)),
            None => mark(section, serial),
        }
    }
    serde_json::to_vec(&filing).expect("what was JSON is JSON")
}

fn mark(holder: &mut Value, serial: usize) {
    for indicator in holder["indicators"].as_array_mut().into_iter().flatten() {
        for paragraph in indicator["narrative"].as_array_mut().into_iter().flatten() {
            *paragraph = format!("{}（甲{serial}）", paragraph.as_str().unwrap_or_default()).into();
        }
    }
}
