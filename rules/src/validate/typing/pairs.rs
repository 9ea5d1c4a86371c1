//! Unpaired quotation marks and brackets, and straight quotes.

use crate::validate::typing::chinese::{after, before, is_chinese};

/// The pairs, opening mark first. A half-width bracket may close a full-width one.
const PAIRS: [(char, char); 8] = [
    ('“', '”'),
    ('‘', '’'),
    ('（', '）'),
    ('《', '》'),
    ('〈', '〉'),
    ('【', '】'),
    ('〔', '〕'),
    ('[', ']'),
];

/// The indexes of unpaired marks.
pub fn unpaired(text: &[char]) -> Vec<usize> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    // The number of open marks of each pair, so that no search is made for a mark that is not open.
    let mut counts = [0_usize; PAIRS.len()];
    let mut found = Vec::new();
    for index in 0..text.len() {
        let c = full_width(text[index]);
        if let Some(pair) = PAIRS.iter().position(|(opening, _)| *opening == c) {
            counts[pair] += 1;
            open.push((index, pair));
        } else if let Some(pair) = PAIRS.iter().position(|(_, closing)| *closing == c) {
            if counts[pair] == 0 {
                if !may_stand_alone(text, index, c) {
                    found.push(index);
                }
                continue;
            }
            while let Some((opened, of)) = open.pop() {
                counts[of] -= 1;
                if of == pair {
                    break;
                }
                found.push(opened);
            }
        }
    }
    found.extend(open.into_iter().map(|(index, _)| index));
    found.sort_unstable();
    found
}

/// Whether the mark needs no partner: `1）` begins a list item, and ’ after a letter is an apostrophe.
fn may_stand_alone(text: &[char], index: usize, mark: char) -> bool {
    let before = before(text, index);
    match mark {
        '）' => {
            before.is_some_and(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(c))
        }
        '’' => before.is_some_and(|c| c.is_ascii_alphanumeric()),
        _ => false,
    }
}

fn full_width(c: char) -> char {
    match c {
        '(' => '（',
        ')' => '）',
        c => c,
    }
}

/// The first straight quote next to a Chinese character.
pub fn straight_quote(text: &[char]) -> Option<usize> {
    (0..text.len()).find(|index| {
        matches!(text[*index], '"' | '\'')
            && [before(text, *index), after(text, index + 1)].into_iter().flatten().any(is_chinese)
    })
}

#[cfg(test)]
mod tests {
    use super::{straight_quote, unpaired};

    #[test]
    fn unpaired_marks_are_found() {
        let cases: [(&str, &[usize]); 9] = [
            ("《通知》（川民发〔2021〕151号）“一”", &[]),
            ("开展“回头看行动", &[2]),
            ("《通知（试行）", &[0]),
            ("《通知（试行》", &[3]),
            ("通知》", &[2]),
            ("1）开展，2)整改，a）完成", &[]),
            ("全国(试点）", &[]),
            ("it’s", &[]),
            ("一）和二", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(unpaired(&text.chars().collect::<Vec<_>>()), expected, "{text}");
        }
        assert_eq!(straight_quote(&"开展\"回头看\"".chars().collect::<Vec<_>>()), Some(2));
        assert_eq!(straight_quote(&"say \"yes\"".chars().collect::<Vec<_>>()), None);
    }
}
