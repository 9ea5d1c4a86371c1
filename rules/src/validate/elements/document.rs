//! The checks of 公文要素, one after the other as they stand in the posted JSON.

use crate::document::OfficialDocument;
use crate::document::Printing;
use crate::document::kind::elements::{KindElements, Need};
use crate::document::masthead::{Classification, CopyNumber, Form};
use crate::submission::{PostedAttachment, PostedClassification, PostedDocument};
use crate::validate::elements::agencies;
use crate::validate::elements::attendance;
use crate::validate::elements::closing;
use crate::validate::elements::dates;
use crate::validate::elements::first_page;
use crate::validate::elements::issuer_mark;
use crate::validate::elements::sign_off;
use crate::validate::elements::title;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::rule::{TextRule, every};

/// Checks 公文要素; `None` after an error in any of them.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedDocument,
) -> Option<OfficialDocument> {
    let issuers = agencies::issuers(check, &place.key("issuers"), &posted.issuers);
    let issuer_mark =
        issuer_mark::issuer_mark(check, place, posted, issuers.as_deref().unwrap_or_default());
    let document_number = dates::document_number(check, &place.key("document_number"), posted);
    let signatories = agencies::signatories(check, &place.key("signatories"), posted);
    let copy_number = copy_number(check, &place.key("copy_number"), posted.copy_number);
    let classification =
        classification(check, &place.key("classification"), posted.classification.as_ref());
    let title = title::read(check, &place.key("title"), &posted.title, &posted.issuers);
    let note = note(check, &place.key("note"), posted);
    let primary_recipients =
        agencies::primary_recipients(check, &place.key("primary_recipients"), posted);
    let attachments = attachments(
        check,
        &place.key("attachments"),
        posted.attachments.as_deref().unwrap_or_default(),
    );
    let sign_off = sign_off::sign_off(check, &place.key("sign_off"), posted);
    let signing = closing::signing(check, place, posted);
    let document_date = dates::date(check, &place.key("document_date"), &posted.document_date);
    let attendance = attendance::read(check, &place.key("attendance"), posted);
    let annotation =
        closing::annotation(check, &place.key("annotation"), posted.annotation.as_ref());
    let copy_recipients = check.texts(
        &place.key("copy_recipients"),
        posted.copy_recipients.as_deref().unwrap_or_default(),
        &TextRule::RECIPIENT,
    );
    let printing = printing(check, place, posted);
    let title = title?;
    let document = OfficialDocument {
        form: posted.form,
        direction: posted.direction,
        issuers: issuers?,
        issuer_mark: issuer_mark?,
        document_number: document_number?,
        signatories: signatories?,
        copy_number: copy_number?,
        classification: classification?,
        urgency: posted.urgency,
        title: title.text,
        title_lines: title.lines,
        note: note?,
        primary_recipients: primary_recipients?,
        attachments: attachments?,
        sign_off: sign_off?,
        signing: signing?,
        document_date: document_date?,
        annotation: annotation?,
        attendance: attendance?,
        copy_recipients: copy_recipients?,
        printing: printing?,
        binding: posted.binding.unwrap_or_default(),
        fewer_sheets: posted.fewer_sheets.unwrap_or_default(),
    };
    first_page::has_room(check, place, &document);
    Some(document)
}

fn copy_number(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: Option<i64>,
) -> Option<Option<CopyNumber>> {
    let Some(number) = posted else { return Some(None) };
    let copy_number = CopyNumber::new(number);
    if copy_number.is_none() {
        let detail = format!("份号写为{number}，应在1至999999之间。");
        check.error(place, Code::NumberOutOfRange, detail);
    }
    copy_number.map(Some)
}

fn classification(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: Option<&PostedClassification>,
) -> Option<Option<Classification>> {
    let Some(posted) = posted else { return Some(None) };
    let Some(number) = posted.years else {
        return Some(Some(Classification { level: posted.level, years: None }));
    };
    // Thirty years is the longest 保密期限 that the law sets, for 绝密.
    let years = u8::try_from(number).ok().filter(|years| (1..=30).contains(years));
    if years.is_none() {
        let detail = format!("保密期限写为{number}年，应在1至30年之间。");
        check.error(&place.key("years"), Code::NumberOutOfRange, detail);
    }
    years.map(|years| Some(Classification { level: posted.level, years: Some(years) }))
}

fn attachments(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[PostedAttachment],
) -> Option<Vec<String>> {
    if !check.list_fits(place, posted.len(), limits::LIST) {
        return None;
    }
    every(posted.iter().enumerate().map(|(index, attachment)| {
        closing::attachment_title(check, &place.item(index).key("title"), &attachment.title)
    }))
}

fn note(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedDocument,
) -> Option<Option<String>> {
    let Some(note) = &posted.note else { return Some(None) };
    closing::bracketed(check, place, note, &TextRule::NOTE).map(Some)
}

/// 印发机关 and 印发日期, both or neither. A letter does not print them, so it need not have them.
fn printing(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedDocument,
) -> Option<Option<Printing>> {
    let (office_place, date_place) = (place.key("printing_office"), place.key("printing_date"));
    let (office, date) = (posted.printing_office.as_deref(), posted.printing_date.as_deref());
    let is_required = KindElements::of(posted.kind()).printing.is == Need::Required
        && posted.form != Form::Letter;
    let is_posted = office.is_some() || date.is_some();
    let needs_both = is_required || (is_posted && posted.form != Form::Letter);
    if needs_both && office.is_none() {
        let detail = "请填写印发机关（printing_office）。".to_owned();
        check.error(&office_place, Code::MissingKey, detail);
    }
    if needs_both && date.is_none() {
        let detail = "请填写印发日期（printing_date）。".to_owned();
        check.error(&date_place, Code::MissingKey, detail);
    }
    let office = check.optional_text(&office_place, office, &TextRule::NAME);
    let date = match date {
        Some(date) => dates::printing_date(check, &date_place, posted, date).map(Some),
        None => Some(None),
    };
    Some(office?.zip(date?).map(|(office, date)| Printing { office, date }))
}
