//! One row of the table of problems: the content of the response to a kind of problem.

use std::borrow::Cow;

use axum::http::StatusCode;

/// The content of the response to a kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The HTTP status.
    pub status: StatusCode,
    /// The name that ends the problem's `type`. Clients rely on it.
    pub name: &'static str,
    /// The title, in Chinese.
    pub title: &'static str,
    /// A sentence for staff, in Chinese.
    pub detail: Cow<'static, str>,
    /// Seconds after which a retry may succeed.
    pub retry_after: Option<u16>,
}

impl Row {
    /// A row without `Retry-After`.
    pub fn new(
        status: StatusCode,
        name: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, name, title, detail: detail.into(), retry_after: None }
    }

    /// The same row with `Retry-After`.
    pub fn retry_after(self, seconds: u16) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}
