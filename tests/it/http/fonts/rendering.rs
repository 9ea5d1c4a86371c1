//! What an agency files, checks, previews and verifies is set in its fonts, on every server at once.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use hongtou::archive::Archive;
use hongtou::archive::objects::sha256;
use hongtou::generate::cache::Generator;
use hongtou::generate::renderer::confinement::Limits;
use hongtou::generate::renderer::kept_builds::KeptBuilds;
use hongtou::generate::renderer::manifest::renderer;
use hongtou::generate::{accept, generate, preview};
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::jobs::Jobs;
use hongtou::jobs::webhook::Settings;
use hongtou::render::engine::picture::Width;
use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use hongtou::validate::text::typeface::Typeface;
use serde_json::{Value, json};

use crate::archive::filings::{address, filed, get, send};
use crate::archive::services;
use crate::fixture;
use crate::http::access::{bearer, test_server};
use crate::http::batches::{self, letter, work};
use crate::http::fonts::{AGENCY, FONT, add, list, remove};
use crate::http::in_process::{JSON, TYPESETTER, UNBOUNDED, VALID, app};
use crate::renderer::confinement::confinement;

const PDF: (&str, &str) = ("content-type", "application/pdf");

/// The typesetter of a command with the same font in its folder, under another name.
fn with_folder() -> Typesetter {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("title.ttf"), &*FONT).unwrap();
    Typesetter::new(FontSet::with_folder(folder.path()).unwrap())
}

/// A server of this archive, with a cache.
async fn served(archive: &Archive) -> Arc<App> {
    let jobs = Jobs::open(archive, Settings::default()).await.unwrap();
    let generator = Generator::new(TYPESETTER.clone(), 64 << 20);
    let builds = KeptBuilds::new(confinement(Limits::default()));
    Arc::new(App { archive: archive.clone(), jobs, generator, builds, ..app().await })
}

fn numbered(serial: u32) -> Vec<u8> {
    fixture::seed_with("/document/document_number/serial", json!(serial))
}

async fn pdf_of(app: &Arc<App>, filing: &Value) -> Vec<u8> {
    get(&router(Arc::clone(app)), &format!("{}/pdf", address(filing)), &[]).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn filings_are_set_in_the_fonts_of_their_lead_agency() {
    let archive = services::empty().await;
    let program = PathBuf::from(env!("CARGO_BIN_EXE_hongtou"));
    let base = renderer(&TYPESETTER, Some(program)).unwrap();
    let archive = archive.with_renderer(base.clone());
    archive.keep_renderer_files().await.unwrap();
    let (one, other) = (served(&archive).await, served(&archive).await);
    let routers = [&one, &other].map(|app| router(Arc::clone(app)));
    let before = filed(&routers[1], numbered(1)).await;
    assert_eq!(before["renderer"], json!(base.sha256));

    assert_eq!(add(&routers[0], "title.ttf", &FONT).await.status, 201);
    let filing = filed(&routers[1], numbered(2)).await;
    let pdf = pdf_of(&other, &filing).await;
    let expected = generate(&numbered(2), &with_folder()).unwrap();
    assert!(pdf == expected.pdf, "not the same as with the font in a folder");
    assert!(pdf != generate(&numbered(2), &TYPESETTER).unwrap().pdf, "not in the font");
    let name = filing["renderer"].as_str().unwrap();
    assert_ne!(name, base.sha256);
    let manifest = archive.objects.get(name).await.unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["fonts"][0]["sha256"], json!(sha256(&FONT)));
    assert!(manifest["programs"][0]["target"].is_string());

    // Another agency, which also comes after the fonts in every cache.
    let letter_of_other = filed(&routers[1], letter(1)).await;
    assert!(
        pdf_of(&other, &letter_of_other).await
            == generate(letter(1).as_bytes(), &TYPESETTER).unwrap().pdf
    );
    assert_eq!(letter_of_other["renderer"], json!(base.sha256));

    // The original is remade in the present fonts, one from before in those of the server, and one of
    // fonts that were removed by the kept program.
    let inspect = async |filing: &Value| {
        let path = format!("{}/inspection", address(filing));
        get(&routers[0], &path, &[]).await.json()["remake"]["outcome"].clone()
    };
    assert_eq!(inspect(&filing).await, json!("remade"));
    assert_eq!(inspect(&before).await, json!("remade"));
    let font = list(&routers[0]).await["fonts"][0].clone();
    assert_eq!(remove(&routers[0], &font).await.status, 204);
    assert_eq!(inspect(&filing).await, json!("remade_by_other_build"));
    let after = filed(&routers[1], numbered(3)).await;
    assert_eq!(after["renderer"], json!(base.sha256));
}

