//! From a `Filing` to its `PageData`: every rule of what is printed, none of how.

use crate::document::OfficialDocument;
use crate::document::masthead::Binding;
use crate::document::rich_text::RichText;
use crate::render::addressees;
use crate::render::blocks;
use crate::render::compose_masthead;
use crate::render::fit::{ColophonPlace, Fit, Recipients};
use crate::render::form;
use crate::render::headings;
use crate::render::keep::{plain_runs, runs_of};
use crate::render::page_data::{AttachmentEntry, BodyPart, Colophon, Folio, Metadata, PageData};
use crate::render::sign_off;
use crate::render::title;
use crate::validate::filing::{Filing, MainText};

/// Writes out a filing as one pass lays it out.
pub(super) fn page_data(filing: &Filing, fit: &Fit) -> PageData {
    let document = filing.document();
    let recipients = &document.primary_recipients;
    let (below_title, in_colophon) = match fit.recipients {
        Recipients::BelowTitle => (addressees::below_title(recipients), None),
        Recipients::InColophon => (None, addressees::in_colophon(recipients, '、')),
    };
    PageData {
        form: form::template(document.form),
        metadata: metadata(document),
        mirrored: document.binding == Binding::Mirrored,
        folio: Folio {
            first_numbered: form::first_numbered(document.form),
            last_numbered: fit.last_numbered.map(|page| page.to_string()),
        },
        masthead: compose_masthead::masthead(document, fit.mark_step),
        title: title::lines_of(&document.title, &document.issuers),
        recipients: below_title,
        body: body(filing),
        attachments: attachments(&document.attachments),
        attendance: document.attendance.as_ref().map(form::attendance_rows).unwrap_or_default(),
        long_attachments: sign_off::has_long_attachments(document),
        closing_step: fit.closing_step.to_string(),
        sign_off: sign_off::sign_off(document),
        annotation: document.annotation.as_ref().map(|text| format!("（{text}）")),
        colophon: Colophon {
            page_breaks: vec!["page break".to_owned(); fit.page_breaks],
            flows: fit.colophon == ColophonPlace::Flowing,
            recipients: in_colophon,
            copies: addressees::in_colophon(&document.copy_recipients, '，'),
            office: document.printing.office.clone(),
            printed: format!("{}印发", document.printing.date),
        },
    }
}

/// Whether 主送机关 take more than one line below the title.
pub(super) fn has_long_recipients(filing: &Filing) -> bool {
    addressees::is_long(&filing.document().primary_recipients)
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
