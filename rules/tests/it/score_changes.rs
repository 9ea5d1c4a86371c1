//! Every change to a single number of a correct sheet is an error.

use hongtou_rules::scoring::points::Points;
use proptest::prelude::*;
use serde_json::Value;

use crate::fixture::{self, Answer, answer};

/// The pointers to every number of points.
fn places(json: &Value, here: &str, found: &mut Vec<String>) {
    match json {
        Value::Object(object) => {
            for (key, value) in object {
                let place = format!("{here}/{key}");
                if key == "max_points" || key == "self_score" {
                    found.push(place);
                } else {
                    places(value, &place, found);
                }
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Points within the valid range, usually near those of the seed.
fn hundredths() -> impl Strategy<Value = i64> {
    prop_oneof![3 => -2_000..12_000i64, 1 => -999_999..=999_999i64]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_changed_number_is_always_an_error(
        index in any::<prop::sample::Index>(),
        hundredths in hundredths(),
    ) {
        let mut json = fixture::seed();
        let mut pointers = Vec::new();
        places(&json, "", &mut pointers);
        let pointer = index.get(&pointers);
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
        let written = format!("{sign}{whole}.{rest:02}");
        let place = json.pointer_mut(pointer).unwrap();
        let before = Points::parse(place.as_str().unwrap()).unwrap();
        let is_same = Points::parse(&written).unwrap() == before;
        *place = Value::String(written);
        match answer(&serde_json::to_vec(&json).unwrap()) {
            Answer::Accepted(_) => prop_assert!(is_same, "{} was accepted", pointer),
            Answer::Refused(findings) => prop_assert!(!is_same && !findings.errors.is_empty()),
            Answer::Unreadable(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_sheet_with_other_sums_is_unchanged_after_a_round_trip(scores in prop::collection::vec(0..=800i64, 3)) {
        let mut json = fixture::seed();
        let bonus = json.pointer_mut("/scores/sections/3").unwrap();
        let mut indicator = bonus["indicators"][0].clone();
        let decimal = |n: i64| -> Value {
            serde_json::from_str(&format!("{}.{:02}", n / 100, n % 100)).unwrap()
        };
        let sum: i64 = scores.iter().sum();
        bonus["indicators"] = scores.iter().map(|score| {
            indicator["max_points"] = Value::from("8");
            indicator["self_score"] = decimal(*score);
            indicator.clone()
        }).collect();
        bonus["max_points"] = Value::from("24");
        bonus["self_score"] = decimal(sum);
        *json.pointer_mut("/scores/total/max_points").unwrap() = Value::from("124");
        *json.pointer_mut("/scores/total/self_score").unwrap() = decimal(10_000 + sum);
        let filing = answer(&serde_json::to_vec(&json).unwrap()).accepted().filing;
        prop_assert_eq!(&answer(filing.source()).accepted().filing, &filing);
    }
}
