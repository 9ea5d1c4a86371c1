//! The checks of running text that depend on the score sheet: its total, grade and section titles.

use crate::document::rich_text::RichText;
use crate::scoring::points::Points;
use crate::submission::Submission;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::grade;
use crate::validate::text::rule::{TextRule, every};
use crate::validate::text::text_total::{self, Stated, Total};
use crate::validate::typing::placeholders::{GRADE, TOTALS};

/// What running text may refer to: the total, the grade and the titles of the sections.
#[derive(Debug)]
pub struct TextContext<'s> {
    has_scores: bool,
    prints_reasons: bool,
    total: Option<Total>,
    grade: Option<&'s str>,
    section_titles: Vec<&'s str>,
}

impl<'s> TextContext<'s> {
    /// Collects what the text of a submission may refer to.
    pub fn new(posted: &'s Submission) -> Self {
        let total = posted.scores.as_ref().and_then(|scores| {
            let max_points = Points::parse(&scores.total.max_points.text).ok()?;
            let self_score = Points::parse(&scores.total.self_score.text).ok()?;
            Some(Total { max_points, self_score })
        });
        let sections = posted.scores.iter().flat_map(|scores| &scores.sections);
        let section_titles =
            sections.take(limits::SECTIONS).map(|section| section.title.as_str()).collect();
        let grade = posted.scores.as_ref().and_then(grade::of);
        let attachments = posted.document.attachments.as_deref().unwrap_or_default();
        let prints_reasons =
            attachments.iter().any(|attachment| attachment.score_table == Some(true));
        let has_scores = posted.scores.is_some();
        Self { has_scores, prints_reasons, total, grade, section_titles }
    }

    /// Whether a table is attached that prints the reasons and evidence of the score sheet.
    pub fn prints_reasons(&self) -> bool {
        self.prints_reasons
    }

    /// Checks the paragraphs of an indicator. They may state other totals, such as last year's, so a total
    /// that differs from that of the sheet is only a doubt.
    pub fn narrative(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &[String],
    ) -> Option<Vec<RichText>> {
        self.paragraphs(check, place, posted, |check, place, text| {
            for (stated, total) in self.other_totals(text, &text_total::OF_THE_WHOLE) {
                let detail = format!(
                    "文中写“{stated}”，得分表的总分是{total}分；如果说的不是本次总分，可以不改。"
                );
                check.warning(place, Code::TextTotalMismatch, detail);
            }
        })
    }

    /// Checks the totals in text about the whole filing, such as the opening and the closing.
    pub fn totals_of_the_filing(&self, check: &mut Checker<'_>, place: &Place<'_>, text: &str) {
        for (stated, total) in self.other_totals(text, &text_total::OF_THE_FILING) {
            let detail = format!(
                "文中写“{stated}”，得分表的总分是{total}分，请核对；\
                 也可写成“{}{{total.self_score}}分”，由系统填入。",
                stated.phrase
            );
            check.error(place, Code::TextTotalMismatch, detail);
        }
    }

    fn paragraphs(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &[String],
        look_for_totals: impl Fn(&mut Checker<'_>, &Place<'_>, &str),
    ) -> Option<Vec<RichText>> {
        if !check.list_fits(place, posted.len(), limits::PARAGRAPHS) {
            return None;
        }
        every(posted.iter().enumerate().map(|(index, posted)| {
            let place = place.item(index);
            let text = self.running_text(check, &place, posted, &TextRule::PARAGRAPH)?;
            look_for_totals(check, &place, &text.plain());
            Some(text)
        }))
    }

    /// Checks a text and returns it with its strong runs and with the totals of the sheet inserted.
    pub fn running_text(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &str,
        rule: &TextRule,
    ) -> Option<RichText> {
        let text = check.text(place, posted, rule)?;
        let placeholder = TOTALS.iter().find(|total| text.contains(*total));
        if let (false, Some(total)) = (self.has_scores, placeholder) {
            let detail = format!("没有自评得分表，“{total}”无从填入，请写出数字或删去。");
            check.error(place, Code::TotalWithoutScores, detail);
            return None;
        }
        if self.grade.is_none() && text.contains(GRADE) {
            let detail = format!("没有等次，“{GRADE}”无从填入，请写出等次或删去。");
            check.error(place, Code::TotalWithoutScores, detail);
            return None;
        }
        Some(RichText::parse(&self.filled_in(&text)))
    }

    /// Inserts the totals of the sheet. Other braces stay as they are.
    fn filled_in(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if let Some(total) = self.total {
            text = text.replace(TOTALS[0], &total.self_score.to_string());
            text = text.replace(TOTALS[1], &total.max_points.to_string());
        }
        match self.grade {
            Some(grade) => text.replace(GRADE, grade),
            None => text,
        }
    }

    /// Each total in the text that differs from that of the sheet, with the latter.
    fn other_totals<'t>(
        &self,
        text: &'t str,
        phrases: &[&'static str],
    ) -> Vec<(Stated<'t>, Points)> {
        let Some(total) = self.total else { return Vec::new() };
        text_total::stated(text, phrases, &self.section_titles)
            .into_iter()
            .filter(|stated| !stated.agrees_with(&total))
            .map(|stated| (stated, total.self_score))
            .collect()
    }
}
