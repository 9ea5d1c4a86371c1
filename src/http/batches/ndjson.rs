//! Reads a body line by line as it arrives, and holds at most one line.

use std::time::Duration;

use axum::body::Body;
use bytes::{Buf, Bytes};
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::generate::BODY_LIMIT;
use crate::http::problem::Problem;
use crate::http::problem::batch::BatchProblem;
use crate::http::request::bodies::{Bodies, BodyError, HeldBody};
use crate::jobs::lines::MAX_LINES;

/// How long a line may take to arrive and to get memory.
const LINE_DEADLINE: Duration = Duration::from_secs(60);

/// The lines of a body.
#[derive(Debug)]
pub struct Lines {
    body: Body,
    bodies: Bodies,
    /// Received bytes that are not read yet.
    rest: Bytes,
    /// The number of the last line read, counted from 1.
    number: i64,
    ended: bool,
}

impl Lines {
    /// Reads the lines of a body and reserves memory for each.
    pub fn new(body: Body, bodies: Bodies) -> Self {
        Self { body, bodies, rest: Bytes::new(), number: 0, ended: false }
    }

    /// The next non-blank line and its number.
    ///
    /// # Errors
    /// Returns `BodyError` if the body is incomplete or a line is too slow, and
    /// `BatchProblem::LineTooLong` or `BatchProblem::TooManyLines` if a limit is exceeded.
    pub async fn next(&mut self) -> Result<Option<(i64, HeldBody)>, Problem> {
        while !self.ended {
            let line = timeout(LINE_DEADLINE, self.read()).await;
            let line = line.unwrap_or(Err(BodyError::Deadline.into()))?;
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some((self.number, line)));
            }
        }
        Ok(None)
    }

    /// The next line without its line break; empty after the last one.
    async fn read(&mut self) -> Result<HeldBody, Problem> {
        let mut line = HeldBody::default();
        self.number += 1;
        loop {
            let end = self.rest.iter().position(|byte| *byte == b'\n');
            let part = self.rest.split_to(end.unwrap_or(self.rest.len()));
            if line.len() + part.len() > BODY_LIMIT {
                return Err(BatchProblem::LineTooLong(self.number).into());
            }
            self.bodies.extend(&mut line, &part).await?;
            // Blank lines count, or a body of nothing else would never end.
            if self.number > MAX_LINES && !line.is_empty() || self.number > 2 * MAX_LINES {
                return Err(BatchProblem::TooManyLines.into());
            }
            if end.is_some() {
                self.rest.advance(1);
                return Ok(line);
            }
            match self.body.frame().await {
                // Trailers are ignored.
                Some(Ok(frame)) => self.rest = frame.into_data().unwrap_or_default(),
                Some(Err(_)) => return Err(BodyError::Incomplete.into()),
                None => {
                    self.ended = true;
                    return Ok(line);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use bytes::Bytes;
    use futures_util::stream;

    use super::Lines;
    use crate::http::request::bodies::{BODY_MEMORY, Bodies};

    #[tokio::test]
    async fn lines_are_complete_however_they_are_split() {
        let text = "{\"a\":1}\n\n  \r\n{\"长\":\"城\"}\r\n\n{}";
        for size in [1, 2, 3, 7, 100] {
            let frames: Vec<Result<Bytes, std::io::Error>> =
                text.as_bytes().chunks(size).map(|part| Ok(part.to_vec().into())).collect();
            let bodies = Bodies::new(BODY_MEMORY);
            let mut lines = Lines::new(Body::from_stream(stream::iter(frames)), bodies);
            let mut found = Vec::new();
            while let Some((number, line)) = lines.next().await.unwrap() {
                found.push((number, String::from_utf8(line.to_vec()).unwrap()));
            }
            let expected = [(1, "{\"a\":1}"), (4, "{\"长\":\"城\"}\r"), (6, "{}")];
            assert_eq!(found, expected.map(|(number, line)| (number, line.to_owned())), "{size}");
        }
    }
}
