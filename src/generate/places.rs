//! Finds where the texts of a submission are printed, for an editor that leads from one to the other.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::render::engine::page_text::PrintedCharacter;

/// The part of a page that shows a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "一处文字在版面上的位置，以页宽、页高的千分之一计")]
pub struct PrintedPlace {
    /// JSON Pointer to the text in the submission.
    #[schemars(description = "文字所在之处（JSON Pointer）")]
    pub pointer: String,
    /// The page, counted from 1.
    #[schemars(description = "第几页，自1起")]
    pub page: usize,
    /// The left edge.
    #[schemars(description = "左边")]
    pub x: u16,
    /// The upper edge.
    #[schemars(description = "上边")]
    pub y: u16,
    /// The width.
    #[schemars(description = "宽")]
    pub width: u16,
    /// The height.
    #[schemars(description = "高")]
    pub height: u16,
}

/// If a text is not found, for example because points are printed inside it, this many of its first
/// characters are searched.
const BEGINNINGS: [usize; 2] = [8, 4];

/// What is printed before the names of 签发人.
const SIGNATORY_LABEL: &str = "签发人";

/// The shortest text that is searched. A shorter one is found anywhere.
const SHORTEST: usize = 2;

/// Finds the texts of a submission in the printed text. Both have the same order, so each text is
/// searched after the one before it, and a repeated heading is not taken for another.
pub fn places(submission: &Value, printed: &[PrintedCharacter]) -> Vec<PrintedPlace> {
    let all: Vec<char> = printed.iter().map(|one| one.character).collect();
    let mut places = Vec::new();
    let mut position = 0;
    for (pointer, text) in texts(submission) {
        // What is between braces is replaced when it is printed.
        for part in text.split(['{', '}']).step_by(2) {
            let wanted: Vec<char> = part.chars().filter(|c| c.is_alphanumeric()).collect();
            let Some((start, end)) = find(&all, position, &wanted) else { continue };
            position = position.max(end);
            if pointer.is_empty() {
                continue;
            }
            add(&mut places, &pointer, &printed[start..end]);
        }
    }
    places
}

/// The first occurrence after a position; if there is none, that of its beginning.
fn find(all: &[char], position: usize, wanted: &[char]) -> Option<(usize, usize)> {
    if wanted.len() < SHORTEST {
        return None;
    }
    let [long, short] = BEGINNINGS.map(|length| &wanted[..wanted.len().min(length)]);
    let search = |from: usize, text: &[char]| {
        let found = all[from..].windows(text.len()).position(|window| window == text)?;
        Some((from + found, from + found + text.len()))
    };
    search(position, wanted)
        .or_else(|| search(position, long))
        .or_else(|| search(0, wanted))
        .or_else(|| search(0, long))
        .or_else(|| search(position, short))
}

/// Adds one place for each page that the characters are on.
fn add(places: &mut Vec<PrintedPlace>, pointer: &str, characters: &[PrintedCharacter]) {
    for same_page in characters.chunk_by(|a, b| a.page == b.page) {
        let left = same_page.iter().map(|one| one.left).min().unwrap_or_default();
        let top = same_page.iter().map(|one| one.top).min().unwrap_or_default();
        let right = same_page.iter().map(|one| one.right).max().unwrap_or_default();
        let bottom = same_page.iter().map(|one| one.bottom).max().unwrap_or_default();
        places.push(PrintedPlace {
            pointer: pointer.to_owned(),
            page: same_page[0].page,
            x: left,
            y: top,
            width: right - left,
            height: bottom - top,
        });
    }
}

/// The texts of a submission with their pointers, in the order in which they are printed.
fn texts(submission: &Value) -> Vec<(String, String)> {
    const BEFORE_TEXT: [&str; 6] =
        ["issuers", "document_number", "signatories", "title", "note", "primary_recipients"];
    const AFTER_TEXT: [&str; 4] = ["sign_off", "document_date", "annotation", "attendance"];
    const COLOPHON: [&str; 3] = ["copy_recipients", "printing_office", "printing_date"];
    let document = &submission["document"];
    let mut found = Vec::new();
    let of_document = |keys: &[&str], found: &mut Vec<_>| {
        for key in keys {
            let is_filled = document[*key].as_array().is_some_and(|list| !list.is_empty());
            if *key == "signatories" && is_filled {
                // The label that the program prints before the names. An unfinished document has the
                // same text as a name.
                found.push((String::new(), SIGNATORY_LABEL.to_owned()));
            }
            collect(&document[*key], &format!("/document/{key}"), found);
        }
    };
    of_document(&BEFORE_TEXT, &mut found);
    for key in ["opening", "scores", "body", "closing"] {
        collect(&submission[key], &format!("/{key}"), &mut found);
    }
    let attachments = document["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (index, attachment) in attachments.iter().enumerate() {
        let pointer = format!("/document/attachments/{index}/title");
        collect(&attachment["title"], &pointer, &mut found);
    }
    of_document(&AFTER_TEXT, &mut found);
    match submission["issued"].as_array() {
        None => issued(&submission["issued"], "/issued", &mut found),
        Some(texts) => {
            for (index, text) in texts.iter().enumerate() {
                issued(text, &format!("/issued/{index}"), &mut found);
            }
        }
    }
    for (index, attachment) in attachments.iter().enumerate() {
        for key in ["body", "scores"] {
            let pointer = format!("/document/attachments/{index}/{key}");
            collect(&attachment[key], &pointer, &mut found);
        }
    }
    of_document(&COLOPHON, &mut found);
    found
}

