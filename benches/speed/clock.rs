//! Durations and their medians, in milliseconds.

use std::time::Instant;

/// How long some work took each time.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<f64>);

impl Times {
    #[expect(clippy::disallowed_methods, reason = "a bench measures durations")]
    pub fn add<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = work();
        self.push(begin.elapsed().as_secs_f64() * 1e3);
        result
    }

    pub fn push(&mut self, milliseconds: f64) {
        self.0.push(milliseconds);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}
