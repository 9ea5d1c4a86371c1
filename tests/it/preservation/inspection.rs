//! 四性检测 passes only what was looked at, of a package and of a filing.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use hongtou::archive::Archive;
use hongtou::archive::retention::class::RetentionClass;
use hongtou::http::app::App;
use hongtou::http::router::router;
use hongtou::log::note::keys::Algorithm;
use serde_json::{Value, json};

use crate::archive::filings::{address, filed, get, send};
use crate::archive::log::{ORIGIN, keeper, key, round};
use crate::cli::exit_codes::{assert_exit, hongtou, make_archive};
use crate::fixture;
use crate::http::batches::letter;
use crate::http::in_process::{TYPESETTER, app};
use crate::preservation::stock::{ACTOR, archive, file_with, path_of};
use crate::signature::signer::{sign, trust};

const PDF: (&str, &str) = ("content-type", "application/pdf");

/// The codes of the items with this result.
fn codes(items: &Value, result: &str) -> Vec<String> {
    let items = items.as_array().unwrap().iter();
    let found = items.filter(|item| item["result"] == json!(result));
    found.map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn of_a_package() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let from = archive(&path("from"), 0).await;
    let source = String::from_utf8(fixture::bytes("valid", fixture::SEED)).unwrap();
    let filing = file_with(&from, 1, &source, "%PDF-1.7 one").await;
    from.set_retention(&filing.id, RetentionClass::Years30, "第3条", ACTOR).await.unwrap();
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let bag = path("bag").to_str().unwrap().to_owned();
    let items = |out: &str| -> Value { serde_json::from_str(out).unwrap() };
    let (out, _) = assert_exit(&hongtou(&["archive", "inspect", "--json", &bag]), 0);
    let looked_at = [
        "1-3", "1-4", "1-6", "1-10", "1-11", "1-12", "1-13", "1-14", "2-1", "2-2", "2-4", "2-5",
        "2-7", "2-11", "3-1", "4-3",
    ];
    assert_eq!(codes(&items(&out), "通过"), looked_at);
    let (out, _) = assert_exit(&hongtou(&["archive", "inspect", "--xml", &bag]), 0);
    assert!(out.contains("<编号>4-2</编号><名称>病毒感染检测</名称>"), "{out}");
    assert!(out.contains("<结果>未检测</结果>"), "{out}");
    let (out, _) = assert_exit(&hongtou(&["archive", "inspect", "--html", &bag]), 0);
    assert!(out.contains("通过16项，不通过0项，未检测17项"), "{out}");

    fs::write(path("bag").join("data/extra.txt"), "x").unwrap();
    let (out, _) = assert_exit(&hongtou(&["archive", "inspect", "--json", &bag]), 1);
    assert_eq!(codes(&items(&out), "不通过"), ["1-14", "2-7", "2-11", "4-3"]);
    assert_eq!(codes(&items(&out), "通过").len(), 0, "nothing else was looked at");
}

/// A server that trusts the test certificates, with a filing that has a retention.
async fn kept(folder: &Path) -> (Archive, Router, Value) {
    let archive = archive(folder, 0).await;
    let app = App { archive: archive.clone(), trust: Arc::new(trust()), ..app().await };
    let router = router(Arc::new(app));
    let filing = filed(&router, letter(1)).await;
    let id = filing["id"].as_str().unwrap();
    archive.set_retention(id, RetentionClass::Years30, "第3条", ACTOR).await.unwrap();
    (archive, router, filing)
}

async fn inspection(router: &Router, filing: &Value) -> Value {
    let answer = get(router, &format!("{}/inspection", address(filing)), &[]).await;
    assert_eq!(answer.status, 200);
    let inspection = answer.json();
    for (count, result) in [("passed", "通过"), ("failed", "不通过"), ("not_checked", "未检测")]
    {
        assert_eq!(inspection[count], json!(codes(&inspection["items"], result).len()));
    }
    inspection
}

const LOOKED_AT: [&str; 11] =
    ["1-1", "1-3", "1-4", "1-6", "1-10", "1-11", "2-4", "2-5", "2-7", "3-2", "3-4"];

#[tokio::test]
async fn of_a_filing() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, router, filing) = kept(folder.path()).await;
    let found = inspection(&router, &filing).await;
    assert_eq!(codes(&found["items"], "通过"), LOOKED_AT);
    assert_eq!(found["failed"], json!(0));
    assert_eq!(found["remake"]["outcome"], json!("remade"));

    let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
    let path = format!("{}/signed", address(&filing));
    assert_eq!(send(&router, "PUT", &path, &[PDF], sign(&pdf)).await.status, 201);
    round(&keeper(&archive).await).await;
    let found = inspection(&router, &filing).await;
    assert_eq!(codes(&found["items"], "通过"), LOOKED_AT, "{found}");
    // One byte of the log is changed.
    let tile = folder.path().join("log/tile/0/000.p");
    let tile = fs::read_dir(tile).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&tile).unwrap();
    bytes[3] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let found = inspection(&router, &filing).await;
    assert_eq!(codes(&found["items"], "不通过"), ["1-1"]);
}

