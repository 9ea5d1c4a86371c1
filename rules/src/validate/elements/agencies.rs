//! The checks of who issues, signs and receives a document (H-13, B-4, B-10 to B-15).

use crate::document::kind::DocumentKind;
use crate::document::masthead::Direction;
use crate::submission::PostedDocument;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::{TextRule, bare};

/// 发文机关: at least one, none twice.
pub fn issuers(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    posted: &[String],
) -> Option<Vec<String>> {
    let issuers = check.texts(place, posted, &TextRule::ISSUER);
    if posted.is_empty() {
        check.error(place, Code::ListEmpty, "发文机关至少要有一个，请填写。".to_owned());
    }
    // Compared as posted, so that a fault in one name hides no duplicate among the others.
    let listed: Vec<&str> = posted.iter().take(limits::LIST).map(|name| bare(name)).collect();
    for (index, issuer) in listed.iter().enumerate().filter(|(_, issuer)| !issuer.is_empty()) {
        if let Some(first) = listed[..index].iter().position(|other| other == issuer) {
            let detail = format!(
                "发文机关“{}”重复：第{}个与第{}个相同，请删去一个。",
                quoted(issuer),
                index + 1,
                first + 1
            );
            check.error(&place.item(index), Code::DuplicateIssuer, detail);
        }
    }
    at_most_laid_out(check, place, posted.len());
    issuers
}

/// 签发人: one for each 发文机关 of an upward document (H-13), none elsewhere.
pub fn signatories(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
) -> Option<Vec<String>> {
    let posted = document.signatories.as_deref().unwrap_or_default();
    let signatories = check.texts(place, posted, &TextRule::SIGNATORY);
    let (count, issuers) = (posted.len(), document.issuers.len());
    let is_upward = document.direction == Direction::Upward;
    if is_upward && count == 0 {
        let detail = "上行文必须写明签发人，每个发文机关一人，请填写。".to_owned();
        check.error(place, Code::SignatoryMissing, detail);
    } else if is_upward && count != issuers && issuers > 0 {
        let detail = format!(
            "发文机关有{issuers}个，签发人有{count}人；上行文的签发人应与发文机关一一对应，请核对。"
        );
        check.error(place, Code::SignatoryCount, detail);
    } else if !is_upward && count > 0 {
        let detail = format!(
            "只有上行文才标注签发人；本件是{}，请删去签发人，或改正行文方向。",
            document.direction.chinese_name()
        );
        check.error(place, Code::SignatoryCount, detail);
    }
    at_most_laid_out(check, place, count);
    signatories
}

/// 主送机关: one superior for an upward document, any number elsewhere (B-4).
pub fn primary_recipients(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
) -> Option<Vec<String>> {
    let posted = document.primary_recipients.as_deref().unwrap_or_default();
    let recipients = check.texts(place, posted, &TextRule::RECIPIENT);
    if document.direction == Direction::Upward && posted.len() != 1 {
        let detail = match posted.len() {
            0 => "上行文必须写明主送的上级机关，请填写一个。".to_owned(),
            count => format!(
                "上行文原则上只主送一个上级机关，现有{count}个；其他需要送达的机关请列入抄送。"
            ),
        };
        if is_report_to_both(document, posted) {
            check.warning(place, Code::RecipientCount, detail);
        } else {
            check.error(place, Code::RecipientCount, detail);
        }
    }
    recipients
}

/// Whether this is a report to one 党委 and one 政府, as on work of the rule of law: each has asked
/// for it.
fn is_report_to_both(document: &PostedDocument, recipients: &[String]) -> bool {
    let title = document.title.text(&document.issuers);
    let [one, other] = recipients else { return false };
    let (one, other) = (bare(one), bare(other));
    DocumentKind::of_title(bare(&title)) == Some(DocumentKind::Report)
        && (is_party_committee(one) && is_government(other)
            || is_government(one) && is_party_committee(other))
}

/// 中共青原县委员会, 中共青原县委, 青原县委, 云溪镇党委; 省发展和改革委员会 and 省卫生健康委 are none.
fn is_party_committee(name: &str) -> bool {
    const ENDINGS: [&str; 12] = [
        "党委",
        "党组",
        "党工委",
        "党委会",
        "省委",
        "市委",
        "县委",
        "区委",
        "州委",
        "旗委",
        "盟委",
        "地委",
    ];
    let is_of_the_party = ["中共", "中国共产党"].iter().any(|start| name.starts_with(start))
        && ["委", "委员会"].iter().any(|end| name.ends_with(end));
    is_of_the_party || ENDINGS.iter().any(|end| name.ends_with(end))
}

/// 青原县人民政府, 青原县政府, 开发区管委会, which has the duties of a government.
fn is_government(name: &str) -> bool {
    ["政府", "管委会", "管理委员会"].iter().any(|end| name.ends_with(end))
        && !name.starts_with("中共")
}

fn at_most_laid_out(check: &mut Checker<'_>, place: &Place<'_>, count: usize) {
    if count > limits::ISSUERS {
        let detail = format!(
            "本版最多排印{}个{}，现有{count}个，暂不支持。",
            limits::ISSUERS,
            place.label()
        );
        check.error(place, Code::Unsupported, detail);
    }
}

#[cfg(test)]
mod tests {
    use super::{is_government, is_party_committee};

    #[test]
    fn committees_of_the_party_are_told_from_commissions() {
        for name in [
            "中共青原县委员会",
            "中共青原县委",
            "中国共产党青原县委员会",
            "青原县委",
            "自治区党委",
            "云溪镇党委",
            "县民政局党组",
            "经开区党工委",
            "中共青原县委政法委员会",
        ] {
            assert!(is_party_committee(name) && !is_government(name), "{name}");
        }
        for name in
            ["省发展和改革委员会", "省卫生健康委", "市发改委", "国务院国资委", "青原县人民政府"]
        {
            assert!(!is_party_committee(name), "{name}");
        }
        for name in ["青原县人民政府", "青原县政府", "经开区管委会", "经济开发区管理委员会"]
        {
            assert!(is_government(name), "{name}");
        }
    }
}
