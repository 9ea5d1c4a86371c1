//! Previews: the picture equals the page of the PDF, and invalid requests are refused.

use std::io::Cursor;
use std::sync::Arc;

use axum::http::StatusCode;
use hongtou::http::router::router;
use serde_json::{Value, json};
use typst_render::RenderOptions;

use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::http::in_process::{Answer, JSON, VALID, app, post_to};

async fn preview(query: &str, body: impl Into<axum::body::Body>) -> Answer {
    post_to(router(Arc::new(app().await)), &format!("/v1/previews{query}"), &[JSON], body).await
}

/// The width, the height and the RGB values of a PNG.
fn pixels(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, info.height, pixels)
}

#[tokio::test]
async fn a_preview_equals_the_page_of_the_pdf() {
    let json: Value = serde_json::from_str(VALID).unwrap();
    let document = TYPESETTER.lay_out(&seed::filing(&json)).unwrap();
    let pages = document.pages();
    for (query, number) in
        [("", 1), ("?page=1", 1), (&*format!("?page={}", pages.len()), pages.len())]
    {
        let answer = preview(query, VALID).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "image/png");
        assert_eq!(answer.header("hongtou-pages"), pages.len().to_string());
        let (width, height, drawn) = pixels(&answer.body);
        assert_eq!((width, height), (900, 1273));
        let page = &pages[number - 1];
        let pixel_per_pt = (900.0 / page.frame.width().to_pt()).into();
        let options = RenderOptions { pixel_per_pt, ..RenderOptions::default() };
        let picture = typst_render::render(page, &options);
        let expected: Vec<u8> =
            picture.data().chunks(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
        assert!(drawn == expected, "page {number} differs");
        assert!(drawn.iter().any(|value| *value < 128), "page {number} is blank");
    }
}

#[tokio::test]
async fn a_preview_has_the_requested_width() {
    for width in [100, 2400] {
        let answer = preview(&format!("?width={width}"), VALID).await;
        assert_eq!(pixels(&answer.body).0, width);
    }
}

#[tokio::test]
async fn a_page_after_the_last_is_not_found() {
    let answer = preview("?page=13", VALID).await;
    answer.assert_problem(404, "no-such-page");
    assert_eq!(answer.header("hongtou-pages"), "12");
}

#[tokio::test]
async fn invalid_queries_and_submissions_are_refused() {
    for query in ["?page=0", "?width=99", "?width=2401", "?page=1&page=2", "?side=1"] {
        preview(query, VALID).await.assert_problem(400, "invalid-query");
    }
    let wrong = fixture::seed_with("/scores/total/self_score", json!("109"));
    let refused = preview("", wrong).await;
    refused.assert_problem(422, "refused");
    assert_eq!(refused.json()["errors"][0]["code"], "sum_mismatch");
    preview("", "{").await.assert_problem(400, "unreadable-json");
}
