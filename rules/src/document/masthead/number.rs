//! 发文字号: agency code, year and serial number (H-11).

use std::fmt;

use serde::{Deserialize, Serialize};

/// How 发文字号 is printed.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[schemars(description = "发文字号的写法")]
pub enum NumberFormat {
    /// Code, year and serial number, as `巴市民政〔2021〕38号`; a command prints `第38号`.
    #[default]
    #[schemars(description = "巴市民政〔2021〕38号；命令（令）印为第38号")]
    #[serde(rename = "standard")]
    Standard,
    /// Year and serial number, as `2021年第38号`; announcements and orders of departments.
    #[schemars(description = "2021年第38号，如公告、通告、部门的令")]
    #[serde(rename = "year_serial")]
    YearSerial,
    /// Year in brackets and serial number, as `〔2021〕第38号`.
    #[schemars(description = "〔2021〕第38号")]
    #[serde(rename = "bracketed_year")]
    BracketedYear,
    /// Serial number alone, as `第38号`.
    #[schemars(description = "第38号")]
    #[serde(rename = "serial")]
    Serial,
    /// Issue, as `第38期`; minutes.
    #[schemars(description = "第38期，如纪要")]
    #[serde(rename = "issue")]
    Issue,
}

impl NumberFormat {
    /// An example of the form, as sentences show it.
    pub fn example(self) -> &'static str {
        match self {
            Self::Standard => "巴市民政〔2021〕38号",
            Self::YearSerial => "2021年第38号",
            Self::BracketedYear => "〔2021〕第38号",
            Self::Serial => "第38号",
            Self::Issue => "第38期",
        }
    }
}

/// A 发文字号 as `巴市民政〔2021〕38号`: full year in 六角括号, no leading zero, no 第.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentNumber {
    // Invariant: not empty; no white space, brackets, reserved marks or 第.
    agency_code: String,
    // Invariant: 1949..=2099.
    year: u16,
    // Invariant: 1..=999_999.
    serial: u32,
    format: NumberFormat,
}

/// Why a part of a 发文字号 is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentNumberError {
    /// The agency code is empty, too long, or contains a character that the form reserves.
    #[error("the agency code is empty, too long or contains a reserved mark")]
    AgencyCode,
    /// The year is not between 1949 and 2099.
    #[error("the year is not between 1949 and 2099")]
    Year,
    /// The serial number is not between 1 and 999,999.
    #[error("the serial number is not between 1 and 999999")]
    Serial,
}

impl DocumentNumber {
    /// The longest 机关代字 that leaves room for a signatory on the same line (H-12), in characters.
    pub const MAX_AGENCY_CODE: usize = 12;

    /// Joins the parts of a 发文字号.
    ///
    /// # Errors
    /// Returns an error for each invalid part.
    pub fn new(
        agency_code: &str,
        year: i64,
        serial: i64,
    ) -> Result<Self, Vec<DocumentNumberError>> {
        let mut errors = Vec::new();
        let is_code = !agency_code.is_empty()
            && agency_code.chars().count() <= Self::MAX_AGENCY_CODE
            && agency_code.chars().all(|c| !c.is_whitespace() && !"〔〕[]【】()（）第".contains(c));
        if !is_code {
            errors.push(DocumentNumberError::AgencyCode);
        }
        let year = u16::try_from(year).ok().filter(|year| (1949..=2099).contains(year));
        if year.is_none() {
            errors.push(DocumentNumberError::Year);
        }
        let serial = u32::try_from(serial).ok().filter(|serial| (1..=999_999).contains(serial));
        if serial.is_none() {
            errors.push(DocumentNumberError::Serial);
        }
        match (year, serial) {
            (Some(year), Some(serial)) if errors.is_empty() => Ok(Self {
                agency_code: agency_code.to_owned(),
                year,
                serial,
                format: NumberFormat::Standard,
            }),
            _ => Err(errors),
        }
    }

