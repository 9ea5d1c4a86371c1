//! Reads the lines of a batch one at a time.

use std::io::{self, BufRead, Read};

use crate::generate::BODY_LIMIT;

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The index among the lines that are not blank, counted from 0.
    pub(crate) index: usize,
    /// The line number in the input, counted from 1.
    pub(crate) number: usize,
    /// The number of input bytes up to the end of the line.
    pub(crate) end: u64,
    /// The text of the line; `None` if it is longer than a request body may be.
    pub(crate) body: Option<Vec<u8>>,
}

/// The lines of an input. Blank lines are counted and skipped.
pub(crate) struct Lines<R> {
    input: R,
    index: usize,
    number: usize,
    end: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, index: 0, number: 0, end: 0 }
    }

    /// Returns the next line that is not blank; `None` at the end of the input.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut body = Vec::new();
        loop {
            body.clear();
            // One byte more than the limit, to notice longer lines, and one for the line break.
            let most = BODY_LIMIT as u64 + 2;
            let taken = self.input.by_ref().take(most).read_until(b'\n', &mut body)?;
            if taken == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.end += taken as u64;
            let has_ended = body.last() == Some(&b'\n');
            if has_ended {
                body.pop();
            }
            let fits = body.len() <= BODY_LIMIT;
            if !fits && !has_ended {
                self.end += self.input.skip_until(b'\n')? as u64;
            }
            if fits && body.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let index = self.index;
            self.index += 1;
            let body = fits.then_some(body);
            return Ok(Some(Line { index, number: self.number, end: self.end, body }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BODY_LIMIT, Lines};

    #[test]
    fn blank_lines_count_and_long_lines_end() {
        let long = "x".repeat(BODY_LIMIT);
        let input = format!("\n{{}}\r\n{long}\n{long}y\n  \n{long}yz\nlast");
        let mut lines = Lines::new(input.as_bytes());
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push((line.index, line.number, line.body.map(|body| body.len())));
        }
        let expected = [
            (0, 2, Some(3)),
            (1, 3, Some(BODY_LIMIT)),
            (2, 4, None),
            (3, 6, None),
            (4, 7, Some(4)),
        ];
        assert_eq!(seen, expected);
        assert_eq!(lines.end, input.len() as u64);
    }
}
