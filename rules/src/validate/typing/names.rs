//! Finds several names in one entry of a list of agencies or people.

use crate::submission::names::text_role::PostedString;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place_name::name_of;
use crate::validate::findings::violation::Code;
use crate::validate::text::characters::quoted;
use crate::validate::typing::chinese::is_chinese;

/// Marks between names that should be separate entries.
const BETWEEN: &str = "、，；,;/";

/// Surnames of two characters, after which some write a blank: 欧阳 建国.
const LONG_SURNAMES: &str =
    "欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 司徒 令狐 宇文 长孙 钟离 端木 独孤 南宫";

/// How a word in a list of people ends that is an agency or a post and not a name.
const NO_PERSON: [&str; 45] = [
    "局",
    "厅",
    "部",
    "委",
    "办",
    "处",
    "科",
    "室",
    "股",
    "院",
    "校",
    "会",
    "所",
    "站",
    "队",
    "组",
    "府",
    "中心",
    "公司",
    "集团",
    "银行",
    "街道",
    "同志",
    "代表",
    "等",
    "人员",
    "单位",
    "局长",
    "部长",
    "处长",
    "科长",
    "县长",
    "区长",
    "镇长",
    "乡长",
    "院长",
    "校长",
    "所长",
    "主任",
    "书记",
    "主席",
    "委员",
    "秘书",
    "经理",
    "调研员",
];

/// How the name of an agency ends.
const AGENCY: &str = "局厅府委会部院署办";

/// The shortest name of an agency that is taken for one.
const SHORTEST_AGENCY: usize = 4;

/// Checks one entry.
pub fn check(check: &mut Checker<'_>, posted: &PostedString<'_>) {
    let text = posted.text.trim();
    match posted.key() {
        "signatories" | "issuers" | "sign_off" if with_mark(check, posted) => {}
        "signatories" if are_people(text.split_whitespace()) => {
            check.error_at(posted.path, Code::SeveralInOne, blank(posted));
        }
        "issuers" | "sign_off" | "primary_recipients" | "copy_recipients" if are_agencies(text) => {
            check.warning_at(posted.path, Code::SeveralInOne, blank(posted));
        }
        "present" | "absent" | "observers" => {
            if are_people(text.split(|c: char| BETWEEN.contains(c))) {
                let detail = format!(
                    "{}“{}”像是几个人写在了一项里，请分成几项，一项一人。",
                    name_of(posted.path),
                    quoted(posted.text)
                );
                check.warning_at(posted.path, Code::SeveralInOne, detail);
            } else if are_people(text.split_whitespace()) {
                check.warning_at(posted.path, Code::SeveralInOne, blank(posted));
            }
        }
        _ => {}
    }
}

fn with_mark(check: &mut Checker<'_>, posted: &PostedString<'_>) -> bool {
    let mark = posted.text.chars().find(|c| BETWEEN.contains(*c));
    if let Some(mark) = mark {
        let detail = format!(
            "{}“{}”中有“{mark}”，像是几个名称写在了一项里，请分成几项，一项一个。",
            name_of(posted.path),
            quoted(posted.text)
        );
        check.error_at(posted.path, Code::SeveralInOne, detail);
    }
    mark.is_some()
}

/// Says that names have a blank between them.
fn blank(posted: &PostedString<'_>) -> String {
    format!(
        "{}“{}”中有空格，像是几个名称写在了一项里，请分成几项，一项一个；如是一个名称，请删去空格。",
        name_of(posted.path),
        quoted(posted.text)
    )
}

/// Whether there are several parts and each is the name of a person. 肖　飞 is one name.
fn are_people<'t>(parts: impl Iterator<Item = &'t str>) -> bool {
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_person = |part: &&str| {
        let has_blank = part.contains(char::is_whitespace);
        let length = part.chars().filter(|c| !c.is_whitespace()).count();
        part.chars().all(|c| is_chinese(c) || c.is_whitespace())
            && (2..=4).contains(&length)
            && (!has_blank || length == 2)
            && !NO_PERSON.iter().any(|ending| part.ends_with(ending))
    };
    let is_one =
        matches!(parts[..], [surname, _] if LONG_SURNAMES.split(' ').any(|of| of == surname));
    parts.len() > 1 && !is_one && parts.iter().all(is_person)
}

/// Whether blanks separate the names of several agencies.
fn are_agencies(text: &str) -> bool {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let is_agency = |part: &&str| {
        part.chars().count() >= SHORTEST_AGENCY
            && part.chars().all(is_chinese)
            && part.ends_with(|c| AGENCY.contains(c))
    };
    parts.len() > 1 && parts.iter().all(is_agency)
}

#[cfg(test)]
mod tests {
    use super::{BETWEEN, are_agencies, are_people};

    #[test]
    fn several_people_are_distinguished_from_one() {
        let blanks = |text: &str| are_people(text.split_whitespace());
        for text in ["肖飞 李四", "沈清和　王五", "肖飞 李四 王五"] {
            assert!(blanks(text), "{text}");
        }
        for text in [
            "肖飞",
            "肖　飞",
            "肖 飞",
            "欧阳 建国",
            "局长 肖飞",
            "市民政局 肖飞",
            "肖飞 主任",
            "买买提·艾力",
        ] {
            assert!(!blanks(text), "{text}");
        }
        let marks = |text: &str| are_people(text.split(|c: char| BETWEEN.contains(c)));
        assert!(marks("程远山、林若水") && marks("肖　飞，李四"));
        for text in ["市民政局、市财政局负责同志", "市委、市政府", "程远山", "程远山（市民政局）、"]
        {
            assert!(!marks(text), "{text}");
        }
    }

    #[test]
    fn several_agencies_are_distinguished_from_one() {
        assert!(are_agencies("巴中市民政局 巴中市财政局"));
        for text in ["巴中市民政局", "市 民政局", "巴中市民政局 肖飞"] {
            assert!(!are_agencies(text), "{text}");
        }
    }
}
