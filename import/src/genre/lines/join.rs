//! Joins the lines of paragraphs that were broken at the end of a line or a page.

use hongtou_rules::document::kind::DocumentKind;

use crate::genre::lines::clean::{clean, dense, is_page_number, width};
use crate::genre::lines::marks::mark;
use crate::genre::scores::points;
use crate::source::piece::{Content, Piece, Place, Table};

/// A paragraph or a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A paragraph, cleaned.
    Paragraph {
        /// Where it begins.
        place: Place,
        /// The text.
        text: String,
    },
    /// A table.
    Table {
        /// Where it is.
        place: Place,
        /// The table.
        table: Table,
    },
    /// Lines in columns that cannot be read as a table.
    Columns {
        /// Where they begin.
        place: Place,
        /// The lines.
        text: String,
    },
}

/// How the lines of a text end.
#[derive(Debug, Clone, Copy)]
pub struct Lines {
    /// The width of a full line in half characters, if paragraphs are broken over lines.
    full: Option<usize>,
    /// Whether the first line of a paragraph is indented.
    is_indented: bool,
}

/// A line shorter than a full one by less than this is full: punctuation cannot begin a line.
const TOLERANCE: usize = 6;

/// The blanks before the first line of a paragraph, in half characters.
const FIRST_LINE: usize = 4;

/// A line with this many blanks before it is in the middle of the page.
const CENTRED: usize = 9;

/// The marks that begin a part of a line which stands before it or below it.
const BEHIND: [char; 9] = ['（', '“', '”', '《', '。', '，', '、', '；', '：'];

/// The marks that no line of a paragraph begins with unless it was cut before them.
const CLOSING: [char; 8] = ['。', '，', '、', '；', '：', '”', '》', '）'];

/// The blanks before a part of a line that stands below it.
const INDENTED: usize = 6;

/// The widths of lines of running text on a page, in half characters.
const USUAL: std::ops::RangeInclusive<usize> = 40..=88;

impl Lines {
    /// Finds out how the lines of a text end.
    pub fn of(pieces: &[Piece]) -> Self {
        let broken = pieces.iter().filter(|piece| piece.may_be_broken);
        let texts: Vec<(usize, usize)> =
            broken.filter_map(|piece| Some((width(&dense(piece.text()?)), piece.indent))).collect();
        let mut usual: Vec<usize> =
            texts.iter().map(|(width, _)| *width).filter(|width| USUAL.contains(width)).collect();
        usual.sort_unstable();
        let full = usual.get(usual.len() * 9 / 10).copied();
        let wider = full.map(|full| texts.iter().filter(|(width, _)| *width > full + 12).count());
        let is_broken = usual.len() >= 3
            && wider.is_some_and(|wider| wider * 12 < texts.len())
            && full.is_some_and(|full| are_broken(pieces, full));
        let indented = texts.iter().filter(|(_, indent)| (2..=6).contains(indent)).count();
        let flush = texts.iter().filter(|(width, indent)| *indent < 2 && *width >= 40).count();
        let is_indented = indented * 20 >= texts.len() && flush * 10 >= texts.len();
        Self { full: full.filter(|_| is_broken), is_indented }
    }
}

/// Whether most lines of the full width end in the middle of a sentence. Titles and headings, which have no
/// mark at their end, do not count.
fn are_broken(pieces: &[Piece], full: usize) -> bool {
    let texts = pieces.iter().filter(|piece| piece.may_be_broken).filter_map(Piece::text);
    let is_full = |text: &String| {
        (full.saturating_sub(TOLERANCE)..=full + TOLERANCE).contains(&width(&dense(text)))
            && (mark(text).is_none() || text.contains(['，', '。']))
            && DocumentKind::of_title(text).is_none()
    };
    let lines: Vec<String> = texts.map(clean).filter(is_full).collect();
    let cut = lines.iter().filter(|text| !ends_sentence(text, false)).count();
    cut >= 2 && cut * 2 >= lines.len()
}

/// The paragraphs of the body of a text.
pub fn parts(pieces: &[Piece], lines: Lines) -> Vec<Part> {
    let mut joined = Joined { lines, parts: Vec::new(), open: None };
    let mut index = 0;
    while let Some(piece) = pieces.get(index) {
        index += 1;
        match &piece.content {
            Content::Table(table) => {
                joined.close();
                joined.parts.push(Part::Table { place: piece.place, table: table.clone() });
            }
            Content::Text(text) if is_page_number(text) => {}
            Content::Text(text) => {
                let columns = if piece.may_be_broken { columns(&pieces[index - 1..]) } else { 0 };
                if columns > 0 {
                    joined.close();
                    let lines = &pieces[index - 1..index - 1 + columns];
                    let texts: Vec<&str> = lines.iter().filter_map(Piece::text).collect();
                    joined.parts.push(Part::Columns { place: piece.place, text: texts.join(" ") });
                    index += columns - 1;
                } else if let Some(next) = pieces.get(index).filter(|_| lines.full.is_some())
                    && belongs_behind(piece, next, joined.open.as_ref())
                {
                    let whole = format!("{}{text}", next.text().unwrap_or_default());
                    joined.push(next, &whole);
                    index += 1;
                } else {
                    joined.push(piece, text);
                }
            }
        }
    }
    joined.close();
    joined.parts
}

/// The number of lines from the first on that are in columns: 0 unless the first has three.
fn columns(pieces: &[Piece]) -> usize {
    let count = |piece: &Piece| {
        piece.text().map_or(0, |text| text.split("   ").filter(|c| !c.trim().is_empty()).count())
    };
    if pieces.first().is_none_or(|first| count(first) < 3) {
        return 0;
    }
    let is_inside = |piece: &&Piece| {
        let Some(text) = piece.text() else { return false };
        let clean = clean(text);
        let is_text = mark(&clean).is_some() || width(&clean) >= 44 || clean.starts_with("附件");
        count(piece) > 1 || is_page_number(text) || !is_text
    };
    pieces.iter().take_while(is_inside).count()
}

