//! Checks that a title does not repeat the masthead: 发文字号 and 发文机关标志.

use crate::document::masthead::number::DocumentNumber;
use crate::submission::PostedDocument;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::bare;

/// Checks the title against the masthead.
pub fn check(check: &mut Checker<'_>, document: &PostedDocument) {
    let (root, title) = (Place::ROOT, document.title.text(&document.issuers));
    let title = bare(&title);
    let (document_place, posted) = (root.key("document"), &document.document_number);
    let place = document_place.key("title");
    if title.chars().count() > limits::TITLE {
        return;
    }
    let own = DocumentNumber::new(&posted.agency_code, posted.year, posted.serial);
    if let Some(own) = own.ok().map(|own| own.to_string()).filter(|own| title.contains(own)) {
        let detail =
            format!("标题中写有发文字号“{own}”，发文字号由程序印在标题之上，请从标题中删去。");
        check.error(&place, Code::PrintedTwice, detail);
    } else if begins_or_ends_with_number(title) {
        let detail =
            "标题的开头或末尾写有发文字号，标题一般由发文机关名称、事由和文种组成，请核对。";
        check.warning(&place, Code::PrintedTwice, detail.to_owned());
    }
    if let Some(mark) = mark(document).find(|mark| title.starts_with(mark)) {
        let detail =
            format!("标题以“{}”开头，发文机关标志由程序印在版头，请从标题中删去。", quoted(&mark));
        check.error(&place, Code::PrintedTwice, detail);
    }
}

/// Whether the title begins or ends with a 发文字号. In the middle it is that of another document:
/// 转发省厅川民发〔2021〕12号文件的通知.
fn begins_or_ends_with_number(title: &str) -> bool {
    let is_at_end = title.contains('〔') && title.ends_with('号');
    let is_at_start = title.split_once('号').is_some_and(|(before, after)| {
        after.starts_with(['　', ' ']) && DocumentNumber::read(before).is_some()
    });
    is_at_end || is_at_start
}

/// The possible texts of the mark.
fn mark(document: &PostedDocument) -> impl Iterator<Item = String> {
    let text = document.issuer_mark.as_ref().and_then(|mark| mark.text.as_ref());
    let names = document.issuers.iter().take(limits::ISSUERS).chain(text);
    names.map(|name| bare(name)).filter(|name| !name.is_empty()).map(|name| format!("{name}文件"))
}
