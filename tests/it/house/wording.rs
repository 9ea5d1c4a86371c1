//! The wording of code and documents: plain modern English, without these phrases.

use crate::house::source::{is_identifier, sources};

/// Archaic or vague phrases, in lower case. Each has a plain replacement: "whoever" is "the caller" or
/// "the client", "so many" is a number with a name, "what came of" is "the result of".
const PHRASES: [&str; 61] = [
    "a database that fails",
    "after so many",
    "anew",
    "anyhow",
    "as yet",
    "at its best",
    "at the least",
    "at the most",
    "at will",
    "belongs into",
    "better part",
    "beyond doubt",
    "bring about",
    "cannot be asked",
    "comes of",
    "for so many",
    "goes by",
    "goes without saying",
    "goes wrong is",
    "gone by",
    "has so many",
    "have so many",
    "hence",
    "hold fast",
    "holds fast",
    "in the main",
    "in the manner",
    "is said to",
    "is told to",
    "it lies",
    "lest",
    "lies whole",
    "not begun",
    "nothing but",
    "of its kind",
    "of late",
    "of so many",
    "once for all",
    "passed over",
    "set in type",
    "so often",
    "speak of",
    "speaks of",
    "taken off",
    "tell of",
    "tells of",
    "than so many",
    "that is none",
    "thereof",
    "till",
    "to so many",
    "told as",
    "told from",
    "told of",
    "turned away",
    "under way",
    "upon",
    "what came of",
    "whatever",
    "wherever",
    "whoever",
];

/// This file names what it forbids.
const THIS_FILE: &str = "tests/it/house/wording.rs";

#[test]
fn code_and_documents_are_in_plain_english() {
    let files = sources(".", &["rs", "typ", "md", "py"]);
    let faults: Vec<String> = files
        .iter()
        .filter(|file| file.path != THIS_FILE)
        .flat_map(|file| faults(&file.path, &file.text))
        .collect();
    assert!(faults.is_empty(), "say it in plain English:\n{}\n", faults.join("\n"));
}

/// Every phrase in a text, with its place.
fn faults(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.to_lowercase();
        for phrase in PHRASES.iter().filter(|phrase| contains(&line, phrase)) {
            found.push(format!("{path}:{}: “{phrase}”", index + 1));
        }
    }
    found
}

/// Whether a line contains a phrase as whole words.
fn contains(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + phrase.len()..]);
        !before.ends_with(is_identifier) && !after.starts_with(is_identifier)
    })
}

#[test]
fn whole_words_are_found() {
    let cases = [
        ("// Whoever asks, waits.", 1),
        ("/// A database that fails.", 1),
        ("// Not of late, nor as yet.", 2),
        ("// The latest relatest until hereupon.", 0),
        ("let whatever_name = until;", 0),
    ];
    for (line, expected) in cases {
        assert_eq!(faults("src/x.rs", line).len(), expected, "{line}");
    }
}
