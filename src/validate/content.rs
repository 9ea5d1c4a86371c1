//! The checks of 正文: the opening, the score sheet and the closing, with the totals in them.

use crate::document::masthead::Form;
use crate::document::rich_text::RichText;
use crate::scoring::points::Points;
use crate::submission::Submission;
use crate::validate::checker::Checker;
use crate::validate::filing::Content;
use crate::validate::limits;
use crate::validate::place::Place;
use crate::validate::scores;
use crate::validate::text::{TextRule, every};
use crate::validate::text_total::{self, Stated};
use crate::validate::violation::Code;

/// Checks 正文; `None` after an error anywhere in it.
pub fn read(check: &mut Checker<'_>, place: &Place<'_>, posted: &Submission) -> Option<Content> {
    let prose = Prose::new(posted);
    let opening = prose.outside_the_sheet(check, &place.key("opening"), posted.opening.as_deref());
    let scores_place = place.key("scores");
    let scores = match &posted.scores {
        Some(scores) => scores::read(check, &scores_place, scores, &prose),
        None => {
            // Another form is refused for itself already.
            if posted.document.form == Form::Report {
                let detail = "本版只能排印带自评得分的报告，请填写自评得分表。".to_owned();
                check.error(&scores_place, Code::Unsupported, detail);
            }
            None
        }
    };
    let closing = prose.outside_the_sheet(check, &place.key("closing"), posted.closing.as_deref());
    Some(Content { opening: opening?, scores: scores?, closing: closing? })
}

/// What running text may refer to: the total, and the sections whose points it may name.
#[derive(Debug)]
pub struct Prose<'s> {
    total: Option<Total>,
    section_titles: Vec<&'s str>,
}

/// The total as the sheet states it.
#[derive(Debug, Clone, Copy)]
pub struct Total {
    /// 总分的分值.
    pub max_points: Points,
    /// 总分的自评得分.
    pub self_score: Points,
}

impl<'s> Prose<'s> {
    fn new(posted: &'s Submission) -> Self {
        let total = posted.scores.as_ref().and_then(|scores| {
            let max_points = Points::parse(&scores.total.max_points.text).ok()?;
            let self_score = Points::parse(&scores.total.self_score.text).ok()?;
            Some(Total { max_points, self_score })
        });
        let sections = posted.scores.iter().flat_map(|scores| &scores.sections);
        let section_titles =
            sections.take(limits::SECTIONS).map(|section| section.title.as_str()).collect();
        Self { total, section_titles }
    }

    /// The paragraphs of an indicator. They may tell of other totals, as last year's, so that one
    /// that differs from the sheet's is only a doubt.
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

    /// The paragraphs of the opening or the closing, which speak of the whole filing.
    fn outside_the_sheet(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: Option<&[String]>,
    ) -> Option<Vec<RichText>> {
        self.paragraphs(check, place, posted.unwrap_or_default(), |check, place, text| {
            for (stated, total) in self.other_totals(text, &text_total::OF_THE_FILING) {
                let detail = format!(
                    "文中写“{stated}”，得分表的总分是{total}分，请核对；\
                     也可写成“{}{{total.self_score}}分”，由系统填入。",
                    stated.phrase
                );
                check.error(place, Code::TextTotalMismatch, detail);
            }
        })
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
            let text = check.text(&place, posted, &TextRule::PARAGRAPH)?;
            let text = RichText::parse(&self.filled_in(&text));
            look_for_totals(check, &place, &text.plain());
            Some(text)
        }))
    }

    /// The text with the sheet's totals in their places; any other brace stands as it is.
    fn filled_in(&self, text: &str) -> String {
        match self.total {
            Some(total) => text
                .replace("{total.self_score}", &total.self_score.to_string())
                .replace("{total.max_points}", &total.max_points.to_string()),
            None => text.to_owned(),
        }
    }

    /// Each total in the text that is not the sheet's, with the sheet's.
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