#[tokio::test]
async fn the_cache_does_not_mix_fonts() {
    let archive = services::empty().await;
    let app = served(&archive).await;
    assert_eq!(add(&router(Arc::clone(&app)), "title.ttf", &FONT).await.status, 201);
    let typesetters = app.generator.typesetters();
    let own = typesetters.of_agency(&archive, Some(AGENCY)).await.unwrap();
    let of_server = typesetters.of_agency(&archive, Some("其他机关")).await.unwrap();
    let sha256 = sha256(VALID.as_bytes());
    let mut pdfs = Vec::new();
    for chosen in [&of_server, &own] {
        assert!(app.generator.cached(chosen, &sha256).is_none());
        let accepted = accept(VALID.as_bytes(), chosen.typesetter().coverage()).unwrap();
        pdfs.push(app.generator.render(chosen, &sha256, accepted).unwrap().pdf.clone());
        assert!(app.generator.cached(chosen, &sha256).unwrap().pdf == pdfs[pdfs.len() - 1]);
    }
    assert!(pdfs[0] != pdfs[1]);
    // Made once, also for others with the same files.
    let again = typesetters.of_agency(&archive, Some(AGENCY)).await.unwrap();
    assert!(std::ptr::eq(again.typesetter().fonts(), own.typesetter().fonts()));
}

#[tokio::test]
async fn previews_checks_word_copies_and_batches_use_them_too() {
    let archive = services::empty().await;
    let app = served(&archive).await;
    let router = router(Arc::clone(&app));
    let own = with_folder();
    // A character that only the font of the agency has.
    let has = |typesetter: &Typesetter| typesetter.coverage().has(Typeface::Biaosong, '𠮟');
    assert!(has(&own) && !has(&TYPESETTER));
    let title = "巴中市民政局 巴中市财政局关于报送2021年度困难𠮟众救助工作绩效评价自评情况的报告";
    let rare = fixture::seed_with("/document/title", json!(title));
    let check = async || {
        let checked = send(&router, "POST", "/v1/checks", &[JSON], rare.clone()).await.json();
        checked["errors"].to_string().contains("/document/title")
    };
    assert!(check().await);
    assert_eq!(add(&router, "title.ttf", &FONT).await.status, 201);
    assert!(!check().await, "the check does not use the font");

    let drawn = send(&router, "POST", "/v1/previews", &[JSON], VALID).await;
    let expected = preview(VALID.as_bytes(), &own, NonZeroUsize::MIN, Width::USUAL).unwrap();
    assert!(Some(drawn.body) == expected.png);

    let line = serde_json::from_slice::<Value>(&numbered(7)).unwrap().to_string();
    let accepted = batches::post(&app, line).await;
    let _workers = work(&app);
    let events = batches::events(&app, accepted.header("location")).await;
    assert_eq!(events.last().unwrap().1["counts"]["filed"], json!(1));
    let found = get(&router, "/v1/filings", &[]).await.json()["filings"][0].clone();
    let source = get(&router, &format!("{}/source", address(&found)), &[]).await.body;
    assert!(pdf_of(&app, &found).await == generate(&source, &own).unwrap().pdf);
    assert_eq!(get(&router, &format!("{}/word", address(&found)), &[]).await.status, 200);
    let layout = async |path: &str, method, body: Vec<u8>| {
        let answer = send(&router, method, path, &[JSON], body).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        text.split("\"hash\":\"").nth(1).unwrap()[..32].to_owned()
    };
    let drawn = layout("/v1/previews/pages", "POST", source.clone()).await;
    assert_eq!(layout(&format!("{}/pages", address(&found)), "GET", Vec::new()).await, drawn);
    let draft = send(&router, "POST", "/v1/drafts", &[JSON], source).await;
    let path = format!("{}/pages", draft.header("location"));
    assert_eq!(layout(&path, "GET", Vec::new()).await, drawn);
}

/// A file that this archive does not have is remade in the fonts of the agency that it names.
#[tokio::test]
async fn a_file_of_another_archive_is_verified_with_the_fonts() {
    let archive = services::empty().await;
    let router = router(served(&archive).await);
    let pdf = generate(VALID.as_bytes(), &with_folder()).unwrap().pdf;
    let outcome = async || {
        let verified = send(&router, "POST", "/v1/verifications", &[PDF], pdf.clone()).await;
        verified.json()["remake"]["outcome"].clone()
    };
    assert_eq!(outcome().await, json!("cannot_be_remade"));
    assert_eq!(add(&router, "title.ttf", &FONT).await.status, 201);
    assert_eq!(outcome().await, json!("remade"));
}

/// A key of an agency gets the fonts of that agency, even if a body names another.
#[tokio::test]
async fn a_key_of_another_agency_does_not_use_them() {
    let server = test_server(UNBOUNDED).await;
    let admin = bearer(&server.key("admin", None).await);
    let other = bearer(&server.key("submit,read", Some("广元市民政局")).await);
    let path =
        "/v1/fonts?agency=%E5%B7%B4%E4%B8%AD%E5%B8%82%E6%B0%91%E6%94%BF%E5%B1%80&file_name=a.ttf";
    let headers = [super::FILE, ("authorization", &*admin)];
    assert_eq!(send(&server.router, "POST", path, &headers, FONT.clone()).await.status, 201);
    let drawn = async |key: &str| {
        let headers = [JSON, ("authorization", key)];
        send(&server.router, "POST", "/v1/previews", &headers, VALID).await.body
    };
    let expected = preview(VALID.as_bytes(), &TYPESETTER, NonZeroUsize::MIN, Width::USUAL).unwrap();
    assert!(Some(drawn(&other).await) == expected.png);
    assert!(Some(drawn(&admin).await) != expected.png);
}
