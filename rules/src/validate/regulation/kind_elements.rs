//! 题注, 署名, 签发人 and the word of the mark as the kind of document has them (条例 8 and 9, usage).

use crate::document::date::DocumentDate;
use crate::document::kind::DocumentKind;
use crate::document::kind::elements::{DatePlace, KindElements, Need, Rule};
use crate::document::masthead::{Direction, MarkSuffix};
use crate::submission::PostedDocument;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::rule::bare;

/// Checks the elements that not every kind has.
pub(crate) fn check(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    kind: DocumentKind,
) {
    let elements = KindElements::of(Some(kind));
    match &document.note {
        Some(note) => noted(check, place, document, kind, note),
        None => not_noted(check, place, document, kind),
    }
    let Rule { is: need, source } = elements.signatories;
    let is_signed = document.signatories.as_ref().is_some_and(|names| !names.is_empty());
    if need == Need::Absent && is_signed && may_be_upward(document, kind) {
        let detail =
            format!("“{}”一般不是上行文，不标注签发人，请核对行文方向（{source}）。", kind.name());
        check.warning(&place.key("signatories"), Code::KindElement, detail);
    }
    mark_word(check, place, document, kind);
}

/// Whether the direction is upward and that has not been reported yet.
fn may_be_upward(document: &PostedDocument, kind: DocumentKind) -> bool {
    document.direction == Direction::Upward
        && matches!(
            kind,
            DocumentKind::Resolution | DocumentKind::Communique | DocumentKind::Minutes
        )
}

/// 题注 where the kind has one, with 成文日期 if no closing shows it.
fn noted(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    kind: DocumentKind,
    note: &str,
) {
    let Rule { is: date_place, source } = KindElements::of(Some(kind)).date;
    let (name, place) = (kind.name(), place.key("note"));
    if date_place == DatePlace::BelowText {
        let detail =
            format!("“{name}”的成文日期写在署名之下，标题之下一般没有题注，请核对（{source}）。");
        check.warning(&place, Code::KindElement, detail);
    }
    let is_unsigned = document.sign_off.as_ref().is_none_or(Vec::is_empty);
    if let Ok(date) = DocumentDate::parse(&document.document_date)
        && is_unsigned
        && !note.contains(&date.to_string())
    {
        let detail =
            format!("没有署名的公文，成文日期只印在题注中；题注里没有成文日期{date}，请核对。");
        check.warning(&place, Code::KindElement, detail);
    }
}

/// What a meeting adopted needs 题注 in place of 署名.
fn not_noted(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    kind: DocumentKind,
) {
    let is_adopted = KindElements::of(Some(kind)).date.is == DatePlace::BelowTitle;
    let is_signed = document.sign_off.as_ref().is_some_and(|names| !names.is_empty());
    let name = kind.name();
    if is_adopted && !is_signed {
        let detail = format!(
            "“{name}”的成文日期和通过的会议写在标题之下的题注里，请填写题注，\
             如“2024年3月1日××会议通过”（按惯例）。"
        );
        check.error(&place.key("note"), Code::KindElement, detail);
    } else if is_signed && (is_adopted || is_of_meeting(document, kind)) {
        let detail = format!(
            "“{name}”由会议通过，一般不署名，成文日期写在标题之下的题注里；\
             请核对是否改填题注（note）（按惯例）。"
        );
        check.warning(&place.key("sign_off"), Code::KindElement, detail);
    }
}

/// Whether this is the communique of a meeting, as its title says; a 统计公报 is adopted by none.
fn is_of_meeting(document: &PostedDocument, kind: DocumentKind) -> bool {
    let title = document.title.text(&document.issuers);
    let ends = ["会议公报", "全会公报", "大会公报"];
    kind == DocumentKind::Communique && ends.iter().any(|end| bare(&title).ends_with(end))
}

/// 公告 or 通告 in the mark only of that kind.
fn mark_word(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    kind: DocumentKind,
) {
    let suffix = document.issuer_mark.as_ref().and_then(|mark| mark.suffix);
    let of_mark = match suffix {
        Some(MarkSuffix::Proclamation) => DocumentKind::Proclamation,
        Some(MarkSuffix::PublicNotice) => DocumentKind::PublicNotice,
        _ => return,
    };
    if of_mark != kind {
        let detail = format!(
            "发文机关标志以“{}”结尾，文种是“{}”，两者应当一致，请改正（按惯例）。",
            of_mark.name(),
            kind.name()
        );
        check.error(&place.key("issuer_mark").key("suffix"), Code::KindElement, detail);
    }
}
