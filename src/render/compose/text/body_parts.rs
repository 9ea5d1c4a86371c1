//! Paragraphs and headings of running text.

use crate::document::block::{HeadingLevel, RosterGroup};
use crate::document::rich_text::RichText;
use crate::render::compose::text::outline::Numbered;
use crate::render::fit::Opening;
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;
use crate::render::unbreakable::plain_runs;
use crate::validate::text::typeface::Typeface;

/// A paragraph of running text.
pub(crate) fn paragraph(text: &RichText, lines: &LineSetter<'_>) -> BodyPart {
    BodyPart::Paragraph(lines.paragraph(text, Typeface::Fangsong))
}

/// The typeface of a heading depends on the format of its number (B-6).
fn face_of(level: HeadingLevel) -> Typeface {
    match level {
        HeadingLevel::First => Typeface::Heiti,
        HeadingLevel::Second => Typeface::Kaiti,
        HeadingLevel::Third | HeadingLevel::Fourth => Typeface::Fangsong,
    }
}

/// The level as the templates count it, from 1.
fn number_of(level: HeadingLevel) -> usize {
    level as usize + 1
}

/// A heading with its number. `level` is the format of the number, `depth` the level in the outline.
pub(crate) fn heading(
    level: HeadingLevel,
    depth: usize,
    text: &str,
    lines: &LineSetter<'_>,
) -> BodyPart {
    let text = lines.heading(&RichText::regular(text), face_of(level));
    BodyPart::Heading { level: number_of(level), depth, keeps_next: true, centred: false, text }
}

/// The heading of a chapter or a section, in the middle of its line.
pub(crate) fn centred_heading(
    numbered: &Numbered,
    title: &str,
    lines: &LineSetter<'_>,
) -> BodyPart {
    let text = RichText::regular(&format!("{}{title}", numbered.number));
    BodyPart::Heading {
        level: number_of(HeadingLevel::First),
        depth: numbered.depth,
        keeps_next: true,
        centred: true,
        text: lines.heading(&text, face_of(HeadingLevel::First)),
    }
}

/// A paragraph that begins with a run-in heading.
pub(crate) fn run_in(
    level: HeadingLevel,
    lead: &str,
    text: &RichText,
    lines: &LineSetter<'_>,
) -> BodyPart {
    let (lead, text) =
        lines.run_in((&RichText::regular(lead), face_of(level)), (text, Typeface::Fangsong));
    BodyPart::RunIn { level: number_of(level), lead, text }
}

/// An article. Its number is a box, because the space after it must not be stretched with its line.
pub(crate) fn article(number: &str, text: &RichText, lines: &LineSetter<'_>) -> BodyPart {
    let mut part = run_in(HeadingLevel::First, number, text, lines);
    if let BodyPart::RunIn { lead, .. } = &mut part {
        for run in lead {
            run.unbreakable = true;
        }
    }
    part
}

/// The lines of a list of names, with the labels in a column as wide as the longest.
pub(crate) fn listed(groups: &[RosterGroup]) -> impl Iterator<Item = BodyPart> + '_ {
    let longest = groups.iter().map(|group| group.label.chars().count()).max().unwrap_or(0);
    let label_cells = longest + 1;
    groups.iter().flat_map(move |RosterGroup { label, entries }| {
        let lines = entries.iter().enumerate();
        lines.map(move |(index, entry)| BodyPart::Listed {
            label: if index == 0 { format!("{label}：") } else { String::new() },
            label_cells,
            runs: plain_runs(entry),
        })
    })
}

/// Allows a page break after every heading without text of its own, which is followed by a heading of
/// the same or a higher level. Otherwise a long list of such headings could not be split at all, and its
/// end could not stay with the text below.
pub(crate) fn allow_breaks_between_siblings(mut parts: Vec<BodyPart>) -> Vec<BodyPart> {
    let mut next_depth: Option<usize> = None;
    for part in parts.iter_mut().rev() {
        let BodyPart::Heading { depth, keeps_next, .. } = part else {
            next_depth = None;
            continue;
        };
        *keeps_next = next_depth.is_none_or(|next| next > *depth);
        next_depth = Some(*depth);
    }
    parts
}

/// The number of headings that begin a text; `None` if it begins with a paragraph.
pub(crate) fn leading_headings(parts: &[BodyPart]) -> Option<usize> {
    let count = parts.iter().take_while(|part| matches!(part, BodyPart::Heading { .. })).count();
    let is_paragraph =
        matches!(parts.first(), Some(BodyPart::Paragraph(_) | BodyPart::RunIn { .. }));
    (!is_paragraph).then_some(count)
}

/// Whether a text begins with a table, or with headings and a table.
pub(crate) fn begins_with_table(parts: &[BodyPart]) -> bool {
    let first = parts.iter().find(|part| !matches!(part, BodyPart::Heading { .. }));
    matches!(first, Some(BodyPart::Table(_)))
}

/// Lets page 1 end within the beginning of the text (7.3.3).
pub(crate) fn loosen_opening(parts: &mut [BodyPart], opening: Opening) {
    match opening {
        Opening::Together => {}
        Opening::After(index) => {
            if let Some(BodyPart::Heading { keeps_next, .. }) = parts.get_mut(index) {
                *keeps_next = false;
            }
        }
        Opening::InFirstRow => {
            if let Some(BodyPart::Table(table)) = parts.first_mut() {
                for cell in table.rows.iter_mut().take(1).flatten() {
                    cell.breakable = true;
                }
            }
        }
    }
}
