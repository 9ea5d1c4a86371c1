//! Which elements letters, commands and minutes do without or need (GB/T 9704 section 10).

use crate::document::masthead::{Form, MarkIssuers, MarkSuffix};
use crate::document::sign_off::Seal;
use crate::submission::{PostedDocument, PostedMark};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::rule::bare;

/// Checks that the form's own elements are there, and no other form's.
pub(crate) fn check(check: &mut Checker<'_>, place: &Place<'_>, document: &PostedDocument) {
    let mark_place = place.key("issuer_mark");
    let mark = document.issuer_mark.as_ref();
    match document.form {
        Form::Letter => letter_mark(check, &mark_place, document),
        Form::Command => {
            command(check, place, document);
            let detail = "命令（令）的发文机关标志由发文机关全称加“命令”或“令”组成，\
                          请改正后缀或留空（GB/T 9704第10.2条）。";
            let suffixes = [MarkSuffix::Command, MarkSuffix::Order];
            mark_ends_with(check, &mark_place, mark, &suffixes, detail);
        }
        Form::Minutes => {
            let detail = "纪要的发文机关标志由名称加“纪要”组成，\
                          请改正后缀或留空（GB/T 9704第10.3条）。";
            mark_ends_with(check, &mark_place, mark, &[MarkSuffix::Minutes], detail);
        }
        Form::Report | Form::Notice => {}
    }
}

/// The mark is the lead agency's name and nothing behind it (10.1).
fn letter_mark(check: &mut Checker<'_>, place: &Place<'_>, document: &PostedDocument) {
    let Some(mark) = &document.issuer_mark else { return };
    if mark.issuers == Some(MarkIssuers::All) && document.issuers.len() > 1 {
        let detail = "联合行文的信函，发文机关标志只用主办机关名称，请改为lead（主办机关）\
                      （GB/T 9704第10.1条）。";
        check.error(&place.key("issuers"), Code::FormElement, detail.to_owned());
    }
    if mark.suffix.is_some_and(|suffix| suffix != MarkSuffix::Nothing) {
        let detail = "信函的发文机关标志只写发文机关名称，后面不加“文件”等字，请改为“无”或留空\
                      （GB/T 9704第10.1条）。";
        check.error(&place.key("suffix"), Code::FormElement, detail.to_owned());
    }
}

/// The mark ends with one of these words, as its suffix or as the end of a text of its own.
fn mark_ends_with(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    mark: Option<&PostedMark>,
    suffixes: &[MarkSuffix],
    detail: &str,
) {
    let Some((mark, suffix)) = mark.and_then(|mark| Some((mark, mark.suffix?))) else { return };
    let text = mark.text.as_deref().map(bare).unwrap_or_default();
    let is_in_text = suffix == MarkSuffix::Nothing
        && suffixes.iter().filter_map(|suffix| suffix.name()).any(|word| text.ends_with(word));
    if !suffixes.contains(&suffix) && !is_in_text {
        check.error(&place.key("suffix"), Code::FormElement, detail.to_owned());
    }
}

/// A command is published, not addressed, and signed by stamp (10.2).
fn command(check: &mut Checker<'_>, place: &Place<'_>, document: &PostedDocument) {
    if document.primary_recipients.as_ref().is_some_and(|names| !names.is_empty()) {
        let detail = "命令（令）不写主送机关，请删去（GB/T 9704第10.2条）。".to_owned();
        check.error(&place.key("primary_recipients"), Code::FormElement, detail);
    }
    if document.seal.is_some_and(|seal| seal != Seal::SignatureStamp) {
        let detail = "命令（令）由签发人加盖签名章，用印方式应为signature_stamp（签名章）\
                      （GB/T 9704第10.2条）。";
        check.error(&place.key("seal"), Code::FormElement, detail.to_owned());
    }
}
