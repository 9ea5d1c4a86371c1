//! The rows of the printed Markdown table.

use std::fmt;

/// The head of the table.
pub const HEAD: &str = "| measured | median | ratio | goal |\n|---|--:|--:|---|";

/// One measurement.
#[derive(Debug)]
pub struct Row {
    what: String,
    figure: String,
    ratio: String,
    goal: String,
}

impl Row {
    /// Describes the rows below it.
    pub fn heading(what: impl Into<String>) -> Self {
        let what = format!("**{}**", what.into());
        Self { what, figure: String::new(), ratio: String::new(), goal: String::new() }
    }

    pub fn new(what: impl Into<String>, figure: impl Into<String>) -> Self {
        let (what, figure) = (what.into(), figure.into());
        Self { what, figure, ratio: String::new(), goal: String::new() }
    }

    pub fn ratio(self, ratio: impl Into<String>) -> Self {
        Self { ratio: ratio.into(), ..self }
    }

    pub fn goal(self, goal: &str) -> Self {
        Self { goal: goal.to_owned(), ..self }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, figure, ratio, goal } = self;
        write!(f, "| {what} | {figure} | {ratio} | {goal} |")
    }
}

/// Milliseconds with a sensible number of decimals.
pub fn ms(milliseconds: f64) -> String {
    let places = if milliseconds < 10.0 { 2 } else { 1 };
    format!("{milliseconds:.places$} ms")
}

pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
