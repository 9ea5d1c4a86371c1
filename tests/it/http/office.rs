//! The page of the office: served without credentials, and only from its own files.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use hongtou::web::assets::{ASSETS, VERSION};

use crate::house::source::{files, relative, root};
use crate::http::in_process::get;

/// Files of the folder that no browser loads.
const NOT_LOADED: [&str; 4] = [
    "web/index.html",
    "web/vendor/LICENSE-htm",
    "web/vendor/LICENSE-preact",
    "web/vendor/SHA256SUMS",
];

#[tokio::test]
async fn the_page_loads_only_files_of_this_server() {
    let page = get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    assert!(policy.contains("require-trusted-types-for 'script'"));
    assert!(!policy.contains("unsafe"));
    let html = String::from_utf8(page.body).unwrap();
    assert!(!html.contains("style=") && !html.contains("<style") && !html.contains("://"));
    for script in html.split("<script").skip(1) {
        assert!(script.starts_with(" type=\"module\" src=\"/assets/"), "{script}");
    }
}

#[tokio::test]
async fn a_file_is_served_under_its_version_only() {
    let file = get(&format!("/assets/{}/shell/main.js", *VERSION)).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
    assert!(file.header("cache-control").contains("immutable"));
    let example = get(&format!("/assets/{}/example/report.json", *VERSION)).await;
    assert_eq!(example.header("content-type"), "application/json");
    for missing in ["other/shell/main.js", &format!("{}/shell/other.js", *VERSION)] {
        get(&format!("/assets/{missing}")).await.assert_problem(404, "not-found");
    }
}

#[test]
fn every_file_of_the_folder_is_served() {
    let on_disk: BTreeSet<String> = files(&root().join("web"))
        .iter()
        .map(|path| relative(path))
        .filter(|path| !NOT_LOADED.contains(&&**path))
        .collect();
    let served = ASSETS.iter().filter(|asset| !asset.path.starts_with("example/"));
    let served: BTreeSet<String> = served.map(|asset| format!("web/{}", asset.path)).collect();
    assert_eq!(on_disk, served);
}
