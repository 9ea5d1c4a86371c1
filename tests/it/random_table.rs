//! Tables at random: labels over several rows, columns of many widths, cells from empty to long.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::random_text::{number, paragraph, piece, title};

/// Widths of columns; the narrowest of six still has room for two characters and more.
const WIDTHS: std::ops::Range<u32> = 12..25;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => title(),
        6 => number(),
        2 => vec(piece(), 1..12).prop_map(|pieces| pieces.concat()),
        1 => vec(piece(), 30..60).prop_map(|pieces| pieces.concat()),
        1 => Just(String::new()),
    ]
}

/// A table of a number of rows, some of them under one label.
pub fn table() -> impl Strategy<Value = Value> {
    vec(WIDTHS, 2..7).prop_flat_map(|widths| {
        let columns = widths.len();
        let rows = vec((title(), vec(vec(cell(), columns - 1), 1..5)), 1..12);
        let head = prop::option::of(vec(title(), columns));
        (Just(widths), head, rows, prop::option::of(title())).prop_map(
            |(widths, head, groups, caption)| {
                let columns: Vec<Value> =
                    widths.iter().map(|width| json!({ "width": width })).collect();
                let rows: Vec<Vec<Value>> = groups.into_iter().flat_map(rows_of).collect();
                json!({ "table": {
                    "caption": caption,
                    "columns": columns,
                    "head": head.map_or_else(Vec::new, |head| vec![head]),
                    "rows": rows,
                } })
            },
        )
    })
}

/// Rows under one label.
fn rows_of((label, rows): (String, Vec<Vec<String>>)) -> Vec<Vec<Value>> {
    let label = json!({ "text": label, "row_span": rows.len() });
    let mut rows: Vec<Vec<Value>> =
        rows.into_iter().map(|row| row.into_iter().map(Value::from).collect()).collect();
    rows[0].insert(0, label);
    rows
}

/// Headings of any level, paragraphs and tables.
pub fn blocks() -> impl Strategy<Value = Vec<Value>> {
    let heading = (1..=4_u8, title())
        .prop_map(|(level, title)| json!({ "heading": { "level": level, "title": title } }));
    let block = prop_oneof![
        5 => heading,
        10 => paragraph().prop_map(|text| json!({ "paragraph": text })),
        1 => table(),
    ];
    vec(block, 1..30)
}

/// What an attachment holds, if anything.
pub fn attached() -> impl Strategy<Value = Value> {
    let turned = prop::sample::select(vec!["portrait", "landscape"]);
    prop_oneof![
        4 => title().prop_map(|title| json!({ "title": title })),
        1 => (title(), table(), turned.clone()).prop_map(|(title, table, turned)| {
            json!({ "title": title, "orientation": turned, "body": [table] })
        }),
        1 => (title(), blocks(), turned).prop_map(|(title, mut blocks, turned)| {
            blocks.truncate(8);
            json!({ "title": title, "orientation": turned, "body": blocks })
        }),
    ]
}
