//! The progress of a batch: one line that is overwritten on a terminal, else a line every ten
//! seconds.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// The interval on a terminal.
const ON_TERMINAL: Duration = Duration::from_millis(250);

/// The interval in a file or a pipe.
const ELSEWHERE: Duration = Duration::from_secs(10);

/// Clears the current line of the terminal.
const CLEAR: &str = "\r\x1b[K";

/// Prints the progress on standard error.
pub(crate) struct Progress {
    started: Instant,
    printed_at: Instant,
    is_terminal: bool,
    // The length of the input in bytes, if known.
    total: Option<u64>,
    done: u64,
    not_made: u64,
}

impl Progress {
    pub(crate) fn start(total: Option<u64>) -> Self {
        let now = now();
        let is_terminal = io::stderr().is_terminal();
        Self { started: now, printed_at: now, is_terminal, total, done: 0, not_made: 0 }
    }

    /// Counts a line that became a filing; `end` is the number of input bytes read so far.
    pub(crate) fn made(&mut self, end: u64) {
        self.count(end);
    }

    /// Counts a line that did not become a filing, and prints why.
    pub(crate) fn not_made(&mut self, end: u64, why: &str) {
        self.not_made += 1;
        self.print(why);
        self.count(end);
    }

    /// Prints a sentence on a line of its own.
    pub(crate) fn print(&self, sentence: &str) {
        let clear = if self.is_terminal { CLEAR } else { "" };
        eprintln!("{clear}{sentence}");
    }

    /// Returns the elapsed time and the filings per second as Chinese text.
    pub(crate) fn finish(self) -> String {
        if self.is_terminal {
            eprint!("{CLEAR}");
        }
        let elapsed = millis(self.started, now());
        format!("用时{}秒，每秒{}份", tenths(elapsed, 1000), self.rate(elapsed))
    }

    fn count(&mut self, end: u64) {
        self.done += 1;
        let now = now();
        let pause = if self.is_terminal { ON_TERMINAL } else { ELSEWHERE };
        if now.duration_since(self.printed_at) < pause {
            return;
        }
        self.printed_at = now;
        let elapsed = millis(self.started, now);
        let left = self.total.filter(|_| end > 0).map_or_else(String::new, |total| {
            let left = elapsed * u128::from(total.saturating_sub(end)) / u128::from(end);
            format!("，约余{}秒", left.div_ceil(1000))
        });
        let (done, not_made, rate) = (self.done, self.not_made, self.rate(elapsed));
        let text = format!("已处理{done}份，未生成{not_made}份，每秒{rate}份{left}");
        if self.is_terminal {
            eprint!("{CLEAR}{text}");
            // A closed terminal does not stop the batch.
            let _ = io::stderr().flush();
        } else {
            eprintln!("{text}");
        }
    }

    fn rate(&self, elapsed: u128) -> String {
        tenths(u128::from(self.done) * 1000, elapsed.max(1))
    }
}

/// A ratio with one decimal, rounded down.
fn tenths(part: u128, whole: u128) -> String {
    let tenths = part * 10 / whole;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn millis(from: Instant, to: Instant) -> u128 {
    to.duration_since(from).as_millis()
}

#[expect(clippy::disallowed_methods, reason = "only the progress shows how long a batch takes")]
fn now() -> Instant {
    Instant::now()
}
