//! Cleans a text: stray blanks, full-width figures and half-width marks, as OCR and typists leave them.

use hongtou_rules::document::chinese::is_chinese;
use hongtou_rules::validate::typing::marks;
use hongtou_rules::validate::typing::mend::mended;

/// The text with one kind of blank, half-width figures and full-width marks, without stray blanks. The
/// blank after 第一条 stays, because it tells an article from a reference to one.
pub fn clean(text: &str) -> String {
    let mapped = mapped(text.trim());
    let of_part = |c: &char| matches!(c, '章' | '节' | '条');
    let end = mapped.iter().take(NUMBER).position(of_part).map(|end| end + 1);
    match end.filter(|end| mapped.starts_with(&['第']) && mapped.get(*end) == Some(&' ')) {
        Some(end) => {
            let number: String = mapped[..end].iter().filter(|c| **c != ' ').collect();
            format!("{number} {}", cleaned(&mapped[end..]))
        }
        None => cleaned(&mapped),
    }
}

/// The longest 第一百二十三条 with blanks in it.
const NUMBER: usize = 16;

/// The longest text that is cleaned, in characters: twice that of a paragraph in a submission.
const LONGEST: usize = 20_000;

fn cleaned(text: &[char]) -> String {
    if text.len() > LONGEST {
        return text.iter().collect();
    }
    let text = without_stray_blanks(text);
    let text = brackets(&text);
    let text = mended(&text, &marks::mends(&text));
    escaped(&text)
}

/// The words of a line of names: stray blanks are removed, the others separate words.
pub fn words(line: &str) -> Vec<String> {
    let text = mapped(line);
    let is_spaced = is_spaced(&text);
    let mut words = vec![String::new()];
    for (blanks, c) in with_blanks(&text) {
        if blanks > usize::from(is_spaced) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A blank as wide as a Chinese character.
const WIDE: char = '\u{3000}';

/// Full-width figures and letters become half-width, all blanks become spaces, a wide one two of them;
/// invisible characters go.
fn mapped(text: &str) -> Vec<char> {
    let map = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))
        }
        '％' => Some('%'),
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => None,
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    };
    let wide = |c| std::iter::repeat_n(c, if c == WIDE { 2 } else { 1 });
    text.chars().flat_map(wide).filter_map(map).collect()
}

/// Each visible character with the number of blanks before it.
fn with_blanks(text: &[char]) -> impl Iterator<Item = (usize, char)> {
    let mut blanks = 0;
    text.iter().filter_map(move |c| {
        if *c == ' ' {
            blanks += 1;
            return None;
        }
        Some((std::mem::take(&mut blanks), *c))
    })
}

/// Whether there is a blank between most characters.
fn is_spaced(text: &[char]) -> bool {
    let (mut apart, mut all) = (0, 0);
    for (index, (blanks, _)) in with_blanks(text).enumerate() {
        all += usize::from(index > 0);
        apart += usize::from(index > 0 && blanks > 0);
    }
    all >= 3 && apart * 3 > all * 2
}

/// A blank between two Chinese characters inside 《》 separates names, as in 《四川省民政厅 四川省财政厅关于
/// …》; one between Latin words separates them; a wide one separates a name from a post, but not 沈　清 or
/// 成　员. All others are stray.
fn without_stray_blanks(text: &[char]) -> Vec<char> {
    let is_spaced = is_spaced(text);
    let words = if is_spaced { Vec::new() } else { wide_blanks(text) };
    let mut clean: Vec<char> = Vec::with_capacity(text.len());
    let mut titles = 0_usize;
    for (index, (blanks, c)) in with_blanks(text).enumerate() {
        let before = clean.last().copied();
        if titles == 0 && words.binary_search(&index).is_ok() {
            clean.push(WIDE);
        }
        let is_kept = blanks > usize::from(is_spaced)
            && before.is_some_and(|before| {
                (titles > 0 && is_chinese(before) && is_chinese(c))
                    || (before.is_ascii_graphic()
                        && c.is_ascii_graphic()
                        && before != '*'
                        && c != '*')
            });
        if is_kept {
            clean.push(' ');
        }
        match c {
            '《' => titles += 1,
            '》' => titles = titles.saturating_sub(1),
            _ => {}
        }
        clean.push(c);
    }
    clean
}

/// The indices of the visible characters after a wide blank that separates words of Chinese characters.
/// A word of one character is half of a name or a label, which is continued by the next character.
fn wide_blanks(text: &[char]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut length = 0_usize;
    let visible: Vec<(usize, char)> = with_blanks(text).collect();
    for (index, (blanks, c)) in visible.iter().enumerate() {
        if !is_chinese(*c) {
            length = 0;
            continue;
        }
        let next = visible.get(index + 1).is_some_and(|(blanks, c)| *blanks < 2 && is_chinese(*c));
        if *blanks >= 2 && length >= 2 && next {
            found.push(index);
            length = 0;
        }
        length += 1;
    }
    found
}

