//! The points and the grade that placeholders insert into running text.

use crate::scoring::not_applicable::NOT_APPLICABLE;
use crate::scoring::points::Points;
use crate::submission::posted_points::PostedPoints;
use crate::submission::{PostedAttachment, Submission};
use crate::validate::limits;
use crate::validate::scores::grade;
use crate::validate::text::text_total::Total;
use crate::validate::typing::placeholders::{Placeholder, Scored, Which};

/// The points as posted. The sums are checked elsewhere.
#[derive(Debug)]
pub struct Inserted<'s> {
    has_scores: bool,
    total: Option<Total>,
    grade: Option<&'s str>,
    /// `None` for sections without points.
    sections: Vec<Option<PointsOf>>,
    /// The total of each attachment with scores of its own or a project table.
    attachments: Vec<Option<PointsOf>>,
}

/// The points of an entry, each `None` if it cannot be read.
#[derive(Debug, Clone, Copy)]
struct PointsOf {
    max_points: Option<Points>,
    self_score: Option<Points>,
    applies: bool,
}

impl<'s> Inserted<'s> {
    /// Reads the points and the grade of a submission.
    pub fn of(posted: &'s Submission) -> Self {
        let scores = posted.scores.as_ref();
        let sections = scores.iter().flat_map(|scores| &scores.sections);
        let attachments = posted.document.attachments.iter().flatten();
        Self {
            has_scores: scores.is_some(),
            total: scores.and_then(|scores| {
                PointsOf::new(&scores.total.max_points, &scores.total.self_score).total()
            }),
            grade: scores.and_then(grade::of),
            sections: sections
                .take(limits::SECTIONS)
                .map(|section| {
                    Some(PointsOf::new(section.max_points.as_ref()?, section.self_score.as_ref()?))
                })
                .collect(),
            attachments: attachments.take(limits::LIST).map(of_attachment).collect(),
        }
    }

    /// The total of the score sheet.
    pub fn total(&self) -> Option<Total> {
        self.total
    }

    /// 分值 and 自评得分 of a section, counted from 0.
    pub fn section(&self, index: usize) -> Option<Total> {
        self.sections.get(index).copied().flatten()?.total()
    }

    /// The totals of the score sheets of attachments.
    pub fn other_totals(&self) -> impl Iterator<Item = Total> {
        self.attachments.iter().flatten().filter_map(|points| points.total())
    }

    /// The text of a placeholder. Returns `Ok(None)` for points that cannot be read, which is reported
    /// with the sheet.
    ///
    /// # Errors
    /// Says what the submission lacks.
    pub fn value(&self, placeholder: Placeholder) -> Result<Option<String>, String> {
        let (scored, which) = match placeholder {
            Placeholder::Grade => {
                return self
                    .grade
                    .map(|grade| Some(grade.to_owned()))
                    .ok_or_else(|| "没有等次".to_owned());
            }
            Placeholder::Points(scored, which) => (scored, which),
        };
        let points = self.points_of(scored)?;
        let value = match which {
            Which::SelfScore if !points.applies => return Err(format!("这一部分{NOT_APPLICABLE}")),
            Which::SelfScore => points.self_score,
            Which::MaxPoints => points.max_points,
        };
        Ok(value.map(|points| points.to_string()))
    }

    fn points_of(&self, scored: Scored) -> Result<PointsOf, String> {
        match scored {
            Scored::Total | Scored::Section(_) if !self.has_scores => {
                Err("没有自评得分表".to_owned())
            }
            Scored::Total => Ok(PointsOf {
                max_points: self.total.map(|total| total.max_points),
                self_score: self.total.map(|total| total.self_score),
                applies: true,
            }),
            Scored::Section(number) => self
                .sections
                .get(number - 1)
                .copied()
                .ok_or_else(|| format!("自评得分表没有第{number}部分"))?
                .ok_or_else(|| format!("自评得分表第{number}部分没有分值")),
            Scored::Attachment(number) => self
                .attachments
                .get(number - 1)
                .copied()
                .flatten()
                .ok_or_else(|| format!("附件{number}没有自己的得分")),
        }
    }
}

impl PointsOf {
    fn new(max_points: &PostedPoints, self_score: &PostedPoints) -> Self {
        Self {
            max_points: Points::parse(&max_points.text).ok(),
            self_score: Points::parse(&self_score.text).ok(),
            applies: self_score.text != NOT_APPLICABLE,
        }
    }

    fn total(self) -> Option<Total> {
        Some(Total { max_points: self.max_points?, self_score: self.self_score? })
    }
}

fn of_attachment(posted: &PostedAttachment) -> Option<PointsOf> {
    if let Some(table) = &posted.project_table {
        return Some(PointsOf::new(&table.total.max_points, &table.total.self_score));
    }
    let total = &posted.scores.as_ref()?.total;
    Some(PointsOf::new(&total.max_points, &total.self_score))
}
