//! The checks of what stands below the text: 附件说明, how it is signed, 附注 (B-9 to B-20).

use crate::document::sign_off::{Seal, Signing};
use crate::submission::PostedDocument;
use crate::submission::text::Lines;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::{TextRule, bare, every};

/// Marks that may not end the name of an attachment (B-9); closing brackets and quotes may.
const CLOSING_MARKS: &str = "。．，、；：？！….,;:?!";

/// The name of an attachment, without a closing mark (B-9).
pub fn attachment_title(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &str,
) -> Option<String> {
    let title = check.text(place, posted, &TextRule::HEADING)?;
    let last = title.chars().next_back();
    if let Some(mark) = last.filter(|last| CLOSING_MARKS.contains(*last)) {
        let detail = format!("附件名称“{}”后不加标点符号，请删去末尾的“{mark}”。", quoted(&title));
        check.error(place, Code::AttachmentTitleForm, detail);
    }
    Some(title)
}

/// How the document is signed: 职务 where 签名章 are put, one for each 署名, and nowhere else (B-16).
pub fn signing(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
) -> Option<Signing> {
    let place = place.key("sign_off_positions");
    let posted = document.sign_off_positions.as_deref().unwrap_or_default();
    let positions = check.texts(&place, posted, &TextRule::NAME);
    let seal = document.seal.unwrap_or_else(|| Seal::of(document.form));
    let (count, names) = (posted.len(), document.sign_off.as_ref().map_or(0, Vec::len));
    if seal == Seal::SignatureStamp && count != names {
        let detail = format!(
            "加盖签发人签名章的公文应写明每位签发人的职务：署名有{names}个，职务有{count}个，请核对。"
        );
        check.error(&place, Code::PositionCount, detail);
    } else if seal != Seal::SignatureStamp && count > 0 {
        let detail =
            "只有加盖签发人签名章的公文才标注签发人职务，请删去职务，或把用印方式改为签名章。";
        check.error(&place, Code::PositionCount, detail.to_owned());
    }
    Some(match seal {
        Seal::Sealed => Signing::Sealed,
        Seal::Unsealed => Signing::Unsealed,
        Seal::SignatureStamp => Signing::SignatureStamp { positions: positions? },
    })
}

/// 附注, a line each, without the brackets that they are printed in (B-20).
pub fn annotation(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: Option<&Lines>,
) -> Option<Vec<String>> {
    match posted {
        None => Some(Vec::new()),
        Some(Lines::One(line)) => {
            bracketed(check, place, line, &TextRule::LINE).map(|line| vec![line])
        }
        Some(Lines::Several(lines)) => {
            if !check.list_fits(place, lines.len(), limits::ANNOTATIONS) {
                return None;
            }
            let lines = lines.iter().enumerate();
            every(
                lines.map(|(index, line)| {
                    bracketed(check, &place.item(index), line, &TextRule::LINE)
                }),
            )
        }
    }
}

/// A line that is printed in brackets, without them, whether or not they were posted.
pub fn bracketed(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &str,
    rule: &TextRule,
) -> Option<String> {
    let text = check.text(place, posted, rule)?;
    let inner = without_brackets(&text).to_owned();
    if inner.is_empty() {
        check.error(place, Code::TextEmpty, format!("{}不能为空，请填写。", place.label()));
        return None;
    }
    Some(inner)
}

/// The text inside the one pair of brackets that holds it all; `（甲）和（乙）` has no such pair.
fn without_brackets(text: &str) -> &str {
    for (open, close) in [('（', '）'), ('(', ')')] {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner
            && !leaves_brackets(inner, open, close)
        {
            return bare(inner);
        }
    }
    text
}

/// Whether a closing bracket comes before its opening one.
fn leaves_brackets(text: &str, open: char, close: char) -> bool {
    let mut depth = 0_usize;
    for character in text.chars() {
        if character == open {
            depth += 1;
        } else if character == close {
            let Some(less) = depth.checked_sub(1) else { return true };
            depth = less;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::without_brackets;

    #[test]
    fn one_pair_of_brackets_is_taken_off() {
        let cases = [
            ("此件公开发布", "此件公开发布"),
            ("（此件公开发布）", "此件公开发布"),
            ("(此件公开发布)", "此件公开发布"),
            ("（联系人：李明（市民政局））", "联系人：李明（市民政局）"),
            ("（甲）和（乙）", "（甲）和（乙）"),
            ("（）", ""),
        ];
        for (posted, expected) in cases {
            assert_eq!(without_brackets(posted), expected, "{posted}");
        }
    }
}
