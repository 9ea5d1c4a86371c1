//! The checks of points: well-formed, in range, and equal to the sum of the parts.

use crate::scoring::not_applicable::{self, NOT_APPLICABLE, NotApplicableRule};
use crate::scoring::points::{Points, PointsError};
use crate::scoring::sheet::{EntryScore, Score, SectionKind, SelfScore};
use crate::submission::posted_points::PostedPoints;
use crate::submission::scores::{PostedComponent, PostedScore, PostedScores, PostedSection};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::scores::entry::PostedEntry;
use crate::validate::text::characters::quoted;

/// The points of an entry, a component or the total as posted.
///
/// Each sum is compared with the posted numbers of the parts, so one wrong number is reported once and
/// not again at every level. A sum with an unreadable number is not compared.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'e> {
    // `None` for the total.
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

impl<'e> Stated<'e> {
    /// A section, group, indicator or component.
    pub fn titled(
        title: &'e str,
        max_points: &'e PostedPoints,
        self_score: &'e PostedPoints,
    ) -> Self {
        Self { title: Some(title), max_points, self_score }
    }

    /// An entry of the sheet, if it has both numbers.
    pub fn of(entry: &PostedEntry<'e>) -> Option<Self> {
        Some(Self::titled(entry.name(), entry.max_points?, entry.self_score?))
    }

    /// What counts towards the entry above: the entry, or without points those below it.
    pub fn counted(entry: &PostedEntry<'e>) -> Vec<Self> {
        match Self::of(entry) {
            Some(stated) => vec![stated],
            None => entry.parts().1.iter().flat_map(Self::counted).collect(),
        }
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

    /// The self score, or that the entry does not apply.
    fn self_score(&self) -> Option<SelfScore> {
        if self.posted(Column::SelfScore) == NOT_APPLICABLE {
            return Some(SelfScore::NotApplicable);
        }
        self.points(Column::SelfScore).map(SelfScore::Points)
    }

    /// Whether the entry does not apply.
    pub fn is_not_applicable(&self) -> bool {
        self.self_score() == Some(SelfScore::NotApplicable)
    }

    fn score(&self) -> Option<EntryScore> {
        let (max_points, self_score) = (self.points(Column::MaxPoints)?, self.self_score()?);
        Some(EntryScore { max_points, self_score })
    }

    /// Both numbers, if they can be read.
    pub fn both(&self) -> Option<(Points, Points)> {
        Some((self.points(Column::MaxPoints)?, self.points(Column::SelfScore)?))
    }

    /// The entry, as a sentence names it.
    pub fn subject(&self) -> String {
        match self.title {
            None => "总分".to_owned(),
            Some(title) => format!("“{}”", quoted(title)),
        }
    }
}

impl<'e> From<&'e PostedComponent> for Stated<'e> {
    fn from(posted: &'e PostedComponent) -> Self {
        Self::titled(&posted.name, &posted.max_points, &posted.self_score)
    }
}

/// Checks the points of an entry of the sheet, which may be 不涉及. Returns `None` if they are unreadable.
pub fn entry_score(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    kind: SectionKind,
    entry: &Stated<'_>,
) -> Option<EntryScore> {
    if entry.self_score() != Some(SelfScore::NotApplicable) {
        let Score { max_points, self_score } = score(check, place, kind, entry)?;
        return Some(EntryScore { max_points, self_score: SelfScore::Points(self_score) });
    }
    // Full marks are always in range, so this checks 分值 alone.
    let full = PostedPoints {
        text: match kind {
            SectionKind::Deduction => "0".to_owned(),
            SectionKind::Base | SectionKind::Bonus => entry.max_points.text.clone(),
        },
    };
    let max_points = score(check, place, kind, &Stated { self_score: &full, ..*entry })?.max_points;
    Some(EntryScore { max_points, self_score: SelfScore::NotApplicable })
}

