//! Fonts are objects that are kept as long as an agency or a filing uses them, and are never exported.

use std::fs;

use hongtou::archive::collect::COLLECTED_AFTER;
use hongtou::archive::objects::sha256;

use crate::archive::filings::{filed, server};
use crate::archive::services;
use crate::house::source::files;
use crate::http::access::{ACTOR, ManualClock};
use crate::http::fonts::{FONT, add, list, remove};
use crate::http::in_process::{TYPESETTER, VALID};
use hongtou::generate::renderer::manifest::renderer;

#[tokio::test]
async fn a_font_is_kept_while_it_is_used_and_never_exported() {
    let folder = services::folder();
    let base = renderer(&TYPESETTER, None).unwrap();
    let archive = services::in_folder(&folder).await.with_renderer(base);
    let router = server(&archive).await;
    let clock = ManualClock::new();
    clock.advance(i64::try_from(COLLECTED_AFTER.as_secs()).unwrap());
    let tomorrow = services::at(&folder, clock).await;
    assert_eq!(add(&router, "title.ttf", &FONT).await.status, 201);
    assert_eq!(tomorrow.set_unnamed_aside().await.unwrap(), 0);

    // Nothing was made with it.
    let font = list(&router).await["fonts"][0].clone();
    assert_eq!(remove(&router, &font).await.status, 204);
    assert_eq!(tomorrow.set_unnamed_aside().await.unwrap(), 1);

    assert_eq!(add(&router, "title.ttf", &FONT).await.status, 201);
    filed(&router, VALID).await;
    let bag = tempfile::tempdir().unwrap();
    let bag = bag.path().join("bag");
    archive.export(&bag, &TYPESETTER, ACTOR).await.unwrap();
    for file in files(&bag) {
        let bytes = fs::read(&file).unwrap();
        assert_ne!(sha256(&bytes), sha256(&FONT), "{}", file.display());
        assert!(!file.ends_with("agency_fonts.ndjson"));
    }
    // The filing names it.
    let font = list(&router).await["fonts"][0].clone();
    assert_eq!(remove(&router, &font).await.status, 204);
    assert_eq!(tomorrow.set_unnamed_aside().await.unwrap(), 0);
    assert!(archive.objects.get(&sha256(&FONT)).await.is_ok());
}
