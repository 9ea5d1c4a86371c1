//! The checks of 署名: the 发文机关, in their order (B-10 to B-15).

use crate::document::kind::elements::{KindElements, Need};
use crate::submission::PostedDocument;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::characters::quoted;
use crate::validate::text::lookalikes::right_character;
use crate::validate::text::rule::{TextRule, bare};

/// What follows the name of an agency whose seal another one's stands for.
const ON_BEHALF: [&str; 2] = ["（代章）", "(代章)"];

/// 发文机关署名: the 发文机关, in their order.
pub fn sign_off(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
) -> Option<Vec<String>> {
    let posted = document.sign_off.as_deref().unwrap_or_default();
    let sign_off = check.texts(place, posted, &TextRule::NAME);
    if posted.is_empty() {
        if is_required(document) {
            missing(check, place, document);
        }
        return sign_off;
    }
    if posted.len() == document.issuers.len() {
        in_order(check, place, posted, &document.issuers);
    } else {
        let detail = format!(
            "署名有{}个，发文机关有{}个，应当一一对应；{}。",
            posted.len(),
            document.issuers.len(),
            odd_one(posted, &document.issuers)
        );
        check.error(place, Code::SignOffMismatch, detail);
    }
    sign_off
}

/// Whether the kind needs 署名, and no meeting adopted the document.
fn is_required(document: &PostedDocument) -> bool {
    match KindElements::of(document.kind()).sign_off.is {
        Need::Required => true,
        Need::RequiredWithoutNote => document.note.is_none(),
        Need::Optional | Need::Absent => false,
    }
}

fn missing(check: &mut Checker<'_>, place: &Place<'_>, document: &PostedDocument) {
    if KindElements::of(document.kind()).sign_off.is == Need::RequiredWithoutNote {
        let detail = "请填写发文机关署名（sign_off）；会议通过的，或者成文日期写在标题之下的，\
                      改填题注（note）。";
        check.error(place, Code::MissingKey, detail.to_owned());
    } else if document.sign_off.is_none() {
        check.error(place, Code::MissingKey, "请填写发文机关署名（sign_off）。".to_owned());
    } else {
        let detail = "发文机关署名至少要有一个，请填写。".to_owned();
        check.error(place, Code::ListEmpty, detail);
    }
}

/// Names the first entry that only one of the lists has.
fn odd_one(sign_off: &[String], issuers: &[String]) -> String {
    let lacks = |list: &[String], name: &str| !list.iter().any(|other| right(other) == right(name));
    if let Some(name) = issuers.iter().find(|name| lacks(sign_off, name)) {
        return format!("署名中没有发文机关“{}”，请补上，或从发文机关中删去", quoted(name));
    }
    match sign_off.iter().find(|name| lacks(issuers, name)) {
        Some(name) => format!("发文机关中没有“{}”，请补上，或从署名中删去", quoted(name)),
        None => "有的名称写了两次，请删去重复的".to_owned(),
    }
}

/// Compares each 署名 with its 发文机关. If only the order differs, the first that differs is enough.
fn in_order(check: &mut Checker<'_>, place: &Place<'_>, sign_off: &[String], issuers: &[String]) {
    let is_in_other_order =
        sign_off.iter().all(|name| issuers.iter().any(|issuer| right(issuer) == right(name)));
    let pairs = sign_off.iter().zip(issuers).enumerate();
    let differing = pairs.filter(|(_, (name, issuer))| right(name) != right(issuer));
    for (index, (name, issuer)) in
        differing.take(if is_in_other_order { 1 } else { sign_off.len() })
    {
        let (number, shown, issuer_shown) = (index + 1, quoted(name), quoted(issuer));
        let said = format!("第{number}个署名是“{shown}”，第{number}个发文机关是“{issuer_shown}”");
        let place = place.item(index);
        let (name, issuer) = (right(name), right(issuer));
        let on_behalf = ON_BEHALF.iter().any(|words| name.ends_with(words));
        if on_behalf {
            let detail = format!("{said}；署名写了代章，请核对是否确由该机关代章。");
            check.warning(&place, Code::SignOffMismatch, detail);
        } else if shortens(&name, &issuer) || shortens(&issuer, &name) {
            let detail = format!("{said}，一个像是另一个的简称；两处一般应相同，请核对。");
            check.warning(&place, Code::SignOffMismatch, detail);
        } else {
            let detail = format!("{said}，名称和顺序都应相同，请核对。");
            check.error(&place, Code::SignOffMismatch, detail);
        }
    }
}

/// A name without the spaces around it and with common characters, as lookalikes are reported apart.
fn right(name: &str) -> String {
    bare(name).chars().map(|c| right_character(c).unwrap_or(c)).collect()
}

/// Whether one name leaves out characters of another: 水利部, 中华人民共和国水利部.
fn shortens(short: &str, full: &str) -> bool {
    let mut rest = full.chars();
    short.chars().count() > 1 && short.chars().all(|c| rest.any(|other| other == c))
}

#[cfg(test)]
mod tests {
    use super::shortens;

    #[test]
    fn a_short_name_leaves_characters_out() {
        assert!(shortens("水利部", "中华人民共和国水利部"));
        assert!(shortens("市民政局", "巴中市民政局"));
        assert!(!shortens("巴中市财政局", "巴中市民政局"));
        assert!(!shortens("巴中市民政局", "市民政局"));
    }
}
