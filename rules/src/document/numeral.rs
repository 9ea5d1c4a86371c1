//! Chinese numerals for heading numbers: 一 to 九千九百九十九.

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const UNITS: [(usize, &str); 4] = [(1000, "千"), (100, "百"), (10, "十"), (1, "")];

/// Writes a number between 1 and 9,999 in Chinese: 1 → 一, 12 → 十二, 20 → 二十, 105 → 一百零五.
///
/// # Panics
/// Panics if the number is not in 1..=9,999. Validation limits headings to far fewer.
pub fn chinese(number: usize) -> String {
    assert!((1..=9_999).contains(&number), "heading number {number} out of range");
    let mut written = String::new();
    let mut rest = number;
    let mut skipped_a_unit = false;
    for (unit, name) in UNITS {
        let digit = rest / unit;
        rest %= unit;
        if digit == 0 {
            skipped_a_unit = !written.is_empty();
            continue;
        }
        if skipped_a_unit {
            written.push_str(DIGITS[0]);
            skipped_a_unit = false;
        }
        // 十二 drops the leading 一; 一百一十二 keeps it.
        if !(unit == 10 && digit == 1 && written.is_empty()) {
            written.push_str(DIGITS[digit]);
        }
        written.push_str(name);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::chinese;

    #[test]
    fn writes_heading_numbers() {
        let cases = [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (24, "二十四"),
            (100, "一百"),
            (101, "一百零一"),
            (112, "一百一十二"),
            (1005, "一千零五"),
            (1010, "一千零一十"),
        ];
        for (number, expected) in cases {
            assert_eq!(chinese(number), expected);
        }
    }
}