/// The texts of an issued text in the order in which they are printed.
fn issued(text: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    const SIGNED: [&str; 2] = ["sign_off", "document_date"];
    let of_text = |keys: &[&str], found: &mut Vec<_>| {
        for key in keys {
            collect(&text[*key], &format!("{pointer}/{key}"), found);
        }
    };
    of_text(&["title", "document_number", "note"], found);
    let is_below_title = text["sign_off_place"] == "below_title";
    if is_below_title {
        of_text(&SIGNED, found);
    }
    of_text(&["primary_recipients", "body"], found);
    let attachments = text["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_attachments = |key: &str, found: &mut Vec<_>| {
        for (index, attachment) in attachments.iter().enumerate() {
            collect(&attachment[key], &format!("{pointer}/attachments/{index}/{key}"), found);
        }
    };
    of_attachments("title", found);
    if !is_below_title {
        of_text(&SIGNED, found);
    }
    of_text(&["annotation"], found);
    of_attachments("body", found);
}

/// The keys of a block or an entry whose order is not that of the alphabet.
const FIRST_KEYS: [&str; 3] = ["title", "heading", "head"];

/// The endings of keys whose values are not printed as they are. Components are printed in the title.
const NOT_SEARCHED: [&str; 6] = ["points", "score", "kind", "form", "components", "not_applicable"];

