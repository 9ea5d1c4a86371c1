//! The checks of points: each by itself, within its bounds, and as the sum of its parts.

use crate::scoring::points::{Points, PointsError};
use crate::scoring::sheet::{Score, SectionKind};
use crate::submission::posted_points::PostedPoints;
use crate::submission::{
    PostedComponent, PostedGroup, PostedIndicator, PostedScore, PostedScores, PostedSection,
};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::characters::quoted;

/// One entry of the sheet with its points as posted.
///
/// Each sum is compared with what the parts state, so that one wrong number is found once and
/// does not echo up to the total. A sum that needs an unreadable number is not compared.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'e> {
    // `None` for the total, which has none.
    title: Option<&'e str>,
    max_points: &'e PostedPoints,
    self_score: &'e PostedPoints,
}

/// 分值 or 自评得分.
#[derive(Debug, Clone, Copy)]
enum Column {
    MaxPoints,
    SelfScore,
}

impl Column {
    const BOTH: [Self; 2] = [Self::MaxPoints, Self::SelfScore];

    fn key(self) -> &'static str {
        match self {
            Self::MaxPoints => "max_points",
            Self::SelfScore => "self_score",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::MaxPoints => "分值",
            Self::SelfScore => "自评得分",
        }
    }
}

impl<'e> Entry<'e> {
    /// A section, group, indicator or component.
    pub fn titled(
        title: &'e str,
        max_points: &'e PostedPoints,
        self_score: &'e PostedPoints,
    ) -> Self {
        Self { title: Some(title), max_points, self_score }
    }

    fn total(scores: &'e PostedScores) -> Self {
        let PostedScore { max_points, self_score } = &scores.total;
        Self { title: None, max_points, self_score }
    }

    fn posted(&self, column: Column) -> &'e str {
        match column {
            Column::MaxPoints => &self.max_points.text,
            Column::SelfScore => &self.self_score.text,
        }
    }

    fn points(&self, column: Column) -> Option<Points> {
        Points::parse(self.posted(column)).ok()
    }

    /// Both numbers, if they can be read.
    pub fn both(&self) -> Option<(Points, Points)> {
        Some((self.points(Column::MaxPoints)?, self.points(Column::SelfScore)?))
    }

    /// What a sentence calls the entry.
    pub fn subject(&self) -> String {
        match self.title {
            None => "总分".to_owned(),
            Some(title) => format!("“{}”", quoted(title)),
        }
    }
}

impl<'e> From<&'e PostedSection> for Entry<'e> {
    fn from(posted: &'e PostedSection) -> Self {
        Self::titled(&posted.title, &posted.max_points, &posted.self_score)
    }
}

impl<'e> From<&'e PostedGroup> for Entry<'e> {
    fn from(posted: &'e PostedGroup) -> Self {
        Self::titled(&posted.title, &posted.max_points, &posted.self_score)
    }
}

impl<'e> From<&'e PostedIndicator> for Entry<'e> {
    fn from(posted: &'e PostedIndicator) -> Self {
        Self::titled(&posted.title, &posted.max_points, &posted.self_score)
    }
}

impl<'e> From<&'e PostedComponent> for Entry<'e> {
    fn from(posted: &'e PostedComponent) -> Self {
        Self::titled(&posted.name, &posted.max_points, &posted.self_score)
    }
}

/// Parses both numbers of an entry and checks them against its kind; `None` if one is unreadable.
pub fn score(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    kind: SectionKind,
    entry: &Entry<'_>,
) -> Option<Score> {
    let score = readable(check, place, entry);
    let max_points = entry.points(Column::MaxPoints)?;
    if !has_the_sign_of(kind, max_points) {
        let detail = match kind {
            SectionKind::Deduction => format!(
                "{}属于扣分项，分值应写为负数（如−10），现为{max_points}分。",
                entry.subject()
            ),
            SectionKind::Base | SectionKind::Bonus => format!(
                "{}的分值写为{max_points}分，只有扣分项的分值才是负数，请核对分值或所在部分的类别。",
                entry.subject()
            ),
        };
        check.error(&place.key(Column::MaxPoints.key()), Code::MaxPointsSign, detail);
        return score;
    }
    let (lowest, highest) = match kind {
        SectionKind::Base | SectionKind::Bonus => (Points::ZERO, max_points),
        SectionKind::Deduction => (max_points, Points::ZERO),
    };
    let self_score = entry.points(Column::SelfScore)?;
    if self_score < lowest || self_score > highest {
        let detail = format!(
            "{}的自评得分写为{self_score}分，应在{lowest}分至{highest}分之间，请核对。",
            entry.subject()
        );
        check.error(&place.key(Column::SelfScore.key()), Code::ScoreOutOfRange, detail);
    }
    score
}

