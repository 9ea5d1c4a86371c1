//! From a `Filing` to its `PageData`: every rule of what is printed, none of how.

pub(crate) mod masthead;
pub(crate) mod headings;
pub(crate) mod blocks;
pub(crate) mod addressees;
pub(crate) mod sign_off;
pub(crate) mod attached;
pub(crate) mod tables;
pub(crate) mod parted;
pub(crate) mod score_table;
pub(crate) mod project_table;

use crate::document::OfficialDocument;
use crate::document::attachment::Orientation;
use crate::document::masthead::Binding;
use crate::document::rich_text::RichText;
use crate::render::compose::blocks::Standing;
use crate::render::fit::form;
use crate::render::fit::table_fit::TableFit;
use crate::render::fit::{ColophonPlace, Fit, Recipients};
use crate::render::fonts::advances::Advances;
use crate::render::lines::LineSetter;
use crate::render::page_data::{AttachmentEntry, BodyPart, Colophon, Metadata, PageData, ThemeFit};
use crate::render::title;
use crate::render::unbreakable::plain_runs;
use crate::validate::filing::{Filing, MainText};

/// Writes out a filing as the first pass lays it out.
#[tracing::instrument(level = "debug", skip_all)]
pub(crate) fn page_data(filing: &Filing, fit: &Fit, advances: &Advances) -> PageData {
    let document = filing.document();
    let mut tables = fit.tables.iter();
    PageData {
        form: form::template(document.form),
        metadata: metadata(document),
        mirrored: document.binding == Binding::Mirrored,
        theme_fit: theme_fit(fit),
        masthead: masthead::masthead(document, fit.mark_step),
        title: title::lines(document),
        recipients: recipients_below_title(document, fit),
        body: body(filing, &mut tables, advances),
        attachments: attachments(&document.attachments),
        attendance: document.attendance.as_ref().map(form::attendance_rows).unwrap_or_default(),
        long_attachments: sign_off::has_long_attachments(document),
        sign_off: sign_off::sign_off(document),
        annotation: document.annotation.as_ref().map(|text| format!("（{text}）")),
        attached: attached::pages_of(filing, &mut tables, advances),
        colophon: colophon(document, fit),
    }
}

/// The same filing as the next pass lays it out: what yields is written anew, and the text only
/// where a table in it is cut otherwise.
#[tracing::instrument(level = "debug", skip_all)]
pub(crate) fn refit(
    data: PageData,
    filing: &Filing,
    (before, fit): (&Fit, &Fit),
    advances: &Advances,
) -> PageData {
    let document = filing.document();
    let mut next = PageData {
        theme_fit: theme_fit(fit),
        masthead: masthead::masthead(document, fit.mark_step),
        recipients: recipients_below_title(document, fit),
        colophon: colophon(document, fit),
        ..data
    };
    if before.tables != fit.tables {
        let mut tables = fit.tables.iter();
        next.body = body(filing, &mut tables, advances);
        next.attached = attached::pages_of(filing, &mut tables, advances);
    }
    next
}

fn recipients_below_title(document: &OfficialDocument, fit: &Fit) -> Option<String> {
    match fit.recipients {
        Recipients::BelowTitle => addressees::below_title(&document.primary_recipients),
        Recipients::InColophon => None,
    }
}

fn colophon(document: &OfficialDocument, fit: &Fit) -> Colophon {
    Colophon {
        page_breaks: fit.page_breaks,
        flows: fit.colophon == ColophonPlace::Flowing,
        recipients: match fit.recipients {
            Recipients::BelowTitle => None,
            Recipients::InColophon => addressees::in_colophon(&document.primary_recipients, '、'),
        },
        copies: addressees::in_colophon(&document.copy_recipients, '，'),
        office: document.printing.office.clone(),
        printed: format!("{}印发", document.printing.date),
    }
}

fn theme_fit(fit: &Fit) -> ThemeFit {
    ThemeFit { closing_step: fit.closing_step }
}

/// Whether 主送机关 take more than one line below the title.
pub(crate) fn has_long_recipients(filing: &Filing) -> bool {
    addressees::is_long(&filing.document().primary_recipients)
}

fn metadata(document: &OfficialDocument) -> Metadata {
    let date = document.document_date;
    Metadata {
        title: document.title.clone(),
        authors: document.issuers.clone(),
        keywords: vec![document.document_number.to_string()],
        description: format!("{}，成文日期{date}", document.document_number),
        year: date.year(),
        month: date.month(),
        day: date.day(),
    }
}

fn body<'f>(
    filing: &Filing,
    tables: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<BodyPart> {
    let content = filing.content();
    let lines = &LineSetter::new(Orientation::Portrait, advances);
    let paragraph = |text: &RichText| headings::paragraph(text, lines);
    let mut parts: Vec<BodyPart> = content.opening.iter().map(paragraph).collect();
    match &content.main {
        MainText::Scores(scores) => parts.extend(headings::parts_of(scores, lines)),
        MainText::Blocks(blocks) => {
            let standing = Standing { depth: 0, orientation: Orientation::Portrait };
            parts.extend(blocks::parts_of(blocks, standing, tables, advances));
        }
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
