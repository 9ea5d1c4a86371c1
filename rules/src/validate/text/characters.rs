//! The characters that no text may contain, and their names for staff.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The Chinese name of the kind of a forbidden character; `None` for others.
///
/// Forbidden are invisible characters that change the meaning or layout of the text around them, and
/// characters without a standard meaning.
pub fn forbidden(c: char) -> Option<&'static str> {
    if matches!(c, ' '..='~') || is_ideograph(c) {
        return None;
    }
    let by_code_point = match c {
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "换行符",
        '\t' => "制表符",
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}' => {
            "双向文字控制符"
        }
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => "零宽字符",
        '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}'
        | '\u{180B}'..='\u{180D}'
        | '\u{180F}' => "异体选择符",
        '\u{FFFD}' => "乱码替换符",
        '\u{FFFC}' => "图片等嵌入内容的占位符",
        // The default-ignorable characters of Unicode outside the category Cf.
        '\u{34F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{2065}'
        | '\u{3164}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{E0000}'..='\u{E0FFF}' => "不可见字符",
        _ if is_noncharacter(c) => "非字符码位",
        _ => "",
    };
    if !by_code_point.is_empty() {
        return Some(by_code_point);
    }
    match c.general_category() {
        GeneralCategory::Control => Some("控制字符"),
        GeneralCategory::Format => Some("不可见的格式字符"),
        GeneralCategory::PrivateUse => Some("自造字"),
        _ => None,
    }
}

/// Whether the character forces a line break.
pub fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the character joins the one before it.
pub fn is_combining(c: char) -> bool {
    // There are no combining marks below U+0300.
    c >= '\u{300}' && !is_ideograph(c) && c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Whether the character is a common Chinese one. Most characters of a filing are, and the look-up of
/// their category would take longer than all other checks.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(u32::from(c), 0xFDD0..=0xFDEF) || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Posted text for a quotation: at most 30 characters, forbidden ones replaced by `□`.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 30;
    let mut shown: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// The character, or `□` in place of a forbidden one.
pub fn visible(c: char) -> char {
    if forbidden(c).is_some() { '□' } else { c }
}

#[cfg(test)]
mod tests {
    use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

    use super::{is_combining, is_ideograph};

    #[test]
    fn common_characters_are_not_combining_marks() {
        for c in '\0'..=char::MAX {
            let group = c.general_category_group();
            assert_eq!(is_combining(c), group == GeneralCategoryGroup::Mark, "{c:?}");
            assert!(!is_ideograph(c) || group == GeneralCategoryGroup::Letter, "{c:?}");
        }
    }
}
