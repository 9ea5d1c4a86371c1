//! How far a batch is: on a terminal a line that is written over, elsewhere one every ten seconds.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a terminal shows it.
const ON_TERMINAL: Duration = Duration::from_millis(250);

/// How often it goes into a file or a pipe.
const ELSEWHERE: Duration = Duration::from_secs(10);

/// Back to the beginning of the line, and away with what stands there.
const CLEAR: &str = "\r\x1b[K";

/// Tells staff on standard error. None of it reaches a file.
pub(crate) struct Progress {
    started: Instant,
    told: Instant,
    is_terminal: bool,
    // The length of the input, where it is known.
    total: Option<u64>,
    done: u64,
    not_made: u64,
}

impl Progress {
    pub(crate) fn start(total: Option<u64>) -> Self {
        let now = now();
        let is_terminal = io::stderr().is_terminal();
        Self { started: now, told: now, is_terminal, total, done: 0, not_made: 0 }
    }

    /// Counts a line that became a filing; the input has been read up to `end`.
    pub(crate) fn made(&mut self, end: u64) {
        self.count(end);
    }

    /// Counts a line that did not, and says why.
    pub(crate) fn not_made(&mut self, end: u64, why: &str) {
        self.not_made += 1;
        self.say(why);
        self.count(end);
    }

    /// Says something in a line of its own.
    pub(crate) fn say(&self, sentence: &str) {
        let clear = if self.is_terminal { CLEAR } else { "" };
        eprintln!("{clear}{sentence}");
    }

    /// The time since the start and the filings a second, for the last sentence.
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
        if now.duration_since(self.told) < pause {
            return;
        }
        self.told = now;
        let elapsed = millis(self.started, now);
        let left = self.total.filter(|_| end > 0).map_or_else(String::new, |total| {
            let left = elapsed * u128::from(total.saturating_sub(end)) / u128::from(end);
            format!("，约余{}秒", left.div_ceil(1000))
        });
        let (done, not_made, rate) = (self.done, self.not_made, self.rate(elapsed));
        let told = format!("已处理{done}份，未生成{not_made}份，每秒{rate}份{left}");
        if self.is_terminal {
            eprint!("{CLEAR}{told}");
            // Standard error has no buffer; a terminal that is gone is no reason to stop.
            let _ = io::stderr().flush();
        } else {
            eprintln!("{told}");
        }
    }

    fn rate(&self, elapsed: u128) -> String {
        tenths(u128::from(self.done) * 1000, elapsed.max(1))
    }
}

/// A ratio with one decimal, cut off.
fn tenths(part: u128, whole: u128) -> String {
    let tenths = part * 10 / whole;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn millis(from: Instant, to: Instant) -> u128 {
    to.duration_since(from).as_millis()
}

#[expect(clippy::disallowed_methods, reason = "how long a batch takes is told, not printed")]
fn now() -> Instant {
    Instant::now()
}
