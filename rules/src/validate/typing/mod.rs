//! The checks for typing errors in every string of a submission.

pub mod mend;
pub mod mends;
pub mod printed;
mod chinese;
mod citations;
mod ending;
mod kinds;
mod lost;
pub mod marks;
mod names;
mod pairs;
pub mod placeholders;
mod strong;

use crate::submission::names::text_role::{PostedString, TextRole, each_text};
use crate::submission::read::Posted;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place_name::name_of;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::typing::kinds::Kinds;
use crate::validate::typing::mend::{around, listed};
use crate::validate::typing::placeholders::Placeholder;
use crate::validate::typing::printed::text::{doubtful, mends, points};

/// The most bytes of a character in UTF-8.
const BYTES: usize = 4;

/// Checks every string. Skips texts over the limits, which have already been refused.
pub(crate) fn check(check: &mut Checker<'_>, posted: &Posted) {
    printed::check(check, &posted.submission);
    ending::check(check, &posted.submission);
    let mut room = limits::FILING * BYTES;
    each_text(posted.json(), &mut |text| {
        if text.text.len() > limits::PARAGRAPH * BYTES || text.text.len() > room {
            return;
        }
        room -= text.text.len();
        of_text(check, &text);
    });
}

fn of_text(check: &mut Checker<'_>, posted: &PostedString<'_>) {
    let kinds = Kinds::of(posted.text);
    let is_prose = matches!(posted.role, TextRole::Running | TextRole::Line | TextRole::Symbol);
    if is_prose && kinds == Kinds::NONE {
        return;
    }
    let text: Vec<char> = posted.text.chars().collect();
    if kinds.has(Kinds::LOOKALIKES) {
        lookalikes(check, posted, &text);
    }
    if kinds.has(Kinds::LOST) {
        lost(check, posted, &text);
    }
    names::check(check, posted);
    if !is_prose {
        printed(check, posted, &text);
    }
    if posted.role != TextRole::Symbol {
        marks(check, posted, &text, kinds);
    }
    if kinds.has(Kinds::BRACES) {
        placeholders(check, posted);
    }
    if kinds.has(Kinds::ASTERISKS) && posted.role.is_running() {
        strong(check, posted, &text);
    }
}

fn lookalikes(check: &mut Checker<'_>, posted: &PostedString<'_>, text: &[char]) {
    let mends = mends::of_lookalikes(text);
    if !mends.is_empty() {
        let advice = listed(mends.iter().map(|mend| {
            let wrong = text[mend.at.start];
            format!(
                "“{}”中的“{wrong}”（U+{:04X}）应为“{}”",
                around(text, &mend.at),
                u32::from(wrong),
                mend.right
            )
        }));
        let detail = format!(
            "{advice}；这是从PDF等处复制来的部首或兼容字符，看似相同，其实是另一个字，请改正。"
        );
        check.error_at(posted.path, Code::CharacterLookalike, detail);
    }
}

fn lost(check: &mut Checker<'_>, posted: &PostedString<'_>, text: &[char]) {
    let is_name = posted.role == TextRole::Name;
    let found = match posted.role {
        TextRole::Symbol => return,
        TextRole::Name => lost::in_name(text),
        _ => lost::in_text(text),
    };
    if found.is_empty() {
        return;
    }
    let lost = found.iter().map(|at| {
        let wrong: String = text[at.clone()].iter().collect();
        format!("“{}”中的“{wrong}”", around(text, at))
    });
    let detail = format!("{}像是丢失或变成乱码的文字，请对照原件补上。", listed(lost));
    if is_name {
        check.error_at(posted.path, Code::CharacterLost, detail);
    } else {
        check.warning_at(posted.path, Code::CharacterLost, detail);
    }
}

