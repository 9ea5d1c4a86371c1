//! Finds typed text that the program prints too: numbers of headings, 主送：, 印发, 附件1.

use crate::submission::names::text_role::{PostedString, TextRole};
use crate::validate::typing::mend::Mend;
use crate::validate::typing::printed::numbering::{
    attachment_label, heading_number, provision_number,
};

/// Words that are printed before a list or a text, by its key.
const LABELS: [(&str, &[&str]); 12] = [
    ("issuers", &["发文机关"]),
    ("signatories", &["签发人", "签发"]),
    ("primary_recipients", &["主送机关", "主送"]),
    ("copy_recipients", &["抄送机关", "抄送", "抄报"]),
    ("present", &["出席人员", "出席"]),
    ("absent", &["请假人员", "请假"]),
    ("observers", &["列席人员", "列席"]),
    ("chair", &["主持人", "主持"]),
    ("recorder", &["记录人", "记录"]),
    ("printing_office", &["印发机关", "印发"]),
    ("annotation", &["附注"]),
    ("notes", &["注"]),
];

/// Words that are printed after a text, by its key.
const ENDINGS: [(&str, &str); 2] = [("issuers", "文件"), ("printing_office", "印发")];

/// The mark of strong text.
const STRONG: [char; 2] = ['*', '*'];

/// Marks that are printed between and after recipients.
const AFTER_RECIPIENTS: &str = "：:，,、；;。";

/// Deletes text that the program prints too, at the beginning or the end. Returns no mend if nothing
/// would be left.
pub fn mends(posted: &PostedString<'_>, text: &[char]) -> Vec<Mend> {
    let start = text.iter().take_while(|c| c.is_whitespace()).count();
    let end = text.len() - text.iter().rev().take_while(|c| c.is_whitespace()).count();
    let Some(inner) = text.get(start..end) else { return Vec::new() };
    let last = ending(posted, inner);
    let is_strong = posted.role.is_running() && inner.starts_with(&STRONG);
    let skipped = if is_strong { STRONG.len() } else { 0 };
    let first = beginning(posted, &inner[skipped..]);
    if skipped + first + last >= inner.len() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if first > 0 {
        let rest = &inner[skipped + first..];
        let (from, to) = if is_strong && rest.starts_with(&STRONG) {
            (0, skipped + first + STRONG.len())
        } else {
            (skipped, skipped + first)
        };
        let spaces = inner[to..].iter().take_while(|c| c.is_whitespace()).count();
        found.push(deleted(start + from..start + to + spaces));
    }
    if last > 0 {
        found.push(deleted(end - last..end));
    }
    found
}

fn deleted(at: std::ops::Range<usize>) -> Mend {
    Mend { at, right: String::new() }
}

/// The number of characters at the beginning that the program prints.
fn beginning(posted: &PostedString<'_>, text: &[char]) -> usize {
    match posted.role {
        TextRole::Heading => match posted.key() {
            "chapter" => heading_number(text).max(provision_number(text, "章")),
            "section" => heading_number(text).max(provision_number(text, "节")),
            _ => heading_number(text),
        },
        TextRole::Numbered => heading_number(text),
        TextRole::Article => article_number(text),
        TextRole::ScoreHeading if posted.key() == "title" => heading_number(text),
        TextRole::AttachmentTitle => attachment_label(text),
        TextRole::Annotation if is_bracketed_twice(text) => 1,
        _ => label(posted.key(), text),
    }
}

/// The length of 第三条 with the mark after it. Without a blank or a mark it may cite another article.
fn article_number(text: &[char]) -> usize {
    let length = provision_number(text, "条");
    let rest = &text[length..];
    match rest.strip_prefix(&STRONG).unwrap_or(rest).first() {
        _ if length == 0 => 0,
        Some('：' | ':' | '、' | '.' | '．') if !cites_more(rest) => {
            length + usize::from(!rest.starts_with(&STRONG))
        }
        Some(c) if c.is_whitespace() => length,
        _ => 0,
    }
}

/// Whether another number follows: 第三条、第四条规定的.
fn cites_more(text: &[char]) -> bool {
    text.get(1) == Some(&'第')
}

/// The number that an article begins with and that may be its own: 第一条为规范. 第三条规定的 cites one.
pub fn doubtful(posted: &PostedString<'_>, text: &[char]) -> Option<std::ops::Range<usize>> {
    const CITED: &str = "规所第中的、，；。至到和或及与以之项款各内关有相外除情执未已适同前—-～（";
    let start = text.iter().take_while(|c| c.is_whitespace() || **c == '*').count();
    let length = provision_number(&text[start..], "条");
    let follows = text.get(start + length)?;
    let is_own = posted.role == TextRole::Article
        && length > 0
        && article_number(&text[start..]) == 0
        && !CITED.contains(*follows);
    is_own.then_some(start..start + length)
}

fn label(key: &str, text: &[char]) -> usize {
    let labels = LABELS.iter().filter(|(of, _)| *of == key).flat_map(|(_, labels)| *labels);
    let lengths = labels.filter_map(|label| {
        let length = label.chars().count();
        let is_there = text.len() > length && label.chars().eq(text[..length].iter().copied());
        (is_there && matches!(text[length], '：' | ':')).then_some(length + 1)
    });
    lengths.max().unwrap_or_default()
}

