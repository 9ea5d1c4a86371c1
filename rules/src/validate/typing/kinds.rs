//! Which checks a text needs. Most texts have none of the characters that the checks look for.

use crate::validate::text::lookalikes::right_character;

/// A set of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// No check.
    pub const NONE: Self = Self(0);
    /// Radicals and compatibility ideographs.
    pub const LOOKALIKES: Self = Self(1);
    /// Lost characters.
    pub const LOST: Self = Self(1 << 1);
    /// Marks and figures.
    pub const MARKS: Self = Self(1 << 2);
    /// Quotation marks and brackets.
    pub const PAIRS: Self = Self(1 << 3);
    /// Braces.
    pub const BRACES: Self = Self(1 << 4);
    /// Asterisks.
    pub const ASTERISKS: Self = Self(1 << 5);

    /// The checks that may find something in a text.
    pub fn of(text: &str) -> Self {
        let (mut kinds, mut previous) = (0, ' ');
        for c in text.chars() {
            kinds |= of_character(previous, c);
            previous = c;
        }
        Self(kinds)
    }

    /// Whether the two sets have a check in common.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

fn of_character(previous: char, c: char) -> u8 {
    let (marks, pairs) = (Kinds::MARKS.0, Kinds::PAIRS.0);
    match c {
        '锟' | '烫' | '屯' | '？' | '□' | '■' | '▯' | '▢' | 'ï' => Kinds::LOST.0,
        '\u{4E00}'..='\u{9FFF}' => 0,
        '，' | '、' | '；' | '：' | '。' if !"，、；：。".contains(previous) => 0,
        // A year in brackets other than 〔〕.
        '0'..='9' if "[［【（(".contains(previous) => marks,
        // A decimal point.
        '.' if previous.is_ascii_digit() => 0,
        '，' | '、' | '；' | '：' | '。' | ',' | ':' | ';' | '!' | '.' | '-' | '…' | '—' => {
            marks
        }
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' => marks,
        '?' => marks | Kinds::LOST.0,
        '(' | ')' => marks | pairs,
        '“' | '”' | '‘' | '’' | '（' | '）' | '《' | '》' | '〈' | '〉' | '【' | '】' | '〔'
        | '〕' | '[' | ']' | '"' | '\'' => pairs,
        '{' | '}' | '｛' | '｝' => Kinds::BRACES.0,
        '*' => Kinds::ASTERISKS.0,
        c if c < '\u{2E80}' => 0,
        c if right_character(c).is_some() => Kinds::LOOKALIKES.0,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Kinds;
    use crate::validate::typing::{lost, marks, mends, pairs, placeholders, strong};

    #[test]
    fn every_check_that_finds_something_is_in_the_set() {
        let pieces: Vec<&str> =
            "民|，|、|。|；|：|？|！|,|:|;|?|!|.|...|-|--|—|———|…|(|)|（|）|“|”|‘|’|《|》\
             |【|】|〔|〕|[|]|{abc}|｛abc｝|**人，**元|政[2021]12号|政（2021）1号|政［2021］1号|2|P;2|\"|'|□|锟斤拷|烫烫烫|０|Ａ|．|5|a| |⺠|⼀"
                .split('|')
                .collect();
        for (first, second) in pieces.iter().flat_map(|a| pieces.iter().map(move |b| (a, b))) {
            for text in [format!("民{first}{second}民"), format!("{first}{second}")] {
                let (kinds, chars) = (Kinds::of(&text), text.chars().collect::<Vec<char>>());
                let found = [
                    (Kinds::LOOKALIKES, !mends::of_lookalikes(&chars).is_empty()),
                    (Kinds::LOST, !lost::in_name(&chars).is_empty()),
                    (Kinds::LOST, !lost::in_text(&chars).is_empty()),
                    (Kinds::MARKS, !marks::mends(&chars).is_empty()),
                    (Kinds::MARKS, !marks::mixed(&chars).is_empty()),
                    (Kinds::MARKS, !marks::points(&chars).is_empty()),
                    (Kinds::PAIRS, !pairs::unpaired(&chars).is_empty()),
                    (Kinds::PAIRS, pairs::straight_quote(&chars).is_some()),
                    (Kinds::BRACES, !placeholders::in_text(&text).is_empty()),
                    (Kinds::ASTERISKS, !strong::slots(&chars).is_empty()),
                ];
                for (kind, is_found) in found {
                    assert!(!is_found || kinds.has(kind), "{kind:?} of {text}");
                }
            }
        }
        let plain = Kinds::of("按照评价标准，对我市1.2万人的救助工作进行了自查。");
        assert_eq!(plain, Kinds::NONE);
    }
}
