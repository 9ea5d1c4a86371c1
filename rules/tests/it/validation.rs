//! The result of every fixture: accepted, accepted with warnings, or refused with the sentences of its
//! snapshot.

use std::collections::BTreeSet;

use hongtou_rules::submission::names::key_name::key_name;
use hongtou_rules::validate::findings::violation::Code;

use crate::fixture::{self, Answer};

/// Compares an answer with its snapshot; a missing snapshot fails like a different one.
fn assert_answer(kind: &str, name: &str) {
    let (why, body) = fixture::body(kind, name);
    let answer = fixture::answer(&body);
    let is_of_its_kind = match (kind, &answer) {
        ("warned", Answer::Accepted(accepted)) => !accepted.warnings.is_empty(),
        ("invalid", Answer::Refused(findings)) => !findings.errors.is_empty(),
        ("invalid", Answer::Unreadable(_)) => true,
        _ => false,
    };
    assert!(is_of_its_kind, "{kind}/{name}: {:#}", answer.shown());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_sort_maps(true);
    settings.set_description(why);
    settings.bind(|| insta::assert_json_snapshot!(name, answer.shown()));
}

#[test]
fn valid_fixtures_are_accepted_without_warnings() {
    for name in fixture::names("valid") {
        let accepted = fixture::answer(&fixture::bytes("valid", &name)).accepted();
        assert_eq!(accepted.warnings, [], "{name}");
    }
}

#[test]
fn published_documents_are_accepted_without_warnings_and_have_a_source() {
    let readme = std::fs::read_to_string(fixture::folder("real").join("README.md")).unwrap();
    let described: BTreeSet<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let names = fixture::names("real");
    assert_eq!(described, names.iter().map(String::as_str).collect());
    for name in names {
        let accepted = fixture::answer(&fixture::bytes("real", &name)).accepted();
        assert_eq!(accepted.warnings, [], "{name}");
    }
}

#[test]
fn invalid_fixtures_are_refused_as_their_snapshots_say() {
    for name in fixture::names("invalid") {
        assert_answer("invalid", &name);
    }
}

#[test]
fn warned_fixtures_are_accepted_with_their_warnings() {
    for name in fixture::names("warned") {
        assert_answer("warned", &name);
    }
}

#[test]
fn every_snapshot_has_its_fixture() {
    let snapshots = fixture::root().join("rules/tests/it/snapshots");
    let fixtures = [fixture::names("invalid"), fixture::names("warned")].concat();
    for entry in std::fs::read_dir(snapshots).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".snap").unwrap_or_else(|| panic!("{file} is no snapshot"));
        assert!(fixtures.iter().any(|fixture| fixture == name), "{file} has no fixture");
    }
}

#[test]
fn the_source_of_a_filing_gives_the_same_filing() {
    for name in fixture::names("valid") {
        let filing = fixture::answer(&fixture::bytes("valid", &name)).accepted().filing;
        let again = fixture::answer(filing.source()).accepted().filing;
        assert_eq!(again, filing, "{name}");
    }
}

#[test]
fn the_published_schema_accepts_valid_fixtures() {
    let schema = hongtou_rules::submission::shape::json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for name in fixture::names("valid") {
        let body = serde_json::from_slice(&fixture::bytes("valid", &name)).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&body).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }
    for name in fixture::names("warned") {
        let (_, body) = fixture::body("warned", &name);
        assert!(validator.is_valid(&serde_json::from_slice(&body).unwrap()), "{name}");
    }
}

#[test]
fn the_published_schema_refuses_wrong_shapes() {
    let schema = hongtou_rules::submission::shape::json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let by_shape = fixture::names("invalid").into_iter().filter(|name| name.starts_with("shape-"));
    let accepted: Vec<String> = by_shape
        .filter(|name| {
            let (_, body) = fixture::body("invalid", name);
            validator.is_valid(&serde_json::from_slice(&body).unwrap())
        })
        .collect();
    // JSON Schema takes 2021.0 for an integer; the rules want it written as one.
    assert_eq!(accepted, ["shape-integer-written-otherwise"]);
}

