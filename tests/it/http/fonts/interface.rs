//! Administrators list, add and remove fonts; what cannot be used is refused in words.

use hongtou::archive::objects::sha256;
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::archive::filings::{acts, send, server};
use crate::archive::services;
use crate::file::agency_fonts::{forbidden_font, own_font, renamed};
use crate::http::fonts::{AGENCY, FILE, FONT, add, list, remove};

#[tokio::test]
async fn an_administrator_adds_lists_and_removes_a_font() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let before = list(&router).await;
    assert_eq!(before["fonts"], json!([]));
    let added = add(&router, "FZXBSJW.TTF", &FONT).await;
    assert_eq!(added.status, 201, "{}", added.json());
    let font = added.json();
    assert_eq!(font["agency"], AGENCY);
    assert_eq!(font["families"], json!(["FZXiaoBiaoSong-B05S"]));
    assert_eq!(font["sha256"], json!(sha256(&FONT)));

    let listed = list(&router).await;
    assert_eq!(listed["fonts"], json!([font]));
    let faces = listed["faces"].as_array().unwrap();
    assert_eq!(faces.len(), 5);
    assert_eq!(
        faces[0],
        json!({
            "face": "小标宋", "place": "发文机关标志、标题", "family": "FZXiaoBiaoSong-B05S",
            "file_name": "FZXBSJW.TTF", "origin": "agency",
        })
    );
    assert!(faces[1..].iter().all(|face| face["origin"] == "built_in"), "{listed}");
    let all = send(&router, "GET", "/v1/fonts", &[], "").await.json();
    assert_eq!((&all["agency"], &all["fonts"]), (&json!(null), &json!([font])));
    assert_eq!(all["faces"], before["faces"]);

    assert_eq!(remove(&router, &font).await.status, 204);
    remove(&router, &font).await.assert_problem(404, "not-found");
    assert_eq!(list(&router).await, before);
    let acts = acts(&archive).await;
    let acts: Vec<_> =
        acts.iter().map(|(act, subject, _)| (act.as_str(), subject.as_str())).collect();
    let subject = "巴中市民政局 FZXBSJW.TTF";
    assert_eq!(acts, [("font_added", subject), ("font_removed", subject)]);
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_in_words() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    let other = renamed("LiberationSerif-Regular.ttf", "Liberation Serif", "Comic");
    for (font, word) in [
        (b"no font at all".to_vec(), "不是字体"),
        (forbidden_font(), "不许嵌入"),
        (other, "“Comic”不是公文所用的字体"),
    ] {
        let refused = add(&router, "a.ttf", &font).await;
        refused.assert_problem(422, "unusable-font");
        let detail = refused.json()["detail"].to_string();
        assert!(detail.contains(word), "{detail}");
    }
    for path in [
        "/v1/fonts",
        "/v1/fonts?agency=a",
        "/v1/fonts?agency=&file_name=a.ttf",
        "/v1/fonts?agency=a&file_name=",
        "/v1/fonts?agency=a&file_name=a%0Ab",
    ] {
        send(&router, "POST", path, &[FILE], own_font()).await.assert_problem(400, "invalid-query");
    }
    let path = "/v1/fonts?agency=a&file_name=a.ttf";
    let pdf = [("content-type", "application/pdf")];
    let refused = send(&router, "POST", path, &pdf, own_font()).await;
    refused.assert_problem(415, "not-a-font-type");
    let long = [FILE, ("content-length", "33554433")];
    send(&router, "POST", path, &long, "").await.assert_problem(413, "body-too-long");
    assert_eq!(list(&router).await["fonts"], json!([]));
}

#[tokio::test]
async fn an_agency_has_each_font_once_and_few_files() {
    let archive = services::empty().await;
    let router = server(&archive).await;
    assert_eq!(add(&router, "a.ttf", &own_font()).await.status, 201);
    let again = add(&router, "b.ttf", &own_font()).await;
    again.assert_problem(409, "font-there");
    assert!(again.json()["detail"].as_str().unwrap().contains("“FangSong_GB2312”"));
    let rows = (0..9).map(|n| format!("('{n}', '{AGENCY}', 'x', '[]', 'ttf', '{n}', 1, 'a', 1)"));
    let columns = "id, agency, file_name, families, suffix, sha256, bytes, added_by, added_at";
    let rows = rows.collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO agency_fonts ({columns}) VALUES {rows}");
    archive.database.query(AssertSqlSafe(sql)).execute().await.unwrap();
    let simhei = renamed("LiberationSerif-Regular.ttf", "Liberation Serif", "SimHei");
    add(&router, "c.ttf", &simhei).await.assert_problem(409, "too-many-fonts");
    // Files that are long together.
    let sql = "UPDATE agency_fonts SET bytes = 67000000 WHERE id = '0'";
    archive.database.query(sql).execute().await.unwrap();
    let sql = "UPDATE agency_fonts SET removed_at = 1 WHERE id > '0' AND id <= '9'";
    archive.database.query(sql).execute().await.unwrap();
    add(&router, "c.ttf", &simhei).await.assert_problem(409, "too-many-fonts");
}
