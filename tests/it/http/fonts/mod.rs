//! The fonts of agencies.

mod interface;
mod rendering;
mod storage;

use std::sync::LazyLock;

use axum::Router;
use serde_json::Value;

use crate::archive::filings::send;
use crate::file::agency_fonts::renamed;
use crate::http::in_process::Answer;

/// 主办机关 of the seed filing, and the same in a query.
pub(super) const AGENCY: &str = "巴中市民政局";
const ENCODED: &str = "%E5%B7%B4%E4%B8%AD%E5%B8%82%E6%B0%91%E6%94%BF%E5%B1%80";

pub(super) const FILE: (&str, &str) = ("content-type", "application/octet-stream");

/// A font for titles, unlike that of the server.
pub(super) static FONT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let from = "Zhuque Fangsong (technical preview)";
    renamed("LXGWZhuqueFangsong-Regular.ttf", from, "FZXiaoBiaoSong-B05S")
});

pub(super) async fn add(router: &Router, file_name: &str, font: &[u8]) -> Answer {
    let path = format!("/v1/fonts?agency={ENCODED}&file_name={file_name}");
    send(router, "POST", &path, &[FILE], font.to_vec()).await
}

pub(super) async fn list(router: &Router) -> Value {
    send(router, "GET", &format!("/v1/fonts?agency={ENCODED}"), &[], "").await.json()
}

pub(super) async fn remove(router: &Router, font: &Value) -> Answer {
    let path = format!("/v1/fonts/{}", font["id"].as_str().unwrap());
    send(router, "DELETE", &path, &[], "").await
}
