//! Cited 发文字号 whose year is in other brackets than 〔〕 (GB/T 9704 7.2.5): `川民发[2021]12号`.

use crate::validate::typing::chinese::is_chinese;
use crate::validate::typing::mend::Mend;

/// Brackets in which the year is typed.
const OPENING: &str = "[［【（(";

/// Their closing brackets; those of a pair need not match.
const CLOSING: &str = "]］】）)";

/// What follows 号 in an address or the name of a place: （2021）3号楼.
const PLACES: &str = "楼院线地门房车店机路井库坝桥栋宗区厅馆坑洞";

/// The mends of both brackets of each citation.
pub fn mends(text: &[char], found: &mut Vec<Mend>) {
    for open in (1..text.len()).filter(|index| OPENING.contains(text[*index])) {
        let close = open + 5;
        let has_code = is_chinese(text[open - 1]) && open >= 2 && is_chinese(text[open - 2]);
        if has_code && is_citation(text, open, close) {
            for (at, right) in [(open, "〔"), (close, "〕")] {
                found.push(Mend { at: at..at + 1, right: right.to_owned() });
            }
        }
    }
}

/// Whether a year, a bracket and a serial number with 号 follow.
fn is_citation(text: &[char], open: usize, close: usize) -> bool {
    let Some(year) = text.get(open + 1..close) else { return false };
    let is_year = matches!(year[0], '1' | '2' | '１' | '２') && year.iter().all(|c| is_digit(*c));
    if !is_year || !text.get(close).is_some_and(|c| CLOSING.contains(*c)) {
        return false;
    }
    let rest: &[char] = &text[close + 1..];
    let rest = rest.strip_prefix(&['第']).unwrap_or(rest);
    let digits = rest.iter().take_while(|c| is_digit(**c)).count();
    (1..=6).contains(&digits)
        && rest.get(digits) == Some(&'号')
        && rest.get(digits + 1).is_none_or(|c| !PLACES.contains(*c))
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

#[cfg(test)]
mod tests {
    use super::mends;
    use crate::validate::typing::mend::mended;

    #[test]
    fn years_of_citations_are_in_their_brackets() {
        let cases = [
            ("（川民发[2021]12号）", "（川民发〔2021〕12号）"),
            ("川民发【2021】12号和川民发（2021）3号", "川民发〔2021〕12号和川民发〔2021〕3号"),
            ("川办发(2021）第12号文件", "川办发〔2021〕第12号文件"),
            ("川民发〔2021〕12号", "川民发〔2021〕12号"),
            ("（2021）川01民初12号", "（2021）川01民初12号"),
            ("规划（2021）年", "规划（2021）年"),
            ("小区（2021）3号楼", "小区（2021）3号楼"),
            ("计划（2021）", "计划（2021）"),
        ];
        for (text, expected) in cases {
            let text: Vec<char> = text.chars().collect();
            let mut found = Vec::new();
            mends(&text, &mut found);
            assert_eq!(mended(&text, &found), expected);
        }
    }
}