fn collect(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if pointer.ends_with("_date") => {
            found.push((pointer.to_owned(), printed_date(text)));
        }
        Value::String(text) => found.push((pointer.to_owned(), text.clone())),
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                collect(entry, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Object(keys) if keys.contains_key("agency_code") => {
            let [code, year, serial] =
                ["agency_code", "year", "serial"].map(|key| plain(&keys[key]));
            found.push((format!("{pointer}/agency_code"), format!("{code}{year}{serial}号")));
        }
        Value::Object(keys) => {
            let is_first = |key: &&String| FIRST_KEYS.contains(&key.as_str());
            let (first, others): (Vec<_>, Vec<_>) = keys.keys().partition(is_first);
            // 工作情况 is printed before the parts of an entry.
            let (narrative, others): (Vec<_>, Vec<_>) =
                others.into_iter().partition(|key| *key == "narrative");
            for key in first.into_iter().chain(narrative).chain(others) {
                if !NOT_SEARCHED.iter().any(|end| key.ends_with(end)) {
                    collect(&keys[key], &format!("{pointer}/{key}"), found);
                }
            }
        }
        _ => {}
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `2021-12-22` as 2021年12月22日.
fn printed_date(text: &str) -> String {
    let mut printed = String::new();
    for (part, unit) in text.split('-').zip(["年", "月", "日"]) {
        // Writing to a string always succeeds.
        let _ = write!(printed, "{}{unit}", part.trim_start_matches('0'));
    }
    printed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{PrintedPlace, places};
    use crate::render::engine::page_text::PrintedCharacter;

    /// Characters in lines of ten, ten lines a page.
    fn printed(text: &str) -> Vec<PrintedCharacter> {
        let numbered = text.chars().zip(0_u16..);
        numbered
            .map(|(character, at)| PrintedCharacter {
                character,
                page: usize::from(at / 100) + 1,
                left: at % 10 * 100,
                top: at / 10 % 10 * 100,
                right: at % 10 * 100 + 100,
                bottom: at / 10 % 10 * 100 + 80,
            })
            .collect()
    }

    #[test]
    fn a_repeated_text_is_found_in_its_order() {
        let submission = json!({
            "document": { "title": "救助工作" },
            "body": ["一是救助工作。", { "heading": { "level": 1, "title": "救助工作" }, "paragraph": "共**九**件" }]
        });
        let printed = printed("救助工作一是救助工作一救助工作共九件");
        let found = places(&submission, &printed);
        let pointers: Vec<&str> = found.iter().map(|place| place.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            ["/document/title", "/body/0", "/body/1/heading/title", "/body/1/paragraph"]
        );
        let heading = PrintedPlace {
            pointer: "/body/1/heading/title".to_owned(),
            page: 1,
            x: 100,
            y: 100,
            width: 400,
            height: 80,
        };
        assert_eq!(found[2], heading);
    }

    #[test]
    fn numbers_and_dates_are_searched_as_printed() {
        let submission = json!({ "document": {
            "document_number": { "agency_code": "云民发", "year": 2026, "serial": 7 },
            "document_date": "2026-03-05",
        }, "body": ["得分{total.self_score}分，现报告如下。"] });
        let printed = printed("云民发20267号得分98分现报告如下2026年3月5日");
        let found = places(&submission, &printed);
        let pointers: Vec<&str> = found.iter().map(|place| place.pointer.as_str()).collect();
        let expected = [
            "/document/document_number/agency_code",
            "/body/0",
            "/body/0",
            "/document/document_date",
        ];
        assert_eq!(pointers, expected);
    }

    #[test]
    fn a_text_on_two_pages_has_two_places() {
        let text = "甲乙丙丁戊己庚辛壬癸".repeat(11);
        let found = places(&json!({ "document": {}, "body": [text.clone()] }), &printed(&text));
        let pages: Vec<usize> = found.iter().map(|place| place.page).collect();
        assert_eq!(pages, [1, 2]);
        assert_eq!(places(&json!({ "document": {}, "body": ["子丑寅"] }), &printed(&text)), []);
    }

    #[test]
    fn a_name_is_found_behind_its_label() {
        let submission = json!({ "document": { "signatories": ["〔签发人〕"] } });
        let found = places(&submission, &printed("巴市民政2021号签发人签发人关于"));
        let at: Vec<(&str, u16)> = found.iter().map(|one| (&*one.pointer, one.x)).collect();
        assert_eq!(at, [("/document/signatories/0", 200)]);
    }

    #[test]
    fn a_word_of_the_text_is_no_label_of_absent_names() {
        let submission =
            json!({ "document": { "signatories": [], "title": "救助" }, "body": ["由签发人救助"] });
        let found = places(&submission, &printed("救助由签发人救助"));
        let at: Vec<(&str, u16)> = found.iter().map(|one| (&*one.pointer, one.x)).collect();
        assert_eq!(at, [("/document/title", 0), ("/body/0", 200)]);
    }

    #[test]
    fn a_forwarded_document_has_its_parts_in_their_order() {
        let own = json!({ "agency_code": "省民发", "year": 2024, "serial": 7 });
        let text = json!({ "title": "救助通知", "document_number": own, "primary_recipients": ["各县"],
            "body": ["省民政厅核定。"], "sign_off": ["省民政厅"], "document_date": "2024-05-06",
            "annotation": "此件公开", "attachments": [{ "title": "统计表", "body": ["按季填报。"] }] });
        let submission = json!({ "document": { "sign_off": ["省民政厅"] }, "issued": text });
        let printed = printed(
            "省民政厅救助通知省民发20247号各县省民政厅核定附件统计表省民政厅2024年5月6日此件公开附件统计表按季填报",
        );
        let found = places(&submission, &printed);
        let pointers: Vec<&str> = found.iter().map(|place| place.pointer.as_str()).collect();
        let expected = [
            "/document/sign_off/0",
            "/issued/title",
            "/issued/document_number/agency_code",
            "/issued/primary_recipients/0",
            "/issued/body/0",
            "/issued/attachments/0/title",
            "/issued/sign_off/0",
            "/issued/document_date",
            "/issued/annotation",
            "/issued/attachments/0/body/0",
        ];
        assert_eq!(pointers, expected);
    }

    #[test]
    fn a_title_with_points_inside_is_found_by_its_beginning() {
        let section = json!({
            "title": "救助对象、工作人员满意度",
            "components": [{ "name": "救助对象" }],
            "narrative": ["已完成。"],
        });
        let submission = json!({ "document": {}, "scores": { "sections": [section] } });
        let found = places(&submission, &printed("救助对象2分工作人员3分满意度已完成"));
        let pointers: Vec<&str> = found.iter().map(|place| place.pointer.as_str()).collect();
        assert_eq!(pointers, ["/scores/sections/0/title", "/scores/sections/0/narrative/0"]);
    }
}
