//! All unambiguous mends of a text, by its role.

use crate::submission::names::text_role::{PostedString, TextRole};
use crate::validate::text::lookalikes::right_character;
use crate::validate::typing::marks;
use crate::validate::typing::mend::Mend;
use crate::validate::typing::printed::text as printed;

/// The mends of the first kind that a text needs; empty if it needs none. Call again with the mended
/// text for the next kind, because a corrected character may make a mark wrong.
pub fn next(posted: &PostedString<'_>, text: &[char]) -> Vec<Mend> {
    let kinds: [fn(&PostedString<'_>, &[char]) -> _; 3] =
        [|_, text| of_lookalikes(text), of_marks, printed::mends];
    kinds.iter().map(|kind| kind(posted, text)).find(|mends| !mends.is_empty()).unwrap_or_default()
}

/// Radicals and compatibility ideographs.
pub fn of_lookalikes(text: &[char]) -> Vec<Mend> {
    let right = |c: &char| right_character(*c).map(String::from);
    let found = text.iter().enumerate();
    found.filter_map(|(index, c)| Some(Mend { at: index..index + 1, right: right(c)? })).collect()
}

/// Marks and figures. Excludes marks that a title should not have at all, and question marks in names,
/// which are lost characters.
pub fn of_marks(posted: &PostedString<'_>, text: &[char]) -> Vec<Mend> {
    let left: &[&str] = match posted.role {
        TextRole::Symbol => {
            let mut found = Vec::new();
            marks::figures(text, &mut found);
            return found;
        }
        TextRole::Title => &["，", "：", "；", "？", "！", "。"],
        TextRole::Name => &["？"],
        _ => &[],
    };
    let mut found = marks::mends(text);
    found.retain(|mend| !left.contains(&mend.right.as_str()));
    found
}
