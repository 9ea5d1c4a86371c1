//! Files that are read into submissions, and the template.

use std::sync::Arc;

use hongtou::http::router::router;

use crate::http::in_process::{app, get, post_to};

const FILE: (&str, &str) = ("content-type", "application/octet-stream");

/// The text of the seed filing as OCR gave it.
const TEXT: &str = include_str!("../../../fixtures/imports/bazhong-2021-38-ocr.txt");

#[tokio::test]
async fn a_text_is_read_and_nothing_is_stored() {
    let answer = post_to(router(Arc::new(app().await)), "/v1/imports", &[FILE], TEXT).await;
    assert_eq!(answer.status, 200);
    let read = answer.json();
    assert_eq!(read["kind"], "text");
    assert_eq!(read["submission"]["document"]["document_number"]["serial"], 38);
    assert_eq!(read["submission"]["scores"]["total"]["self_score"], "110");
}

#[tokio::test]
async fn the_template_is_read_back() {
    let template = get("/v1/imports/template").await;
    assert_eq!(template.status, 200);
    assert!(template.header("content-disposition").contains("template.xlsx"));
    let answer =
        post_to(router(Arc::new(app().await)), "/v1/imports", &[FILE], template.body).await;
    assert_eq!(answer.json()["kind"], "workbook");
}

#[tokio::test]
async fn other_files_and_types_are_refused() {
    let refused = [(FILE, "%PDF-1.7", 422, "unreadable-file"), (FILE, "", 422, "unreadable-file")];
    let json = (("content-type", "application/json"), "{}", 415, "not-an-import-type");
    for (media_type, file, status, name) in refused.into_iter().chain([json]) {
        let answer =
            post_to(router(Arc::new(app().await)), "/v1/imports", &[media_type], file).await;
        answer.assert_problem(status, name);
    }
}
