//! 标题, posted as one text or as lines (B-1, B-2).

use crate::document::title::{WIDEST, width_of};
use crate::submission::elements::title::PostedTitle;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::{TextRule, every};

/// A title that has been checked.
#[derive(Debug)]
pub struct Title {
    /// The whole title.
    pub text: String,
    /// Its lines; empty if the program breaks it.
    pub lines: Vec<String>,
}

/// Checks the title; `None` after an error.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedTitle,
    issuers: &[String],
) -> Option<Title> {
    let lines = match posted {
        PostedTitle::Text(text) => {
            let text = check.text(place, text, &TextRule::TITLE)?;
            return Some(Title { text, lines: Vec::new() });
        }
        PostedTitle::Lines(lines) => lines,
    };
    if lines.is_empty() {
        check.error(place, Code::ListEmpty, "标题至少要有一行，请填写。".to_owned());
        return None;
    }
    if !check.list_fits(place, lines.len(), limits::TITLE_LINES) {
        return None;
    }
    let lines = every(lines.iter().enumerate().map(|(index, line)| {
        let place = place.item(index);
        let line = check.text(&place, line, &TextRule::TITLE)?;
        fits(check, &place, index, &line).then_some(line)
    }))?;
    let text = posted.text(issuers).into_owned();
    let length = text.chars().count();
    if length > limits::TITLE {
        let detail = format!("标题共{length}字，超过上限{}字，请删减。", limits::TITLE);
        check.error(place, Code::TooLong, detail);
        return None;
    }
    Some(Title { text, lines })
}

/// Whether a line fits into the type area.
fn fits(check: &mut Checker<'_>, place: &Place<'_>, index: usize, line: &str) -> bool {
    let is_narrow = width_of(line) <= WIDEST;
    if !is_narrow {
        let detail = format!(
            "标题第{}行“{}”超出版心；2号字一行最多{}字，请另行分行。",
            index + 1,
            quoted(line),
            WIDEST / 100
        );
        check.error(place, Code::TooLong, detail);
    }
    is_narrow
}
