//! Which elements letters and commands do without, and which a command needs (GB/T 9704 section 10).

use crate::document::masthead::{Form, MarkIssuers, MarkSuffix};
use crate::document::sign_off::Seal;
use crate::submission::PostedDocument;
use crate::validate::checker::Checker;
use crate::validate::place::Place;
use crate::validate::violation::Code;

/// Checks that the form's own elements are there, and no other form's.
pub(super) fn check(check: &mut Checker<'_>, place: &Place<'_>, document: &PostedDocument) {
    match document.form {
        Form::Letter => letter(check, place, document),
        Form::Command => command(check, place, document),
        Form::Report | Form::Notice | Form::Minutes => {}
    }
}

/// The mark is the lead agency's name and nothing behind it (10.1).
fn letter(check: &mut Checker<'_>, place: &Place<'_>, document: &PostedDocument) {
    let Some(mark) = &document.issuer_mark else { return };
    let mark_place = place.key("issuer_mark");
    if mark.issuers == Some(MarkIssuers::All) && document.issuers.len() > 1 {
        let detail = "联合行文的信函，发文机关标志只用主办机关名称，请改为lead（主办机关）\
                      （GB/T 9704第10.1条）。";
        check.error(&mark_place.key("issuers"), Code::FormElement, detail.to_owned());
    }
    if mark.suffix.is_some_and(|suffix| suffix != MarkSuffix::Nothing) {
        let detail = "信函的发文机关标志只写发文机关名称，后面不加“文件”等字，请改为“无”或留空\
                      （GB/T 9704第10.1条）。";
        check.error(&mark_place.key("suffix"), Code::FormElement, detail.to_owned());
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
