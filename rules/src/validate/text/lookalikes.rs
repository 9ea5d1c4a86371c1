//! Radicals and compatibility ideographs, which look like common characters but are different ones. They
//! are frequent in text copied from PDFs, and a name with one does not equal the same name without.

use unicode_normalization::UnicodeNormalization;

use crate::validate::text::radicals::RADICALS;

/// The common character that a lookalike replaces. Returns `None` for any other character.
pub fn right_character(c: char) -> Option<char> {
    match c {
        '\u{2E80}'..='\u{2EFF}' => {
            let place = RADICALS.binary_search_by_key(&c, |(radical, _)| *radical).ok()?;
            Some(RADICALS[place].1)
        }
        '\u{2F00}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => {
            // Twelve characters of the compatibility blocks are unified ideographs themselves.
            std::iter::once(c).nfkc().next().filter(|right| *right != c)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::right_character;
    use crate::validate::text::radicals::RADICALS;

    #[test]
    fn each_block_has_its_right_characters() {
        let cases = [
            ('⺠', Some('民')),
            ('⻅', Some('见')),
            ('⼀', Some('一')),
            ('⾦', Some('金')),
            ('\u{F90A}', Some('金')),
            ('\u{2F800}', Some('丽')),
            ('\u{FA0E}', None),
            ('\u{2E80}', None),
            ('民', None),
            ('ﬁ', None),
        ];
        for (c, right) in cases {
            assert_eq!(right_character(c), right, "{c:?}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_maps_to_ideographs() {
        assert!(RADICALS.is_sorted());
        assert!(RADICALS.iter().all(|(_, right)| right_character(*right).is_none()));
        for c in '\u{2F00}'..='\u{2FD5}' {
            assert!(right_character(c).is_some_and(|right| right_character(right).is_none()));
        }
    }
}