#[test]
fn every_violation_code_has_a_fixture() {
    let schema = serde_json::to_value(schemars::schema_for!(Code)).unwrap();
    let codes = schema["oneOf"].as_array().unwrap().iter().map(|code| &code["const"]);
    let codes: BTreeSet<String> = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
    assert!(codes.contains("unknown_key"));
    let mut seen = BTreeSet::new();
    for kind in ["invalid", "warned"] {
        for name in fixture::names(kind) {
            let findings = match fixture::answer(&fixture::body(kind, &name).1) {
                Answer::Accepted(accepted) => accepted.warnings,
                Answer::Refused(findings) => [findings.errors, findings.warnings].concat(),
                Answer::Unreadable(_) => Vec::new(),
            };
            seen.extend(findings.into_iter().map(|violation| violation.code.to_string()));
        }
    }
    let unseen: Vec<&String> = codes.difference(&seen).collect();
    assert_eq!(unseen, Vec::<&String>::new(), "codes without a fixture");
}

/// The examples of the READMEs are accepted without a warning.
#[test]
fn the_examples_of_the_readmes_are_accepted() {
    for name in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(fixture::root().join(name)).unwrap();
        let example = text.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
        let accepted = fixture::answer(example.as_bytes()).accepted();
        assert_eq!(accepted.warnings, [], "{name}");
    }
}

#[test]
fn totals_of_other_filings_are_not_compared() {
    let opening = "总分110分，自评得分为 110 分，其中加分项自评得分10分，工作效果自评得分37分。\
                   去年自评得分99分。自评得分5分钟内完成，自查得分３分之一，自查得分{total.self_score}分。";
    for total in ["110分", "１１０分", "110.0分", "：**110**分"] {
        let opening = format!("{opening}自查总得分{total}。");
        let body = fixture::seed_with("/opening/0", opening.into());
        let warnings = fixture::answer(&body).accepted().warnings;
        assert!(warnings.iter().all(|one| one.code != Code::TextTotalMismatch), "{warnings:?}");
    }
}

/// Sentences for staff have no technical words, except in quotations of the input.
#[test]
fn sentences_have_no_technical_words() {
    let words = ["对象", "空值", "类型", "数组", "字段", "键"];
    for kind in ["invalid", "warned"] {
        for name in fixture::names(kind) {
            let findings = match fixture::answer(&fixture::body(kind, &name).1) {
                Answer::Accepted(accepted) => accepted.warnings,
                Answer::Refused(findings) => [findings.errors, findings.warnings].concat(),
                Answer::Unreadable(_) => continue,
            };
            for finding in findings {
                let outside = finding.detail.split(['“', '”']).step_by(2).collect::<String>();
                let word = words.into_iter().find(|word| outside.contains(word));
                assert_eq!(word, None, "{name}: {}", finding.detail);
            }
        }
    }
}

/// A sentence names a place in words, as 正文第1段, never as a JSON Pointer.
#[test]
fn sentences_name_no_json_pointer() {
    let schema = crate::input_reference::schema();
    let keys = keys_of(&schema);
    for kind in ["invalid", "warned"] {
        for name in fixture::names(kind) {
            let sentences: Vec<String> = match fixture::answer(&fixture::body(kind, &name).1) {
                Answer::Accepted(accepted) => {
                    accepted.warnings.iter().map(ToString::to_string).collect()
                }
                Answer::Refused(findings) => {
                    let all = findings.errors.iter().chain(&findings.warnings);
                    all.map(ToString::to_string).collect()
                }
                Answer::Unreadable(error) => vec![error.to_string()],
            };
            for sentence in sentences {
                let pointer = keys.iter().find(|key| sentence.contains(&format!("/{key}")));
                assert_eq!(pointer, None, "{name}: {sentence}");
            }
        }
    }
}

/// The keys of the input format.
fn keys_of(schema: &serde_json::Value) -> BTreeSet<&String> {
    let defs = schema["$defs"].as_object().unwrap().values();
    let objects = defs.chain([schema]).filter_map(|object| object["properties"].as_object());
    objects.flat_map(|object| object.keys()).collect()
}

#[test]
fn every_key_has_a_chinese_name() {
    let schema = crate::input_reference::schema();
    let keys = keys_of(&schema);
    assert!(keys.len() > 70, "only {} keys", keys.len());
    let unnamed: Vec<_> = keys.into_iter().filter(|key| key_name(key).is_none()).collect();
    assert_eq!(unnamed, Vec::<&String>::new(), "keys without a Chinese name");
}
