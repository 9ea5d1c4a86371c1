//! The score sheet as headings and paragraphs, with generated numbers and the points of the sheet.

use crate::document::block::HeadingLevel;
use crate::document::rich_text::RichText;
use crate::render::compose::text::body_parts::{heading, paragraph, run_in};
use crate::render::compose::text::outline::{Numbered, Outline};
use crate::render::lines::LineSetter;
use crate::render::page_data::BodyPart;
use crate::scoring::not_applicable::NOT_APPLICABLE;
use crate::scoring::sheet::{
    Entry, EntryScore, PointsPlace, ScoreSheet, Section, SectionKind, SelfScore,
};
use crate::scoring::wording::{MaxPointsWord, Wording};

/// The mark before a starred entry.
const STAR: &str = "★";

/// The sheet in reading order.
pub(crate) fn parts_of(
    sheet: &ScoreSheet,
    outline: &mut Outline,
    lines: &LineSetter<'_>,
) -> Vec<BodyPart> {
    let ScoreSheet { wording, is_run_in, points_place, .. } = *sheet;
    let mut text =
        SheetText { wording, is_run_in, points_place, outline, lines, parts: Vec::new() };
    for section in &sheet.sections {
        let points = section_points(section, wording);
        let heading = section.entry.title.iter().map(|title| format!("{title}{points}")).collect();
        text.push(&section.entry, heading, points);
    }
    text.parts
}

/// The parts of a sheet so far.
struct SheetText<'a> {
    wording: Wording,
    is_run_in: bool,
    points_place: PointsPlace,
    outline: &'a mut Outline,
    lines: &'a LineSetter<'a>,
    parts: Vec<BodyPart>,
}

impl SheetText<'_> {
    /// Adds an entry with its heading, its narrative and the entries below it. `heading` has the points;
    /// it is empty if the entry has no title.
    fn push(&mut self, entry: &Entry, heading: String, points: String) {
        let star = if entry.is_starred { STAR } else { "" };
        let mut narrative = entry.narrative.clone();
        let title = entry.title.as_deref().filter(|_| self.has_points_at_end(entry));
        if (entry.title.is_none() || title.is_some())
            && let Some(last) = narrative.pop()
        {
            narrative.push(last.followed_by(&RichText::regular(&points)));
        }
        let heading = format!("{star}{}", title.unwrap_or(&heading));
        let mut narrative = narrative.iter();
        if entry.title.is_none() {
            let number = format!("{}{star}", self.outline.item(entry.level));
            let first = narrative.next().map(|text| RichText::regular(&number).followed_by(text));
            self.parts.extend(first.map(|text| paragraph(&text, self.lines)));
        } else if self.is_run_in
            && let Some(first) = narrative.next()
        {
            self.push_run_in(entry, &heading, first);
        } else {
            self.push_heading(entry, &heading);
        }
        self.parts.extend(narrative.map(|text| paragraph(text, self.lines)));
        for part in &entry.parts {
            let points = entry_points(part, self.wording);
            self.push(part, entry_heading(part, self.wording), points);
        }
    }

    /// Whether the points are after the last paragraph and not in the heading.
    fn has_points_at_end(&self, entry: &Entry) -> bool {
        self.points_place == PointsPlace::End
            && entry.parts.is_empty()
            && entry.components.is_empty()
            && !entry.narrative.is_empty()
    }

    fn push_heading(&mut self, entry: &Entry, text: &str) {
        let Numbered { number, depth } = self.outline.heading(entry.level);
        self.parts.push(heading(entry.level, depth, &format!("{number}{text}"), self.lines));
    }

    fn push_run_in(&mut self, entry: &Entry, heading: &str, text: &RichText) {
        let number = self.outline.item(entry.level);
        // By level, the points are a sentence of their own after the full stop of the title.
        let stop = if heading.contains('。') { "" } else { "。" };
        self.parts.push(run_in(entry.level, &format!("{number}{heading}{stop}"), text, self.lines));
    }
}

/// `（27分，自查得分27分）`; bonus and deduction sections are labelled.
fn section_points(section: &Section, wording: Wording) -> String {
    let Section { kind, entry } = section;
    let Some(score) = entry.score else { return String::new() };
    match (kind, wording) {
        (SectionKind::Base, _) => points(score, wording),
        (_, Wording::ByLevel { .. }) => {
            format!(
                "（{}）{}",
                kind_name(*kind),
                scored(score, MaxPointsWord::MaxPoints.text(), wording)
            )
        }
        (_, Wording::Uniform { max_word, .. }) => {
            scored(score, &format!("{}，{}", kind_name(*kind), max_word.text()), wording)
        }
    }
}

fn kind_name(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Base => "基本分",
        SectionKind::Bonus => "加分项",
        SectionKind::Deduction => "扣分项",
    }
}

/// The heading of a group, an indicator or an item with its points; empty without a title.
fn entry_heading(entry: &Entry, wording: Wording) -> String {
    let Some(title) = &entry.title else { return String::new() };
    if !entry.components.is_empty() {
        let stop = if is_by_level(wording) { "。" } else { "" };
        return format!("{}{stop}", with_component_points(entry, wording));
    }
    let points = entry_points(entry, wording);
    let stop = if is_by_level(wording) && !points.is_empty() { "。" } else { "" };
    format!("{title}{stop}{points}")
}

/// The points of a group, an indicator or an item; empty if it has none.
fn entry_points(entry: &Entry, wording: Wording) -> String {
    match (entry.score, wording, entry.level) {
        (None, ..) => String::new(),
        (Some(score), Wording::ByLevel { .. }, HeadingLevel::Second) => {
            scored(score, MaxPointsWord::MaxPoints.text(), wording)
        }
        (Some(score), ..) => points(score, wording),
    }
}

/// The title with the points of each component after its name.
pub(crate) fn with_component_points(entry: &Entry, wording: Wording) -> String {
    let mut text = String::new();
    let mut rest = entry.title.as_deref().unwrap_or_default();
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

/// `（8分，自评得分7.5分）`.
fn points(score: EntryScore, wording: Wording) -> String {
    match wording {
        Wording::ByLevel { .. } => scored(score, "", wording),
        Wording::Uniform { max_word, .. } => scored(score, max_word.text(), wording),
    }
}

/// `before` is the word before the maximum points.
fn scored(score: EntryScore, before: &str, wording: Wording) -> String {
    let own = match score.self_score {
        SelfScore::Points(points) => {
            format!("{}{}", wording.score_word().text(), wording.with_unit(points))
        }
        SelfScore::NotApplicable => NOT_APPLICABLE.to_owned(),
    };
    format!("（{before}{}，{own}）", wording.with_unit(score.max_points))
}

fn is_by_level(wording: Wording) -> bool {
    matches!(wording, Wording::ByLevel { .. })
}
