//! The reference of the input format in `docs/`, generated from the types that read it.
//!
//! The English text is the documentation of the fields, the Chinese text the descriptions of the
//! published schema. `INSTA_UPDATE=always` writes the files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::fixture;
use crate::input_limits::{Limit, limit};
use crate::source_docs;

/// Descriptions of keys whose schema is written by hand and has none.
const CHINESE: [(&str, &str); 3] = [
    (
        "text",
        "文字，可为空；表头中至多200字；左对齐的格子，文字之前的全角空格照印，如合计之下的各项",
    ),
    ("column_span", "跨几列；不写则为1"),
    ("row_span", "跨几行；不写则为1"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    Chinese,
}

/// The score sheet.
const SCORES: &str = "PostedScores";

/// An object of the format and the path at which it is first used.
struct Section {
    name: String,
    path: String,
}

#[test]
#[expect(clippy::disallowed_methods, reason = "chooses whether to write; no page depends on it")]
fn the_references_of_the_input_are_current() {
    for (language, name) in
        [(Language::English, "docs/input.md"), (Language::Chinese, "docs/input.zh-CN.md")]
    {
        let path = fixture::root().join(name);
        let expected = reference(language);
        let is_update = std::env::var_os("INSTA_UPDATE").is_some_and(|mode| mode == "always");
        if is_update {
            std::fs::write(&path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "{name} is out of date: run `just bless`");
    }
}

/// The schema of a submission.
pub fn schema() -> Value {
    hongtou_rules::submission::shape::json_schema()
}

fn reference(language: Language) -> String {
    let schema = schema();
    let docs = source_docs::read();
    let examples = examples(&schema);
    let sections = sections(&schema);
    let mut out = match language {
        Language::English => ENGLISH_HEAD,
        Language::Chinese => CHINESE_HEAD,
    }
    .to_owned();
    for section in &sections {
        write_section(&mut out, language, &schema, &sections, section, &docs, &examples);
    }
    out
}

const ENGLISH_HEAD: &str = "# Input format\n\n[中文](input.zh-CN.md)\n\n\
    One JSON object describes one filing. Unknown keys are refused. An optional key may be absent or `null`.\n\
    In running text, `**…**` is bold, `\\*` an asterisk, `{total.self_score}`, `{total.max_points}` and `{total.grade}` insert the\n\
    total and the grade of the score sheet, and nothing else is markup. `hongtou schema` prints the same format as a JSON Schema.\n\n\
    Lengths count characters; the tests check every limit. Codes such as B-10 are rules in [layout-rules.md](layout-rules.md). This file is generated: edit the types in\n\
    `rules/src/submission/` and run `just bless`.\n";

const CHINESE_HEAD: &str = "# 输入格式\n\n[English](input.md)\n\n\
    一个JSON对象描述一份公文。未列出的键一律不接受；可省略的键可以不写，也可写`null`。\n\
    正文中`**……**`为加粗，`\\*`为星号，`{total.self_score}`、`{total.max_points}`和`{total.grade}`代入评分表的总分和等次，此外没有其他标记。\n\
    `hongtou schema`以JSON Schema输出同一格式。\n\n\
    长度按字数计算；各项上限都有测试核对。B-10之类的代码见[layout-rules.md](layout-rules.md)。本文件自动生成：请修改`rules/src/submission/`中的类型，再运行`just bless`。\n";

fn write_section(
    out: &mut String,
    language: Language,
    schema: &Value,
    sections: &[Section],
    section: &Section,
    docs: &BTreeMap<(String, String), String>,
    examples: &BTreeMap<(String, String), String>,
) {
    let object = definition(schema, &section.name);
    let heading = match (section.path.as_str(), language) {
        ("", Language::English) => "The whole object".to_owned(),
        ("", Language::Chinese) => "整个对象".to_owned(),
        (path, _) => format!("`{path}`"),
    };
    let about = described(language, object, &section.name, "", docs);
    let head = match language {
        Language::English => "| Key | Type | Required | Meaning | Limit | Example |",
        Language::Chinese => "| 键 | 类型 | 必填 | 含义 | 限制 | 示例 |",
    };
    write!(out, "\n## {heading}\n\n").unwrap();
    // The introduction of the page describes the whole object.
    if !section.path.is_empty() {
        write!(out, "{about}\n\n").unwrap();
    }
    write!(out, "{head}\n|---|---|---|---|---|---|\n").unwrap();
    let required = object["required"].as_array().cloned().unwrap_or_default();
    let mut lists = String::new();
    for key in ordered_keys(schema, &section.name, object) {
        let value = &object["properties"][&key];
        let meaning = described(language, value, &section.name, &key, docs);
        let is_required = required.iter().any(|name| *name == key.as_str());
        let mark = match (is_required, language) {
            (true, Language::English) => "yes",
            (true, Language::Chinese) => "是",
            (false, _) => "",
        };
        let kind = kind(language, schema, sections, value);
        let bound = limit(&section.name, &key).map(|limit| shown(language, limit));
        let example = examples.get(&(section.name.clone(), key.clone()));
        let example = example.map(|text| format!("`{text}`")).unwrap_or_default();
        let bound = bound.unwrap_or_default();
        writeln!(out, "| `{key}` | {kind} | {mark} | {meaning} | {bound} | {example} |").unwrap();
        lists.push_str(&listed_values(language, schema, &key, value, docs));
    }
    out.push_str(&lists);
}

fn shown(language: Language, limit: Limit) -> String {
    match (limit, language) {
        (Limit::Characters(n), Language::English) => format!("{n} characters"),
        (Limit::Characters(n), Language::Chinese) => format!("{n}字"),
        (Limit::Entries(n), Language::English) => format!("{n} entries"),
        (Limit::Entries(n), Language::Chinese) => format!("{n}项"),
        (Limit::Texts(n, each), Language::English) => {
            format!("{n} entries of {each} characters")
        }
        (Limit::Texts(n, each), Language::Chinese) => format!("{n}项，每项{each}字"),
        (Limit::Range(low, high), Language::English) => format!("{low} to {high}"),
        (Limit::Range(low, high), Language::Chinese) => format!("{low}至{high}"),
    }
}

/// The description of an object or, with a key, of a property.
fn described(
    language: Language,
    value: &Value,
    name: &str,
    key: &str,
    docs: &BTreeMap<(String, String), String>,
) -> String {
    match language {
        Language::English => docs
            .get(&(name.to_owned(), key.to_owned()))
            .unwrap_or_else(|| panic!("{name}.{key} has no documentation"))
            .clone(),
        Language::Chinese => {
            let fallback = CHINESE.iter().find(|(name, _)| *name == key).map(|(_, text)| *text);
            value["description"]
                .as_str()
                .or(fallback)
                .unwrap_or_else(|| panic!("{name}.{key} has no description"))
                .to_owned()
        }
    }
}

/// The definition that a property refers to, and in how many nested lists.
pub fn target(value: &Value) -> Option<(&str, usize)> {
    let mut inner = value["anyOf"].get(0).unwrap_or(value);
    let mut lists = 0;
    while !inner["items"].is_null() {
        inner = &inner["items"];
        lists += 1;
    }
    inner["$ref"].as_str().map(|path| (path.trim_start_matches("#/$defs/"), lists))
}

/// A definition, or the schema itself for the submission.
pub fn definition<'s>(schema: &'s Value, name: &str) -> &'s Value {
    if name == "Submission" { schema } else { &schema["$defs"][name] }
}

