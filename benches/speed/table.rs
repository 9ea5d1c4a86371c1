//! The rows of the table, as Markdown.

use std::fmt;

/// What stands above the rows.
pub const HEAD: &str = "| measured | median | ratio | goal |\n|---|--:|--:|---|";

/// One thing measured.
#[derive(Debug)]
pub struct Row {
    what: String,
    figure: String,
    ratio: String,
    goal: String,
}

impl Row {
    /// What the rows below it are about.
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

/// Milliseconds with as many places as say something.
pub fn ms(milliseconds: f64) -> String {
    let places = if milliseconds < 10.0 { 2 } else { 1 };
    format!("{milliseconds:.places$} ms")
}

pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
