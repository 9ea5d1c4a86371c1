//! The time of each phase of the seed filing on one thread, measured by the program's own spans.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use hongtou::generate::generate;
use hongtou::render::typesetter::Typesetter;
use hongtou::render::worker_thread::WorkerThread;
use tracing::span::Id;
use tracing::{Subscriber, subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use crate::clock::Times;
use crate::filings::other_seed;
use crate::table::{Row, ms, percent};

pub const FILINGS: usize = 200;
/// Filings before the first that counts, which fill the caches.
pub const WARMING: usize = 5;

/// The milliseconds of one filing by span name.
type Spent = Arc<Mutex<BTreeMap<&'static str, f64>>>;

/// Adds up the time in each span.
#[derive(Debug, Clone, Default)]
struct Stopwatch(Spent);

#[derive(Debug)]
struct Entered(Instant);

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "a bench measures durations")]
    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).expect("an entered span is known");
        span.extensions_mut().replace(Entered(Instant::now()));
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).expect("an exited span is known");
        if let Some(Entered(begin)) = span.extensions_mut().remove() {
            let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *spent.entry(span.name()).or_default() += begin.elapsed().as_secs_f64() * 1e3;
        }
    }
}

pub fn rows(typesetter: &Typesetter) -> Vec<Row> {
    let worker = WorkerThread::start().expect("the bench needs a thread");
    worker.run(|| measured(typesetter))
}

fn measured(typesetter: &Typesetter) -> Vec<Row> {
    let stopwatch = Stopwatch::default();
    let mut whole = Times::default();
    let mut phases: BTreeMap<&str, Times> = BTreeMap::new();
    let mut pages = 0;
    subscriber::with_default(Registry::default().with(stopwatch.clone()), || {
        for round in 0..FILINGS + WARMING {
            let body = other_seed();
            let mut time = Times::default();
            let made = time.add(|| generate(&body, typesetter)).expect("it is accepted");
            let spent = std::mem::take(&mut *stopwatch.0.lock().expect("one thread measures"));
            if round < WARMING {
                continue;
            }
            pages = made.pages;
            whole.push(time.median());
            for (phase, milliseconds) in spent {
                phases.entry(phase).or_default().push(milliseconds);
            }
        }
    });
    table(whole.median(), &phases, pages)
}

fn table(whole: f64, phases: &BTreeMap<&str, Times>, pages: usize) -> Vec<Row> {
    // A phase that fewer than half of the filings have counts as zero.
    let of = |name: &str| match phases.get(name) {
        Some(times) if times.count() * 2 > FILINGS => times.median(),
        _ => 0.0,
    };
    let (read, validate, lines) = (of("read"), of("validate"), of("lines"));
    let page_data = of("page_data") + of("refit");
    let (compile, export) = (of("compile"), of("export"));
    let evict = of("evict");
    let rest = whole - read - validate - page_data - compile - export - evict;
    let adds = whole - compile - export;
    let share = |part: f64| percent(part / whole);
    let row = |what: &str, part: f64| Row::new(what, ms(part)).ratio(share(part));
    vec![
        Row::heading(format!("{FILINGS} different filings of {pages} pages, one thread")),
        Row::new("JSON to PDF", ms(whole)).ratio("100 %"),
        row("reading JSON", read),
        row("checking", validate),
        row("page data", page_data),
        row("of which line breaking", lines),
        row("`typst::compile`, all passes", compile),
        row("`typst_pdf::pdf`", export),
        row("`comemo::evict`, which keeps memory constant", evict),
        row("page numbers, hash, other", rest),
        Row::new("added by hongtou to these two calls", ms(adds))
            .ratio(percent(adds / (compile + export)))
            .goal("at most 5 %"),
        Row::new("without line breaking, which Typst would do", ms(adds - lines))
            .ratio(percent((adds - lines) / (compile + export))),
        Row::new("per page", ms(whole / pages as f64)),
    ]
}
