//! The score sheet as headings and paragraphs, with generated numbers and the points of the sheet.

use crate::document::block::HeadingLevel;
use crate::render::compose::text::body_parts::{heading, paragraph};
use crate::render::compose::text::outline::{Numbered, Outline};
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;
use crate::scoring::not_applicable::NOT_APPLICABLE;
use crate::scoring::sheet::{Entry, EntryScore, ScoreSheet, Section, SectionKind, SelfScore};
use crate::scoring::wording::{ScoreWord, Wording};

/// The mark before a starred entry.
const STAR: &str = "★";

/// The sheet in reading order.
pub(crate) fn parts_of(
    sheet: &ScoreSheet,
    outline: &mut Outline,
    lines: &LineSetter<'_>,
) -> Vec<BodyPart> {
    let mut text = SheetText { wording: sheet.wording, outline, lines, parts: Vec::new() };
    for section in &sheet.sections {
        text.push_heading(&section.entry, &section_heading(section, sheet.wording));
        text.push_content(&section.entry);
    }
    text.parts
}

/// The parts of a sheet so far.
struct SheetText<'a> {
    wording: Wording,
    outline: &'a mut Outline,
    lines: &'a LineSetter<'a>,
    parts: Vec<BodyPart>,
}

impl SheetText<'_> {
    fn push_heading(&mut self, entry: &Entry, text: &str) {
        let Numbered { number, depth } = self.outline.heading(entry.level);
        let star = if entry.is_starred { STAR } else { "" };
        self.parts.push(heading(entry.level, depth, &format!("{number}{star}{text}"), self.lines));
    }

    fn push_content(&mut self, entry: &Entry) {
        let narrative = entry.narrative.iter();
        self.parts.extend(narrative.map(|text| paragraph(text, self.lines)));
        for part in &entry.parts {
            self.push_heading(part, &entry_heading(part, self.wording));
            self.push_content(part);
        }
    }
}

/// `年度重点工作完成情况（27分，自查得分27分）`; bonus and deduction sections are labelled.
fn section_heading(section: &Section, wording: Wording) -> String {
    let Section { kind, entry } = section;
    let points = match (kind, wording) {
        (SectionKind::Base, Wording::ByLevel) => {
            scored(entry.score, "", ScoreWord::SelfCheckScore, wording)
        }
        (_, Wording::ByLevel) => format!("（{}）{}", kind_name(*kind), both_points(entry.score)),
        (SectionKind::Base, Wording::Uniform { word, .. }) => {
            scored(entry.score, "", word, wording)
        }
        (_, Wording::Uniform { word, .. }) => {
            scored(entry.score, &format!("{}，", kind_name(*kind)), word, wording)
        }
    };
    format!("{}{points}", entry.title)
}

fn kind_name(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Base => "基本分",
        SectionKind::Bonus => "加分项",
        SectionKind::Deduction => "扣分项",
    }
}

/// The heading of a group, an indicator or an item.
fn entry_heading(entry: &Entry, wording: Wording) -> String {
    if !entry.components.is_empty() {
        let stop = if wording == Wording::ByLevel { "。" } else { "" };
        return format!("{}{stop}", with_component_points(entry, wording));
    }
    match (wording, entry.level) {
        (Wording::Uniform { .. }, _) => format!("{}{}", entry.title, points(entry.score, wording)),
        (Wording::ByLevel, HeadingLevel::Second) => {
            format!("{}。{}", entry.title, both_points(entry.score))
        }
        (Wording::ByLevel, _) => format!("{}。{}", entry.title, points(entry.score, wording)),
    }
}

/// The title with the points of each component after its name.
pub(crate) fn with_component_points(entry: &Entry, wording: Wording) -> String {
    let mut text = String::new();
    let mut rest = entry.title.as_str();
    for component in &entry.components {
        // `validate()` has found each name in the title, in this order.
        if let Some((before, after)) = rest.split_once(component.name.as_str()) {
            text.push_str(before);
            text.push_str(&component.name);
            text.push_str(&points(component.score, wording));
            rest = after;
        }
    }
    format!("{text}{rest}")
}

/// `（分值8分，自评得分7.5分）`.
fn both_points(score: EntryScore) -> String {
    scored(score, "分值", ScoreWord::SelfScore, Wording::ByLevel)
}

/// `（8分，自评得分7.5分）`. By level, `（8分）` says that no points were lost.
fn points(score: EntryScore, wording: Wording) -> String {
    match wording {
        Wording::ByLevel if score.is_full() => {
            format!("（{}）", wording.with_unit(score.max_points))
        }
        Wording::ByLevel => scored(score, "", ScoreWord::SelfScore, wording),
        Wording::Uniform { word, .. } => scored(score, "", word, wording),
    }
}

fn scored(score: EntryScore, before: &str, word: ScoreWord, wording: Wording) -> String {
    let own = match score.self_score {
        SelfScore::Points(points) => format!("{}{}", word.text(), wording.with_unit(points)),
        SelfScore::NotApplicable => NOT_APPLICABLE.to_owned(),
    };
    format!("（{before}{}，{own}）", wording.with_unit(score.max_points))
}
