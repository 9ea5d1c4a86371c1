//! Numbers of headings and labels of attachments in a text, which the program prints itself.

/// The most digits of a number; 2021年 is a year.
const MOST_DIGITS: usize = 3;

/// The most characters of the number of an article: 一百二十三.
const MOST_NUMERALS: usize = 5;

/// Measure words, after which a number counts something, and marks of a range: 附件3份, 附件1-3.
const NO_LABEL: &str = "份个项张页类种件年-—～~至到和及与";

/// The length of the number that a heading begins with: 一、 （一） 1. （1） 1） ①; 0 if there is none.
/// 二、三产业 and 1.5万亩 do not begin with one.
pub fn heading_number(text: &[char]) -> usize {
    bracketed(text).or_else(|| plain(text)).or_else(|| circled(text)).unwrap_or_default()
}

/// The level of the number that a text begins with, from 1 to 4, in the form in which headings have it.
pub fn level_of(text: &[char]) -> Option<usize> {
    let is_arabic = |c: Option<&char>| c.is_some_and(|c| is_digit(*c));
    match text.first()? {
        '（' | '(' => Some(if is_arabic(text.get(1)) { 4 } else { 2 }),
        c if is_numeral(*c) => Some(1),
        c if is_digit(*c) => Some(3),
        _ => None,
    }
}

/// The length of 第三条 or 第12章 at the beginning, for any of the units; 0 if there is none.
pub fn provision_number(text: &[char], units: &str) -> usize {
    let Some(rest) = text.strip_prefix(&['第']) else { return 0 };
    let digits = count(rest, is_digit);
    let numerals = if digits > 0 {
        digits
    } else {
        count(rest, |c| is_numeral(c) || matches!(c, '百' | '零' | '〇'))
    };
    let is_number = (1..=MOST_NUMERALS).contains(&numerals)
        && rest.get(numerals).is_some_and(|c| units.contains(*c));
    if is_number { numerals + 2 } else { 0 }
}

/// The length of 附件, 附件1 or 附件：1. at the beginning of a title, or of a number alone.
pub fn attachment_label(text: &[char]) -> usize {
    let Some(rest) = text.strip_prefix(&['附', '件']) else {
        return arabic(text).unwrap_or_default();
    };
    let digits = count(rest, is_digit);
    let numerals = if digits > 0 { digits } else { count(rest, is_numeral) };
    let after = &rest[numerals..];
    let marks = count(after, |c| "：:．.、".contains(c));
    let lists_more =
        marks > 0 && after[0] == '、' && after.get(marks).is_some_and(|c| is_digit(*c));
    let is_label = if marks > 0 {
        !lists_more
    } else {
        (1..MOST_DIGITS).contains(&digits) && after.first().is_some_and(|c| !NO_LABEL.contains(*c))
    };
    if is_label { 2 + numerals + marks } else { 0 }
}

/// （一）, (1) or 1）.
fn bracketed(text: &[char]) -> Option<usize> {
    let opening = usize::from(matches!(text.first()?, '（' | '('));
    let rest = &text[opening..];
    let digits = count(rest, is_digit);
    let numerals = if digits > 0 { digits } else { count(rest, is_numeral) };
    let is_number = (1..=MOST_DIGITS).contains(&digits)
        || (opening > 0 && is_chinese_number(&rest[..numerals]));
    let is_closed = matches!(rest.get(numerals)?, '）' | ')');
    (is_number && is_closed).then_some(opening + numerals + 1)
}

/// 一、 or 1.
fn plain(text: &[char]) -> Option<usize> {
    let numerals = count(text, is_numeral);
    if numerals == 0 {
        return arabic(text);
    }
    let is_mark = matches!(text.get(numerals)?, '、' | '．' | '.');
    let goes_on = text.get(numerals + 1).is_some_and(|c| is_numeral(*c));
    (is_chinese_number(&text[..numerals]) && is_mark && !goes_on).then_some(numerals + 1)
}

