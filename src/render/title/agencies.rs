//! Names of agencies in a title.

use crate::document::title::{WIDEST, width_of};
use crate::render::title::word::{Class, SPACE, Word};

/// What follows the leading agencies.
const AFTER_AGENCIES: [&str; 5] = ["关于", "印发", "转发", "批转", "公布"];
/// Last characters of the names of agencies.
const LAST_CHARACTERS: &str = "厅局委部办署院会府室组央行处司科心站所团联社队校学园馆厂段";
/// What may follow the name of the lead agency of several.
const AND_OTHERS: [&str; 2] = ["部门", "单位"];
/// Words that end the name of an agency, after a place or a body.
pub(crate) const AGENCY_WORDS: [&str; 12] =
    ["厅", "局", "委", "部", "办", "署", "政府", "办公厅", "办公室", "委员会", "人民政府", "党委"];
/// Ends of words that end the name of an agency.
const AGENCY_ENDINGS: [&str; 7] = ["厅", "局", "政府", "办公室", "委员会", "党委", "领导小组"];
/// Words that end so and are no agencies.
const NOT_AGENCIES: [&str; 3] = ["布局", "格局", "结局"];
/// The most words and characters of an agency's name after its place.
const AGENCY_NAME: (usize, usize) = (7, 16);

/// The leading agencies of a title, and what follows them.
pub(crate) struct Leading<'t> {
    /// The agencies and the spaces between them.
    pub words: Vec<Word>,
    /// The title from 关于 on.
    pub rest: &'t str,
}

/// Finds the agencies that a title begins with: those of the document, and any other names before
/// 关于 or 印发.
pub(crate) fn leading_agencies<'t>(title: &'t str, issuers: &[String]) -> Leading<'t> {
    let mut words = Vec::new();
    let mut rest = title;
    // The longest name first: one agency's name may begin with another's.
    let name_of = |rest: &str| {
        let names = issuers.iter().filter(|name| rest.starts_with(name.as_str()));
        names.max_by_key(|name| name.len()).cloned()
    };
    while let Some(name) = name_of(rest).filter(|name| !name.is_empty()) {
        rest = &rest[name.len()..];
        words.push(Word { text: name, class: Class::Issuer });
        if let Some(after) = rest.strip_prefix(SPACE) {
            words.push(Word::new(SPACE, Class::Space));
            rest = after;
        }
    }
    let end = AFTER_AGENCIES.iter().filter_map(|word| rest.find(word)).min().unwrap_or(0);
    let names: Vec<&str> = rest[..end].split(SPACE).collect();
    if end > 0 && names.iter().all(|name| is_agency(name)) {
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                words.push(Word::new(SPACE, Class::Space));
            }
            words.push(Word::new(name, Class::Issuer));
        }
        rest = &rest[end..];
    }
    Leading { words, rest }
}

/// Whether a text at the start of a title is the name of an agency that fits on a line.
fn is_agency(name: &str) -> bool {
    let ends = name.chars().next_back().is_some_and(|last| LAST_CHARACTERS.contains(last))
        || AND_OTHERS.iter().any(|others| name.ends_with(others));
    ends && width_of(name) <= WIDEST && !name.contains(['《', '“', '（'])
}

/// The places that the names of agencies begin with, without 省, 市 and the like.
pub(crate) fn places_of<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let stems = names.filter_map(|name| name.split_once(['省', '市', '县', '区', '州', '镇']));
    let places = stems.map(|(place, _)| place.trim_end_matches("自治"));
    places.filter(|place| (2..=3).contains(&place.chars().count())).collect()
}

/// Joins a place with what follows it up to the end of an agency's name.
pub(crate) fn with_whole_agencies(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut index = 0;
    while index < words.len() {
        let count = agency_words(&words[index..]).unwrap_or(1);
        let text = words[index..index + count].iter().map(|word| word.text.as_str()).collect();
        let class = if count > 1 { Class::Agency } else { words[index].class };
        joined.push(Word { text, class });
        index += count;
    }
    joined
}

/// How many words make the name of an agency that begins with a place.
fn agency_words(words: &[Word]) -> Option<usize> {
    if words.first()?.class != Class::Place {
        return None;
    }
    let (most_words, most_characters) = AGENCY_NAME;
    let mut characters = 0;
    for (index, word) in words.iter().enumerate().take(most_words) {
        characters += word.length();
        let is_outside = matches!(word.class, Class::Mark | Class::Number)
            || matches!(word.text.as_str(), "的" | "关于" | "对" | "在" | "向" | "将");
        if characters > most_characters || is_outside {
            return None;
        }
        let ends = AGENCY_WORDS.contains(&word.text.as_str())
            || (AGENCY_ENDINGS.iter().any(|ending| word.text.ends_with(ending))
                && !NOT_AGENCIES.contains(&word.text.as_str()))
            || (word.class == Class::Agency && index > 0);
        if index > 0 && ends {
            // 人民政府 and 办公厅 may follow each other.
            let more = words[index + 1..]
                .iter()
                .take_while(|word| AGENCY_WORDS.contains(&word.text.as_str()))
                .count();
            return Some(index + 1 + more);
        }
    }
    None
}
