//! The score sheet as headings and paragraphs: numbers derived, points printed from the scores.

use crate::document::numeral::chinese;
use crate::document::rich_text::RichText;
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;
use crate::scoring::sheet::{
    Group, Indicator, Score, ScoreSheet, Section, SectionKind, SectionParts,
};
use crate::validate::text::typeface::Typeface;

/// Groups and indicators count through the whole document, whatever section they stand in.
#[derive(Debug)]
struct Counters<'a> {
    groups: usize,
    indicators: usize,
    lines: &'a LineSetter<'a>,
}

/// Where an indicator's heading stands in the outline, which may skip no level (PDF/UA-1, 7.4.2).
#[derive(Debug, Clone, Copy)]
enum Under {
    Section,
    Group,
}

/// The whole sheet in reading order.
pub(crate) fn parts_of(sheet: &ScoreSheet, lines: &LineSetter<'_>) -> Vec<BodyPart> {
    let mut counters = Counters { groups: 0, indicators: 0, lines };
    let mut parts = Vec::new();
    for (index, section) in sheet.sections.iter().enumerate() {
        parts.push(heading(1, 1, &section_heading(index + 1, section), lines));
        match &section.parts {
            SectionParts::Groups(groups) => {
                for group in groups {
                    push_group(group, &mut counters, &mut parts);
                }
            }
            SectionParts::Indicators(indicators) => {
                for indicator in indicators {
                    push_indicator(indicator, Under::Section, &mut counters, &mut parts);
                }
            }
        }
    }
    part_siblings(parts)
}

fn push_group(group: &Group, counters: &mut Counters<'_>, parts: &mut Vec<BodyPart>) {
    counters.groups += 1;
    let number = chinese(counters.groups);
    let points = both_points(group.score);
    let text = format!("（{number}）{}。{points}", group.title);
    parts.push(heading(2, 2, &text, counters.lines));
    for indicator in &group.indicators {
        push_indicator(indicator, Under::Group, counters, parts);
    }
}

fn push_indicator(
    indicator: &Indicator,
    under: Under,
    counters: &mut Counters<'_>,
    parts: &mut Vec<BodyPart>,
) {
    counters.indicators += 1;
    let depth = match under {
        Under::Section => 2,
        Under::Group => 3,
    };
    let text = format!("{}.{}", counters.indicators, indicator_heading(indicator));
    parts.push(heading(3, depth, &text, counters.lines));
    let paragraphs = indicator.narrative.iter();
    parts.extend(paragraphs.map(|text| paragraph(text, counters.lines)));
}

/// A paragraph of running text.
pub(crate) fn paragraph(text: &RichText, lines: &LineSetter<'_>) -> BodyPart {
    BodyPart::Paragraph(lines.paragraph(text, Typeface::Fangsong))
}

/// A heading with its number, of this level and this depth in the outline.
pub(crate) fn heading(level: usize, depth: usize, text: &str, lines: &LineSetter<'_>) -> BodyPart {
    // A heading's face follows its number (B-6).
    let face = match level {
        1 => Typeface::Heiti,
        2 => Typeface::Kaiti,
        _ => Typeface::Fangsong,
    };
    BodyPart::Heading {
        level,
        depth,
        keeps_next: true,
        text: lines.heading(&RichText::regular(text), face),
    }
}

/// A heading that is followed by one of its own rank or a higher one has nothing under it and may
/// end a page. Kept with what follows, a long list of such headings could not be parted at all, and
/// its end would not be kept with the text below.
pub(crate) fn part_siblings(mut parts: Vec<BodyPart>) -> Vec<BodyPart> {
    let mut below: Option<usize> = None;
    for part in parts.iter_mut().rev() {
        let BodyPart::Heading { depth, keeps_next, .. } = part else {
            below = None;
            continue;
        };
        *keeps_next = below.is_none_or(|below| below > *depth);
        below = Some(*depth);
    }
    parts
}

/// `一、年度重点工作完成情况（27分，自查得分27分）`; bonus and deduction say what they are.
fn section_heading(number: usize, section: &Section) -> String {
    let Score { max_points, self_score } = section.score;
    let points = match section.kind {
        SectionKind::Base => format!("（{max_points}分，自查得分{self_score}分）"),
        SectionKind::Bonus => format!("（加分项）{}", both_points(section.score)),
        SectionKind::Deduction => format!("（扣分项）{}", both_points(section.score)),
    };
    format!("{}、{}{points}", chinese(number), section.title)
}

fn both_points(score: Score) -> String {
    format!("（分值{}分，自评得分{}分）", score.max_points, score.self_score)
}

/// The title with the points behind it, or behind each component's name inside it. Where points
/// were lost, the self score stands beside the 分值.
fn indicator_heading(indicator: &Indicator) -> String {
    if indicator.components.is_empty() {
        return format!("{}。{}", indicator.title, points(indicator.score));
    }
    format!("{}。", with_component_points(indicator))
}

/// The title with the points of each component behind its name.
pub(crate) fn with_component_points(indicator: &Indicator) -> String {
    let mut written = String::new();
    let mut rest = indicator.title.as_str();
    for component in &indicator.components {
        // `validate()` found each name in the title, in this order.
        if let Some((before, after)) = rest.split_once(component.name.as_str()) {
            written.push_str(before);
            written.push_str(&component.name);
            written.push_str(&points(component.score));
            rest = after;
        }
    }
    format!("{written}{rest}")
}

/// `（8分）` for full marks, `（8分，自评得分7.5分）` otherwise. A deduction's full marks are 0.
fn points(score: Score) -> String {
    let full = if score.max_points.is_negative() {
        score.self_score == crate::scoring::points::Points::ZERO
    } else {
        score.self_score == score.max_points
    };
    if full {
        format!("（{}分）", score.max_points)
    } else {
        format!("（{}分，自评得分{}分）", score.max_points, score.self_score)
    }
}
