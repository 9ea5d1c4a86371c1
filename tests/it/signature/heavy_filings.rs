//! Every accepted filing can be verified when it is signed, also one with the most structure.

use hongtou::generate::generate;
use hongtou::signature::verify::verify;
use serde_json::{Value, json};

use crate::fixture;
use crate::http::in_process::TYPESETTER;
use crate::signature::signer::{VALIDATION_TIME, sign, trust};

fn letter() -> Value {
    serde_json::from_slice(&fixture::bytes("valid", "letter-2023-46")).unwrap()
}

fn assert_verifiable(filing: &Value) {
    let original = generate(filing.to_string().as_bytes(), &TYPESETTER).unwrap();
    let signed = sign(&original.pdf);
    let report = verify(&signed, Some(&original.pdf), &trust(), VALIDATION_TIME).unwrap();
    assert!(report.passed);
}

/// Each letter is marked by itself, because the next one comes from another font.
#[test]
fn a_signed_filing_in_two_fonts_passes() {
    let mut filing = letter();
    filing["body"] = json!(vec!["甲丂乙丒".repeat(2_400); 12]);
    assert_verifiable(&filing);
}

/// Nearly as many cells as the rules accept, in attachments with cover pages and heads of their own.
#[test]
fn a_signed_filing_with_the_most_cells_passes() {
    let indicator = json!({
        "first_level": "产出指标", "second_level": "数量指标", "title": "数量", "target": "一",
        "actual": "一", "max_points": "1", "self_score": "1"
    });
    let table = json!({
        "project_name": "项目", "department": "局", "implementing_unit": "站",
        "funds": [{ "name": "总额", "initial_budget": "10", "budget": "10", "executed": "10" }],
        "execution": { "max_points": "10", "self_score": "10" },
        "goal": { "expected": "甲", "actual": "乙" },
        "indicators": vec![indicator; 4],
        "total": { "max_points": "14", "self_score": "14" }
    });
    let attachment = |index: usize| {
        json!({
            "title": format!("第{index}个项目支出绩效自评表"),
            "cover": vec![["部门名称", "某局"]; 10],
            "project_table": table.clone()
        })
    };
    let mut filing = letter();
    filing["document"]["attachments"] = (1..=116).map(attachment).collect();
    assert_verifiable(&filing);
}
