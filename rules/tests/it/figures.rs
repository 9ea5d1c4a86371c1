//! Figures of a text: consistent ones raise no doubt, a single wrong one raises one.

use std::collections::BTreeMap;

use hongtou_rules::validate::findings::violation::{Code, Violation};
use proptest::prelude::*;
use serde_json::json;

use crate::fixture;

/// The doubts about a report with one paragraph.
fn doubts(text: &str) -> Vec<Violation> {
    doubts_of_all(&[text])
}

/// The doubts about a report with these paragraphs.
fn doubts_of_all(paragraphs: &[&str]) -> Vec<Violation> {
    let bytes = fixture::bytes("valid", "report-without-scores");
    let mut json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    json["body"] = paragraphs.iter().map(|text| json!({ "paragraph": text })).collect();
    let mut doubts = fixture::answer(&serde_json::to_vec(&json).unwrap()).accepted().warnings;
    // Random text may also have wrong punctuation.
    doubts.retain(|doubt| doubt.code != Code::Punctuation);
    doubts
}

#[test]
fn figures_that_agree_raise_no_doubt() {
    let passages: BTreeMap<String, Vec<String>> =
        serde_json::from_slice(&fixture::bytes("figures", "right")).unwrap();
    let passages: Vec<&str> = passages.values().flatten().map(String::as_str).collect();
    for text in &passages {
        assert_eq!(doubts(text), [], "{text}");
    }
    // As one filing, no two of them state the same fact.
    assert_eq!(doubts_of_all(&passages), []);
}

#[test]
fn strong_marks_and_other_widths_change_nothing() {
    let right = "**一是**受理来信１，２２０件、来访**37**件，共计1257件。";
    assert_eq!(doubts(&right.replace('，', ",").replace("件,", "件，")), []);
    let wrong = "**一是**受理来信1,220件、来访**37**件，共计１２５８件。";
    let found = doubts(wrong);
    assert_eq!(found.iter().map(|doubt| doubt.code).collect::<Vec<_>>(), [Code::TextSumMismatch]);
    assert!(found[0].detail.contains("1257件"), "{}", found[0].detail);
}

/// A sentence in which consistent numbers replace `{}`.
#[derive(Debug, Clone)]
struct Sentence {
    code: Code,
    words: &'static str,
    // In hundredths for a rate, which has two decimals.
    numbers: Vec<i64>,
    rates: Vec<usize>,
}

impl Sentence {
    fn new(code: Code, words: &'static str, numbers: Vec<i64>, rates: &[usize]) -> Self {
        Self { code, words, numbers, rates: rates.to_vec() }
    }

    fn text(&self) -> String {
        let mut words = self.words.split("{}");
        let mut text = words.next().unwrap().to_owned();
        for (index, (number, word)) in self.numbers.iter().zip(words).enumerate() {
            if self.rates.contains(&index) {
                text += &format!("{}.{:02}{word}", number / 100, number % 100);
            } else {
                text += &format!("{number}{word}");
            }
        }
        text
    }
}

/// A percentage in hundredths, rounded.
fn percent(part: i64, whole: i64) -> i64 {
    (part * 20_000 + whole) / (2 * whole)
}

fn sentences() -> impl Strategy<Value = Sentence> {
    (0..7usize, prop::collection::vec(100..2_000i64, 4)).prop_map(|(kind, n)| {
        let [a, b, c, d] = n[..] else { unreachable!("four numbers") };
        match kind {
            0 => Sentence::new(
                Code::TextPartsMismatch,
                "全县城乡低保对象{}户{}人，其中城市{}户{}人、农村{}户{}人。",
                vec![a + b, c + d, a, c, b, d],
                &[],
            ),
            1 => Sentence::new(
                Code::TextPartsMismatch,
                "全县在册低保对象{}人，其中，城镇{}人，农村{}人。",
                vec![a + b, a, b],
                &[],
            ),
            2 => Sentence::new(
                Code::TextRateMismatch,
                "全年受理诉求{}件，办结{}件，办结率{}%。",
                vec![a + b, a, percent(a, a + b)],
                &[2],
            ),
            3 => Sentence::new(
                Code::TextRateMismatch,
                "帮扶{}人次，完成目标任务{}人次的{}%。",
                vec![a, b, percent(a, b)],
                &[2],
            ),
            4 => Sentence::new(
                Code::TextChangeMismatch,
                "救助由上年的{}人次增加到{}人次，增加{}人次，增长{}%。",
                vec![a, a + b, b, percent(b, a)],
                &[3],
            ),
            5 => Sentence::new(
                Code::TextChangeMismatch,
                "检查{}家次，比上年减少{}家次，下降{}%。",
                vec![a, b, percent(b, a + b)],
                &[2],
            ),
            _ => Sentence::new(
                Code::TextSumMismatch,
                "受理来信{}件、来访{}件、来电{}件，共计{}件。",
                vec![a, b, c, a + b + c],
                &[],
            ),
        }
    })
}

/// Pieces of sentences with figures, in any order.
fn fragments() -> impl Strategy<Value = String> {
    let pieces = [
        "其中",
        "，",
        "。",
        "、",
        "（",
        "）",
        "；",
        "：",
        "和",
        "12",
        "３",
        ".",
        ",",
        " ",
        "5户",
        "8人",
        "100万元",
        "1.5亿元",
        "40%",
        "个百分点",
        "件",
        "率",
        "办结",
        "受理",
        "由",
        "从",
        "增加到",
        "比上年",
        "增长",
        "减少",
        "共计",
        "占",
        "的",
        "全市",
        "约",
        "以上",
        "至",
        "城市",
        "农村",
        "等",
        "999999999999亿元",
        "0%",
        "0件",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..60)
        .prop_map(|pieces| format!("文{}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn one_changed_figure_is_one_doubt(
        sentence in sentences(),
        index in any::<prop::sample::Index>(),
        change in prop_oneof![-60..-20i64, 20..60i64],
    ) {
        prop_assert_eq!(doubts(&sentence.text()), []);
        let mut wrong = sentence.clone();
        *index.get_mut(&mut wrong.numbers) += change;
        let found = doubts(&wrong.text());
        let codes: Vec<Code> = found.iter().map(|doubt| doubt.code).collect();
        prop_assert_eq!(codes, [sentence.code], "{}: {:?}", wrong.text(), found);
        prop_assert_eq!(&found[0].pointer, "/body/0/paragraph");
    }

    #[test]
    fn any_figures_are_read_to_the_end(text in fragments()) {
        for doubt in doubts(&text) {
            prop_assert!(doubt.detail.ends_with("，请核对。"), "{}", doubt);
        }
    }
}
