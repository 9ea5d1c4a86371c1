//! The checks of text in blocks: headings, paragraphs, articles, lists of names and tables.

use crate::document::block::{Block, HeadingLevel, RosterGroup};
use crate::document::rich_text::RichText;
use crate::submission::block::{PostedBlock, PostedHeading, PostedRosterGroup};
use crate::submission::text::PostedText;
use crate::validate::content::tables;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::context::TextContext;
use crate::validate::text::rule::{TextRule, every};

/// The full-width blanks that begin a paragraph anyway.
const INDENT: usize = 2;

/// What the text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The whole filing. A total in the text must be that of the score sheet.
    Filing,
    /// Anything, for example another document.
    Any,
}

/// Checks the blocks of one list.
#[derive(Debug)]
pub struct Blocks<'b, 's> {
    context: &'b TextContext<'s>,
    subject: Subject,
}

impl<'b, 's> Blocks<'b, 's> {
    /// Checks text about this subject.
    pub fn new(context: &'b TextContext<'s>, subject: Subject) -> Self {
        Self { context, subject }
    }

    /// Checks a list that must not be empty. Returns `None` after an error in any entry.
    pub fn required(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &[PostedText],
    ) -> Option<Vec<Block>> {
        if posted.is_empty() {
            let detail = format!("{}至少要有一段，请填写。", place.label());
            check.error(place, Code::ListEmpty, detail);
            return None;
        }
        self.read(check, place, posted)
    }

    /// Checks a list. Returns `None` after an error in any entry.
    pub fn read(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &[PostedText],
    ) -> Option<Vec<Block>> {
        if !check.list_fits(place, posted.len(), limits::BLOCKS) {
            return None;
        }
        blanks(check, place, posted);
        every(posted.iter().enumerate().map(|(index, posted)| {
            let place = place.item(index);
            match posted {
                PostedText::Paragraph(text) => self.text(check, &place, text).map(Block::Paragraph),
                PostedText::Block(posted) => self.block(check, &place, posted),
            }
        }))
    }

    fn block(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedBlock,
    ) -> Option<Block> {
        if posted.has_score_table() {
            return self.score_table(check, place, posted);
        }
        if let Some(roster) = &posted.roster {
            let is_alone = !posted.has_text() && posted.table.is_none();
            return match is_alone {
                true => read_roster(check, &place.key("roster"), roster).map(Block::Roster),
                false => refuse_several(check, place),
            };
        }
        let PostedBlock { heading, paragraph, level, chapter, section, article, table, .. } =
            posted;
        match (heading, paragraph, level, chapter, section, article, table) {
            (Some(heading), None, None, None, None, None, None) => {
                let (level, title) = read_heading(check, &place.key("heading"), heading)?;
                Some(Block::Heading { level, title })
            }
            (Some(heading), Some(text), None, None, None, None, None) => {
                let heading = read_heading(check, &place.key("heading"), heading);
                let text = self.text(check, &place.key("paragraph"), text);
                let ((level, title), text) = (heading?, text?);
                Some(Block::RunIn { level, title, text })
            }
            (None, Some(text), None, None, None, None, None) => {
                self.text(check, &place.key("paragraph"), text).map(Block::Paragraph)
            }
            (None, Some(text), Some(level), None, None, None, None) => {
                let level = read_level(check, &place.key("level"), *level);
                let text = self.text(check, &place.key("paragraph"), text);
                Some(Block::Item { level: level?, text: text? })
            }
            (None, None, None, Some(title), None, None, None) => check
                .text(&place.key("chapter"), title, &TextRule::SECTION_TITLE)
                .map(Block::Chapter),
            (None, None, None, None, Some(title), None, None) => check
                .text(&place.key("section"), title, &TextRule::SECTION_TITLE)
                .map(Block::Section),
            (None, None, None, None, None, Some(text), None) => {
                self.text(check, &place.key("article"), text).map(Block::Article)
            }
            (None, None, None, None, None, None, Some(table)) => {
                tables::read(check, &place.key("table"), table, self.context).map(Block::Table)
            }
            _ => refuse_several(check, place),
        }
    }

