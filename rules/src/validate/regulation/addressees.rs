//! 主送 and 抄送 against each other, the issuers and the kind (条例 9(8), 9(16), 15(1), 15(5)).

use std::collections::BTreeMap;

use crate::document::kind::DocumentKind;
use crate::document::kind::elements::{KindElements, Need, Rule};
use crate::document::masthead::{Direction, Form};
use crate::submission::PostedDocument;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::bare;

/// How 主送 that names a person ends, where a title or an office follows the name.
const PERSON_ENDINGS: [&str; 16] = [
    "同志", "局长", "厅长", "部长", "处长", "科长", "主任", "书记", "省长", "市长", "县长", "区长",
    "镇长", "乡长", "主席", "总理",
];

/// How the full name of an agency ends. 市委 before 、 may be short for 市委办公室.
const AGENCY_ENDINGS: [char; 7] = ['局', '厅', '部', '院', '署', '室', '会'];

/// Checks whom the document goes to.
pub(crate) fn check(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    kind: Option<DocumentKind>,
) {
    let primary = names(document.primary_recipients.as_deref());
    let copies = names(document.copy_recipients.as_deref());
    once_each(check, place, document, &primary, &copies);
    if document.direction == Direction::Upward {
        not_a_person(check, place, &primary);
        not_to_subordinates(check, place, document, &copies);
    } else if let Some(kind) = kind {
        as_the_kind_has(check, &place.key("primary_recipients"), kind, document);
    }
}

/// The names of a posted list; none if the list exceeds its limit and is refused for that.
fn names(posted: Option<&[String]>) -> Vec<&str> {
    let posted = posted.unwrap_or_default();
    let is_bounded = posted.len() <= limits::LIST;
    posted.iter().filter(|_| is_bounded).map(|name| bare(name)).collect()
}

/// 主送 of a kind that is sent to someone, and none of one that is published.
fn as_the_kind_has(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    kind: DocumentKind,
    document: &PostedDocument,
) {
    let Rule { is: need, source } = KindElements::of(Some(kind)).primary_recipients;
    let is_empty = document.primary_recipients.as_ref().is_none_or(Vec::is_empty);
    let name = kind.name();
    if is_empty && need == Need::Required {
        let detail =
            format!("“{name}”一般应写明主送机关，现在没有；普发的公文可以不改（{source}）。");
        check.warning(place, Code::RecipientCount, detail);
    } else if !is_empty && need == Need::Absent && document.form != Form::Command {
        // A command with 主送 is refused by its form.
        let detail = format!("“{name}”面向社会或全体公布，一般不写主送机关，请核对（{source}）。");
        check.warning(place, Code::KindElement, detail);
    }
}

/// No agency receives a document twice or sends one to itself.
fn once_each(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    primary: &[&str],
    copies: &[&str],
) {
    let mut seen: BTreeMap<&str, &str> = names(Some(&document.issuers))
        .into_iter()
        .map(|name| (name, "发文机关"))
        .filter(|(name, _)| !name.is_empty())
        .collect();
    // The agencies within entries that name several.
    let mut within: BTreeMap<&str, &str> = BTreeMap::new();
    for (key, list_name, list) in
        [("primary_recipients", "主送机关", primary), ("copy_recipients", "抄送机关", copies)]
    {
        let list_place = place.key(key);
        for (index, name) in list.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let Some(first) = seen.get(name) else {
                within_once(check, &list_place.item(index), name, &seen, &within);
                within.extend(parts(name).map(|part| (part, list_name)));
                seen.insert(name, list_name);
                continue;
            };
            let name = quoted(name);
            let detail = match *first {
                first if first == list_name => {
                    format!("{list_name}“{name}”重复，请删去一个。")
                }
                "发文机关" => {
                    format!("“{name}”是发文机关，不应又列为{list_name}，请删去。")
                }
                _ => format!(
                    "“{name}”已是主送机关；抄送的是主送机关以外的机关，请删去（《条例》第九条第十六项）。"
                ),
            };
            check.error(&list_place.item(index), Code::DuplicateRecipient, detail);
        }
    }
}

/// The agencies of an entry that names several, joined by marks outside brackets: 市财政局、市审计局. None
/// if it is about a class of them, whose words hold for each: 各县民政局、财政局.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let is_end = move |c: char| {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, '、' | '，' | '；' | ',' | ';')
    };
    let is_class = ["各", "有关", "相关"].iter().any(|word| name.contains(word));
    let parts = name.split(is_end).map(bare);
    parts.filter(move |part| !is_class && *part != name && part.ends_with(AGENCY_ENDINGS))
}

/// A doubt about each agency of an entry that another entry names too, if one of them names several.
fn within_once(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    name: &str,
    seen: &BTreeMap<&str, &str>,
    within: &BTreeMap<&str, &str>,
) {
    let whole = within.get(name).map(|first| (name, first));
    let parts =
        parts(name).filter_map(|part| Some((part, seen.get(part).or_else(|| within.get(part))?)));
    for (agency, first) in whole.into_iter().chain(parts) {
        let detail = match *first {
            "发文机关" => format!("“{}”是发文机关，请核对是否应当删去。", quoted(agency)),
            first => format!("“{}”在{first}中已经列出，请核对是否重复。", quoted(agency)),
        };
        check.warning(place, Code::DuplicateRecipient, detail);
    }
}

fn not_a_person(check: &mut Checker<'_>, place: &Place<'_>, primary: &[&str]) {
    let list_place = place.key("primary_recipients");
    for (index, name) in primary.iter().enumerate() {
        if PERSON_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            let detail = format!(
                "主送“{}”像是写给个人；除上级机关负责人直接交办事项外，不得以本机关名义\
                 向上级机关负责人报送公文（《条例》第十五条第五项）。",
                quoted(name)
            );
            check.warning(&list_place.item(index), Code::RecipientPerson, detail);
        }
    }
}

fn not_to_subordinates(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    document: &PostedDocument,
    copies: &[&str],
) {
    let posted = document.subordinates.as_deref();
    check.list_fits(&place.key("subordinates"), posted.map_or(0, <[String]>::len), limits::LIST);
    let subordinates = names(posted);
    let list_place = place.key("copy_recipients");
    for (index, name) in copies.iter().enumerate() {
        if subordinates.contains(name) {
            let detail = format!(
                "“{}”是下级机关，上行文不抄送下级机关，请删去（《条例》第十五条第一项）。",
                quoted(name)
            );
            check.error(&list_place.item(index), Code::CopyToSubordinate, detail);
        }
    }
}
