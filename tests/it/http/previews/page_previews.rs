//! Previews of pages: only changed pages are sent, small, and as the page of the PDF looks.

use std::io::Cursor;
use std::sync::Arc;

use axum::http::StatusCode;
use hongtou::http::router::router;
use serde_json::{Value, json};
use typst_render::RenderOptions;

use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};
use crate::http::in_process::{Answer, JSON, VALID, app, post_to};

/// The most bytes of a page at the usual width.
const LARGEST_PICTURE: usize = 120_000;

/// How far a pixel may be from the page: half of a step between two greys.
const HALF_A_SHADE: u8 = 13;

async fn preview(query: &str, body: impl Into<axum::body::Body>) -> Answer {
    post_to(router(Arc::new(app().await)), &format!("/v1/previews/pages{query}"), &[JSON], body)
        .await
}

/// The parts of a response: their names and bodies.
fn parts(answer: &Answer) -> Vec<(String, Vec<u8>)> {
    assert_eq!(answer.status, StatusCode::OK);
    let boundary = answer.header("content-type").strip_prefix("multipart/form-data; boundary=");
    let boundary = format!("--{}", boundary.unwrap());
    let mut rest = &answer.body[..];
    let mut parts = Vec::new();
    loop {
        rest = rest.strip_prefix(boundary.as_bytes()).unwrap();
        if rest == b"--\r\n" {
            return parts;
        }
        let end = position(rest, format!("\r\n{boundary}").as_bytes());
        let (part, after) = rest.split_at(end);
        let head_end = position(part, b"\r\n\r\n");
        let head = String::from_utf8(part[..head_end].to_vec()).unwrap();
        let name = head.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        parts.push((name.to_owned(), part[head_end + 4..].to_vec()));
        rest = &after[2..];
    }
}

fn position(text: &[u8], wanted: &[u8]) -> usize {
    text.windows(wanted.len()).position(|part| part == wanted).unwrap()
}

/// The layout, and the names of the pictures.
fn layout(answer: &Answer) -> (Value, Vec<String>) {
    let parts = parts(answer);
    assert_eq!(parts[0].0, "layout");
    let layout = serde_json::from_slice(&parts[0].1).unwrap();
    (layout, parts[1..].iter().map(|(name, _)| name.clone()).collect())
}

fn hashes(layout: &Value) -> Vec<&str> {
    layout["pages"].as_array().unwrap().iter().map(|page| page["hash"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pictures_are_small_and_look_like_the_pages_of_the_pdf() {
    let json: Value = serde_json::from_str(VALID).unwrap();
    let document = TYPESETTER.lay_out(&seed::filing(&json)).unwrap();
    let numbers: Vec<String> = (1..=document.pages().len()).map(|page| page.to_string()).collect();
    let answer = preview(&format!("?want={}", numbers.join(",")), VALID).await;
    let pictures = &parts(&answer)[1..];
    assert_eq!(pictures.len(), numbers.len());
    for ((name, png), page) in pictures.iter().zip(document.pages()) {
        assert!(png.len() <= LARGEST_PICTURE, "{name}: {} bytes", png.len());
        let decoder = png::Decoder::new(Cursor::new(png));
        let mut reader = decoder.read_info().unwrap();
        let mut shades = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut shades).unwrap();
        assert_eq!(info.color_type, png::ColorType::Indexed);
        let palette = reader.info().palette.clone().unwrap();
        let pixel_per_pt = (900.0 / page.frame.width().to_pt()).into();
        let options = RenderOptions { pixel_per_pt, ..RenderOptions::default() };
        let expected = typst_render::render(page, &options);
        assert_eq!((info.width, info.height), (expected.width(), expected.height()));
        for (shade, pixel) in shades.iter().zip(expected.data().chunks(4)) {
            let drawn = &palette[usize::from(*shade) * 3..][..3];
            let difference = drawn.iter().zip(pixel).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(difference <= HALF_A_SHADE, "{name}: {drawn:?} instead of {pixel:?}");
        }
    }
}

#[tokio::test]
async fn only_pages_that_changed_are_sent() {
    let answer = preview("?width=600&want=1,2,12,13", VALID).await;
    let (before, pictures) = layout(&answer);
    assert_eq!(before["valid"], true);
    assert_eq!(before["pages"].as_array().unwrap().len(), 12);
    assert_eq!(before["pages"][0]["height"], 849);
    assert_eq!(pictures, ["page-1", "page-2", "page-12"]);
    let places = before["places"].as_array().unwrap();
    let page = |pointer: &str| {
        let place = places.iter().find(|place| place["pointer"] == pointer);
        place.unwrap_or_else(|| panic!("{pointer} has no place"))["page"].as_u64().unwrap()
    };
    let sections = "/scores/sections/0";
    assert_eq!(page("/document/title"), 1);
    assert_eq!(page("/document/document_number/agency_code"), 1);
    assert_eq!(page("/opening/0"), 1);
    assert!(page(&format!("{sections}/groups/0/indicators/0/narrative/0")) <= 2);
    assert_eq!(page("/document/document_date"), 11);
    assert_eq!(page("/document/copy_recipients/0"), 12);
    // The copy recipients are on the last page.
    let changed = fixture::seed_with("/document/copy_recipients/0", json!("省审计厅"));
    let have = hashes(&before).join(",");
    let answer = preview(&format!("?width=600&want=1,2,12&have={have}"), changed).await;
    let (after, pictures) = layout(&answer);
    assert_eq!(pictures, ["page-12"]);
    assert_eq!(hashes(&before)[..11], hashes(&after)[..11]);
    assert_ne!(hashes(&before)[11], hashes(&after)[11]);
}

#[tokio::test]
async fn the_hash_depends_on_the_width() {
    let (narrow, _) = layout(&preview("?width=600", VALID).await);
    let (wide, _) = layout(&preview("?width=620", VALID).await);
    assert!(hashes(&narrow).iter().zip(hashes(&wide)).all(|(narrow, wide)| *narrow != wide));
}

#[tokio::test]
async fn errors_are_part_of_the_response() {
    let wrong = fixture::seed_with("/scores/total/self_score", json!("109"));
    let (layout, pictures) = layout(&preview("?want=1", wrong).await);
    assert_eq!((&layout["valid"], &layout["pages"]), (&json!(false), &json!([])));
    assert_eq!(layout["places"], json!([]));
    assert_eq!(layout["errors"][0]["code"], "sum_mismatch");
    assert_eq!(pictures, [""; 0]);
    preview("", "{").await.assert_problem(400, "unreadable-json");
    preview("?want=0", VALID).await.assert_problem(400, "invalid-query");
}
