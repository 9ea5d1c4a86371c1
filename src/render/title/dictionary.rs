//! Looks up the words of one title in jieba's dictionary without parsing all of it.

use jieba_rs::Jieba;

/// jieba's dictionary. Each line has a word, its frequency and its part of speech; the lines are
/// sorted by the bytes of the word. Parsing all of it takes longer than rendering a filing, and a
/// title has about a hundred words, so each is found by binary search (dictionary/README.md).
pub(crate) const WORDS: &str = include_str!("../../../dictionary/words.txt");

/// The sum of all frequencies.
const TOTAL: usize = 60_101_964;

/// Represents all words that are not in the title. No title contains it.
const REMAINDER: &str = "\u{1}";

/// A line of the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    word: &'static str,
    frequency: usize,
    tag: &'static str,
}

/// A segmenter that splits this title in the same way as with the whole dictionary.
pub(crate) fn segmenter(title: &str) -> Jieba {
    let mut jieba = Jieba::empty();
    let mut remainder = TOTAL;
    for (start, _) in title.char_indices() {
        for entry in words_at(&title[start..]) {
            if !jieba.has_word(entry.word) {
                jieba.add_word(entry.word, Some(entry.frequency), Some(entry.tag));
                remainder -= entry.frequency;
            }
        }
    }
    jieba.add_word(REMAINDER, Some(remainder), None);
    jieba
}

/// The words that the text begins with, the shortest first.
fn words_at(text: &str) -> impl Iterator<Item = Entry> {
    let ends = text.char_indices().map(|(start, character)| start + character.len_utf8());
    let mut from = 0;
    ends.map_while(move |end| {
        let beginning = &text[..end];
        from = first_line_from(beginning, from);
        let line = line_at(from);
        line.starts_with(beginning).then(|| entry(line).filter(|entry| entry.word == beginning))
    })
    .flatten()
}

/// The start of the first line, from `from` on, whose word is not less than `word`.
fn first_line_from(word: &str, from: usize) -> usize {
    let (mut low, mut high) = range_from(word, from);
    let bytes = WORDS.as_bytes();
    while low < high {
        let middle = low.midpoint(high);
        let before = bytes[low..middle].iter().rposition(|byte| *byte == b'\n');
        let start = before.map_or(low, |line_end| low + line_end + 1);
        let line = line_at(start);
        if word_of(line) < word {
            low = start + line.len() + 1;
        } else {
            high = start;
        }
    }
    low
}

/// Two starts of lines, from `from` on, between which the first line is whose word is not less than
/// `word`. The range doubles until it is found, because a longer word is soon after its beginning.
fn range_from(word: &str, from: usize) -> (usize, usize) {
    if from == 0 {
        return (0, WORDS.len());
    }
    let (mut low, mut step) = (from, 1024);
    loop {
        let Some(rest) = WORDS.as_bytes().get(low + step..) else { return (low, WORDS.len()) };
        let Some(line_end) = rest.iter().position(|byte| *byte == b'\n') else {
            return (low, WORDS.len());
        };
        let start = low + step + line_end + 1;
        if word_of(line_at(start)) >= word {
            return (low, start);
        }
        low = start;
        step *= 2;
    }
}

/// The line that begins here; empty after the last line.
fn line_at(start: usize) -> &'static str {
    let rest = WORDS.get(start..).unwrap_or_default();
    rest.split('\n').next().unwrap_or(rest)
}

/// The word of a line.
fn word_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or(line)
}

fn entry(line: &'static str) -> Option<Entry> {
    let mut parts = line.split(' ');
    let word = parts.next()?;
    let frequency = parts.next()?.parse().ok()?;
    Some(Entry { word, frequency, tag: parts.next()? })
}

#[cfg(test)]
mod tests {
    use jieba_rs::Jieba;

    use super::{TOTAL, WORDS, entry, segmenter, words_at};
    use crate::render::title::tests::TITLES;

    #[test]
    fn the_dictionary_is_the_one_of_jieba() {
        let jieba = Jieba::new();
        let entries: Vec<_> =
            WORDS.lines().map(|line| entry(line).expect("a word a line")).collect();
        assert!(
            entries.windows(2).all(|pair| pair[0].word < pair[1].word),
            "binary search needs order"
        );
        assert!(entries.iter().all(|entry| jieba.has_word(entry.word)));
        assert_eq!(entries.iter().map(|entry| entry.frequency).sum::<usize>(), TOTAL);
        // jieba-rs exposes these numbers only in its Debug output.
        let known = format!("Jieba {{ records_len: {}, total_freq: {TOTAL} }}", entries.len());
        assert_eq!(format!("{jieba:?}"), known);
    }

    #[test]
    fn every_word_is_found() {
        for line in WORDS.lines().step_by(97).chain(WORDS.lines().last()) {
            let known = entry(line).expect("a word a line");
            assert_eq!(words_at(known.word).last(), Some(known), "{line}");
        }
        assert_eq!(words_at("").last(), None);
        assert_eq!(words_at("\u{10ffff}").last(), None);
    }

    #[test]
    fn titles_part_as_by_the_whole_dictionary() {
        let jieba = Jieba::new();
        for broken in TITLES {
            let title = broken.replace('/', "");
            let parts = |jieba: &Jieba| -> Vec<(String, String)> {
                let tags = jieba.tag(&title, true).into_iter();
                tags.map(|tag| (tag.word.to_owned(), tag.tag.to_owned())).collect()
            };
            assert_eq!(parts(&segmenter(&title)), parts(&jieba), "{title}");
        }
    }
}
