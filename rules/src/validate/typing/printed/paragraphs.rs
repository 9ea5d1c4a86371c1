//! Finds paragraphs typed as what is generated anyway: 附件：1.…, and 一、基本情况 before that heading.

use std::collections::BTreeSet;

use crate::scoring::sheet::SheetPlace;
use crate::submission::issued::PostedIssued;
use crate::submission::scores::PostedScores;
use crate::submission::text::PostedText;
use crate::submission::{PostedAttachment, Submission};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::bare;
use crate::validate::typing::printed::numbering::{heading_number, level_of, provision_number};

/// The headings of one text that are printed with a number. The level is `None` if the sheet decides it.
type Headings<'p> = BTreeSet<(Option<usize>, &'p str)>;

/// The level of a chapter or section, which is none of the four.
const PROVISION: usize = 0;

/// The most characters of a number before a heading.
const NUMBER: usize = 12;

/// Checks every list of texts.
pub fn check(check: &mut Checker<'_>, posted: &Submission) {
    let root = Place::ROOT;
    let lists = [
        (root.key("opening"), posted.opening.as_deref()),
        (root.key("body"), posted.body.as_deref()),
        (root.key("closing"), posted.closing.as_deref()),
    ];
    let mut headings = Headings::new();
    of_sheet(posted.scores.as_ref(), &mut headings);
    for (_, list) in &lists {
        of_list(list.unwrap_or_default(), &mut headings);
    }
    let attachments = posted.document.attachments.as_deref().unwrap_or_default();
    for (place, list) in &lists {
        headings_once(check, place, list.unwrap_or_default(), &headings);
        attachments_once(check, place, list.unwrap_or_default(), attachments);
    }
    let document = root.key("document");
    let place = document.key("attachments");
    for (index, attachment) in attachments.iter().enumerate().take(limits::LIST) {
        let mut headings = Headings::new();
        of_sheet(attachment.scores.as_ref(), &mut headings);
        let body = attachment.body.as_deref().unwrap_or_default();
        of_list(body, &mut headings);
        headings_once(check, &place.item(index).key("body"), body, &headings);
    }
    issued(check, &root.key("issued"), posted.issued.as_ref());
}

fn issued(check: &mut Checker<'_>, place: &Place<'_>, posted: Option<&PostedIssued>) {
    let mut one = |place: &Place<'_>, body: &[PostedText]| {
        let mut headings = Headings::new();
        of_list(body, &mut headings);
        headings_once(check, &place.key("body"), body, &headings);
    };
    match posted {
        None => {}
        Some(PostedIssued::One(text)) => one(place, &text.body),
        Some(PostedIssued::Several(texts)) => {
            for (index, text) in texts.iter().enumerate().take(limits::ISSUED_TEXTS) {
                one(&place.item(index), &text.body);
            }
        }
    }
}

fn of_sheet<'p>(scores: Option<&'p PostedScores>, headings: &mut Headings<'p>) {
    let is_printed = |scores: &&PostedScores| scores.placement != Some(SheetPlace::Attachment);
    let Some(scores) = scores.filter(is_printed) else { return };
    for section in scores.sections.iter().take(limits::SECTIONS) {
        headings.insert((None, title_of(&section.title)));
        let groups = section.groups.iter().flatten().take(limits::INDICATORS);
        let mut indicators: Vec<_> = section.indicators.iter().flatten().collect();
        for group in groups {
            headings.insert((None, title_of(&group.title)));
            indicators.extend(group.indicators.iter().flatten());
        }
        let titles = indicators.iter().filter_map(|indicator| indicator.title.as_deref());
        headings.extend(titles.map(|title| (None, title_of(title))));
    }
}

fn of_list<'p>(list: &'p [PostedText], headings: &mut Headings<'p>) {
    for entry in list.iter().take(limits::BLOCKS) {
        let PostedText::Block(block) = entry else { continue };
        if let Some(heading) = &block.heading {
            headings.insert((usize::try_from(heading.level).ok(), title_of(&heading.title)));
        }
        for title in [&block.chapter, &block.section].into_iter().flatten() {
            headings.insert((Some(PROVISION), title_of(title)));
        }
    }
}

/// A heading without the 。 that may end it.
fn title_of(posted: &str) -> &str {
    bare(bare(posted).trim_end_matches('。'))
}

/// The paragraphs of a list that the program prints without a number.
fn plain(list: &[PostedText]) -> impl Iterator<Item = (usize, &str)> {
    list.iter().enumerate().take(limits::BLOCKS).filter_map(|(index, entry)| {
        let text = match entry {
            PostedText::Paragraph(text) => text,
            PostedText::Block(block) if block.heading.is_none() && block.level.is_none() => {
                block.paragraph.as_ref()?
            }
            PostedText::Block(_) => return None,
        };
        (text.len() <= limits::PARAGRAPH * 4).then(|| (index, bare(text)))
    })
}

/// No paragraph is the number and the text of a generated heading.
fn headings_once(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    list: &[PostedText],
    headings: &Headings<'_>,
) {
    if headings.is_empty() {
        return;
    }
    for (index, text) in plain(list) {
        let longest = limits::TITLE + NUMBER;
        let chars: Vec<char> = text.chars().filter(|c| *c != '*').take(longest + 1).collect();
        if chars.len() > longest {
            continue;
        }
        let (number, level) = match heading_number(&chars) {
            0 => (provision_number(&chars, "章节"), Some(PROVISION)),
            number => (number, level_of(&chars)),
        };
        let title: String = chars[number..].iter().collect();
        let title = title_of(&title);
        let is_generated = headings.contains(&(level, title))
            || (level != Some(PROVISION) && headings.contains(&(None, title)));
        if number > 0 && is_generated {
            let detail = format!(
                "这一段“{}”与程序印出的标题相同，同一标题会印两遍，请删去其一。",
                quoted(text)
            );
            check.warning(&place.item(index), Code::PrintedTwice, detail);
        }
    }
}

/// No paragraph is the list of the attachments, which follows the text anyway (B-9).
fn attachments_once(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    list: &[PostedText],
    attachments: &[PostedAttachment],
) {
    if attachments.is_empty() {
        return;
    }
    for (index, text) in plain(list) {
        let Some(rest) = text.strip_prefix("附件") else { continue };
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
        if !rest.trim_start_matches(digits).starts_with(['：', ':']) {
            continue;
        }
        let detail = format!(
            "这一段“{}”像是附件说明，程序会在正文之后按附件名称印出，请删去。",
            quoted(text)
        );
        check.warning(&place.item(index), Code::PrintedTwice, detail);
    }
}
