//! Names downloaded files (RFC 6266).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::generate::file_names::clean;

/// Every character but letters, digits, `-`, `.` and `_`: more than RFC 8187 and query strings
/// require.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// A `Content-Disposition` with a file name made from a 发文字号 and an ending, and an ASCII fallback
/// for clients that do not support it.
pub fn attachment(
    number: &str,
    year: impl Into<i64>,
    serial: impl Into<i64>,
    ending: &str,
) -> String {
    // 机关代字 has no ASCII form, so the fallback omits it.
    let ascii = format!("filing-{}-{}{ending}", year.into(), serial.into());
    named(&ascii, &format!("{}{ending}", clean(number)))
}

/// A `Content-Disposition` with a Chinese file name, and an ASCII fallback.
pub fn named(ascii: &str, chinese: &str) -> String {
    let chinese = percent_encoded(chinese);
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{chinese}")
}

/// Percent-encodes a text for a header parameter or a query string.
pub fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        let name = attachment("../../x〔2021〕38号", 2021, 38, ".pdf");
        assert!(name.contains("UTF-8''_._.._x%E3"), "{name}");
    }

    #[test]
    fn a_file_has_a_chinese_and_an_ascii_name() {
        assert_eq!(
            attachment("巴市民政〔2021〕38号", 2021, 38, ".pdf"),
            "attachment; filename=\"filing-2021-38.pdf\"; filename*=UTF-8''\
             %E5%B7%B4%E5%B8%82%E6%B0%91%E6%94%BF%E3%80%942021%E3%80%9538%E5%8F%B7.pdf"
        );
    }
}
