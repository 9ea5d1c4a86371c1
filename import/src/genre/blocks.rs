//! Paragraphs, headings, articles and tables of a text as the blocks of a submission.

use serde_json::{Value, json};

use crate::genre::draft::Draft;
use crate::genre::lines::join::Part;
use crate::genre::lines::marks::{Mark, mark};
use crate::genre::tables;
use crate::source::piece::Place;

/// A part of a text, with the mark at its beginning.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph without a number.
    Paragraph(Place, String),
    /// A heading, item, chapter, section or article.
    Marked(Place, Mark, String),
    /// A table; lines in columns are not here.
    Table(Value),
}

/// The longest title of a run-in heading, in characters.
const RUN_IN: usize = 22;

/// The longest caption of a table, in characters.
const CAPTION: usize = 50;

/// The blocks of a text. Lines in columns are reported.
pub fn blocks(parts: Vec<Part>, draft: &mut Draft) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for part in parts {
        match part {
            Part::Paragraph { place, text } => blocks.push(match mark(&text) {
                Some((mark, rest)) => Block::Marked(place, mark, rest.to_owned()),
                None => Block::Paragraph(place, text),
            }),
            Part::Table { place, table } => {
                let caption = caption(&mut blocks);
                match tables::table(&table, caption) {
                    Some(table) => blocks.push(Block::Table(table)),
                    None => draft.unread(place, &table.text()),
                }
            }
            Part::Columns { place, text } => draft.unread(place, &text),
        }
    }
    blocks
}

/// The caption above a table: a short paragraph that is no sentence.
fn caption(blocks: &mut Vec<Block>) -> Option<String> {
    let Some(Block::Paragraph(_, text)) = blocks.last() else { return None };
    let is_caption = text.chars().count() <= CAPTION && !text.ends_with(['。', '：', '；', '，']);
    if !is_caption {
        return None;
    }
    match blocks.pop() {
        Some(Block::Paragraph(_, text)) => Some(text),
        _ => None,
    }
}

/// The blocks as JSON.
pub fn json(blocks: &[Block]) -> Vec<Value> {
    blocks.iter().map(of).collect()
}

fn of(block: &Block) -> Value {
    match block {
        Block::Paragraph(_, text) => json!(text),
        Block::Table(table) => table.clone(),
        Block::Marked(_, Mark::Chapter, text) => json!({ "chapter": text }),
        Block::Marked(_, Mark::Section, text) => json!({ "section": text }),
        Block::Marked(_, Mark::Article, text) => json!({ "article": text }),
        Block::Marked(_, Mark::Heading { level, .. }, text) => heading(*level, text),
    }
}

fn heading(level: usize, text: &str) -> Value {
    let is_sentence = text.contains('。') || text.ends_with(['；', '：', '！', '？', '”', '，']);
    if !is_sentence {
        return json!({ "heading": { "level": level, "title": text.replace("**", "") } });
    }
    if let Some((title, rest)) = text.split_once('。') {
        let title = title.replace("**", "");
        let rest = rest
            .strip_prefix("**")
            .filter(|rest| rest.matches("**").count() % 2 == 0)
            .unwrap_or(rest);
        let is_title = title.chars().count() <= RUN_IN && !title.contains(['，', '；', '：', '“']);
        if is_title && !rest.is_empty() {
            return json!({ "heading": { "level": level, "title": title }, "paragraph": rest });
        }
    }
    json!({ "paragraph": text, "level": level })
}
