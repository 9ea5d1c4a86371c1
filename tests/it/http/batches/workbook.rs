//! Workbooks of many units: read into lines of a batch, and written again from the lines that were refused.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use hongtou::archive::objects::{Objects, sha256};
use hongtou::archive::quota::{Quota, Quotas};
use hongtou::document::moment::Moment;
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::jobs::Jobs;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::archive::services;
use crate::http::access::ManualClock;
use crate::http::batches::{events, get, letter, post, work, wrong_date};
use crate::http::in_process::{Answer, app, post_to};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

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

/// A batch that has ended.
async fn ended(app: &Arc<App>, lines: &[String]) -> String {
    let batch = post(app, lines.join("\n")).await.header("location").to_owned();
    let _workers = work(app);
    assert_eq!(events(app, &batch).await.pop().unwrap().0, "done");
    batch
}

/// The texts of a workbook.
fn texts(workbook: &Answer) -> String {
    assert_eq!(workbook.status, 200);
    let mut zip = zip::ZipArchive::new(Cursor::new(&workbook.body)).unwrap();
    let mut texts = String::new();
    zip.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut texts).unwrap();
    texts
}

/// The same records with another store of objects.
async fn with_store(app_of_records: &App, folder: &Path) -> Arc<App> {
    let mut archive = app_of_records.archive.clone();
    archive.objects = Objects::in_folder(folder).unwrap();
    Arc::new(App { archive, jobs: app_of_records.jobs.clone(), ..app().await })
}

#[tokio::test]
async fn the_workbook_says_why_a_content_is_absent() {
    let app = Arc::new(app().await);
    let lines = [wrong_date(931), "{\"document\"".to_owned()];
    let batch = ended(&app, &lines).await;
    let path = format!("{batch}/problems.xlsx");
    let (removed, damaged, unreadable) =
        ("内容已不再保存，", "所存的内容已损坏，", "内容不能读取，或超出限度，");
    let said = texts(&get(&app, &path).await);
    assert_eq!(
        [removed, damaged, unreadable].map(|text| said.contains(text)),
        [false, false, true]
    );

    let empty = with_store(&app, &services::folder()).await;
    let said = texts(&get(&empty, &path).await);
    assert_eq!(
        [removed, damaged, unreadable].map(|text| said.contains(text)),
        [true, false, false]
    );

    let hashes = lines.each_ref().map(|line| sha256(line.as_bytes()));
    let other = services::folder();
    for hash in &hashes {
        fs::create_dir_all(other.join(&hash[..2])).unwrap();
        fs::write(other.join(&hash[..2]).join(&hash[2..]), "others").unwrap();
    }
    let said = texts(&get(&with_store(&app, &other).await, &path).await);
    assert_eq!(
        [removed, damaged, unreadable].map(|text| said.contains(text)),
        [false, true, false]
    );

    // A file in place of a folder fails in another way than a file that is missing.
    let failing = services::folder();
    let store = with_store(&app, &failing).await;
    fs::remove_dir(failing.join(&hashes[0][..2])).unwrap();
    fs::write(failing.join(&hashes[0][..2]), "no folder").unwrap();
    get(&store, &path).await.assert_problem(503, "storage-unavailable");
}

/// An app with this quota of bytes for a caller, whose clock is set.
async fn with_clock(bytes: Option<i64>) -> (Arc<App>, Arc<ManualClock>) {
    let clock = ManualClock::new();
    let caller = Quota { filings: None, bytes };
    let quotas = Quotas { agency: Quota::default(), caller };
    let archive = services::at(&services::folder(), clock.clone()).await.with_quotas(quotas);
    let jobs = Jobs::open(&archive, Default::default()).await.unwrap();
    (Arc::new(App { archive, jobs, ..app().await }), clock)
}

/// Removes what no record names any more.
async fn collect(app: &App, clock: &ManualClock) {
    app.jobs.release_bodies().await.unwrap();
    app.archive.set_unnamed_aside().await.unwrap();
    clock.advance(2 * 60 * 60);
    app.archive.remove_aside().await.unwrap();
}

