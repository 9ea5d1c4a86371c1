//! The texts that the document issues, with their own attachments (印发, 转发, 公布).

use crate::document::block::{Block, Numbering};
use crate::document::masthead::number::DocumentNumber;
use crate::document::sign_off::SignOffPlace;
use crate::render::compose::attached::TITLE_DEPTH;
use crate::render::compose::text::blocks;
use crate::render::compose::text::body_parts::allow_breaks_between_siblings;
use crate::render::compose::text::outline::Outline;
use crate::render::compose::{attachment_list, bracketed, recipients, sign_off};
use crate::render::fit::table_fit::TableFit;
use crate::render::fonts::advances::Advances;
use crate::render::page_data::{AttachedPages, BodyPart, IssuedPageElements, SignOff};
use crate::render::title;
use crate::render::type_area::TypeArea;
use crate::validate::filing::{Filing, IssuedElements, IssuedText};

/// The pages of each issued text, followed by those of its attachments. Each table takes the next item of
/// `fits`.
pub(crate) fn pages_of<'f>(
    filing: &Filing,
    fits: &mut impl Iterator<Item = &'f TableFit>,
    advances: &Advances,
) -> Vec<AttachedPages> {
    let numbering = filing.content().numbering.unwrap_or(Numbering::ByHeading);
    let mut body = |blocks: &[Block]| -> Vec<BodyPart> {
        let outline = &mut Outline::new(TITLE_DEPTH, numbering);
        let parts = blocks::parts_of(blocks, TypeArea::PORTRAIT, outline, fits, advances);
        allow_breaks_between_siblings(parts)
    };
    let issuers = &filing.document().issuers;
    let texts = filing.content().issued.iter();
    texts.flat_map(|issued| pages_of_text(issued, issuers, &mut body)).collect()
}

fn pages_of_text(
    issued: &IssuedText,
    issuers: &[String],
    body: &mut impl FnMut(&[Block]) -> Vec<BodyPart>,
) -> Vec<AttachedPages> {
    let titles: Vec<String> =
        issued.attachments.iter().map(|attachment| attachment.title.clone()).collect();
    // The title of a forwarded document names those who signed it.
    let signed = &issued.elements.sign_off;
    let named = if signed.is_empty() { issuers } else { signed };
    let mut pages = vec![AttachedPages {
        label: None,
        title: title::lines_of(&issued.title, named),
        note: issued.note.as_ref().map(|note| bracketed(note)),
        landscape: false,
        strip: 0,
        cover: Vec::new(),
        body: body(&issued.body),
        attachment_list: attachment_list(&titles),
        elements: elements(&issued.elements, &titles),
    }];
    let with_text = issued.attachments.iter().enumerate().filter(|(_, one)| !one.body.is_empty());
    pages.extend(with_text.map(|(index, attachment)| AttachedPages {
        label: Some(match titles.len() {
            1 => "附件".to_owned(),
            _ => format!("附件{}", index + 1),
        }),
        title: title::lines_of(&attachment.title, issuers),
        note: None,
        landscape: false,
        strip: 0,
        cover: Vec::new(),
        body: body(&attachment.body),
        attachment_list: Vec::new(),
        elements: None,
    }));
    pages
}

/// What the text has of a document of its own; `None` if it has nothing of it.
fn elements(elements: &IssuedElements, attachments: &[String]) -> Option<IssuedPageElements> {
    if *elements == IssuedElements::default() {
        return None;
    }
    let date = elements.document_date.as_ref().map(ToString::to_string);
    let is_below_title = elements.sign_off_place == SignOffPlace::BelowTitle;
    let (signed_below_title, sign_off) = match date {
        date if is_below_title => {
            let mut lines = sign_off::name_lines(&elements.sign_off);
            lines.extend(date.map(|date| bracketed(&date)));
            (lines, SignOff::Absent)
        }
        None => (Vec::new(), SignOff::Absent),
        Some(date) if elements.sign_off.is_empty() => (Vec::new(), SignOff::DateAlone { date }),
        // The seals are on the original. This print of it bears none, so none has room (B-14).
        Some(date) => (Vec::new(), sign_off::unsealed(&elements.sign_off, date)),
    };
    Some(IssuedPageElements {
        document_number: elements.document_number.as_ref().map(DocumentNumber::printed),
        signed_below_title,
        primary_recipients: recipients::below_title(&elements.primary_recipients),
        long_attachment_list: sign_off::is_long_list(attachments, &sign_off),
        sign_off,
        annotation: elements.annotation.iter().map(|line| bracketed(line)).collect(),
    })
}