fn arabic(text: &[char]) -> Option<usize> {
    let digits = count(text, is_digit);
    let is_mark = matches!(text.get(digits)?, '、' | '．' | '.');
    let goes_on = text.get(digits + 1).is_some_and(|c| is_digit(*c));
    ((1..=MOST_DIGITS).contains(&digits) && is_mark && !goes_on).then_some(digits + 1)
}

fn circled(text: &[char]) -> Option<usize> {
    matches!(text.first()?, '①'..='⑳').then_some(1)
}

fn count(text: &[char], is_such: impl Fn(char) -> bool) -> usize {
    text.iter().take_while(|c| is_such(**c)).count()
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

fn is_numeral(c: char) -> bool {
    "一二三四五六七八九十".contains(c)
}

/// Whether the numerals are a number below 100; 十四五 is not.
fn is_chinese_number(numerals: &[char]) -> bool {
    match numerals {
        [_] => true,
        [first, '十'] => *first != '十',
        ['十', last] => *last != '十',
        [first, '十', last] => *first != '十' && *last != '十',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{attachment_label, heading_number, level_of, provision_number};

    #[test]
    fn provisions_and_levels_are_told_by_their_numbers() {
        let cases = [
            ("第一条　为规范", "第一条"),
            ("第12条 为规范", "第12条"),
            ("第一百二十三条为规范", "第一百二十三条"),
            ("第一章　总则", ""),
            ("第三方条件", ""),
            ("第条", ""),
            ("一条", ""),
        ];
        for (text, expected) in cases {
            let text: Vec<char> = text.chars().collect();
            let length = provision_number(&text, "条");
            assert_eq!(text[..length].iter().collect::<String>(), expected);
        }
        for (text, level) in [
            ("一、总", Some(1)),
            ("（一）", Some(2)),
            ("1.总", Some(3)),
            ("（1）", Some(4)),
            ("总", None),
        ] {
            assert_eq!(level_of(&text.chars().collect::<Vec<_>>()), level, "{text}");
        }
    }

    #[test]
    fn heading_numbers_are_distinguished_from_words() {
        let cases = [
            ("一、总体要求", "一、"),
            ("十二、总体要求", "十二、"),
            ("（一）总体要求", "（一）"),
            ("(二十一)总体要求", "(二十一)"),
            ("1.总体要求", "1."),
            ("１．总体要求", "１．"),
            ("（1）总体要求", "（1）"),
            ("3）总体要求", "3）"),
            ("③总体要求", "③"),
            ("二、三产业融合发展", ""),
            ("（十四五）规划", ""),
            ("1.5万亩高标准农田", ""),
            ("2021.总体要求", ""),
            ("一体化推进", ""),
            ("（试行）办法", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            let text: Vec<char> = text.chars().collect();
            assert_eq!(text[..heading_number(&text)].iter().collect::<String>(), expected);
        }
    }

    #[test]
    fn attachment_labels_are_distinguished_from_names() {
        let cases = [
            ("附件：佐证材料", "附件："),
            ("附件1佐证材料", "附件1"),
            ("附件2.佐证材料", "附件2."),
            ("附件一：佐证材料", "附件一："),
            ("1.佐证材料", "1."),
            ("12、佐证材料", "12、"),
            ("3．佐证", "3．"),
            ("附件一览表", ""),
            ("附件资料汇编", ""),
            ("附件3份", ""),
            ("附件1-3汇总", ""),
            ("附件1、2汇总", ""),
            ("附件2021年度资料", ""),
            ("2021年度佐证", ""),
            ("3.5万吨项目", ""),
            ("佐证1.", ""),
            ("5G", ""),
        ];
        for (text, expected) in cases {
            let text: Vec<char> = text.chars().collect();
            assert_eq!(text[..attachment_label(&text)].iter().collect::<String>(), expected);
        }
    }
}
