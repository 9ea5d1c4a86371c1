//! Running text: headings with generated numbers, paragraphs and the score sheet.

pub(crate) mod body_parts;
pub(crate) mod outline;
pub(crate) mod score_text;
pub(crate) mod blocks;
