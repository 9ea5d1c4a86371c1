//! `hongtou fonts`: the family and file of each typeface, and of the characters that all texts share.

use std::io::Write;

use crate::cli::arguments::options::FontsArguments;
use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::outcome::Outcome;
use crate::render::fonts::advances::{LATIN_FAMILY, PUNCTUATION_FAMILY};

/// Prints the table.
///
/// # Errors
/// Returns `CliError::Fonts` if the fonts cannot be read.
pub fn run(arguments: &FontsArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let families = font_set(arguments.fonts.as_deref())?.chosen_families();
    let mut rows = vec![["字体".to_owned(), "字族".to_owned(), "文件".to_owned()]];
    rows.extend(
        families
            .into_iter()
            .map(|chosen| [chosen.face.chinese_name().to_owned(), chosen.family, chosen.file]),
    );
    let face_width = rows.iter().map(|[face, ..]| columns(face)).max().unwrap_or(0);
    let family_width = rows.iter().map(|[_, family, _]| columns(family)).max().unwrap_or(0);
    for [face, family, file] in &rows {
        let after_face = " ".repeat(face_width - columns(face) + 2);
        let after_family = " ".repeat(family_width - columns(family) + 2);
        writeln!(out, "{face}{after_face}{family}{after_family}{file}")?;
    }
    writeln!(out, "仿宋、楷体中的数字和字母一律使用 {LATIN_FAMILY}，")?;
    writeln!(
        out,
        "引号、间隔号、省略号、破折号等一律使用 {PUNCTUATION_FAMILY}，不随自有字体更换。"
    )?;
    Ok(Outcome::Done)
}

/// Columns on a terminal, where a Chinese character takes two.
fn columns(text: &str) -> usize {
    text.chars().map(|character| if character >= '\u{1100}' { 2 } else { 1 }).sum()
}