#[tokio::test]
async fn what_was_refused_can_be_mended_for_thirty_days() {
    let (app, clock) = with_clock(None).await;
    let batch = ended(&app, &[wrong_date(951)]).await;
    let path = format!("{batch}/problems.xlsx");
    let is_removed = async || texts(&get(&app, &path).await).contains("内容已不再保存，");
    for days in [1, 25] {
        clock.advance(days * DAY);
        collect(&app, &clock).await;
        assert!(!is_removed().await, "{days}");
    }
    let read = units(get(&app, &path).await.body).await.json();
    let document = &read["units"][0]["submission"]["document"];
    assert_eq!(document["document_number"]["serial"], json!(951));
    let record = get(&app, &batch).await.json();
    let moment = |name: &str| record[name].as_str().unwrap().parse::<Moment>().unwrap().0;
    let kept = moment("problems_kept_until") - moment("finished_at");
    assert_eq!(kept, 30 * DAY * 1000);

    clock.advance(4 * DAY);
    collect(&app, &clock).await;
    assert!(is_removed().await);
    let texts = texts(&get(&app, &path).await);
    assert!(texts.contains("2023-02-30"), "the reasons stay: {texts}");
}

#[tokio::test]
async fn what_is_kept_counts_for_the_quota() {
    let line = wrong_date(961);
    let bytes = i64::try_from(line.len()).unwrap();
    for (quota, is_kept) in [(3 * bytes, true), (2 * bytes - 1, false)] {
        let (app, clock) = with_clock(Some(quota)).await;
        let batch = ended(&app, std::slice::from_ref(&line)).await;
        clock.advance(2 * DAY);
        collect(&app, &clock).await;
        let said = texts(&get(&app, &format!("{batch}/problems.xlsx")).await);
        assert_eq!(said.contains("内容已不再保存，"), !is_kept, "{quota}");
        // What is kept leaves less room for new lines.
        let long = "1".repeat(usize::try_from(quota - bytes + 1).unwrap());
        assert_eq!(post(&app, long).await.status, if is_kept { 403 } else { 202 });
        clock.advance(32 * DAY);
        let all = "1".repeat(usize::try_from(quota).unwrap());
        assert_eq!(post(&app, all).await.status, 202);
    }
}

#[tokio::test]
async fn memory_is_reserved_for_the_contents() {
    let app = Arc::new(app().await);
    let line = wrong_date(941);
    let batch = ended(&app, std::slice::from_ref(&line)).await;
    let path = format!("{batch}/problems.xlsx");
    let room = app.bodies.room();
    let mut taken = room.reservation("");
    // Enough for the copies of the body, not for its values.
    taken.try_grow(room.free() - 4 * line.len()).unwrap();
    get(&app, &path).await.assert_problem(503, "busy");
    drop(taken);
    let before = room.free();
    assert_eq!(get(&app, &path).await.status, 200);
    assert_eq!(room.free(), before, "what was reserved is free again");
}

/// The workbook with its sheet 公文要素 hidden.
fn with_hidden_elements(workbook: &[u8]) -> Vec<u8> {
    let mut read = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..read.len() {
        let mut entry = read.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name == "xl/workbook.xml" {
            let shown = "name=\"公文要素\"";
            let xml = String::from_utf8(bytes).unwrap();
            assert!(xml.contains(shown), "{xml}");
            bytes = xml.replace(shown, &format!("{shown} state=\"hidden\"")).into_bytes();
        }
        written.start_file(name, SimpleFileOptions::default()).unwrap();
        written.write_all(&bytes).unwrap();
    }
    written.finish().unwrap().into_inner()
}

#[tokio::test]
async fn faults_of_the_common_values_are_listed_apart() {
    let template = get(&Arc::new(app().await), "/v1/imports/units/template").await;
    let read = units(template.body.clone()).await;
    assert_eq!(read.header("content-type"), "application/json");
    assert_eq!(read.json()["common"], json!([]));
    let read = units(with_hidden_elements(&template.body)).await.json();
    let hidden = json!({ "place": "公文要素", "message": "这个工作表是隐藏的，没有读取。" });
    assert_eq!(read["common"], json!([hidden]));
    assert_eq!(read["problems"], json!([{ "place": "各单位", "message": "没有填写任何单位。" }]));
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