/// Whether a line is the end of the next one. Programs that read PDF files put a part of a line that
/// begins with a mark before the line.
fn belongs_behind(piece: &Piece, next: &Piece, open: Option<&Open>) -> bool {
    let (Some(text), Some(before)) = (piece.text(), next.text()) else { return false };
    let end = |indent: usize, text: &str| indent + text.chars().count();
    let is_near = |end: usize| end.abs_diff(piece.indent) <= 4;
    let follows_open = open.is_some_and(|open| is_near(open.end));
    piece.indent >= INDENTED
        && text.starts_with(BEHIND)
        && is_near(end(next.indent, before))
        && !follows_open
}

/// The paragraph that the next line may continue.
struct Open {
    place: Place,
    raw: String,
    clean: String,
    /// The width of the last line in half characters.
    last: usize,
    /// The column after the last line.
    end: usize,
    may_be_broken: bool,
    lines: usize,
}

struct Joined {
    lines: Lines,
    parts: Vec<Part>,
    open: Option<Open>,
}

/// The most lines of one paragraph.
const MOST: usize = 400;

impl Joined {
    fn push(&mut self, piece: &Piece, text: &str) {
        let cleaned = clean(text);
        if cleaned.is_empty() {
            return;
        }
        let end = piece.indent + text.chars().count();
        if let Some(open) = &mut self.open
            && open.lines < MOST
            && continues(open, piece, &cleaned, self.lines)
        {
            let is_same_line = piece.indent >= INDENTED && text.starts_with(BEHIND);
            let before = if is_same_line { open.last } else { 0 };
            open.raw.push_str(text);
            // Only the beginning and the end of a long paragraph matter for what follows.
            open.clean.push_str(&cleaned);
            open.last = before + taken(piece, &cleaned);
            (open.end, open.lines) = (end, open.lines + 1);
            return;
        }
        self.close();
        self.open = Some(Open {
            place: piece.place,
            raw: text.to_owned(),
            last: taken(piece, &cleaned),
            clean: cleaned,
            end,
            may_be_broken: piece.may_be_broken,
            lines: 1,
        });
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let text = if open.lines > 1 { clean(&open.raw) } else { open.clean };
            self.parts.push(Part::Paragraph { place: open.place, text });
        }
    }
}

/// The width that a line takes in half characters, with the blanks of a first line.
fn taken(piece: &Piece, text: &str) -> usize {
    width(text) + if (2..=6).contains(&piece.indent) { FIRST_LINE } else { 0 }
}

/// Whether a line continues a paragraph.
fn continues(open: &Open, piece: &Piece, text: &str, lines: Lines) -> bool {
    if !open.may_be_broken || !piece.may_be_broken {
        return false;
    }
    if text.starts_with(CLOSING) || is_unbalanced(&open.clean) {
        return true;
    }
    if mark(text).is_some() || text.starts_with("附件：") || text.starts_with("附件:") {
        return false;
    }
    let is_heading = mark(&open.clean).is_some();
    let is_centred = piece.indent >= CENTRED && !text.starts_with(BEHIND);
    if is_centred && lines.full.is_some() {
        return false;
    }
    if is_heading && is_points(text) && !open.clean.ends_with("分）") {
        return true;
    }
    let ends = ends_sentence(&open.clean, is_heading);
    // An empty line ends a paragraph, unless a page ends in the middle of a sentence.
    let Some(full) = lines.full.filter(|_| !piece.gap) else {
        return !ends && continues_page(open, text, is_heading);
    };
    if open.last + TOLERANCE < full {
        // Figures are narrower; much shorter lines are those of a list.
        let is_part = piece.indent >= INDENTED && text.starts_with(BEHIND);
        return !is_heading && !ends && (is_part || open.last * 3 >= full * 2);
    }
    if !ends {
        return true;
    }
    // A full line that ends a sentence.
    let is_end_of_heading = is_heading && open.clean.ends_with('）');
    if lines.is_indented { piece.indent < 2 } else { !is_end_of_heading }
}

/// Whether a line continues a paragraph over the end of a page, in a text whose lines are paragraphs.
fn continues_page(open: &Open, text: &str, is_heading: bool) -> bool {
    if is_heading {
        let is_line = (46..=60).contains(&open.last);
        let has_end = text.ends_with(['）', '。']);
        return is_line && has_end && text.chars().count() <= 28;
    }
    open.last >= 40
}

/// Whether a text begins with points in brackets.
fn is_points(text: &str) -> bool {
    let inside = text.strip_prefix('（').and_then(|text| text.split_once('）'));
    inside.is_some_and(|(inside, _)| points::printed(inside).is_some())
}

/// Whether the end of a text has a bracket that is not closed.
fn is_unbalanced(text: &str) -> bool {
    const NEAR: usize = 80;
    let mut depth = 0_i32;
    for c in text.chars().rev().take(NEAR) {
        match c {
            '）' | '》' => depth -= 1,
            '（' | '《' => depth += 1,
            _ => {}
        }
        if depth > 0 {
            return true;
        }
    }
    false
}

fn ends_sentence(text: &str, is_heading: bool) -> bool {
    let text = text.trim_end_matches("**");
    let inner = text.trim_end_matches(['”', '’', '）', '》']);
    let is_end = |text: &str| text.ends_with(['。', '！', '？', '；', '：', '…']);
    is_end(text)
        || (inner.len() < text.len() && is_end(inner))
        || (is_heading && text.ends_with('）'))
}