#[tokio::test]
async fn a_retention_is_judged_when_it_is_decided() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, router, filing) = kept(folder.path()).await;
    archive.database.query("DELETE FROM retentions").execute().await.unwrap();
    let found = inspection(&router, &filing).await;
    assert_eq!(found["failed"], json!(0), "{found}");
    let items = found["items"].as_array().unwrap();
    for code in ["1-4", "2-4"] {
        let item = items.iter().find(|item| item["code"] == json!(code)).unwrap();
        assert_eq!(item["result"], json!("未检测"));
        assert_eq!(item["remark"], json!("尚未定保管期限，定后再检测"));
    }
    // A package for transfer needs one.
    let bag = folder.path().join("bag");
    archive.export(&bag, &TYPESETTER, ACTOR).await.unwrap();
    let inspect = ["archive", "inspect", "--json", bag.to_str().unwrap()];
    let (out, _) = assert_exit(&hongtou(&inspect), 1);
    let items: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(codes(&items, "不通过"), ["1-4", "2-4"]);
}

#[tokio::test]
async fn a_filing_with_a_damaged_file_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    let (_archive, router, filing) = kept(folder.path()).await;
    fs::write(path_of(folder.path(), filing["sha256"].as_str().unwrap()), "%PDF-1.7").unwrap();
    let found = inspection(&router, &filing).await;
    assert_eq!(codes(&found["items"], "不通过"), ["1-1", "1-11", "2-7"]);
    assert!(!codes(&found["items"], "通过").contains(&"3-4".to_owned()), "it was not read");
    assert_eq!(found["remake"], Value::Null);
}

#[tokio::test]
async fn a_receipt_that_a_stolen_old_key_signed_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, router, _) = kept(folder.path()).await;
    let old = keeper(&archive).await;
    round(&old).await;
    archive.hand_over_log(Some(&key(ORIGIN, 1)), &key(ORIGIN, 2), ACTOR).await.unwrap();
    let set_key = async |seed| {
        let vkey = key(ORIGIN, seed).verifier(Algorithm::Ed25519).to_vkey();
        let set = archive.database.query("UPDATE log_head SET vkey = $1").bind(vkey);
        set.execute().await.unwrap();
    };
    set_key(1).await;
    let filing = filed(&router, letter(2)).await;
    round(&old).await;
    let first = inspection(&router, &filing).await["items"][0].clone();
    assert_eq!(first["result"], json!("通过"), "the database still names the old key");
    set_key(2).await;
    let first = inspection(&router, &filing).await["items"][0].clone();
    assert_eq!(first["remark"], json!("存证回执无效"));
}

#[tokio::test]
async fn a_signature_that_nobody_trusts_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path(), 0).await;
    let router = crate::archive::filings::server(&archive).await;
    let filing = filed(&router, letter(1)).await;
    let pdf = get(&router, &format!("{}/pdf", address(&filing)), &[]).await.body;
    let path = format!("{}/signed", address(&filing));
    assert_eq!(send(&router, "PUT", &path, &[PDF], sign(&pdf)).await.status, 201);
    let found = inspection(&router, &filing).await;
    let first = &found["items"][0];
    assert_eq!(first["result"], json!("不通过"));
    assert_eq!(first["remark"], json!("归档时的核验结论不是通过"));
}

#[test]
fn the_command_finds_a_filing_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    make_archive(data);
    let inspect = ["archive", "inspect", "--data", data, "巴市民政〔2021〕38号"];
    let (_, err) = assert_exit(&hongtou(&inspect), 1);
    assert!(err.contains("没有编号或发文字号为巴市民政〔2021〕38号的公文"), "{err}");
}

#[test]
fn the_command_makes_no_archive() {
    let folder = tempfile::tempdir().unwrap();
    for data in [folder.path().join("missing"), folder.path().to_owned()] {
        let data = data.to_str().unwrap();
        let (_, err) =
            assert_exit(&hongtou(&["archive", "inspect", "--data", data, "/srv/export/2062"]), 1);
        let expected =
            format!("没有目录/srv/export/2062，数据目录{data}中也没有档案，请核对路径。\n");
        assert_eq!(err, expected);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn filings_are_named_by_id_or_number() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, _, filing) = kept(folder.path()).await;
    for name in ["id", "document_number"] {
        let found = archive.filings_named(filing[name].as_str().unwrap()).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(json!(found[0].id), filing["id"]);
    }
    assert_eq!(archive.filings_named("巴市民政〔2021〕9号").await.unwrap(), []);
}
