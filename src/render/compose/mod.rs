//! From a `Filing` to its `PageData`: what is printed, but not how it looks.

pub(crate) mod masthead;
pub(crate) mod text;
pub(crate) mod recipients;
pub(crate) mod sign_off;
mod attendance;
pub(crate) mod attached;
mod issued;
pub(crate) mod tables;
pub(crate) mod split_text;
pub(crate) mod score_table;
pub(crate) mod project_table;

use crate::document::OfficialDocument;
use crate::document::block::{Block, Numbering};
use crate::document::masthead::Binding;
use crate::render::compose::text::body_parts::{allow_breaks_between_siblings, loosen_opening};
use crate::render::compose::text::outline::Outline;
use crate::render::compose::text::{blocks, score_text};
use crate::render::fit::form;
use crate::render::fit::table_fit::TableFit;
use crate::render::fit::{ColophonPlace, FirstPage, Fit, Recipients};
use crate::render::fonts::advances::Advances;
use crate::render::lines::LineSetter;
use crate::render::page_data::{
    AttachedPages, AttachmentEntry, BodyPart, Colophon, Metadata, PageData, TextSplit, ThemeFit,
};
use crate::render::title;
use crate::render::type_area::TypeArea;
use crate::render::unbreakable::plain_runs;
use crate::scoring::sheet::SheetPlace;
use crate::validate::filing::{Filing, MainText};

/// The page data of a filing for the first pass.
#[tracing::instrument(level = "debug", skip_all)]
pub(crate) fn page_data(filing: &Filing, fit: &Fit, advances: &Advances) -> PageData {
    let document = filing.document();
    let mut tables = fit.tables.iter();
    let mut data = PageData {
        form: form::template(document.form),
        metadata: metadata(document),
        mirrored: document.binding == Binding::Mirrored,
        theme_fit: theme_fit(fit),
        masthead: masthead::masthead(document, fit.mark_step),
        title: title::lines(document),
        note: document.note.as_ref().map(|note| bracketed(note)),
        primary_recipients: recipients_below_title(document, fit),
        body: body(filing, &mut tables, advances),
        text_split: TextSplit::Forbidden,
        last_paragraph_lines: 0,
        attachment_list: attachment_list(&document.attachments),
        attendance: document.attendance.as_ref().map(attendance::rows).unwrap_or_default(),
        long_attachment_list: sign_off::has_long_attachment_list(document),
        list_ends_text: fit.first_page == FirstPage::TextWithoutList,
        sign_off: sign_off::sign_off(document),
        annotation: document.annotation.iter().map(|line| bracketed(line)).collect(),
        attached: pages_after_sign_off(filing, fit, &mut tables, advances),
        colophon: colophon(document, fit),
    };
    data.last_paragraph_lines = data.count_last_lines();
    data
}

/// The page data for the next pass. Replaces the parts that depend on the fit; body and attachments are
/// composed again only if the fit of a table has changed.
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
        primary_recipients: recipients_below_title(document, fit),
        colophon: colophon(document, fit),
        list_ends_text: fit.first_page == FirstPage::TextWithoutList,
        ..data
    };
    next.text_split = text_split(&next, fit);
    let has_other_strip = before.colophon.strip() != fit.colophon.strip();
    if before.tables != fit.tables || before.opening != fit.opening || has_other_strip {
        let mut tables = fit.tables.iter();
        next.body = body(filing, &mut tables, advances);
        loosen_opening(&mut next.body, fit.opening);
        next.attached = pages_after_sign_off(filing, fit, &mut tables, advances);
    }
    next
}

/// The issued text with its attachments, then the attachments of the document.
fn pages_after_sign_off<'f>(
    filing: &Filing,
    fit: &Fit,
    tables: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<AttachedPages> {
    let mut pages = issued::pages_of(filing, tables, advances);
    pages.extend(attached::pages_of(filing, fit.colophon.strip(), tables, advances));
    pages
}

fn recipients_below_title(document: &OfficialDocument, fit: &Fit) -> Option<String> {
    match fit.recipients {
        Recipients::BelowTitle => recipients::below_title(&document.primary_recipients),
        Recipients::InColophon => None,
    }
}

fn colophon(document: &OfficialDocument, fit: &Fit) -> Colophon {
    Colophon {
        page_breaks: fit.page_breaks,
        flows: fit.colophon == ColophonPlace::Flowing,
        primary_recipients: match fit.recipients {
            Recipients::BelowTitle => None,
            Recipients::InColophon => {
                let names = &document.primary_recipients;
                recipients::in_colophon(names, recipients::separator(names))
            }
        },
        copy_recipients: recipients::in_colophon(&document.copy_recipients, '，'),
        printing_office: document.printing.as_ref().map(|printing| printing.office.clone()),
        printing_date: document.printing.as_ref().map(|printing| format!("{}印发", printing.date)),
    }
}

/// How the last paragraph may split so that its first line stays on page 1.
fn text_split(data: &PageData, fit: &Fit) -> TextSplit {
    match (fit.first_page, data.last_paragraph_lines) {
        (FirstPage::FirstLine, 2) => TextSplit::OneAndOne,
        (FirstPage::FirstLine, _) => TextSplit::OneAndMore,
        _ => TextSplit::Forbidden,
    }
}

fn theme_fit(fit: &Fit) -> ThemeFit {
    ThemeFit { closing_step: fit.closing_step }
}

/// Whether 主送机关 take more than one line below the title.
pub(crate) fn has_long_recipients(filing: &Filing) -> bool {
    recipients::is_long(&filing.document().primary_recipients)
}

fn bracketed(line: &str) -> String {
    format!("（{line}）")
}

fn metadata(document: &OfficialDocument) -> Metadata {
    let (date, number) = (document.document_date, document.document_number.printed());
    Metadata {
        title: document.title.clone(),
        authors: document.issuers.clone(),
        description: format!("{number}，成文日期{date}"),
        keywords: vec![number],
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
    let text_numbering = content.numbering.unwrap_or(Numbering::ByHeading);
    let outline = &mut Outline::new(0, text_numbering);
    let mut text = |blocks: &[Block], outline: &mut Outline| {
        let sheet = content.scores();
        blocks::parts_around_scores(blocks, sheet, TypeArea::PORTRAIT, outline, tables, advances)
    };
    let mut parts = text(&content.opening, outline);
    match &content.main {
        MainText::Scores(sheet) if sheet.place == SheetPlace::Attachment => {}
        MainText::Scores(sheet) => {
            // By default the groups and indicators of a sheet are counted through all sections.
            outline.set_numbering(content.numbering.unwrap_or(Numbering::Continuous));
            let lines = &LineSetter::new(TypeArea::PORTRAIT, advances);
            parts.extend(score_text::parts_of(sheet, outline, lines));
            outline.set_numbering(text_numbering);
        }
        MainText::Blocks(blocks) => parts.extend(text(blocks, outline)),
    }
    parts.extend(text(&content.closing, outline));
    allow_breaks_between_siblings(parts)
}

/// The list of attachments, numbered if there are several (B-9).
pub(crate) fn attachment_list(titles: &[String]) -> Vec<AttachmentEntry> {
    let is_single = titles.len() == 1;
    let numbered = titles.iter().enumerate();
    numbered
        .map(|(index, title)| AttachmentEntry {
            number: (!is_single).then(|| format!("{}.", index + 1)),
            title: plain_runs(title),
        })
        .collect()
}
