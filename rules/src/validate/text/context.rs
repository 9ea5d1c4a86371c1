//! The checks of running text that depend on the score sheet: its total, grade and section titles.

use std::borrow::Cow;

use crate::document::rich_text::RichText;
use crate::scoring::points::Points;
use crate::scoring::wording::ScoreWord;
use crate::submission::Submission;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::scores::entry::count_of_cells;
use crate::validate::scores::score_word;
use crate::validate::text::characters::quoted;
use crate::validate::text::inserted::Inserted;
use crate::validate::text::own_scores;
use crate::validate::text::rule::{TextRule, every};
use crate::validate::text::text_total::{self, Stated, Total};
use crate::validate::typing::placeholders::{self, Placeholder, Scored};

/// What running text may refer to: the points, the grade and the titles of the sections.
#[derive(Debug)]
pub struct TextContext<'s> {
    prints_reasons: bool,
    score_cells: Option<usize>,
    total: Option<Total>,
    inserted: Inserted<'s>,
    section_titles: Vec<&'s str>,
    score_word: ScoreWord,
}

impl<'s> TextContext<'s> {
    /// Collects what the text of a submission may refer to.
    pub fn new(posted: &'s Submission) -> Self {
        let inserted = Inserted::of(posted);
        let sections = posted.scores.iter().flat_map(|scores| &scores.sections);
        let section_titles =
            sections.take(limits::SECTIONS).map(|section| section.title.as_str()).collect();
        let prints_reasons = posted.prints_score_table();
        let score_cells = posted.scores.as_ref().map(count_of_cells);
        Self {
            prints_reasons,
            score_cells,
            total: inserted.total(),
            inserted,
            section_titles,
            score_word: score_word::of_text(posted),
        }
    }

    /// The word before self scores if the filing does not choose one.
    pub fn score_word(&self) -> ScoreWord {
        self.score_word
    }

    /// The number of cells of the score table, if there are scores.
    pub fn score_cells(&self) -> Option<usize> {
        self.score_cells
    }

    /// Whether a table prints the reasons and evidence of the score sheet.
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
            self.scores_of_sections(check, place, text);
        })
    }

    /// Checks the totals in text about the whole filing, such as the opening and the closing.
    pub fn totals_of_the_filing(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &str,
        text: &RichText,
    ) {
        let text = self.written(posted, text);
        for (stated, total) in self.other_totals(&text, &text_total::OF_THE_FILING) {
            let detail = format!(
                "文中写“{stated}”，得分表的总分是{total}分，请核对；\
                 也可写成“{}{{total.self_score}}分”，由系统填入。",
                stated.phrase
            );
            check.error(place, Code::TextTotalMismatch, detail);
        }
        self.totals_in_other_words(check, place, &text);
        self.scores_of_sections(check, place, &text);
    }

    /// Doubts a total in words that are also said of other scores.
    fn totals_in_other_words(&self, check: &mut Checker<'_>, place: &Place<'_>, text: &str) {
        let Some(total) = self.total else { return };
        let others: Vec<&str> = [&["项目"], &self.section_titles[..]].concat();
        let all = own_scores::of_the_total(text, &total, &others).into_iter();
        for stated in all.filter(|stated| self.is_other_total(stated, &total)) {
            let detail = format!(
                "文中写“{stated}”，得分表的总分是{}分；如果说的不是本次总分，可以不改。",
                total.self_score
            );
            check.warning(place, Code::TextTotalMismatch, detail);
        }
    }

    /// Doubts a score of a section that differs from that of the sheet.
    fn scores_of_sections(&self, check: &mut Checker<'_>, place: &Place<'_>, text: &str) {
        for (title, stated) in own_scores::of_sections(text, &self.section_titles) {
            let titled = self.section_titles.iter().enumerate();
            let same = titled.filter(|(_, other)| **other == title).map(|(index, _)| index);
            let scores: Vec<Option<Total>> =
                same.map(|index| self.inserted.section(index)).collect();
            let [Some(score)] = scores.as_slice() else { continue };
            if stated.agrees_with(score) {
                continue;
            }
            let detail = format!(
                "文中写“{}{stated}”，得分表中这一部分是{}分，请核对。",
                quoted(title),
                score.self_score
            );
            check.warning(place, Code::TextTotalMismatch, detail);
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
            look_for_totals(check, &place, &self.written(posted, &text));
            Some(text)
        }))
    }

    /// Checks a text and returns it with its strong runs and with the points of the sheet inserted.
    pub fn running_text(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &str,
        rule: &TextRule,
    ) -> Option<RichText> {
        let text = check.text(place, posted, rule)?;
        match self.filled_in(&text, |_| true) {
            Ok(filled_in) => Some(RichText::parse(&filled_in)),
            Err(detail) => {
                check.error(place, Code::TotalWithoutScores, detail);
                None
            }
        }
    }

    /// The text that the totals are looked for in. The inserted points of a part are not a total, even
    /// after the same words.
    fn written(&self, posted: &str, text: &RichText) -> String {
        if !posted.contains('{') {
            return text.plain();
        }
        let is_of_the_whole = |placeholder| {
            matches!(placeholder, Placeholder::Grade | Placeholder::Points(Scored::Total, _))
        };
        let filled_in = self.filled_in(posted, is_of_the_whole);
        RichText::parse(filled_in.as_deref().unwrap_or(posted)).plain()
    }

    /// Inserts what the chosen placeholders name. Unknown ones stay; they are reported with the other
    /// faults of typing.
    ///
    /// # Errors
    /// Says what the submission lacks.
    fn filled_in<'t>(
        &self,
        text: &'t str,
        is_chosen: impl Fn(Placeholder) -> bool,
    ) -> Result<Cow<'t, str>, String> {
        if !text.contains('{') {
            return Ok(Cow::Borrowed(text));
        }
        let mut filled_in = text.to_owned();
        for name in placeholders::in_text(text) {
            let Some(placeholder) = Placeholder::parse(name).filter(|one| is_chosen(*one)) else {
                continue;
            };
            let value = self.inserted.value(placeholder).map_err(|missing| {
                let what = if placeholder == Placeholder::Grade { "等次" } else { "数字" };
                format!("{missing}，“{name}”无从填入，请写出{what}或删去。")
            })?;
            if let Some(value) = value {
                filled_in = filled_in.replace(name, &value);
            }
        }
        Ok(Cow::Owned(filled_in))
    }

    /// Whether a stated total is neither that of the sheet nor that of an attachment.
    fn is_other_total(&self, stated: &Stated<'_>, total: &Total) -> bool {
        !stated.agrees_with(total)
            && !self.inserted.other_totals().any(|other| stated.agrees_with(&other))
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
            .filter(|stated| self.is_other_total(stated, &total))
            .map(|stated| (stated, total.self_score))
            .collect()
    }
}
