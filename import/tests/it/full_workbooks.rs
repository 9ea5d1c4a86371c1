//! Workbooks of documents that have no room for all scores.

use hongtou_import::workbook::fault::TemplateError;
use hongtou_import::workbook::template;
use hongtou_import::workbook::write_units::ToMend;
use serde_json::json;

use crate::units::{mended, reasons, said, to_mend};

#[test]
fn a_workbook_has_no_more_scores_than_are_read() {
    let entry = json!({ "title": "效果", "max_points": "1", "self_score": "1" });
    let section = json!({ "title": "工作", "kind": "base", "max_points": "20000", "self_score": "20000",
        "indicators": vec![entry; 20_000] });
    let total = json!({ "max_points": "20000", "self_score": "20000" });
    let scores = json!({ "document": {}, "scores": { "total": total, "sections": [section] } });
    let documents: Vec<ToMend> =
        ["甲", "乙", "丙"].into_iter().map(|name| to_mend(name, scores.clone())).collect();
    let read = mended(documents);
    let has_scores: Vec<bool> =
        read.units.iter().map(|unit| unit.submission.get("scores").is_some()).collect();
    assert_eq!(has_scores, [true, true, false]);
    assert_eq!((said(&read.problems), said(&read.common)), (vec![], vec![]));
}

/// Each row repeats the title of its part, so a small document could take gigabytes.
#[test]
fn long_titles_of_many_rows_are_refused() {
    let entry = json!({ "max_points": "1", "self_score": "1" });
    let section = json!({ "title": "工".repeat(30_000), "kind": "base", "max_points": "30000",
        "self_score": "30000", "indicators": vec![entry; 30_000] });
    let total = json!({ "max_points": "30000", "self_score": "30000" });
    let scores = json!({ "document": {}, "scores": { "total": total, "sections": [section] } });
    assert_eq!(template::filled(&scores), Err(TemplateError::NoRoom));
    assert!(reasons(vec![to_mend("甲", scores)])[0].starts_with("工作簿已写满"));
}
