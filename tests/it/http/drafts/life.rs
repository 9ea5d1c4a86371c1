//! Drafts are created, saved, found, compared and deleted, and seen by their agency only.

use std::fs;
use std::sync::Arc;

use axum::http::StatusCode;
use hongtou::archive::audit::trail::TrailFilter;
use hongtou::http::router::contract;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};

use crate::archive::services;
use crate::http::batches::letter;
use crate::http::drafts::{AGENCY, Clerk, Office, id, office, unnumbered, with_archive};

#[tokio::test]
async fn a_draft_is_created_saved_and_deleted() {
    let office = office(false).await;
    let clerk = office.writer("张三").await;
    let body = r#"{"document": {"title": "关于报告", "anything": [1, null]}, "unknown": true}"#;
    let created = office.ask(&clerk, ("POST", "/v1/drafts"), &[], body).await;
    assert_eq!((created.status.as_u16(), created.header("etag")), (201, "\"1\""));
    let draft = created.header("location").to_owned();
    let record = created.json();
    assert_eq!(record["title"], json!("关于报告"));
    assert_eq!(record["state"], json!("drafting"));
    assert_eq!(record["agency"], json!(AGENCY));
    assert_eq!(record["created_by_name"], json!("张三"));
    assert_eq!((&record["document_number"], &record["year"]), (&json!(""), &json!(null)));
    assert_eq!(record["steps"], json!(["edit", "delete", "file"]));

    let saved = office.save(&clerk, &draft, 1, letter(46)).await;
    assert_eq!((saved.status.as_u16(), saved.header("etag")), (200, "\"2\""));
    let read = office.get(&clerk, &draft).await;
    assert_eq!((read.status.as_u16(), read.header("etag")), (200, "\"2\""));
    let read = read.json();
    assert_eq!(read["content"], serde_json::from_str::<Value>(&letter(46)).unwrap());
    assert_eq!(read["year"], json!(2023));
    assert!(read["document_number"].as_str().unwrap().ends_with("〔2023〕46号"), "{read}");
    assert_eq!(read["version"], json!(2));

    let deleted = office.ask(&clerk, ("DELETE", &draft), &[], "").await;
    assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
    office.get(&clerk, &draft).await.assert_problem(404, "draft-not-found");
    let acts: Vec<_> = office.acts().await;
    let id = id(&draft).to_owned();
    let expected = ["draft_created", "draft_deleted"].map(|act| (act.to_owned(), id.clone()));
    let changes: Vec<_> = acts.into_iter().filter(|(act, _)| act != "draft_changed").collect();
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn two_clerks_never_overwrite_each_other() {
    let office = office(false).await;
    let (first, second) = (office.writer("张三").await, office.writer("李四").await);
    let draft = office.draft(&first, r#"{"a": 1}"#).await;
    let blind = office.ask(&first, ("PUT", &draft), &[], r#"{"a": 2}"#).await;
    blind.assert_problem(428, "precondition-required");
    assert_eq!(office.save(&second, &draft, 1, r#"{"a": 2}"#).await.status, StatusCode::OK);
    let late = office.save(&first, &draft, 1, r#"{"a": 3}"#).await;
    late.assert_problem(412, "draft-changed");
    let current = late.json()["current"].clone();
    assert_eq!((&current["version"], &current["saved_by_name"]), (&json!(2), &json!("李四")));
    assert_eq!(current["saved_by"], json!(second.id));
    assert!(late.json()["detail"].as_str().unwrap().contains("李四"));
    // A repeated request finds its content saved.
    let again = office.save(&second, &draft, 1, r#"{"a": 2}"#).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (200, "\"2\""));

    let versions = office.get(&first, &format!("{draft}/versions")).await.json();
    let versions = versions["versions"].as_array().unwrap().clone();
    let saved: Vec<_> = versions.iter().map(|one| &one["saved_by_name"]).collect();
    assert_eq!(saved, [&json!("李四"), &json!("张三")]);
    let base = office.get(&first, &format!("{draft}/versions/1")).await;
    assert_eq!(base.json()["content"], json!({"a": 1}));
    for version in ["0", "3", "x"] {
        let path = format!("{draft}/versions/{version}");
        office.get(&first, &path).await.assert_problem(404, "draft-not-found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_concurrent_saves_over_one_version_one_succeeds() {
    let office = Arc::new(office(false).await);
    let clerk = Arc::new(office.writer("张三").await);
    let draft = office.draft(&clerk, "{}").await;
    let saves = (0..8).map(|n| {
        let (office, clerk, draft) = (office.clone(), clerk.clone(), draft.clone());
        tokio::spawn(async move {
            let saved = office.save(&clerk, &draft, 1, format!("{{\"a\": {n}}}")).await;
            saved.status.as_u16()
        })
    });
    let mut statuses = Vec::new();
    for save in saves.collect::<Vec<_>>() {
        statuses.push(save.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
}

#[tokio::test]
async fn a_draft_is_seen_by_its_agency_only() {
    let office = office(true).await;
    let roles = "submit,read,archive,review,approve";
    let clerk = office.writer("张三").await;
    // The letter names no other agency; a further issuer in the content changes nothing.
    let mut content: Value = serde_json::from_str(&letter(46)).unwrap();
    content["document"]["issuers"] = json!([AGENCY, "四川省财政厅"]);
    let draft = office.draft(&clerk, content.to_string()).await;
    let stranger = office.clerk("财政", roles, Some("四川省财政厅")).await;
    let list = office.get(&stranger, "/v1/drafts").await.json();
    assert_eq!(list, json!({"drafts": [], "next": null}));
    let mut n_routes = 0;
    for (path, item) in contract()["paths"].as_object().unwrap() {
        let Some(rest) = path.strip_prefix("/v1/drafts/{id}") else { continue };
        let path = format!("{draft}{}", rest.replace("{version}", "1"));
        for method in item.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            let body = json!({"step": "withdraw", "version": 1}).to_string();
            let body = if path.ends_with("/number") { "{}".to_owned() } else { body };
            let headers = [("if-match", "\"1\"")];
            let answer = office.ask(&stranger, (&method, &path), &headers, body).await;
            answer.assert_problem(404, "draft-not-found");
            n_routes += 1;
        }
    }
    assert_eq!(n_routes, 10);
    let filed = office.file(&stranger, &draft, content.to_string()).await;
    filed.assert_problem(404, "draft-not-found");
    assert_eq!(office.get(&clerk, &draft).await.json()["version"], json!(1), "nothing changed");

    let all = office.clerk("审计", "read", None).await;
    assert_eq!(office.get(&all, &draft).await.status, 200);
    for wrong in ["0", "00000000-0000-7000-8000-000000000000", "%00"] {
        let path = format!("/v1/drafts/{wrong}");
        office.get(&clerk, &path).await.assert_problem(404, "draft-not-found");
    }
}

#[tokio::test]
async fn a_content_is_any_object_within_the_bounds() {
    let office = office(false).await;
    let clerk = office.writer("张三").await;
    let post = async |body: String| office.ask(&clerk, ("POST", "/v1/drafts"), &[], body).await;
    for body in ["[]", "1", "\"x\"", "null"] {
        post(body.to_owned()).await.assert_problem(422, "draft-not-an-object");
    }
    for body in ["", "{", "{}{}"] {
        post(body.to_owned()).await.assert_problem(400, "unreadable-json");
    }
    let deep = format!("{}1{}", "{\"a\":".repeat(33), "}".repeat(33));
    post(deep).await.assert_problem(413, "too-complex");
    post(format!("{{\"a\":[{}1]}}", "0,".repeat(100_000))).await.assert_problem(413, "too-complex");
    let odd = r#"{"document": {"title": "\u0000题", "document_number": 3, "issuers": {}}, "": ""}"#;
    let draft = office.draft(&clerk, odd).await;
    let read = office.get(&clerk, &draft).await.json();
    assert_eq!((&read["title"], &read["content"][""]), (&json!("题"), &json!("")));
    // Numbers keep their digits.
    let exact = r#"{"a": 1.10, "b": 12345678901234567890123}"#;
    let draft = office.draft(&clerk, exact).await;
    let body = String::from_utf8(office.get(&clerk, &draft).await.body).unwrap();
    assert!(body.contains(exact), "{body}");
}

async fn titles(office: &Office, clerk: &Clerk, query: &str) -> Vec<String> {
    let found = office.get(clerk, &format!("/v1/drafts?{query}")).await;
    assert_eq!(found.status, 200, "{query}: {}", String::from_utf8_lossy(&found.body));
    let found = found.json();
    let drafts = found["drafts"].as_array().unwrap();
    drafts.iter().map(|draft| draft["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn drafts_are_listed_by_their_last_change_and_searched() {
    let office = office(false).await;
    let (clerk, other) = (office.writer("张三").await, office.writer("李四").await);
    let content = |title: &str, year: i64, serial: i64| {
        let number = json!({"agency_code": "川民函", "year": year, "serial": serial});
        json!({"document": {"title": title, "document_number": number}}).to_string()
    };
    let first = office.draft(&clerk, content("救助工作的报告", 2022, 7)).await;
    office.draft(&other, content("养老服务的通知", 2023, 8)).await;
    office.draft(&clerk, content("救灾物资的请示", 2023, 9)).await;
    assert_eq!(office.save(&clerk, &first, 1, content("救助工作的函", 2022, 7)).await.status, 200);
    let all = ["救助工作的函", "救灾物资的请示", "养老服务的通知"];
    let cases: [(&str, &[&str]); 9] = [
        ("", &all),
        ("title=%E6%95%91%E5%8A%A9", &all[..1]),
        ("document_number=%E5%B7%9D%E6%B0%91%E5%87%BD%E3%80%942023", &all[1..]),
        ("document_number=9%E5%8F%B7", &all[1..2]),
        ("year=2022", &all[..1]),
        ("mine=true", &all[..2]),
        ("mine=true&year=2023", &all[1..2]),
        ("state=drafting", &all),
        ("state=filed", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(titles(&office, &clerk, query).await, expected, "{query}");
    }
    for query in
        ["state=x", "year=1", "limit=0", "limit=201", "cursor=x", "x=1", "mine=1", "title="]
    {
        let refused = office.get(&clerk, &format!("/v1/drafts?{query}")).await;
        refused.assert_problem(400, "invalid-query");
    }
    let mut next = "/v1/drafts?limit=1&mine=false".to_owned();
    let mut walked = Vec::new();
    loop {
        let page = office.get(&clerk, &next).await.json();
        walked.push(page["drafts"][0]["title"].as_str().unwrap().to_owned());
        let Some(address) = page["next"].as_str() else { break };
        next = address.to_owned();
    }
    assert_eq!(walked, all);
}

#[tokio::test]
async fn the_bytes_of_a_deleted_draft_are_gone() {
    let folder = services::folder();
    let archive = services::in_folder(&folder).await;
    let office = with_archive(archive.clone(), false).await;
    let clerk = office.writer("张三").await;
    let secret = "身份证号码的例子".repeat(3);
    let text = |n: i64| {
        format!(
            "{{\"document\": {{\"title\": \"{secret}\"}}, \"n\": {n}, \"long\": \"{}\"}}",
            secret.repeat(500)
        )
    };
    let draft = office.draft(&clerk, text(1)).await;
    assert_eq!(office.save(&clerk, &draft, 1, text(2)).await.status, 200);
    let files_with_it = || {
        let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let has = |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        files.filter(|file| file.is_file() && has(&fs::read(file).unwrap())).count()
    };
    let is_sqlite = folder.join("hongtou.sqlite").exists();
    assert_eq!(files_with_it() > 0, is_sqlite);
    assert_eq!(office.ask(&clerk, ("DELETE", &draft), &[], "").await.status, 204);
    assert_eq!(files_with_it(), 0);
    for table in ["drafts", "draft_versions", "draft_steps", "draft_numbers"] {
        let sql = format!("SELECT COUNT(*) AS n FROM {table}");
        let row = archive.database.query(AssertSqlSafe(sql)).fetch_one().await.unwrap();
        assert_eq!(row.get::<i64, _>("n"), 0, "{table}");
    }
}

#[tokio::test]
async fn drafts_are_limited_for_each_key_and_agency() {
    let office = office(false).await;
    let (clerk, other) = (office.writer("张三").await, office.writer("李四").await);
    let draft = office.draft(&clerk, "{}").await;
    let mut transaction = office.archive.database.begin().await.unwrap();
    for n in 1..1000 {
        transaction
            .query(
                "INSERT INTO drafts (id, seq, agency, state, version, title, document_number, \
             lead_issuer, agency_code, sha256, bytes, stored_bytes, created_by, created_by_name, \
             created_at, saved_by, saved_by_name, saved_at) SELECT $1, seq, agency, state, \
             version, title, document_number, lead_issuer, agency_code, sha256, bytes, \
             stored_bytes, created_by, created_by_name, created_at, saved_by, saved_by_name, \
             saved_at FROM drafts WHERE id = $2",
            )
            .bind(n.to_string())
            .bind(id(&draft))
            .execute()
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    let refused = office.ask(&clerk, ("POST", "/v1/drafts"), &[], "{}").await;
    refused.assert_problem(409, "too-many-drafts");
    let theirs = office.draft(&other, "{}").await;
    let fill = "UPDATE drafts SET stored_bytes = 2147483640 WHERE id = $1";
    office.archive.database.query(fill).bind(id(&theirs)).execute().await.unwrap();
    let refused = office.save(&other, &theirs, 1, r#"{"a": "bcdefgh"}"#).await;
    refused.assert_problem(409, "too-many-drafts");
    let elsewhere = office.clerk("财政", "submit,read", Some("四川省财政厅")).await;
    office.draft(&elsewhere, "{}").await;
}

#[tokio::test]
async fn a_repeated_request_creates_one_draft() {
    let office = office(false).await;
    let clerk = office.writer("张三").await;
    let post = async |body: &str| {
        let key = [("idempotency-key", "k-1")];
        office.ask(&clerk, ("POST", "/v1/drafts"), &key, body).await
    };
    let first = post("{}").await;
    assert_eq!(
        (first.status.as_u16(), post("{}").await.header("location")),
        (201, first.header("location"))
    );
    post(&unnumbered()).await.assert_problem(422, "idempotency-key-reused");
    assert_eq!(titles(&office, &clerk, "").await, [""]);
}

#[tokio::test]
async fn what_somebody_else_wrote_is_recorded_when_it_is_read() {
    let office = office(false).await;
    let (clerk, other) = (office.writer("张三").await, office.writer("李四").await);
    let draft = office.draft(&clerk, "{}").await;
    for reader in [&clerk, &other] {
        assert_eq!(office.get(reader, &draft).await.status, 200);
    }
    let filter = TrailFilter { act: Some("file_read".to_owned()), ..TrailFilter::default() };
    let reads = office.archive.trail(&filter, 10).await.unwrap();
    let reads: Vec<_> = reads.iter().map(|entry| (&*entry.caller, &*entry.subject)).collect();
    assert_eq!(reads, [(&*other.id, &*format!("{} draft", id(&draft)))]);
}
