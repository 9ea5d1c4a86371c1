//! The score sheet as headings and paragraphs, with generated numbers and the points of the sheet.

use crate::document::numeral::chinese;
use crate::render::compose::body_parts::{allow_breaks_between_siblings, heading, paragraph};
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;
use crate::scoring::sheet::{
    Group, Indicator, Score, ScoreSheet, Section, SectionKind, SectionParts,
};

/// The numbers of groups and indicators, which continue from one section to the next.
#[derive(Debug)]
struct Counters<'a> {
    groups: usize,
    indicators: usize,
    lines: &'a LineSetter<'a>,
}

/// The parent of an indicator, which determines its level in the outline: no level may be skipped
/// (PDF/UA-1, 7.4.2).
#[derive(Debug, Clone, Copy)]
enum Parent {
    Section,
    Group,
}

/// The sheet in reading order.
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
                    push_indicator(indicator, Parent::Section, &mut counters, &mut parts);
                }
            }
        }
    }
    allow_breaks_between_siblings(parts)
}

fn push_group(group: &Group, counters: &mut Counters<'_>, parts: &mut Vec<BodyPart>) {
    counters.groups += 1;
    let number = chinese(counters.groups);
    let points = both_points(group.score);
    let text = format!("（{number}）{}。{points}", group.title);
    parts.push(heading(2, 2, &text, counters.lines));
    for indicator in &group.indicators {
        push_indicator(indicator, Parent::Group, counters, parts);
    }
}

fn push_indicator(
    indicator: &Indicator,
    parent: Parent,
    counters: &mut Counters<'_>,
    parts: &mut Vec<BodyPart>,
) {
    counters.indicators += 1;
    let depth = match parent {
        Parent::Section => 2,
        Parent::Group => 3,
    };
    let text = format!("{}.{}", counters.indicators, indicator_heading(indicator));
    parts.push(heading(3, depth, &text, counters.lines));
    let paragraphs = indicator.narrative.iter();
    parts.extend(paragraphs.map(|text| paragraph(text, counters.lines)));
}

/// `一、年度重点工作完成情况（27分，自查得分27分）`; bonus and deduction sections are labelled.
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

/// The title with the points after it, or after the name of each component in it.
fn indicator_heading(indicator: &Indicator) -> String {
    if indicator.components.is_empty() {
        return format!("{}。{}", indicator.title, points(indicator.score));
    }
    format!("{}。", with_component_points(indicator))
}

/// The title with the points of each component after its name.
pub(crate) fn with_component_points(indicator: &Indicator) -> String {
    let mut text = String::new();
    let mut rest = indicator.title.as_str();
    for component in &indicator.components {
        // `validate()` has found each name in the title, in this order.
        if let Some((before, after)) = rest.split_once(component.name.as_str()) {
            text.push_str(before);
            text.push_str(&component.name);
            text.push_str(&points(component.score));
            rest = after;
        }
    }
    format!("{text}{rest}")
}

/// `（8分）` if no points were lost, `（8分，自评得分7.5分）` otherwise. A deduction without loss scores 0.
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
