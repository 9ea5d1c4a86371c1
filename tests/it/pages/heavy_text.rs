//! The heaviest accepted texts are typeset in bounded time and without a panic.

use std::time::{Duration, Instant};

use hongtou::submission::read::Posted;
use hongtou::validate::validate;

use crate::fixtures::random_filing::with_opening;
use crate::fixtures::seed::TYPESETTER;

/// The time limit of a request; the slowest text below takes a fraction of it on an idle core.
const LONGEST: Duration = Duration::from_secs(5);

/// Characters of the longest paragraph that is accepted.
const PARAGRAPH: usize = 10_000;

/// A paragraph of one pattern, as long as a paragraph may be.
fn filled(pattern: &str) -> String {
    pattern.chars().cycle().take(PARAGRAPH).collect()
}

/// The time to lay out the pages; `None` if the rules refuse the text.
fn time(paragraphs: &[String]) -> Option<Duration> {
    let body = serde_json::to_vec(&with_opening(paragraphs)).unwrap();
    let filing = validate(Posted::read(&body).unwrap(), TYPESETTER.coverage()).ok()?.filing;
    #[expect(clippy::disallowed_methods, reason = "the time taken is what is tested")]
    let start = Instant::now();
    TYPESETTER.typeset(&filing).unwrap();
    Some(start.elapsed())
}

#[test]
fn a_paragraph_of_one_pattern_is_typeset_in_time() {
    let patterns = [
        "文",
        "1",
        "A",
        "“”",
        "（",
        "）",
        "，",
        "—",
        "…",
        "～",
        "／",
        "·",
        "1户",
        "甲1户",
        "5.4万元；",
        "a ",
        "甲 ",
        "a\u{301}\u{301}\u{301}\u{301}",
        "甲\u{301}\u{301}",
        "**甲**乙",
        "/",
        "-",
        "《》",
        "www.",
        "http://a.",
        "1,",
        "％",
        "0.",
    ];
    let mut refused = Vec::new();
    for pattern in patterns {
        match time(&[format!("甲{}乙", filled(pattern).chars().skip(2).collect::<String>())]) {
            Some(taken) => {
                assert!(taken < LONGEST, "{pattern:?} takes {taken:?}");
            }
            None => refused.push(pattern),
        }
    }
    assert!(refused.len() < 6, "{refused:?}");
}

/// A whole filing has half a minute: it takes 2 s alone, but the other tests share the cores. Digits
/// and punctuation count four times, so the text has fewer than half as many characters as one of hanzi only.
#[test]
fn the_longest_filing_is_typeset_in_time() {
    let taken = time(&vec![filled("甲1户，"); 11]).unwrap();
    assert!(taken < 6 * LONGEST, "takes {taken:?}");
}
