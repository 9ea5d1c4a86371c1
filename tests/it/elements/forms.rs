//! Laid-out filings and their parts, for the tests of letters, commands and minutes.

use hongtou::render::typesetter::Typesetter;
use hongtou::submission::read::Posted;
use hongtou::validate::filing::Filing;
use hongtou::validate::validate;

use crate::fixture;
use crate::fixtures::seed::TYPESETTER;
use crate::pages::ruler::{Glyph, Line, MeasuredPage, Rule, measure};

/// Edges of the type area.
pub const LEFT: f64 = 28.0;
pub const RIGHT: f64 = 184.0;
pub const BOTTOM: f64 = 262.0;
/// One character of 3号 and of 4号.
pub const CELL: f64 = 156.0 / 28.0;
pub const SMALL_CELL: f64 = 14.0 * crate::pages::ruler::MM_PER_PT;
/// Line pitch of running text.
pub const PITCH: f64 = (225.0 - CELL) / 21.0;
/// One 行, from lower edge to upper edge.
pub const ONE_LINE: f64 = 10.39;

/// A valid fixture as a filing.
pub fn filing(name: &str) -> Filing {
    let posted = Posted::read(&fixture::bytes("valid", name)).unwrap();
    validate(posted, TYPESETTER.coverage()).unwrap().filing
}

/// A valid fixture, laid out and measured.
pub fn pages(typesetter: &Typesetter, name: &str) -> Result<Vec<MeasuredPage>, String> {
    typesetter.lay_out(&filing(name)).map(|laid_out| measure(&laid_out)).map_err(|e| e.to_string())
}

/// The red glyphs of a page: its mark.
#[derive(Debug)]
pub struct Mark {
    pub text: String,
    pub top: f64,
    pub bottom: f64,
    pub centre: f64,
}

pub fn mark(page: &MeasuredPage) -> Mark {
    let mut red: Vec<&Glyph> = page.glyphs.iter().filter(|glyph| glyph.is_red).collect();
    red.sort_by(|a, b| a.x.total_cmp(&b.x));
    let left = red.first().map_or(f64::NAN, |glyph| glyph.x);
    let right = red.last().map_or(f64::NAN, |glyph| glyph.right());
    Mark {
        text: red.iter().map(|glyph| glyph.text.as_str()).collect(),
        top: red.iter().map(|glyph| glyph.ink.0).fold(f64::INFINITY, f64::min),
        bottom: red.iter().map(|glyph| glyph.ink.1).fold(f64::NEG_INFINITY, f64::max),
        centre: f64::midpoint(left, right),
    }
}

/// The red or black rules of a page, from top to bottom.
pub fn rules(page: &MeasuredPage, is_red: bool) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        page.rules.iter().filter(|rule| rule.is_red == is_red).cloned().collect();
    rules.sort_by(|a, b| a.y.total_cmp(&b.y));
    rules
}

/// The line that begins with this text, and the one above it.
pub fn found(page: &MeasuredPage, start: &str) -> Option<(Line, Option<Line>)> {
    let lines = page.lines();
    let row = lines.iter().position(|line| line.text().starts_with(start))?;
    Some((lines[row].clone(), row.checked_sub(1).map(|above| lines[above].clone())))
}
