//! The checks of 发文机关标志: whose names it shows, what stands behind them, and whether they fit.

use crate::document::masthead::{Form, IssuerMark, MarkIssuers, MarkSuffix};
use crate::submission::{PostedDocument, PostedMark};
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::text::rule::{TextRule, bare};

/// 发文机关标志, of good 发文机关 or of a text of its own (H-5, H-8).
pub fn issuer_mark(
    check: &mut Checker<'_>,
    document: &Place<'_>,
    posted: &PostedDocument,
    issuers: &[String],
) -> Option<IssuerMark> {
    let place = document.key("issuer_mark");
    let mark = posted.issuer_mark.as_ref();
    let suffix = suffix(check, &place.key("suffix"), posted.form, mark);
    let names = match mark.and_then(|mark| mark.text.as_deref()) {
        Some(text) => {
            // Two answers to one question: none of them may be dropped in silence.
            if mark.is_some_and(|mark| mark.issuers.is_some()) {
                let detail = "发文机关标志已另写文字，就不再按发文机关排印；\
                              两项只能保留一项，请删去一项。";
                check.error(&place.key("issuers"), Code::Unsupported, detail.to_owned());
            }
            vec![check.text(&place.key("text"), text, &TextRule::MARK)?]
        }
        None => {
            match mark.and_then(|mark| mark.issuers).unwrap_or_else(|| MarkIssuers::of(posted.form))
            {
                MarkIssuers::All => issuers.to_vec(),
                MarkIssuers::Lead => issuers.iter().take(1).cloned().collect(),
            }
        }
    };
    let is_own_text = mark.is_some_and(|mark| mark.text.is_some());
    // Where names are too long or too many, the lead agency's stands for all (H-8).
    if let Some(lead) = names.first() {
        let list = document.key("issuers");
        let item = if is_own_text { place.key("text") } else { list.item(0) };
        fits(check, &item, lead, suffix);
    }
    Some(IssuerMark { names, suffix })
}

/// The posted suffix, or the default of the form.
fn suffix(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    form: Form,
    posted: Option<&PostedMark>,
) -> MarkSuffix {
    let Some(suffix) = posted.and_then(|mark| mark.suffix) else {
        let text = posted.and_then(|mark| mark.text.as_deref()).map(bare).unwrap_or_default();
        let suffix = MarkSuffix::of(form);
        // A text of its own may end with the word already, as 局长办公会议纪要.
        let is_there = suffix.name().is_some_and(|suffix| text.ends_with(suffix));
        return if is_there { MarkSuffix::Nothing } else { suffix };
    };
    let is_of_other_form =
        matches!(suffix, MarkSuffix::Command | MarkSuffix::Order | MarkSuffix::Minutes);
    if is_of_other_form && matches!(form, Form::Report | Form::Notice) {
        let detail = format!(
            "本格式的发文机关标志只能以“文件”结尾或只写机关名称，不支持“{}”；请改写，或改正格式。",
            suffix.name().unwrap_or_default()
        );
        check.error(place, Code::Unsupported, detail);
    }
    suffix
}

/// Whether a name alone fits the width of the type area in the smallest size of the mark (H-7, H-9).
fn fits(check: &mut Checker<'_>, place: &Place<'_>, name: &str, suffix: MarkSuffix) {
    let behind = suffix.name().map_or(0, |suffix| suffix.chars().count());
    let longest = IssuerMark::LONGEST_ALONE - behind;
    let length = name.chars().count();
    if length > longest {
        let detail = format!(
            "{}有{length}字，发文机关标志一行最多排印{longest}字；\
             请在“发文机关标志”的“文字”中填写规范化简称。",
            place.label()
        );
        check.error(place, Code::TooLong, detail);
    }
}