    /// Parses a 发文字号 as people type it: `巴市民政〔2021〕38号`, also with other brackets, full-width digits,
    /// blanks or without 号. Returns `None` for any other text.
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
        let (agency_code, rest) = text.split_once('〔')?;
        let (year, serial) = rest.split_once('〕')?;
        let serial = serial.strip_suffix('号').unwrap_or(serial);
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(year) || !is_digits(serial) {
            return None;
        }
        Self::new(agency_code, year.parse().ok()?, serial.parse().ok()?).ok()
    }

    /// The same number in another printed form.
    #[must_use]
    pub fn with_format(self, format: NumberFormat) -> Self {
        Self { format, ..self }
    }

    /// The number in its printed form. `Display` always shows the full form, which names one document
    /// among all of an agency.
    pub fn printed(&self) -> String {
        let Self { year, serial, .. } = self;
        match self.format {
            NumberFormat::Standard => self.to_string(),
            NumberFormat::YearSerial => format!("{year}年第{serial}号"),
            NumberFormat::BracketedYear => format!("〔{year}〕第{serial}号"),
            NumberFormat::Serial => format!("第{serial}号"),
            NumberFormat::Issue => format!("第{serial}期"),
        }
    }

    /// How it is printed.
    pub fn format(&self) -> NumberFormat {
        self.format
    }

    /// 机关代字.
    pub fn agency_code(&self) -> &str {
        &self.agency_code
    }

    /// 年份.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// 发文顺序号.
    pub fn serial(&self) -> u32 {
        self.serial
    }
}

/// Converts digits and brackets to their form in a 发文字号; leaves other characters.
fn half_width(character: char) -> char {
    match character {
        '[' | '［' | '【' | '(' | '（' | '﹝' => '〔',
        ']' | '］' | '】' | ')' | '）' | '﹞' => '〕',
        '０'..='９' => {
            char::from_u32(character as u32 - '０' as u32 + '0' as u32).unwrap_or(character)
        }
        _ => character,
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{}〕{}号", self.agency_code, self.year, self.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::{DocumentNumber, DocumentNumberError, NumberFormat};

    #[test]
    fn prints_the_standard_form() {
        let number = DocumentNumber::new("巴市民政", 2021, 38).unwrap();
        assert_eq!(number.to_string(), "巴市民政〔2021〕38号");
    }

    #[test]
    fn every_form_prints_its_example_and_names_the_same_document() {
        for format in [
            NumberFormat::Standard,
            NumberFormat::YearSerial,
            NumberFormat::BracketedYear,
            NumberFormat::Serial,
            NumberFormat::Issue,
        ] {
            let number = DocumentNumber::new("巴市民政", 2021, 38).unwrap().with_format(format);
            assert_eq!(number.printed(), format.example());
            assert_eq!(number.to_string(), "巴市民政〔2021〕38号");
        }
    }

    #[test]
    fn reads_a_number_as_people_type_it() {
        let printed = Some("巴市民政〔2021〕38号".to_owned());
        let same = [
            "巴市民政〔2021〕38号",
            "巴市民政[2021]38",
            "巴市民政（２０２１）３８号",
            " 巴市民政 【2021】 38 号 ",
        ];
        for text in same {
            assert_eq!(DocumentNumber::read(text).map(|n| n.to_string()), printed, "{text}");
        }
        let none = [
            "",
            "巴市民政",
            "〔2021〕38号",
            "巴市民政〔2021〕",
            "巴市民政〔21〕38号",
            "巴〔2021〕+3",
        ];
        for text in none {
            assert_eq!(DocumentNumber::read(text), None, "{text}");
        }
    }

    #[test]
    fn reports_every_invalid_part() {
        let errors = DocumentNumber::new("第一", 21, 0).unwrap_err();
        assert_eq!(
            errors,
            [
                DocumentNumberError::AgencyCode,
                DocumentNumberError::Year,
                DocumentNumberError::Serial
            ]
        );
    }
}