/// The keys of an object in the order in which its type declares them.
fn ordered_keys(schema: &Value, name: &str, object: &Value) -> Vec<String> {
    let properties = object["properties"].as_object().unwrap();
    let declared = source_docs::fields(name);
    let keys: Vec<String> =
        declared.into_iter().filter(|key| properties.contains_key(key)).collect();
    assert_eq!(keys.len(), properties.len(), "{name} of {}", schema["title"]);
    keys
}

/// The objects of the format, each before those it holds.
fn sections(schema: &Value) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    collect(schema, "Submission", String::new(), &mut found);
    found
}

fn collect(schema: &Value, name: &str, path: String, found: &mut Vec<Section>) {
    if found.iter().any(|section| section.name == name) {
        return;
    }
    let object = definition(schema, name);
    if object["properties"].is_null() {
        return;
    }
    found.push(Section { name: name.to_owned(), path: path.clone() });
    for key in ordered_keys(schema, name, object) {
        if let Some((inner, lists)) = target(&object["properties"][&key]) {
            // The score sheet of an attachment is described with that of the text.
            if inner == SCORES && !path.is_empty() {
                continue;
            }
            let dot = if path.is_empty() { "" } else { "." };
            let list = "[]".repeat(lists);
            collect(schema, inner, format!("{path}{dot}{key}{list}"), found);
        }
    }
}

/// The type of an object that has a section of its own, alone or beside a text or a list.
fn link_to(section: &Section, definition: &Value, lists: usize, is_english: bool) -> String {
    let anchor = section.path.replace(['.', '[', ']'], "");
    let (text, word) = match (is_english, lists) {
        (true, 0) => ("string or ", "object"),
        (true, _) => ("strings or ", "objects"),
        (false, _) => ("文本或", "对象"),
    };
    let link = format!("[{word}](#{anchor})");
    let several = definition["type"].is_array();
    match (definition["items"].is_null(), is_english) {
        (false, true) => format!("{link} or list of these"),
        (false, false) => format!("{link}或其列表"),
        (true, _) => format!("{}{link}", if several { text } else { "" }),
    }
}

