//! Chinese official prose at random, with all that makes lines hard to break.

use proptest::collection::vec;
use proptest::prelude::*;

const WORDS: [&str; 24] = [
    "困难群众",
    "救助",
    "低保对象",
    "的",
    "和",
    "各级民政部门",
    "一",
    "工作",
    "资金",
    "发放",
    "及时",
    "足额",
    "乡镇",
    "街道",
    "做到",
    "应保尽保",
    "监测",
    "特困人员",
    "临时救助",
    "审核确认",
    "按规定",
    "动态管理",
    "全市",
    "在",
];
const MARKS: [&str; 8] = ["，", "，", "。", "、", "；", "：", "？", "！"];
const LATIN: [&str; 10] =
    ["APP", "COVID-19", "5G", "WiFi", "GB/T 9704", "QQ", "PDF/A-3a", "AI", "e-mail", "12345热线"];
const QUOTES: [(&str, &str); 6] =
    [("“", "”"), ("《", "》"), ("（", "）"), ("“", "。”"), ("（《", "》）"), ("“‘", "’”")];
const JOINTS: [&str; 6] = ["——", "……", "·", "～", "－", "等，"];

/// A number as filings write them, with what belongs to it.
pub fn number() -> impl Strategy<Value = String> {
    (0..13_usize, 1..99_999_u32, 0..100_u32).prop_map(|(form, large, small)| match form {
        0 => format!("{large}户"),
        1 => format!("{large}.{small:02}万元"),
        2 => format!("{small}.5%"),
        3 => "1400元/月/人".to_owned(),
        4 => format!("川民发〔2021〕{small}号"),
        5 => format!("20{small:02}年{}月{}日", small % 12 + 1, small % 28 + 1),
        6 => format!("\u{2212}{small}分"),
        7 => format!("第{small}条"),
        8 => format!("{small}～{large}元"),
        9 => format!("{large}余万元"),
        10 => format!("{small}个百分点"),
        11 => format!("（{small}）"),
        _ => large.to_string(),
    })
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned)
}

/// A word, number, mark or quoted phrase. Marks stand only behind words, as nobody writes them
/// otherwise.
pub fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => word(),
        3 => number(),
        3 => (word(), prop::sample::select(MARKS.to_vec())).prop_map(|(w, m)| format!("{w}{m}")),
        2 => (number(), prop::sample::select(MARKS.to_vec())).prop_map(|(n, m)| format!("{n}{m}")),
        1 => prop::sample::select(LATIN.to_vec()).prop_map(str::to_owned),
        2 => (prop::sample::select(QUOTES.to_vec()), word(), number(), 0..3_u8)
            .prop_map(|((open, close), word, number, form)| match form {
                0 => format!("{open}{word}{close}"),
                1 => format!("{open}{number}{close}"),
                _ => format!("{open}{word}{number}{word}{close}"),
            }),
        1 => (word(), prop::sample::select(JOINTS.to_vec()), word())
            .prop_map(|(a, joint, b)| format!("{a}{joint}{b}")),
        1 => word().prop_map(|word| format!("**{word}是**")),
    ]
}

/// A heading or the name of something: no mark at its end.
pub fn title() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(word(), 1..6).prop_map(|words| words.concat()),
        2 => (vec(word(), 1..12), number(), vec(word(), 1..8))
            .prop_map(|(before, number, after)| [before.concat(), number, after.concat()].concat()),
        1 => (vec(word(), 1..4), word(), word())
            .prop_map(|(before, a, b)| format!("{}“{a}”《{b}》情况", before.concat())),
    ]
}

/// A paragraph: mostly some lines, at times one character, at times pages.
pub fn paragraph() -> impl Strategy<Value = String> {
    let end = prop::sample::select(vec!["。", "。", "。", "”。", "）。", "；", "", "……"]);
    let pieces = prop_oneof![
        2 => vec(piece(), 1..4),
        8 => vec(piece(), 4..40),
        3 => vec(piece(), 40..120),
        1 => vec(piece(), 300..700),
    ];
    (pieces, end).prop_map(|(pieces, end)| {
        let body = pieces.concat();
        match end {
            "”。" => format!("“{body}”。"),
            "）。" => format!("（{body}）。"),
            end => [body.as_str(), end].concat(),
        }
    })
}