/// Parses both numbers of an entry and checks them for its kind. Returns `None` if one is unreadable.
pub fn score(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    kind: SectionKind,
    entry: &Stated<'_>,
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

fn readable(check: &mut Checker<'_>, place: &Place<'_>, entry: &Stated<'_>) -> Option<Score> {
    for column in Column::BOTH {
        let subject = || format!("{}的{}", entry.subject(), column.name());
        points(check, &place.key(column.key()), subject, entry.posted(column));
    }
    let max_points = entry.points(Column::MaxPoints)?;
    let self_score = entry.points(Column::SelfScore)?;
    Some(Score { max_points, self_score })
}

/// Parses a number of points. Reports an unreadable one and returns `None`.
pub fn points(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    subject: impl FnOnce() -> String,
    posted: &str,
) -> Option<Points> {
    let error = match Points::parse(posted) {
        Ok(points) => return Some(points),
        Err(error) => error,
    };
    let shown = format!("“{}”", quoted(posted));
    let what = match error {
        PointsError::Malformed if posted.is_empty() => "没有填写，请写成8或8.5的样子".to_owned(),
        PointsError::Malformed => {
            format!("{shown}不是数字，请写成8或8.5的样子（半角数字，不带“分”字）")
        }
        PointsError::Precision => format!("{shown}的小数超过两位，最多保留两位小数"),
        PointsError::Magnitude => format!("{shown}超出范围，应在−9999.99至9999.99之间"),
    };
    check.error(place, Code::PointsMalformed, format!("{}{what}。", subject()));
    None
}

/// Compares an entry with the sums of its parts, if it has parts.
pub fn parts<'p>(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    entry: &Stated<'_>,
    parts: impl Iterator<Item = Stated<'p>> + Clone,
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

/// Compares an entry of the sheet with the sums of its parts, if it has parts.
pub fn entry_parts(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    entry: &Stated<'_>,
    parts: &[Stated<'_>],
    rule: Option<NotApplicableRule>,
) {
    if parts.iter().all(|part| part.self_score() != Some(SelfScore::NotApplicable))
        && entry.self_score() != Some(SelfScore::NotApplicable)
    {
        return self::parts(check, place, entry, parts.iter().copied());
    }
    // Without a rule there are no sums; its absence has been reported.
    let Some(rule) = rule.filter(|_| !parts.is_empty()) else { return };
    let Some(all) = parts.iter().map(Stated::score).collect::<Option<Vec<_>>>() else { return };
    let sums = not_applicable::sum(&all, rule);
    compare(check, place, entry, Column::MaxPoints, Some(sums.max_points), "所属各项");
    match (entry.self_score(), sums.self_score) {
        (Some(SelfScore::Points(_)), SelfScore::Points(sum)) => {
            compare(check, place, entry, Column::SelfScore, Some(sum), "所属各项");
        }
        (Some(SelfScore::NotApplicable), SelfScore::Points(sum)) => {
            let detail = format!(
                "{}写为“{NOT_APPLICABLE}”，而下面有的项目有得分，合计{sum}分，请核对。",
                entry.subject()
            );
            check.error(&place.key(Column::SelfScore.key()), Code::SumMismatch, detail);
        }
        (Some(SelfScore::Points(_)), SelfScore::NotApplicable) => {
            let detail = format!(
                "{}下面各项都是“{NOT_APPLICABLE}”，其自评得分也应写“{NOT_APPLICABLE}”，请核对。",
                entry.subject()
            );
            check.error(&place.key(Column::SelfScore.key()), Code::SumMismatch, detail);
        }
        (Some(SelfScore::NotApplicable), SelfScore::NotApplicable) | (None, _) => {}
    }
}

/// Reads the total and compares it with the sections.
///
/// The best score of a deduction is 0, so it adds nothing to 分值 of the total.
pub fn total(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    scores: &PostedScores,
    rule: Option<NotApplicableRule>,
) -> Option<Score> {
    let stated = Stated::total(scores);
    let total = readable(check, place, &stated);
    if scores.sections.is_empty() {
        return total;
    }
    let of_kind = |is_deduction: bool| -> Vec<Stated<'_>> {
        let is_of_kind =
            |section: &&PostedSection| (section.kind == SectionKind::Deduction) == is_deduction;
        let sections = scores.sections.iter().filter(is_of_kind).map(PostedEntry::from);
        sections.flat_map(|section| Stated::counted(&section)).collect()
    };
    let (deductions, others) = (of_kind(true), of_kind(false));
    let names = if deductions.is_empty() { "各部分" } else { "各部分（扣分项不计）" };
    // Without not-applicable entries every rule has the same sums.
    let rule = rule.unwrap_or(NotApplicableRule::Excluded);
    let sums_of = |entries: &[Stated<'_>]| {
        let scores = entries.iter().map(Stated::score).collect::<Option<Vec<_>>>();
        scores.map(|scores| not_applicable::sum(&scores, rule))
    };
    let has_not_applicable = others.iter().chain(&deductions).any(Stated::is_not_applicable);
    if has_not_applicable {
        let (Some(others), Some(deductions)) = (sums_of(&others), sums_of(&deductions)) else {
            return total;
        };
        let own = [others.self_score, deductions.self_score].into_iter().filter_map(earned).sum();
        compare(check, place, &stated, Column::MaxPoints, Some(others.max_points), names);
        compare(check, place, &stated, Column::SelfScore, Some(own), "各部分");
        return total;
    }
    let max_points = others.iter().map(|entry| entry.points(Column::MaxPoints));
    let max_points = max_points.collect::<Option<Vec<_>>>().map(sum_of);
    compare(check, place, &stated, Column::MaxPoints, max_points, names);
    let own = others.iter().chain(&deductions).map(|entry| entry.points(Column::SelfScore));
    let own = own.collect::<Option<Vec<_>>>().map(sum_of);
    compare(check, place, &stated, Column::SelfScore, own, "各部分");
    total
}

fn earned(score: SelfScore) -> Option<Points> {
    match score {
        SelfScore::Points(points) => Some(points),
        SelfScore::NotApplicable => None,
    }
}

fn sum_of(points: Vec<Points>) -> Points {
    points.into_iter().sum()
}

fn compare(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    entry: &Stated<'_>,
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