/// Half-width brackets become full-width unless they follow a Latin letter, as in f(x).
fn brackets(text: &[char]) -> Vec<char> {
    if !text.iter().any(|c| is_chinese(*c)) {
        return text.to_vec();
    }
    let mut kept: Vec<bool> = Vec::new();
    let mut before = ' ';
    let full = |c: &char| {
        let full = match c {
            '(' => {
                kept.push(before.is_ascii_alphabetic());
                if kept.last() == Some(&true) { '(' } else { '（' }
            }
            '（' => {
                kept.push(false);
                '（'
            }
            ')' if kept.pop() == Some(true) => ')',
            ')' => '）',
            '）' => {
                kept.pop();
                '）'
            }
            c => *c,
        };
        before = *c;
        full
    };
    text.iter().map(full).collect()
}

/// A single asterisk is text; a pair of them is the mark of strong text.
fn escaped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| characters.get(index)).copied();
    let mut escaped = String::with_capacity(text.len());
    for (index, c) in characters.iter().enumerate() {
        let before = at(index.checked_sub(1));
        let is_lone = *c == '*' && before != Some('*') && at(Some(index + 1)) != Some('*');
        if is_lone && before != Some('\\') {
            escaped.push('\\');
        }
        escaped.push(*c);
    }
    let is_whole = escaped.len() > 4 && escaped.starts_with("**") && escaped.ends_with("**");
    if is_whole && escaped.matches("**").count() == 2 {
        return escaped.replace("**", "");
    }
    escaped
}

/// The width of a text in half characters.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A text without blanks.
pub fn dense(text: &str) -> String {
    mapped(text).into_iter().filter(|c| *c != ' ').collect()
}

/// Whether a line is a page number, such as — 2 — or 第2页.
pub fn is_page_number(line: &str) -> bool {
    let line = dense(line);
    let dashes = ['—', '–', '-', '－', '―', '─', '一', '~', '·'];
    let inside = line.trim_matches(dashes);
    let is_number = |text: &str| {
        !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_between_dashes = line.starts_with(dashes) && line.ends_with(dashes) && is_number(inside);
    let of_page = line.strip_prefix('第').and_then(|rest| rest.split_once('页'));
    let is_named = of_page.is_some_and(|(number, rest)| {
        is_number(number) && (rest.is_empty() || rest.trim_start_matches('，').starts_with('共'))
    });
    is_between_dashes || is_named
}

#[cfg(test)]
mod tests {
    use super::{clean, is_page_number, words};

    #[test]
    fn noise_is_removed() {
        let cases = [
            (
                "共新增 11077 户 24700 人,清退(含死亡)3 户。",
                "共新增11077户24700人，清退（含死亡）3户。",
            ),
            (
                "按照《四川省民政厅 四川省财政厅关于 开展》",
                "按照《四川省民政厅 四川省财政厅关于 开展》",
            ),
            (
                "按 照 《 民 政 厅   财 政 厅 通 知 》 （ 川 民 发 ）",
                "按照《民政厅 财政厅通知》（川民发）",
            ),
            ("指挥长：程远山　市委副书记、市长", "指挥长：程远山　市委副书记、市长"),
            ("成　员：沈　清　市水利局局长", "成员：沈清　市水利局局长"),
            ("何文昭   县长", "何文昭　县长"),
            ("２０２１年（８分)", "2021年（8分）"),
            ("**一、总体要求**", "一、总体要求"),
            ("甲 * 乙", "甲\\*乙"),
            ("**一是**加强", "**一是**加强"),
            ("Microsoft Word 软件f(x)", "Microsoft Word软件f(x)"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected);
        }
    }

    #[test]
    fn words_are_separated_by_wider_blanks() {
        assert_eq!(words("肖　飞 吕爱国"), ["肖", "飞", "吕爱国"]);
        assert_eq!(words("巴 中 市 民 政 局  财 政 局"), ["巴中市民政局", "财政局"]);
    }

    #[test]
    fn page_numbers_are_found() {
        for line in ["— 2 —", "- 12 -", "－３－", "第2页 共12页", "一1一"] {
            assert!(is_page_number(line), "{line}");
        }
        for line in ["000012", "2021", "第2页说明", "—", "第5号"] {
            assert!(!is_page_number(line), "{line}");
        }
    }
}
