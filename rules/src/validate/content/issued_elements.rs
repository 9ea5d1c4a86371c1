//! The checks of what an issued text has if it is a document itself: 发文字号, 主送, 署名, 成文日期 and 附注.

use std::collections::BTreeSet;

use crate::document::date::DocumentDate;
use crate::document::kind::DocumentKind;
use crate::document::kind::elements::{KindElements, Need};
use crate::document::masthead::Form;
use crate::document::masthead::number::DocumentNumber;
use crate::document::sign_off::SignOffPlace;
use crate::submission::PostedDocument;
use crate::submission::issued::PostedIssuedText;
use crate::submission::names::key_name::key_name;
use crate::validate::elements::{closing, dates};
use crate::validate::filing::IssuedElements;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::{TextRule, bare};

/// Checks 公文要素 of an issued text against each other and against those of the document.
pub fn read(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIssuedText,
    document: &PostedDocument,
) -> Option<IssuedElements> {
    if document.form == Form::Command && refused_by_command(check, place, posted) {
        return None;
    }
    let kind = DocumentKind::of_title(bare(&posted.title));
    let document_number = number(check, &place.key("document_number"), posted, document, kind);
    let primary_recipients = recipients(check, &place.key("primary_recipients"), posted, kind);
    let sign_off = sign_off(check, place, posted, kind);
    let document_date = date(check, &place.key("document_date"), posted, document);
    let annotation =
        closing::annotation(check, &place.key("annotation"), posted.annotation.as_ref());
    Some(IssuedElements {
        document_number: document_number?,
        primary_recipients: primary_recipients?,
        sign_off: sign_off?,
        sign_off_place: posted.sign_off_place.unwrap_or_default(),
        document_date: document_date?,
        annotation: annotation?,
    })
}

/// A command publishes regulations, which are addressed to no one and signed by its own 签名章 (10.2).
fn refused_by_command(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIssuedText,
) -> bool {
    let lists =
        [("primary_recipients", &posted.primary_recipients), ("sign_off", &posted.sign_off)];
    let lists = lists.map(|(key, names)| (key, is_some_and_filled(names.as_deref())));
    let others = [
        ("document_number", posted.document_number.is_some()),
        ("document_date", posted.document_date.is_some()),
        ("annotation", posted.annotation.is_some()),
    ];
    let mut is_refused = false;
    for (key, _) in lists.into_iter().chain(others).filter(|(_, is_there)| *is_there) {
        let detail = format!(
            "命令（令）公布的文本由命令（令）署名和注明日期，没有自己的{}，请删去（GB/T 9704第10.2条）。",
            key_name(key).unwrap_or(key)
        );
        check.error(&place.key(key), Code::KindElement, detail);
        is_refused = true;
    }
    is_refused
}

fn is_some_and_filled(names: Option<&[String]>) -> bool {
    names.is_some_and(|names| !names.is_empty())
}

/// Its own 发文字号, which is not that of the document.
fn number(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIssuedText,
    document: &PostedDocument,
    kind: Option<DocumentKind>,
) -> Option<Option<DocumentNumber>> {
    let Some(number) = &posted.document_number else { return Some(None) };
    let date = posted.document_date.as_deref();
    let checked = dates::number(check, place, number, date, kind)?;
    let of_document = &document.document_number;
    if bare(&of_document.agency_code) == bare(&number.agency_code)
        && (of_document.year, of_document.serial) == (number.year, number.serial)
    {
        let detail = format!(
            "“{}”是本件自己的发文字号，这里应写所转发文件原来的发文字号，请核对。",
            checked.printed()
        );
        check.warning(place, Code::DocumentNumberForm, detail);
    }
    Some(Some(checked))
}

/// Its own 主送机关: each once, and none that signed it.
fn recipients(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIssuedText,
    kind: Option<DocumentKind>,
) -> Option<Vec<String>> {
    let names = posted.primary_recipients.as_deref().unwrap_or_default();
    let checked = check.texts(place, names, &TextRule::RECIPIENT)?;
    let signed = posted.sign_off.as_deref().unwrap_or_default();
    let mut seen = BTreeSet::new();
    for (index, name) in checked.iter().enumerate() {
        if signed.iter().any(|signed| bare(signed) == name) {
            let detail = format!("“{}”是署名机关，不应又列为主送机关，请删去。", quoted(name));
            check.error(&place.item(index), Code::DuplicateRecipient, detail);
        } else if !seen.insert(name.as_str()) {
            let detail = format!("主送机关“{}”重复，请删去一个。", quoted(name));
            check.error(&place.item(index), Code::DuplicateRecipient, detail);
        }
    }
    if !checked.is_empty() {
        addressed(check, place, posted, kind);
    }
    Some(checked)
}