fn printed(check: &mut Checker<'_>, posted: &PostedString<'_>, text: &[char]) {
    let code = match posted.role {
        TextRole::AttachmentTitle => Code::AttachmentTitleForm,
        _ => Code::PrintedTwice,
    };
    let points = (posted.role == TextRole::ScoreHeading).then(|| points(text)).flatten();
    let found = mends(posted, text).into_iter().map(|mend| mend.at).chain(points);
    for at in found {
        let wrong: String = text[at].iter().collect();
        let detail = format!(
            "{}“{}”中的“{}”由程序印出，请删去。",
            name_of(posted.path),
            quoted(posted.text),
            quoted(wrong.trim())
        );
        check.error_at(posted.path, code, detail);
    }
    if let Some(at) = doubtful(posted, text) {
        let number: String = text[at].iter().collect();
        let detail = format!(
            "{}以“{number}”开头，条的序号由程序印出；如是这一条的序号，请删去。",
            name_of(posted.path)
        );
        check.warning_at(posted.path, code, detail);
    }
}

fn marks(check: &mut Checker<'_>, posted: &PostedString<'_>, text: &[char], kinds: Kinds) {
    let (marks, pairs) = (kinds.has(Kinds::MARKS), kinds.has(Kinds::PAIRS));
    let of_marks = if marks { mends::of_marks(posted, text) } else { Vec::new() };
    let said = of_marks.iter().map(|mend| mend.said(text));
    let points = if marks { marks::points(text) } else { Vec::new() };
    let points = points
        .into_iter()
        .map(|index| format!("“{}”中的“.”应为“。”或“·”", around(text, &(index..index + 1))));
    let mixed = if marks { marks::mixed(text) } else { Vec::new() };
    let unpaired = if pairs { pairs::unpaired(text) } else { Vec::new() };
    let straight = if pairs { pairs::straight_quote(text) } else { None };
    let mixed = mixed.into_iter().map(|run| {
        let marks: String = text[run.clone()].iter().collect();
        format!("“{}”中的“{marks}”只应有一个", around(text, &run))
    });
    let unpaired = unpaired.into_iter().map(|index| {
        format!("“{}”中的“{}”没有成对", around(text, &(index..index + 1)), text[index])
    });
    let straight = straight
        .map(|index| format!("“{}”中的直引号应为“”或‘’", around(text, &(index..index + 1))));
    let all: Vec<String> =
        said.chain(points).chain(mixed).chain(unpaired).chain(straight).collect();
    if !all.is_empty() {
        let cites = of_marks.iter().any(|mend| mend.right == "〔");
        let standard = if cites { "GB/T 15834、GB/T 9704" } else { "GB/T 15834" };
        let detail = format!("{}，请核对（{standard}）。", listed(all.into_iter()));
        check.warning_at(posted.path, Code::Punctuation, detail);
    }
}

fn placeholders(check: &mut Checker<'_>, posted: &PostedString<'_>) {
    if posted.role == TextRole::Symbol {
        return;
    }
    let found = placeholders::in_text(posted.text);
    if let Some(unknown) = found.iter().find(|name| Placeholder::parse(name).is_none()) {
        let detail = format!(
            "不认识“{}”；由程序填入的只有“{{total.self_score}}”（总分的自评得分）、\
             “{{total.max_points}}”（总分的分值）、“{{total.grade}}”（等次），以及各部分和附件项目自评表的得分，\
             如“{{section.1.self_score}}”（第1部分）、“{{attachment.1.self_score}}”（附件1），请改正或写出数字。",
            quoted(unknown)
        );
        check.error_at(posted.path, Code::PlaceholderUnknown, detail);
    } else if let (Some(known), true) = (found.first(), !posted.role.is_running()) {
        let detail = format!(
            "{}中的“{known}”不会填入得分，只有正文的段落和表格才会，请写出数字或删去。",
            name_of(posted.path)
        );
        check.error_at(posted.path, Code::PlaceholderUnknown, detail);
    }
}

fn strong(check: &mut Checker<'_>, posted: &PostedString<'_>, text: &[char]) {
    if let Some(slot) = strong::slots(text).first() {
        let detail = format!(
            "“{}”中的两处“**”是加粗的记号，不会印出；如是待填的数字，请填写；要照印星号，请写成“\\*\\*”。",
            around(text, slot)
        );
        check.warning_at(posted.path, Code::StrongMarks, detail);
    }
}
