//! The answer to every fixture: accepted, accepted with doubts, or refused with these sentences.

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
fn valid_fixtures_are_accepted_without_a_doubt() {
    for name in fixture::names("valid") {
        let accepted = fixture::answer(&fixture::bytes("valid", &name)).accepted();
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
fn warned_fixtures_are_accepted_with_their_doubts() {
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
fn a_sources_filing_is_the_same_filing() {
    for name in fixture::names("valid") {
        let filing = fixture::answer(&fixture::bytes("valid", &name)).accepted().filing;
        let again = fixture::answer(filing.source()).accepted().filing;
        assert_eq!(again, filing, "{name}");
    }
}

#[test]
fn the_published_schema_accepts_what_is_accepted() {
    let schema = hongtou_rules::submission::shape::json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&fixture::seed()));
}

#[test]
fn totals_that_are_not_this_filings_are_not_compared() {
    let opening = "总分110分，自评得分为 110 分，其中加分项自评得分10分，工作效果自评得分37分。\
                   去年自评得分99分。自评得分5分钟内完成，自查得分３分之一，自查得分{total.self_score}分。";
    for total in ["110分", "１１０分", "110.0分", "：**110**分"] {
        let opening = format!("{opening}自查总得分{total}。");
        let body = fixture::seed_with("/opening/0", opening.into());
        assert_eq!(fixture::answer(&body).accepted().warnings, []);
    }
}