fn kind(language: Language, schema: &Value, sections: &[Section], value: &Value) -> String {
    let is_english = language == Language::English;
    if let Some((name, lists)) = target(value) {
        let several = definition(schema, name)["type"].is_array();
        let of = match sections.iter().find(|section| section.name == name) {
            Some(section) => link_to(section, definition(schema, name), lists, is_english),
            None if several && !definition(schema, name)["items"].is_null() => {
                (if is_english { "string or list of strings" } else { "文本或文本的列表" })
                    .to_owned()
            }
            None if several => {
                (if is_english { "number or string" } else { "数字或文本" }).to_owned()
            }
            None => (if is_english { "string" } else { "文本" }).to_owned(),
        };
        return if is_english {
            match lists {
                0 => of,
                1 => format!("list of {of}"),
                _ => format!("list of lists of {of}"),
            }
        } else {
            format!("{of}{}", "的列表".repeat(lists))
        };
    }
    let word = |name: &str| match (name, is_english) {
        ("string", false) => "文本".to_owned(),
        ("integer", false) => "整数".to_owned(),
        ("boolean", false) => "真假值".to_owned(),
        (name, _) => name.to_owned(),
    };
    let one = |value: &Value| match &value["type"] {
        Value::Array(several) => several[0].as_str().unwrap_or_default().to_owned(),
        one => one.as_str().unwrap_or_default().to_owned(),
    };
    let accepts = |name: &str| {
        value["type"].as_array().is_some_and(|types| types.iter().any(|one| one == name))
    };
    match (one(value).as_str(), is_english) {
        ("array", true) if one(&value["items"]) == "array" => {
            format!("list of lists of {}s", word(&one(&value["items"]["items"])))
        }
        ("array", false) if one(&value["items"]) == "array" => {
            format!("{}的列表的列表", word(&one(&value["items"]["items"])))
        }
        ("string", true) if accepts("array") => "string or list of strings".to_owned(),
        ("string", false) if accepts("array") => "文本或文本的列表".to_owned(),
        ("array", true) => format!("list of {}s", word(&one(&value["items"]))),
        ("array", false) => format!("{}的列表", word(&one(&value["items"]))),
        (name, _) => word(name),
    }
}

/// The values that a key may have, if they are listed.
fn listed_values(
    language: Language,
    schema: &Value,
    key: &str,
    value: &Value,
    docs: &BTreeMap<(String, String), String>,
) -> String {
    let Some((name, _)) = target(value) else { return String::new() };
    let listed = definition(schema, name);
    let mut rows = Vec::new();
    for one in listed["oneOf"].as_array().into_iter().flatten() {
        let code = one["const"].as_str().unwrap();
        let text = described(language, one, name, code, docs);
        // The published description of a Chinese value only repeats it.
        let is_chinese_code = !code.is_ascii() && language == Language::Chinese;
        rows.push(if is_chinese_code { format!("`{code}`") } else { format!("`{code}`: {text}") });
    }
    if rows.is_empty() {
        return String::new();
    }
    let title = match language {
        Language::English => format!("Values of `{key}`:"),
        Language::Chinese => format!("`{key}`的值："),
    };
    format!("\n{title}\n\n- {}\n", rows.join("\n- "))
}

/// For each key the first short value of the valid fixtures, the seed's first.
fn examples(schema: &Value) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    for (place, (fixture, pointer)) in places(schema) {
        let json: Value = serde_json::from_slice(&fixture::bytes("valid", &fixture)).unwrap();
        let text = json.pointer(&pointer).unwrap().to_string();
        if text.chars().count() <= 40 && !text.contains('{') {
            found.insert(place, text.replace('|', "\\|"));
        }
    }
    found
}

/// For each key of each object where a valid fixture has it: the fixture and the pointer.
pub fn places(schema: &Value) -> BTreeMap<(String, String), (String, String)> {
    let mut names = fixture::names("valid");
    names.sort_by_key(|name| name != fixture::SEED);
    let mut found = BTreeMap::new();
    for name in names {
        let json: Value = serde_json::from_slice(&fixture::bytes("valid", &name)).unwrap();
        walk(schema, "Submission", &json, String::new(), &name, &mut found);
    }
    found
}

fn walk(
    schema: &Value,
    object: &str,
    json: &Value,
    pointer: String,
    fixture: &str,
    found: &mut BTreeMap<(String, String), (String, String)>,
) {
    if let Some(list) = json.as_array() {
        for (index, entry) in list.iter().enumerate() {
            walk(schema, object, entry, format!("{pointer}/{index}"), fixture, found);
        }
    }
    for (key, value) in json.as_object().into_iter().flatten() {
        let pointer = format!("{pointer}/{key}");
        let place = (object.to_owned(), key.clone());
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            found.entry(place).or_insert_with(|| (fixture.to_owned(), pointer.clone()));
        }
        let property = &definition(schema, object)["properties"][key];
        // The cells of a head have a limit of their own.
        if let Some((inner, _)) = target(property)
            && key != "head"
        {
            walk(schema, inner, value, pointer, fixture, found);
        }
    }
}
