//! The end of 正文: 署名 and 成文日期 that are typed there too, and a colon that nothing follows.

use crate::scoring::sheet::SheetPlace;
use crate::submission::Submission;
use crate::submission::text::PostedText;
use crate::validate::findings::checker::Checker;
use crate::validate::findings::place::Place;
use crate::validate::findings::violation::Code;
use crate::validate::limits;
use crate::validate::text::characters::quoted;
use crate::validate::text::rule::bare;

/// The most paragraphs of a typed sign-off: agencies, date, 附注, 主题词.
const LAST: usize = 12;

/// The most characters of a paragraph of a sign-off.
const LONGEST: usize = 60;

/// Words of a line that old forms have below 署名.
const BELOW: [&str; 3] = ["主题词", "（此件", "(此件"];

/// Checks the last paragraphs of the text.
pub fn check(check: &mut Checker<'_>, posted: &Submission) {
    let Some((key, list)) = last_list(posted) else { return };
    if list.len() > limits::BLOCKS {
        return;
    }
    let root = Place::ROOT;
    let place = root.key(key);
    sign_off_once(check, &place, list, posted);
    let announces = posted.issued.is_some()
        || posted.document.attachments.as_ref().is_some_and(|list| !list.is_empty());
    if let Some(PostedText::Paragraph(text)) = list.last()
        && !announces
    {
        unfinished(check, &place.item(list.len() - 1), text);
    } else if let Some(PostedText::Block(block)) = list.last()
        && let Some(text) = &block.paragraph
        && !announces
    {
        unfinished(check, &place.item(list.len() - 1).key("paragraph"), text);
    }
}

/// The list that ends the text, unless the scores are printed after it.
fn last_list(posted: &Submission) -> Option<(&'static str, &[PostedText])> {
    let lists =
        [("closing", &posted.closing), ("body", &posted.body), ("opening", &posted.opening)];
    let (key, list) = lists.into_iter().find_map(|(key, list)| {
        let list = list.as_deref().filter(|list| !list.is_empty())?;
        Some((key, list))
    })?;
    let scores_follow = key == "opening"
        && posted.scores.as_ref().is_some_and(|s| s.placement != Some(SheetPlace::Attachment));
    (!scores_follow).then_some((key, list))
}

fn unfinished(check: &mut Checker<'_>, place: &Place<'_>, text: &str) {
    let text = text.trim_matches(|c: char| c == '*' || c.is_whitespace());
    if text.ends_with(['：', ':']) && text.len() <= limits::PARAGRAPH * 4 {
        let end: String = text.chars().skip(text.chars().count().saturating_sub(20)).collect();
        let detail = format!("正文以“{}”结尾，冒号后面没有内容，请核对是否漏了。", quoted(&end));
        check.warning(place, Code::TextUnfinished, detail);
    }
}

/// No paragraph at the end is an agency of 署名 or a date, which are printed below the text.
fn sign_off_once(
    check: &mut Checker<'_>,
    place: &Place<'_>,
    list: &[PostedText],
    posted: &Submission,
) {
    let document = &posted.document;
    let signed = document.sign_off.as_deref().unwrap_or_default();
    if signed.is_empty() {
        return;
    }
    let names: Vec<String> = signed
        .iter()
        .chain(&document.issuers)
        .take(limits::LIST)
        .map(|name| joined(name))
        .collect();
    let mut found = Vec::new();
    for (index, entry) in list.iter().enumerate().rev().take(LAST) {
        let Some(text) = entry.paragraph().filter(|text| text.len() <= LONGEST * 4) else { break };
        let text = bare(text.trim_matches('*'));
        let whole = joined(text);
        let is_name = names.contains(&whole) || is_all_names(text, &names);
        if is_name || is_date(&whole) {
            let what = if is_name { "署名" } else { "日期" };
            let detail = format!(
                "正文末尾的“{}”像是{what}，署名和成文日期由程序印在正文之后，请删去。",
                quoted(text)
            );
            found.push((index, detail));
        } else if !BELOW.iter().any(|word| text.starts_with(word)) {
            break;
        }
    }
    for (index, detail) in found.into_iter().rev() {
        check.warning(&place.item(index), Code::PrintedTwice, detail);
    }
}

/// Whether a line is several agencies with blanks between them.
fn is_all_names(text: &str, names: &[String]) -> bool {
    let mut words = text.split([' ', '\u{3000}']).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| names.iter().any(|name| name == word))
}

/// A text without blanks.
fn joined(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a text without blanks is only a date: 2024年3月6日, 二〇〇七年三月六日.
fn is_date(text: &str) -> bool {
    let is_digit = |c: char| {
        c.is_ascii_digit() || matches!(c, '０'..='９') || "〇○Ｏ零一二三四五六七八九十".contains(c)
    };
    let number = |part: Option<&str>, most: usize| {
        part.is_some_and(|part| {
            (1..=most).contains(&part.chars().count()) && part.chars().all(is_digit)
        })
    };
    let Some((year, rest)) = text.split_once('年') else { return false };
    let Some((month, rest)) = rest.split_once('月') else { return false };
    let day = rest.strip_suffix('日');
    year.chars().count() == 4 && number(Some(year), 4) && number(Some(month), 3) && number(day, 3)
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn only_a_whole_day_is_a_date() {
        for text in
            ["2024年3月6日", "二〇二四年十二月三十一日", "二○○七年三月六日", "２０２４年１月１日"]
        {
            assert!(is_date(text), "{text}");
        }
        for text in
            ["2024年3月", "2024年3月6日起", "自2024年3月6日", "今年3月6日", "2024年3月6日前"]
        {
            assert!(!is_date(text), "{text}");
        }
    }
}