fn has_the_sign_of(kind: SectionKind, max_points: Points) -> bool {
    max_points.is_negative() == (kind == SectionKind::Deduction)
}

fn readable(check: &mut Checker<'_>, place: &Place<'_>, entry: &Entry<'_>) -> Option<Score> {
    for column in Column::BOTH {
        let posted = entry.posted(column);
        let Err(error) = Points::parse(posted) else { continue };
        let shown = format!("“{}”", quoted(posted));
        let what = match error {
            PointsError::Malformed if posted.is_empty() => {
                "没有填写，请写成8或8.5的样子".to_owned()
            }
            PointsError::Malformed => {
                format!("{shown}不是数字，请写成8或8.5的样子（半角数字，不带“分”字）")
            }
            PointsError::Precision => format!("{shown}的小数超过两位，最多保留两位小数"),
            PointsError::Magnitude => format!("{shown}超出范围，应在−9999.99至9999.99之间"),
        };
        let detail = format!("{}的{}{what}。", entry.subject(), column.name());
        check.error(&place.key(column.key()), Code::PointsMalformed, detail);
    }
    let max_points = entry.points(Column::MaxPoints)?;
    let self_score = entry.points(Column::SelfScore)?;
    Some(Score { max_points, self_score })
}

/// Compares an entry with the sums of its parts, where it has parts.
pub fn parts<'p>(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    entry: &Entry<'_>,
    parts: impl Iterator<Item = Entry<'p>> + Clone,
) {
    if parts.clone().next().is_none() {
        return;
    }
    for column in Column::BOTH {
        let sum: Option<Points> =
            parts.clone().map(|part| part.points(column)).collect::<Option<Vec<_>>>().map(sum_of);
        compare(check, place, entry, column, sum, "所属各项");
    }
}

/// Reads the total and compares it with the sections.
///
/// A deduction counts 0 at its best, so that it adds nothing to the total's 分值.
pub fn total(check: &mut Checker<'_>, place: &Place<'_>, scores: &PostedScores) -> Option<Score> {
    let entry = Entry::total(scores);
    let total = readable(check, place, &entry);
    if scores.sections.is_empty() {
        return total;
    }
    let mut has_deduction = false;
    let mut max_points = Some(Vec::new());
    let mut self_scores = Some(Vec::new());
    for section in &scores.sections {
        let section_entry = Entry::from(section);
        if section.kind == SectionKind::Deduction {
            has_deduction = true;
        } else {
            add(&mut max_points, section_entry.points(Column::MaxPoints));
        }
        add(&mut self_scores, section_entry.points(Column::SelfScore));
    }
    let parts = if has_deduction { "各部分（扣分项不计）" } else { "各部分" };
    compare(check, place, &entry, Column::MaxPoints, max_points.map(sum_of), parts);
    compare(check, place, &entry, Column::SelfScore, self_scores.map(sum_of), "各部分");
    total
}

fn add(all: &mut Option<Vec<Points>>, points: Option<Points>) {
    match (all.as_mut(), points) {
        (Some(list), Some(points)) => list.push(points),
        _ => *all = None,
    }
}

fn sum_of(points: Vec<Points>) -> Points {
    points.into_iter().sum()
}

fn compare(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    entry: &Entry<'_>,
    column: Column,
    sum: Option<Points>,
    parts: &str,
) {
    let (Some(stated), Some(sum)) = (entry.points(column), sum) else { return };
    if stated != sum {
        let detail = format!(
            "{}的{}写为{stated}分，{parts}合计{sum}分，请核对。",
            entry.subject(),
            column.name()
        );
        check.error(&place.key(column.key()), Code::SumMismatch, detail);
    }
}
