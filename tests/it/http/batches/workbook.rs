//! Workbooks of many units: read into lines of a batch, and written again from the lines that were refused.

use std::sync::Arc;

use hongtou::http::router::router;
use serde_json::{Value, json};

use crate::http::batches::{events, get, letter, post, work, wrong_date};
use crate::http::in_process::{Answer, app, post_to};

const FILE: (&str, &str) = ("content-type", "application/octet-stream");

/// The units of a workbook.
async fn units(file: Vec<u8>) -> Answer {
    post_to(router(Arc::new(app().await)), "/v1/imports/units", &[FILE], file).await
}

#[tokio::test]
async fn refused_lines_come_back_as_a_workbook_that_is_read_again() {
    let app = Arc::new(app().await);
    let lines = [letter(921), wrong_date(922), "{\"document\"".to_owned()].join("\n");
    let accepted = post(&app, lines).await;
    assert_eq!(accepted.status, 202);
    let batch = accepted.header("location").to_owned();
    let _workers = work(&app);
    let last = events(&app, &batch).await.pop().unwrap();
    assert_eq!(last.0, "done");
    let workbook = get(&app, &format!("{batch}/problems.xlsx")).await;
    assert_eq!(workbook.status, 200);
    assert!(workbook.header("content-disposition").contains("problems.xlsx"));
    let read = units(workbook.body).await.json();
    let names: Vec<&Value> =
        read["units"].as_array().unwrap().iter().map(|unit| &unit["unit"]).collect();
    assert_eq!(names, [&json!("四川省民政厅（第2份）"), &json!("（第3份）")]);
    let document = &read["units"][0]["submission"]["document"];
    assert_eq!(document["document_number"]["serial"], json!(922));
}

#[tokio::test]
async fn a_workbook_of_one_document_is_no_workbook_of_units() {
    let one = get(&Arc::new(app().await), "/v1/imports/template").await;
    units(one.body).await.assert_problem(422, "unreadable-file");
    let template = get(&Arc::new(app().await), "/v1/imports/units/template").await;
    assert!(template.header("content-disposition").contains("units.xlsx"));
    let read = units(template.body).await;
    assert_eq!(read.json()["units"], json!([]));
}
