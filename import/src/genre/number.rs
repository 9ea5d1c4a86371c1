//! Finds 发文字号 in a line.

use serde_json::{Value, json};

use crate::genre::lines::clean::{dense, words};

/// A number with what precedes and follows it in its line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbered {
    /// 机关代字; empty if it is not printed.
    pub code: String,
    /// The year, if it is printed.
    pub year: Option<i64>,
    /// The serial number.
    pub serial: i64,
    /// How it is printed, unless as usual.
    pub format: Option<&'static str>,
    /// The text before it.
    pub before: String,
    /// The text after it.
    pub after: String,
}

impl Numbered {
    /// The number as a submission has it.
    pub fn json(&self) -> Value {
        let mut json = json!({ "agency_code": self.code, "serial": self.serial });
        if let Some(year) = self.year {
            json["year"] = year.into();
        }
        if let Some(format) = self.format {
            json["format"] = format.into();
        }
        json
    }
}

/// The longest 机关代字, in characters.
const CODE: usize = 16;

/// The number in a line of the masthead.
pub fn number(line: &str) -> Option<Numbered> {
    let words = words(line);
    for (index, word) in words.iter().enumerate() {
        if let Some(number) = of_word(word) {
            let after = format!("{}{}", number.after, words[index + 1..].join(" "));
            return Some(Numbered { before: words[..index].join(" "), after, ..number });
        }
    }
    // OCR may put blanks inside the number.
    let (number, after) = of_start(&words.concat())?;
    Some(Numbered { after: format!("{}{after}", number.after), ..number })
}

/// A number at the beginning of a text without blanks.
fn of_start(text: &str) -> Option<(Numbered, String)> {
    let end = text.find('号')? + '号'.len_utf8();
    let number = of_word(&text[..end])?;
    Some((number, text[end..].to_owned()))
}

fn of_word(word: &str) -> Option<Numbered> {
    let word = dense(word);
    let inside = word.strip_prefix('（').and_then(|word| word.strip_suffix('）'));
    let word = inside.unwrap_or(&word);
    if let Some(end) = word.strip_suffix('期') {
        let (year, serial) = ordinal(end)?;
        return Some(Numbered { year, serial, format: Some("issue"), ..Numbered::default() });
    }
    let end = word.find('号')?;
    let (number, after) = (&word[..end], &word[end + '号'.len_utf8()..]);
    if !after.is_empty() && !after.starts_with("签发人") {
        return None;
    }
    let after = after.to_owned();
    if let Some((year, serial)) = ordinal(number) {
        let format = Some(if year.is_some() { "year_serial" } else { "serial" });
        return Some(Numbered { year, serial, format, after, ..Numbered::default() });
    }
    let open = number.find(['〔', '[', '［', '【', '（', '(', '﹝', '{'])?;
    let code = &number[..open];
    let rest: String = number[open..].chars().skip(1).collect();
    let close = rest.find(['〕', ']', '］', '】', '）', ')', '﹞', '}'])?;
    let year = year(&rest[..close])?;
    let serial: String = rest[close..].chars().skip(1).collect();
    let is_ordinal = serial.starts_with('第');
    let serial = whole(serial.trim_start_matches('第'))?;
    let is_code = code.chars().count() <= CODE && !code.contains(['，', '。', '：', '《']);
    let format = (code.is_empty() && is_ordinal).then_some("bracketed_year");
    let code = code.to_owned();
    let numbered =
        Numbered { code, year: Some(year), serial, format, after, ..Numbered::default() };
    (is_code && (!numbered.code.is_empty() || is_ordinal)).then_some(numbered)
}

/// 第38 or 2021年第38.
fn ordinal(text: &str) -> Option<(Option<i64>, i64)> {
    let (before, serial) = text.split_once('第')?;
    let year = match before.strip_suffix('年') {
        Some(before) => Some(year(before)?),
        None if before.is_empty() => None,
        None => return None,
    };
    Some((year, whole(serial)?))
}

fn year(text: &str) -> Option<i64> {
    whole(text).filter(|year| text.len() == 4 && (1949..=2099).contains(year))
}

fn whole(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_found_in_lines() {
        let cases = [
            ("巴市民政〔2021〕38号", Some(("巴市民政", Some(2021), 38, None, ""))),
            (
                "巴市民政［２０２１］３８号　签发人：肖　飞",
                Some(("巴市民政", Some(2021), 38, None, "签发人：肖 飞")),
            ),
            ("000012    川民函〔2022〕115号", Some(("川民函", Some(2022), 115, None, ""))),
            ("第5号", Some(("", None, 5, Some("serial"), ""))),
            ("2023年第37号", Some(("", Some(2023), 37, Some("year_serial"), ""))),
            ("〔2021〕第38号", Some(("", Some(2021), 38, Some("bracketed_year"), ""))),
            ("（第5期）", Some(("", None, 5, Some("issue"), ""))),
            ("按照《通知》（川民发〔2021〕151号）要求", None),
            ("文件", None),
        ];
        for (line, expected) in cases {
            let found = number(line);
            let found = found.as_ref();
            let shown = found.map(|n| (n.code.as_str(), n.year, n.serial, n.format));
            assert_eq!(
                shown,
                expected.map(|(code, year, serial, format, _)| (code, year, serial, format)),
                "{line}"
            );
            let _ = expected.map(|(.., after)| after);
        }
    }
}
