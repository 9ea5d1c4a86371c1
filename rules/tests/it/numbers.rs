//! Points are read exactly or refused.

use hongtou_rules::scoring::points::Points;
use hongtou_rules::scoring::sheet::SelfScore;
use hongtou_rules::validate::findings::violation::Code;

use crate::fixture::{self, answer};

/// The seed with a section 四 that has one indicator with these points.
fn with_bonus(written: &str, total: &str) -> Vec<u8> {
    let mut json = fixture::seed();
    let written: serde_json::Value = serde_json::from_str(written).unwrap();
    for key in ["max_points", "self_score"] {
        let bonus = json.pointer_mut("/scores/sections/3").unwrap();
        bonus[key] = written.clone();
        bonus["indicators"][0][key] = written.clone();
        json["scores"]["total"][key] = total.into();
    }
    serde_json::to_vec(&json).unwrap()
}

#[test]
fn points_are_exact_in_every_notation() {
    let cases = [
        ("0.1", "0.1", "100.1"),
        ("\"0.1\"", "0.1", "100.1"),
        ("0.30", "0.3", "100.3"),
        ("1e2", "100", "200"),
        ("\"1e2\"", "100", "200"),
        ("1E+2", "100", "200"),
        ("\"8.50\"", "8.5", "108.5"),
        ("850e-2", "8.5", "108.5"),
        ("-0", "0", "100"),
        ("\"-0\"", "0", "100"),
        ("-0.00", "0", "100"),
        ("8.0000000000000000000000000000", "8", "108"),
        ("\"8.0000000000000000000000000000\"", "8", "108"),
        ("9899.99", "9899.99", "9999.99"),
    ];
    for (written, value, total) in cases {
        let filing = answer(&with_bonus(written, total)).accepted().filing;
        let indicators = &filing.content().scores().unwrap().sections[3].entry.parts;
        let value = Points::parse(value).unwrap();
        assert_eq!(indicators[0].score.unwrap().self_score, SelfScore::Points(value), "{written}");
        // The canonical form, which uses doubles, has the same value.
        let again = answer(filing.source()).accepted().filing;
        assert_eq!(again, filing, "{written}");
    }
}

#[test]
fn tenths_add_up_exactly() {
    let mut json = fixture::seed();
    let section = json.pointer_mut("/scores/sections/3").unwrap();
    let tenth: serde_json::Value = serde_json::from_str("0.1").unwrap();
    let mut indicator = section["indicators"][0].clone();
    indicator["max_points"] = tenth.clone();
    indicator["self_score"] = tenth;
    section["indicators"] = vec![indicator; 3].into();
    section["max_points"] = serde_json::from_str("0.3").unwrap();
    section["self_score"] = "0.3".into();
    *json.pointer_mut("/scores/total/max_points").unwrap() = "100.3".into();
    *json.pointer_mut("/scores/total/self_score").unwrap() = "100.3".into();
    answer(&serde_json::to_vec(&json).unwrap()).accepted();
}

#[test]
fn malformed_points_are_refused_with_the_right_sentence() {
    let cases = [
        "\"NaN\"",
        "\"Infinity\"",
        "\"\"",
        "\" 8\"",
        "\"+8\"",
        "\"08\"",
        "\"8,5\"",
        "\"0x8\"",
        "\"８\"",
        "0.1234567890123456789012345678",
        "1234567890123456789012345678",
        "1e400",
        "1e-400",
        "8.001",
        "\"8.001\"",
        "1e99999999999999999999",
    ];
    for written in cases {
        let findings = answer(&with_bonus(written, "110")).refused();
        let faults: Vec<(Code, &str)> =
            findings.errors.iter().map(|error| (error.code, error.pointer.as_str())).collect();
        // Sums that need the number are left out.
        let expected = [
            (Code::PointsMalformed, "/scores/sections/3/max_points"),
            (Code::PointsMalformed, "/scores/sections/3/self_score"),
            (Code::PointsMalformed, "/scores/sections/3/indicators/0/max_points"),
            (Code::PointsMalformed, "/scores/sections/3/indicators/0/self_score"),
        ];
        assert_eq!(faults, expected, "{written}");
    }
}

#[test]
fn the_internal_number_object_of_serde_json_is_refused() {
    let seed = String::from_utf8(fixture::bytes("valid", fixture::SEED)).unwrap();
    let object = r#"{"$serde_json::private::Number": "110"}"#;
    for (number, object) in [
        ("\"110\"", object),
        ("2021", &object.replace("110", "2021")),
        ("38", &object.replace("110", "38")),
    ] {
        let body = seed.replacen(&format!(": {number}"), &format!(": {object}"), 1);
        assert_ne!(body, seed);
        let answer = answer(body.as_bytes());
        assert!(matches!(answer, fixture::Answer::Unreadable(_)), "{:#}", answer.shown());
    }
}