/// The number of characters at the end that the program prints.
fn ending(posted: &PostedString<'_>, text: &[char]) -> usize {
    let key = posted.key();
    if matches!(key, "primary_recipients" | "copy_recipients") {
        return text.iter().rev().take_while(|c| AFTER_RECIPIENTS.contains(**c)).count();
    }
    if posted.role == TextRole::Annotation {
        return usize::from(is_bracketed_twice(text));
    }
    let ending = ENDINGS.iter().find(|(of, _)| *of == key).map_or("", |(_, ending)| ending);
    let length = ending.chars().count();
    let is_there =
        text.len() > length && text[text.len() - length..].iter().copied().eq(ending.chars());
    if is_there { length } else { 0 }
}

fn is_bracketed_twice(text: &[char]) -> bool {
    let is_opening = |c: &char| matches!(c, '（' | '(');
    let is_closing = |c: &char| matches!(c, '）' | ')');
    text.len() > 4
        && text[..2].iter().all(is_opening)
        && text[text.len() - 2..].iter().all(is_closing)
        && !text[2..text.len() - 2].iter().any(|c| is_opening(c) || is_closing(c))
}

/// The points in brackets at the end of a heading of the score sheet: （20分，自查得18分）.
pub fn points(text: &[char]) -> Option<std::ops::Range<usize>> {
    let end = text.len() - text.iter().rev().take_while(|c| c.is_whitespace()).count();
    let closing = end.checked_sub(1)?;
    if !matches!(text[closing], '）' | ')') {
        return None;
    }
    let opening = text[..closing].iter().rposition(|c| matches!(c, '（' | '('))?;
    let inside: String = text[opening + 1..closing].iter().collect();
    let number = ["分值", "满分", "共", "计", "-", "−"]
        .iter()
        .fold(inside.as_str(), |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let after = rest.strip_prefix('分')?;
    let is_points = rest.len() < number.len()
        && (after.is_empty() || after.starts_with(['，', ',', '；', ';', '、']))
        && opening > 0;
    is_points.then_some(opening..closing + 1)
}

#[cfg(test)]
mod tests {
    use super::{mends, points};
    use crate::submission::names::path::parse;
    use crate::submission::names::text_role::{PostedString, TextRole};
    use crate::validate::typing::mend::mended;

    fn mended_at(pointer: &str, text: &str) -> String {
        let path = parse(pointer);
        let has = |key: &str| key == "level" && !pointer.contains("heading");
        let posted = PostedString { path: &path, role: TextRole::of(&path, has), text };
        let text: Vec<char> = text.chars().collect();
        mended(&text, &mends(&posted, &text))
    }

    #[test]
    fn text_that_is_printed_anyway_is_removed() {
        let cases = [
            ("/document/primary_recipients/0", "主送：省民政厅：", "省民政厅"),
            ("/document/copy_recipients/1", "抄送: 省财政厅，", "省财政厅"),
            ("/document/copy_recipients/1", "抄送：", "抄送："),
            ("/document/signatories/0", "签发人：肖飞", "肖飞"),
            ("/document/attendance/present/0", "出席：李明", "李明"),
            ("/document/printing_office", "市民政局办公室 印发", "市民政局办公室 "),
            ("/document/issuers/0", "巴中市民政局文件", "巴中市民政局"),
            ("/document/issuers/0", "文件", "文件"),
            ("/document/annotation", "（（此件公开发布））", "（此件公开发布）"),
            ("/document/annotation", "（此件公开发布）", "（此件公开发布）"),
            ("/document/attachments/0/title", "附件1：佐证", "佐证"),
            ("/scores/sections/0/title", "一、重点工作", "重点工作"),
            ("/body/0/heading/title", "（一）重点工作", "重点工作"),
            ("/body/0", "（一）重点工作", "（一）重点工作"),
            ("/issued/body/0/paragraph", "（一）应救尽救；", "应救尽救；"),
            ("/issued/body/0/paragraph", "一是应救尽救；", "一是应救尽救；"),
            ("/issued/body/0/chapter", "第一章　总则", "总则"),
            ("/issued/0/body/0/section", "第一节 申请", "申请"),
            ("/issued/body/0/article", "第一条　为规范管理", "为规范管理"),
            ("/issued/body/0/article", "第三条规定的对象", "第三条规定的对象"),
            ("/issued/body/0/article", "第三条、第四条规定的对象", "第三条、第四条规定的对象"),
            ("/issued/body/0/article", "**第一条**　为规范", "为规范"),
            ("/issued/body/0/paragraph", "**（一）**应救尽救", "应救尽救"),
            ("/issued/body/0/paragraph", "**（一）救助。**应救尽救", "**救助。**应救尽救"),
            ("/issued/note", "（（会议通过））", "（会议通过）"),
            ("/scores/sections/0/indicators/0/narrative/0", "1.修订定额。", "修订定额。"),
            ("/scores/sections/0/indicators/0/narrative/1", "1.修订定额。", "1.修订定额。"),
            ("/scores/sections/0/groups/0/narrative/0", "1.修订定额。", "1.修订定额。"),
            ("/document/attachments/0/project_table/notes/0", "注：另有说明。", "另有说明。"),
        ];
        for (pointer, text, expected) in cases {
            assert_eq!(mended_at(pointer, text), expected, "{pointer} {text}");
        }
    }

    #[test]
    fn points_at_the_end_are_found() {
        let found = |text: &str| points(&text.chars().collect::<Vec<_>>()).is_some();
        for text in ["组织领导（20分）", "组织领导(分值20.5分)", "安全管理（-10分，自评0分）"]
        {
            assert!(found(text), "{text}");
        }
        for text in
            ["组织领导（20分钟内）", "（20分）", "加分项（每项5分）", "组织领导（一）", "组织"]
        {
            assert!(!found(text), "{text}");
        }
    }
}