    /// The score table. Its generated cells count towards the limits like posted ones.
    fn score_table(
        &self,
        check: &mut Checker<'_>,
        place: &Place<'_>,
        posted: &PostedBlock,
    ) -> Option<Block> {
        if posted.has_text_or_table() {
            return refuse_several(check, place);
        }
        let place = place.key("score_table");
        if self.subject == Subject::Any {
            let detail = "自评表（score_table）只能写在附件里，或正文的开头（opening）、结尾（closing），请移到那里。";
            check.error(&place, Code::Unsupported, detail.to_owned());
            return None;
        }
        let Some(cells) = self.context.score_cells() else {
            let detail = "没有自评得分表（scores），这里的自评表无从生成，请删去或补上得分。";
            check.error(&place, Code::TotalWithoutScores, detail.to_owned());
            return None;
        };
        check.cells_fit(&place, cells).then_some(Block::ScoreTable)
    }

    fn text(&self, check: &mut Checker<'_>, place: &Place<'_>, posted: &str) -> Option<RichText> {
        let text = self.context.running_text(check, place, posted, &TextRule::PARAGRAPH)?;
        if self.subject == Subject::Filing {
            self.context.totals_of_the_filing(check, place, posted, &text);
        }
        Some(text)
    }
}

/// Reports paragraphs that begin with more blanks than are printed, once for each list.
fn blanks(check: &mut Checker<'_>, place: &Place<'_>, posted: &[PostedText]) {
    let is_deeper = |text: &str| text.chars().take_while(|c| *c == '\u{3000}').count() > INDENT;
    let mut found = (posted.iter().enumerate())
        .filter(|(_, posted)| posted.paragraph().is_some_and(is_deeper))
        .map(|(index, _)| index);
    let Some(first) = found.next() else { return };
    let others = match found.count() {
        0 => String::new(),
        count => format!("（后面还有{count}段）"),
    };
    let detail = format!(
        "段首的空格不会印出，段落一律空两字{others}；如是名单，请改用“名单”（roster），称谓和姓名自动对齐。"
    );
    check.warning(&place.item(first), Code::NotPrinted, detail);
}

/// A list of names, each group with a label and at least one entry.
fn read_roster(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedRosterGroup],
) -> Option<Vec<RosterGroup>> {
    if posted.is_empty() {
        check.error(place, Code::ListEmpty, "名单至少要有一项，请填写。".to_owned());
        return None;
    }
    let count = posted.iter().map(|group| 1 + group.entries.len()).sum();
    if !check.list_fits(place, posted.len(), limits::LIST) || !check.cells_fit(place, count) {
        return None;
    }
    every(posted.iter().enumerate().map(|(index, group)| {
        let place = place.item(index);
        let label = check.text(&place.key("label"), &group.label, &TextRule::ROSTER_LABEL);
        let entries_place = place.key("entries");
        if group.entries.is_empty() {
            let detail = format!("{}至少要有一人，请填写。", entries_place.label());
            check.error(&entries_place, Code::ListEmpty, detail);
            return None;
        }
        let entries = check.texts(&entries_place, &group.entries, &TextRule::LINE);
        Some(RosterGroup { label: label?, entries: entries? })
    }))
}

fn refuse_several(check: &mut Checker<'_>, place: &Place<'_>) -> Option<Block> {
    let detail = format!(
        "{}应写且只写标题（heading）、段落（paragraph）、章（chapter）、节（section）、\
         条（article）、名单（roster）、表格（table）、自评表（score_table）中的一项，只有标题和段落可以连写，请调整。",
        place.label()
    );
    check.error(place, Code::OneOf, detail);
    None
}

fn read_heading(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedHeading,
) -> Option<(HeadingLevel, String)> {
    let level = read_level(check, &place.key("level"), posted.level);
    let rule = level.map_or(TextRule::HEADING, TextRule::heading_of);
    let title = check.text(&place.key("title"), &posted.title, &rule);
    Some((level?, title?))
}

fn read_level(check: &mut Checker<'_>, place: &Place<'_>, posted: i64) -> Option<HeadingLevel> {
    let level = HeadingLevel::new(posted);
    if level.is_none() {
        let detail = format!("标题层级写为{posted}，只能是1至4。");
        check.error(place, Code::NumberOutOfRange, detail);
    }
    level
}