/// Doubts whether such a text is addressed, and whether it is signed as well.
fn addressed(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIssuedText,
    kind: Option<DocumentKind>,
) {
    let Some(kind) = kind else {
        let detail = format!(
            "“{}”的标题末尾没有文种，办法、方案之类一般没有主送机关，请核对。",
            quoted(bare(&posted.title))
        );
        return check.warning(place, Code::KindElement, detail);
    };
    let rule = KindElements::of(Some(kind)).primary_recipients;
    if rule.is == Need::Absent {
        let detail = format!(
            "“{}”面向社会或全体公布，一般不写主送机关，请核对（{}）。",
            kind.name(),
            rule.source
        );
        check.warning(place, Code::KindElement, detail);
    } else if !is_some_and_filled(posted.sign_off.as_deref()) && posted.document_date.is_none() {
        let detail =
            "写了主送机关而没有署名和成文日期；转发原文的，原文的署名和成文日期也应照录，请核对。";
        check.warning(place, Code::MissingKey, detail.to_owned());
    }
}

/// 署名: which agencies signed it, each once. They need not be 发文机关 of the document.
fn sign_off(
    check: &mut Checker<'_>,
    owner: &Place<'_>,
    posted: &PostedIssuedText,
    kind: Option<DocumentKind>,
) -> Option<Vec<String>> {
    let place = owner.key("sign_off");
    let names = posted.sign_off.as_deref().unwrap_or_default();
    let is_below_title = posted.sign_off_place == Some(SignOffPlace::BelowTitle);
    if names.is_empty() {
        if is_below_title {
            let detail = "没有署名，请填写署名（sign_off），或删去署名位置（sign_off_place）。";
            check.error(&place, Code::MissingKey, detail.to_owned());
        }
        return Some(Vec::new());
    }
    if names.len() > limits::ISSUED_SIGN_OFF {
        let detail = format!(
            "本版最多排印{}个署名，现有{}个，暂不支持。",
            limits::ISSUED_SIGN_OFF,
            names.len()
        );
        check.error(&place, Code::Unsupported, detail);
        return None;
    }
    let rule = if is_below_title { &TextRule::NAME_BELOW_TITLE } else { &TextRule::NAME };
    let checked = check.texts(&place, names, rule)?;
    let mut seen = BTreeSet::new();
    for (index, name) in checked.iter().enumerate() {
        if !seen.insert(name.as_str()) {
            let detail = format!("署名“{}”重复，请删去一个。", quoted(name));
            check.error(&place.item(index), Code::DuplicateIssuer, detail);
        }
    }
    if !is_below_title && posted.document_date.is_none() {
        let detail = "署名在正文之下的，请填写所转发文件的成文日期（document_date）；\
                      署名在标题之下的，请写明署名位置（sign_off_place）。";
        check.error(&owner.key("document_date"), Code::MissingKey, detail.to_owned());
    }
    let rule = KindElements::of(kind).sign_off;
    if let Some(kind) = kind.filter(|_| rule.is == Need::Absent) {
        let detail =
            format!("“{}”由会议通过，一般不署名，请核对（{}）。", kind.name(), rule.source);
        check.warning(&place, Code::KindElement, detail);
    }
    Some(checked)
}

/// 成文日期, not after that of the document, which came later.
fn date(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &PostedIssuedText,
    document: &PostedDocument,
) -> Option<Option<DocumentDate>> {
    let Some(posted) = &posted.document_date else { return Some(None) };
    let date = dates::date(check, place, posted)?;
    if let Ok(of_document) = DocumentDate::parse(&document.document_date)
        && date > of_document
    {
        let detail = format!("所转发文件的成文日期{date}晚于本件的成文日期{of_document}，请核对。");
        check.error(place, Code::DateOrder, detail);
    }
    Some(Some(date))
}
