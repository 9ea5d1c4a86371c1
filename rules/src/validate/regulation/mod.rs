//! The checks of one element against another by the 条例 of 2012: kind, form, direction, addressees.

mod addressees;
mod elements;
mod kind;
mod kind_elements;
mod wording;

use crate::document::kind::DocumentKind;
use crate::submission::Submission;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;

/// Checks the elements against each other, after each has been checked by itself.
pub fn check(check: &mut Checker<'_>, posted: &Submission) {
    let place = Place::ROOT.key("document");
    let document = &posted.document;
    let kind = kind::check(check, &place, document);
    elements::check(check, &place, document);
    addressees::check(check, &place, document, kind);
    if let Some(kind) = document.kind() {
        kind_elements::check(check, &place, document, kind);
    }
    wording::check(check, &place, posted, kind);
}

/// An article's item that says what a kind is for, as a sentence cites it.
fn cited(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Resolution => "《条例》第八条第一项",
        DocumentKind::Decision => "《条例》第八条第二项",
        DocumentKind::Command | DocumentKind::Order => "《条例》第八条第三项",
        DocumentKind::Communique => "《条例》第八条第四项",
        DocumentKind::Proclamation => "《条例》第八条第五项",
        DocumentKind::PublicNotice => "《条例》第八条第六项",
        DocumentKind::Opinion => "《条例》第八条第七项",
        DocumentKind::Notice => "《条例》第八条第八项",
        DocumentKind::Circular => "《条例》第八条第九项",
        DocumentKind::Report => "《条例》第八条第十项",
        DocumentKind::Request => "《条例》第八条第十一项",
        DocumentKind::Reply => "《条例》第八条第十二项",
        DocumentKind::Bill => "《条例》第八条第十三项",
        DocumentKind::Letter => "《条例》第八条第十四项",
        DocumentKind::Minutes => "《条例》第八条第十五项",
    }
}
