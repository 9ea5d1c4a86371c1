//! The submission while it is read, and what is reported about it.

use serde_json::{Map, Value};

use crate::genre::lines::marks::chinese;
use crate::report::Problem;

/// A draft of a submission.
#[derive(Debug, Default)]
pub struct Draft {
    /// The elements of the document.
    pub document: Map<String, Value>,
    /// The issuing agencies.
    pub issuers: Vec<String>,
    /// What was not understood: the places and the texts.
    pub unread: Vec<(String, String)>,
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
        self.unread.push((place.to_string(), text.to_owned()));
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

/// A date such as 2021年12月22日 or 二〇二一年十二月二十二日 as JSON writes it.
pub fn date(text: &str) -> Option<String> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let number = |text: &str, range: std::ops::RangeInclusive<usize>| {
        let is_number =
            !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
        let number = if is_number { text.parse().ok() } else { chinese(text) };
        number.filter(|number| range.contains(number))
    };
    let year = number(&digits(year)?, 1949..=2099)?;
    let (month, day) = (number(month, 1..=12)?, number(day, 1..=31)?);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The four digits of a year that may be in Chinese: 二〇〇七, also with the circles that typists use.
fn digits(year: &str) -> Option<String> {
    let digit = |c: char| match c {
        '〇' | '○' | '◯' | '零' | 'O' | 'o' | 'Ｏ' | 'Ο' | 'О' => Some('0'),
        '0'..='9' => Some(c),
        _ => {
            let index = "一二三四五六七八九".chars().position(|digit| digit == c)?;
            char::from_digit(u32::try_from(index).ok()? + 1, 10)
        }
    };
    let digits: String = year.chars().map(digit).collect::<Option<_>>()?;
    (digits.len() == 4).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_in_figures_and_characters_are_read() {
        for text in
            ["2007年3月16日", "二〇〇七年三月十六日", "二○○七年三月十六日", "二OO七年三月十六日"]
        {
            assert_eq!(date(text).as_deref(), Some("2007-03-16"), "{text}");
        }
        assert_eq!(date("二零二一年十二月三十一日").as_deref(), Some("2021-12-31"));
        for text in ["二〇〇七年", "200七年三月三十二日", "7年3月6日", "二〇〇七年度三月六日"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
