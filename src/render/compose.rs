//! From a `Filing` to its `PageData`: every rule of what is printed, none of how.

use crate::document::OfficialDocument;
use crate::document::rich_text::RichText;
use crate::render::blocks;
use crate::render::fit::{Fit, Recipients};
use crate::render::headings;
use crate::render::keep::{plain_runs, runs_of};
use crate::render::page_data::{
    AttachmentEntry, BodyPart, Colophon, Folio, Masthead, Metadata, PageData, SignOff,
};
use crate::render::title;
use crate::validate::filing::{Filing, MainText};

/// Signatories a row (H-14).
const SIGNATORIES_A_ROW: usize = 2;

/// Characters of one line of running text (PG-7).
const CELLS: usize = 28;

/// Writes out a filing as one pass lays it out.
pub(super) fn page_data(filing: &Filing, fit: &Fit) -> PageData {
    let document = filing.document();
    let recipients = recipients(&document.primary_recipients);
    let (below_title, in_colophon) = match fit.recipients {
        Recipients::BelowTitle => (recipients.map(|names| format!("{names}：")), None),
        Recipients::InColophon => (None, recipients.map(|names| format!("{names}。"))),
    };
    PageData {
        metadata: metadata(document),
        folio: Folio { last_numbered: fit.last_numbered.map(|page| page.to_string()) },
        masthead: masthead(document, fit),
        title: title::lines_of(&document.title, &document.issuers),
        recipients: below_title,
        body: body(filing),
        attachments: attachments(&document.attachments),
        closing_step: fit.closing_step.to_string(),
        sign_off: SignOff {
            names: document.sign_off.clone(),
            date: document.document_date.to_string(),
        },
        colophon: Colophon {
            page_breaks: vec!["page break".to_owned(); fit.page_breaks],
            recipients: in_colophon,
            copies: copies(&document.copy_recipients),
            office: document.printing.office.clone(),
            printed: format!("{}印发", document.printing.date),
        },
    }
}

/// Whether 主送机关 take more than one line below the title.
pub(super) fn has_long_recipients(filing: &Filing) -> bool {
    recipients(&filing.document().primary_recipients)
        .is_some_and(|names| names.chars().count() + 1 > CELLS)
}

fn metadata(document: &OfficialDocument) -> Metadata {
    let date = document.document_date;
    Metadata {
        title: document.title.clone(),
        authors: document.issuers.clone(),
        keywords: vec![document.document_number.to_string()],
        description: format!("{}，成文日期{date}", document.document_number),
        year: date.year().to_string(),
        month: date.month().to_string(),
        day: date.day().to_string(),
    }
}

fn masthead(document: &OfficialDocument, fit: &Fit) -> Masthead {
    let names: Vec<String> = document.signatories.iter().map(|name| spread_name(name)).collect();
    Masthead {
        marks: document.issuers.clone(),
        step: fit.mark_step.to_string(),
        suffix: Some("文件".to_owned()),
        number: document.document_number.to_string(),
        signatories: names.chunks(SIGNATORIES_A_ROW).map(|row| row.join("\u{3000}")).collect(),
    }
}

/// A name of two characters takes the room of three, so that columns align (H-15).
fn spread_name(name: &str) -> String {
    let mut characters = name.chars();
    match (characters.next(), characters.next(), characters.next()) {
        (Some(first), Some(second), None) => format!("{first}\u{3000}{second}"),
        _ => name.to_owned(),
    }
}

fn recipients(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join("、"))
}

fn copies(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{}。", names.join("，")))
}

fn body(filing: &Filing) -> Vec<BodyPart> {
    let content = filing.content();
    let paragraph = |text: &RichText| BodyPart::Paragraph { runs: runs_of(text) };
    let mut parts: Vec<BodyPart> = content.opening.iter().map(paragraph).collect();
    match &content.main {
        MainText::Scores(scores) => parts.extend(headings::parts_of(scores)),
        MainText::Blocks(blocks) => parts.extend(blocks::parts_of(blocks)),
    }
    parts.extend(content.closing.iter().map(paragraph));
    parts
}

fn attachments(titles: &[String]) -> Vec<AttachmentEntry> {
    let is_single = titles.len() == 1;
    let numbered = titles.iter().enumerate();
    numbered
        .map(|(index, title)| AttachmentEntry {
            number: (!is_single).then(|| format!("{}.", index + 1)),
            title: plain_runs(title),
        })
        .collect()
}
