//! The words of a title. Names of agencies are one word.

use jieba_rs::Jieba;

use crate::document::title::{WIDEST, width_of};
use crate::render::title::agencies::{Leading, leading_agencies, places_of, with_whole_agencies};
use crate::render::title::dictionary;
use crate::render::title::names::with_whole_names;
use crate::render::title::word::{Class, Word};

/// Words and phrases of official documents that jieba's dictionary lacks or splits.
const OFFICIAL: &str = include_str!("../../../dictionary/official.txt");
/// Further words that titles are not broken inside. Narrow cells of tables may be.
const TITLES: &str = include_str!("../../../dictionary/titles.txt");
/// Names of agencies, and their parts after the name of a place.
const AGENCIES: &str = include_str!("../../../dictionary/agencies.txt");
/// In titles of self-evaluations 自评 is a verb. jieba only guesses that with a table that takes
/// longer to load than a page takes to set.
const SELF_EVALUATE: &str = "自评";
/// The assumed frequency of the added words, so high that jieba does not split them.
const FREQUENCY: usize = 100_000;

/// The words of a title.
pub(crate) fn words_of(title: &str, issuers: &[String]) -> Vec<Word> {
    let Leading { mut words, rest } = leading_agencies(title, issuers);
    let bodies = words.iter().filter(|word| word.class == Class::Issuer);
    let names: Vec<String> =
        bodies.map(|word| word.text.clone()).chain(issuers.iter().cloned()).collect();
    let places = places_of(names.iter().map(String::as_str));
    if let Some(long) = words.iter().position(|word| width_of(&word.text) > WIDEST) {
        // A name that fits on no line is broken at one of its words.
        let name = words.remove(long).text;
        words.splice(long..long, segments(&name, Some(&[])));
    }
    words.extend(with_whole_names(with_whole_agencies(segments(rest, Some(&places)))));
    words
}

/// The words of a short text in a narrow column, where a whole name would not fit.
pub(crate) fn words_of_cell(text: &str) -> Vec<Word> {
    let Leading { mut words, rest } = leading_agencies(text, &[]);
    words.extend(with_whole_agencies(segments(rest, None)));
    words
}

/// The words of jieba. `places`: in a title, places that jieba need not know.
fn segments(text: &str, places: Option<&[&str]>) -> Vec<Word> {
    let mut jieba = dictionary::segmenter(text);
    add_words(&mut jieba, text, OFFICIAL, "n");
    add_words(&mut jieba, text, AGENCIES, "nt");
    if places.is_some() {
        add_words(&mut jieba, text, TITLES, "n");
    }
    jieba.add_word(SELF_EVALUATE, Some(FREQUENCY), Some("v"));
    let places = places.unwrap_or_default();
    for place in places.iter().filter(|place| text.contains(**place)) {
        jieba.add_word(place, Some(FREQUENCY), Some("ns"));
    }
    let tags = jieba.tag(text, true);
    let class_of = |word, tag| if places.contains(&word) { Class::Place } else { class(tag) };
    tags.iter().map(|tag| Word::new(tag.word, class_of(tag.word, tag.tag))).collect()
}

fn add_words(jieba: &mut Jieba, text: &str, words: &str, tag: &str) {
    for word in words.lines().filter(|word| text.contains(word)) {
        jieba.add_word(word, Some(FREQUENCY), Some(tag));
    }
}

/// The class of jieba's part of speech.
fn class(tag: &str) -> Class {
    match tag {
        "nt" => Class::Agency,
        "ns" => Class::Place,
        "x" | "eng" => Class::Mark,
        "v" | "vd" | "d" | "p" | "a" | "ad" => Class::Verb,
        _ if tag.starts_with('m') => Class::Number,
        _ if tag.starts_with('t') => Class::Time,
        _ => Class::Noun,
    }
}
