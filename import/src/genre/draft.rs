//! The submission while it is read, and what is reported about it.

use serde_json::{Map, Value};

use crate::report::{Problem, Unread};

/// A draft of a submission.
#[derive(Debug, Default)]
pub struct Draft {
    /// The elements of the document.
    pub document: Map<String, Value>,
    /// The issuing agencies.
    pub issuers: Vec<String>,
    /// What was not understood.
    pub unread: Vec<Unread>,
    /// What staff should check.
    pub problems: Vec<Problem>,
}

impl Draft {
    /// Sets an element of the document.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.document.insert(key.to_owned(), value.into());
    }

    /// A text of the document.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.document.get(key)?.as_str()
    }

    /// Reports a part that was not understood.
    pub fn unread(&mut self, place: impl ToString, text: &str) {
        self.unread.push(Unread::new(place, text));
    }

    /// Reports something to check.
    pub fn problem(&mut self, place: impl ToString, message: impl Into<String>) {
        self.problems.push(Problem::at(place, message));
    }

    /// Reports something to check about the whole file.
    pub fn remark(&mut self, message: impl Into<String>) {
        self.problems.push(Problem::of_file(message));
    }
}

/// A date such as 2021年12月22日 as JSON writes it.
pub fn date(text: &str) -> Option<String> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let number = |text: &str, range: std::ops::RangeInclusive<u32>| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| is_number && range.contains(number))
    };
    let year = number(year, 1949..=2099).filter(|_| year.len() == 4)?;
    let (month, day) = (number(month, 1..=12)?, number(day, 1..=31)?);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}
