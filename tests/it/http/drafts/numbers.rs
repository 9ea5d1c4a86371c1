//! 取号: numbers are given once, belong to their agency, and are used with the filing.

use std::collections::BTreeSet;
use std::sync::Arc;

use hongtou::archive::Archive;
use hongtou::archive::access::caller::{Caller, Identity, Roles};
use hongtou::archive::drafts::content::Content;
use hongtou::archive::drafts::error::DraftError;
use hongtou::archive::drafts::numbers::NumberRequest;
use hongtou::archive::id::Id;
use serde_json::{Value, json};
use sqlx::Row;

use crate::archive::filings::send;
use crate::archive::services;
use crate::http::access::ACTOR;
use crate::http::batches::{NDJSON, letter, work};
use crate::http::drafts::{AGENCY, Clerk, Office, id, office, unnumbered};

/// The serial number that a draft gets.
async fn serial(office: &Office, clerk: &Clerk, draft: &str) -> i64 {
    let taken = office.number(clerk, draft, json!({})).await;
    assert_eq!(taken.status, 200, "{}", String::from_utf8_lossy(&taken.body));
    taken.json()["serial"].as_i64().unwrap()
}

async fn sequence(office: &Office, clerk: &Clerk) -> Value {
    let all = office.get(clerk, "/v1/sequences?year=2023").await.json();
    assert_eq!(all["sequences"].as_array().unwrap().len(), 1, "{all}");
    all["sequences"][0].clone()
}

#[tokio::test]
async fn numbers_are_taken_in_order_released_and_taken_again() {
    let office = office(false).await;
    let clerk = office.writer("张三").await;
    let mut drafts = Vec::new();
    for expected in 1..=3 {
        let draft = office.draft(&clerk, unnumbered()).await;
        assert_eq!(serial(&office, &clerk, &draft).await, expected);
        assert_eq!(serial(&office, &clerk, &draft).await, expected, "a repeated request");
        let record = office.get(&clerk, &draft).await.json();
        assert_eq!(record["number"]["serial"], json!(expected));
        drafts.push(draft);
    }
    let release = format!("{}/number", drafts[0]);
    for _ in 0..2 {
        assert_eq!(office.ask(&clerk, ("DELETE", &release), &[], "").await.status, 204);
    }
    assert_eq!(office.ask(&clerk, ("DELETE", &drafts[1]), &[], "").await.status, 204);
    let listed = sequence(&office, &clerk).await;
    assert_eq!(listed["gaps"], json!([{"first": 1, "last": 2}]));
    assert_eq!((&listed["next"], &listed["used"]), (&json!(1), &json!(0)));
    assert_eq!(listed["reserved"][0]["draft"], json!(id(&drafts[2])));
    assert_eq!(listed["reserved"][0]["taken_by_name"], json!("张三"));

    let gap = office.draft(&clerk, unnumbered()).await;
    let taken = office.number(&clerk, &gap, json!({"serial": 2})).await.json();
    assert_eq!(taken["serial"], json!(2));
    let next = office.draft(&clerk, unnumbered()).await;
    assert_eq!(serial(&office, &clerk, &next).await, 1);
    office.number(&clerk, &next, json!({"serial": 3})).await.assert_problem(409, "number-taken");
    assert_eq!(office.get(&clerk, &next).await.json()["number"]["serial"], json!(1), "it is kept");
    // Another year is another series, and the earlier number is released.
    let moved = office.number(&clerk, &next, json!({"year": 2024})).await.json();
    assert_eq!((&moved["year"], &moved["serial"]), (&json!(2024), &json!(1)));
    let again = office.draft(&clerk, unnumbered()).await;
    assert_eq!(serial(&office, &clerk, &again).await, 1);
    let acts = office.acts().await;
    let n_of = |name: &str| acts.iter().filter(|(act, _)| act == name).count();
    assert_eq!((n_of("number_taken"), n_of("number_released")), (7, 2));
}

#[tokio::test]
async fn numbers_of_filings_are_skipped_and_those_of_drafts_are_used_with_them() {
    let office = office(false).await;
    let clerk = office.writer("张三").await;
    let post = async |number: u32| {
        let headers = [("accept", "application/json")];
        office.ask(&clerk, ("POST", "/v1/filings"), &headers, letter(number)).await
    };
    assert_eq!(post(38).await.status, 201);
    let draft = office.draft(&clerk, unnumbered()).await;
    assert_eq!(serial(&office, &clerk, &draft).await, 39, "behind the last filing");
    assert_eq!(post(40).await.status, 201);
    let second = office.draft(&clerk, unnumbered()).await;
    assert_eq!(serial(&office, &clerk, &second).await, 41);
    // Nobody files under the number of a draft.
    post(39).await.assert_problem(409, "number-reserved");
    let body = letter(39);
    office.file(&clerk, &second, body.clone()).await.assert_problem(409, "number-reserved");

    let filed = office.file(&clerk, &draft, body.clone()).await;
    assert_eq!(filed.status, 201, "{}", String::from_utf8_lossy(&filed.body));
    let filing = filed.json()["id"].clone();
    let again = office.file(&clerk, &draft, body.clone()).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (201, &filing));
    let record = office.get(&clerk, &draft).await.json();
    assert_eq!((&record["state"], &record["filing"]), (&json!("filed"), &filing));
    assert_eq!((&record["number"], &record["steps"]), (&json!(null), &json!(["delete"])));
    office.file(&clerk, &draft, letter(50)).await.assert_problem(409, "draft-filed");
    office.number(&clerk, &draft, json!({})).await.assert_problem(409, "draft-filed");
    office.save(&clerk, &draft, 1, "{}").await.assert_problem(409, "draft-filed");
    let listed = sequence(&office, &clerk).await;
    assert_eq!(listed["gaps"], json!([{"first": 1, "last": 37}]));
    assert_eq!((&listed["used"], &listed["next"]), (&json!(3), &json!(42)));

    // A filing under another number releases the number of its draft.
    assert_eq!(office.file(&clerk, &second, letter(60)).await.status, 201);
    assert_eq!(sequence(&office, &clerk).await["reserved"], json!([]));
    assert_eq!(post(41).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_batch_cannot_use_the_number_of_a_draft() {
    let office = office(false).await;
    let clerk = office.writer("张三").await;
    let draft = office.draft(&clerk, unnumbered()).await;
    assert_eq!(serial(&office, &clerk, &draft).await, 1);
    let _workers = work(&office.app);
    let own = [NDJSON, ("authorization", &*clerk.authorization)];
    let batch = send(&office.router, "POST", "/v1/batches", &own, letter(1)).await;
    let events = office.get(&clerk, &format!("{}/events", batch.header("location"))).await;
    assert!(String::from_utf8(events.body).unwrap().contains("event: done"));
    let row = "SELECT state, problem FROM batch_lines";
    let row = office.archive.database.query(row).fetch_one().await.unwrap();
    assert_eq!(row.get::<&str, _>("state"), "refused");
    assert!(row.get::<&str, _>("problem").contains("/problems/number-reserved"));
}

#[tokio::test]
async fn an_administrator_sets_where_numbers_begin() {
    let office = office(false).await;
    let (clerk, admin) = (office.writer("张三").await, office.clerk("管理", "admin", None).await);
    let set = async |body: Value| {
        office.ask(&admin, ("PUT", "/v1/sequences"), &[], body.to_string()).await
    };
    let code = serde_json::from_str::<Value>(&letter(1)).unwrap()["document"]["document_number"]
        ["agency_code"]
        .clone();
    let setting =
        json!({"agency": AGENCY, "agency_code": code, "year": 2023, "start": 101, "first": 100});
    let sequence = set(setting.clone()).await.json();
    assert_eq!((&sequence["start"], &sequence["next"]), (&json!(101), &json!(101)));
    let mut drafts = Vec::new();
    for expected in [101, 102] {
        drafts.push(office.draft(&clerk, unnumbered()).await);
        assert_eq!(serial(&office, &clerk, drafts.last().unwrap()).await, expected);
    }
    let path = format!("/v1/sequences?year=2023&agency={}", percent(AGENCY));
    let listed = office.get(&admin, &path).await.json()["sequences"][0].clone();
    assert_eq!(listed["gaps"], json!([{"first": 100, "last": 100}]));
    let back = set(json!({"agency": AGENCY, "agency_code": code, "year": 2023, "start": 1})).await;
    assert_eq!(back.json()["next"], json!(1));
    for (member, value) in [
        ("agency", json!("")),
        ("agency_code", json!("x")),
        ("year", json!(1)),
        ("start", json!(0)),
        ("first", json!(0)),
        ("start", json!("1")),
        ("other", json!(1)),
    ] {
        let mut wrong = setting.clone();
        wrong[member] = value;
        set(wrong).await.assert_problem(422, "invalid-members");
    }
    office.get(&admin, "/v1/sequences").await.assert_problem(400, "invalid-query");
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_number_belongs_to_the_lead_agency() {
    let office = office(false).await;
    let ours = office.writer("民政").await;
    let theirs = office.clerk("财政", "submit,read", Some("四川省财政厅")).await;
    let all = office.clerk("代办", "submit,read", None).await;
    let joint = {
        let mut content: Value = serde_json::from_str(&unnumbered()).unwrap();
        content["document"]["issuers"] = json!([AGENCY, "四川省财政厅"]);
        content.to_string()
    };
    // A co-issuer can write the joint document, but takes no number of the lead agency.
    let co_issued = office.draft(&theirs, joint.clone()).await;
    office.number(&theirs, &co_issued, json!({})).await.assert_problem(403, "not-your-agency");
    let led = office.draft(&ours, joint.clone()).await;
    assert_eq!(serial(&office, &ours, &led).await, 1);
    // The same code and year of another agency is another series, which neither blocks nor shows.
    let mut own: Value = serde_json::from_str(&unnumbered()).unwrap();
    own["document"]["issuers"] = json!(["四川省财政厅"]);
    let own = office.draft(&theirs, own.to_string()).await;
    assert_eq!(serial(&office, &theirs, &own).await, 1);
    let path = format!("/v1/sequences?year=2023&agency={}", percent(AGENCY));
    assert_eq!(office.get(&theirs, &path).await.json()["sequences"], json!([]));
    let listed = sequence(&office, &theirs).await;
    assert_eq!(listed["reserved"].as_array().unwrap().len(), 1);
    assert_eq!(listed["reserved"][0]["draft"], json!(id(&own)));
    // A draft of no agency belongs to the lead agency that it names.
    let unlimited = office.draft(&all, joint).await;
    assert_eq!(serial(&office, &all, &unlimited).await, 2);
    for content in ["{}", r#"{"document": {"issuers": ["某局"]}}"#] {
        let draft = office.draft(&all, content).await;
        office.number(&all, &draft, json!({})).await.assert_problem(422, "number-unclear");
    }
    for wrong in [json!({"year": 1}), json!({"agency_code": "x"}), json!({"serial": 0})] {
        let refused = office.number(&ours, &office.draft(&ours, unnumbered()).await, wrong).await;
        refused.assert_problem(422, "number-unclear");
    }
    for wrong in [json!([]), json!({"x": 1}), json!({"year": "2023"})] {
        office.number(&ours, &led, wrong).await.assert_problem(422, "invalid-members");
    }
}

/// Takes a number, and repeats it while the database is too busy, as clients do after 503.
async fn take(archive: Archive, author: Identity, id: Id) -> (String, u32) {
    loop {
        match archive.take_number(&author, &id, &NumberRequest::default(), ACTOR).await {
            Ok(taken) => return (id.to_string(), taken.number.serial()),
            Err(DraftError::Archive(error)) if error.is_outage() => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_never_given_twice_by_two_servers() {
    const TAKERS: usize = 64;
    let folder = services::folder();
    let servers = [services::in_folder(&folder).await, services::in_folder(&folder).await];
    let caller =
        Caller { id: "k".to_owned(), roles: Roles::new([]), agency: Some(AGENCY.to_owned()) };
    let author = Identity { caller, name: "张三".to_owned() };
    let content = Content::read(unnumbered().as_bytes()).unwrap();
    let mut drafts = Vec::new();
    for _ in 0..TAKERS {
        let id = servers[0].create_draft(&author, &content, ACTOR).await.unwrap();
        drafts.push(Id::parse(&id).unwrap());
    }
    // Every draft is asked for twice, once on each server.
    let takers = drafts.iter().enumerate().flat_map(|(n, id)| {
        [&servers[n % 2], &servers[1 - n % 2]]
            .map(|archive| tokio::spawn(take(archive.clone(), author.clone(), id.clone())))
    });
    let mut taken = BTreeSet::new();
    for taker in takers.collect::<Vec<_>>() {
        taken.insert(taker.await.unwrap());
    }
    let serials: BTreeSet<u32> = taken.iter().map(|(_, serial)| *serial).collect();
    assert_eq!(taken.len(), TAKERS, "both servers gave a draft the same number");
    assert!(serials.into_iter().eq(1..=64), "every number was given once, without gaps");
}

#[tokio::test(flavor = "multi_thread")]
async fn filings_and_drafts_never_share_a_number() {
    let office = Arc::new(office(false).await);
    let clerk = Arc::new(office.writer("张三").await);
    let mut drafts = Vec::new();
    for _ in 0..6 {
        drafts.push(office.draft(&clerk, unnumbered()).await);
    }
    let filings = (1..=6).map(|number| {
        let (office, clerk) = (Arc::clone(&office), Arc::clone(&clerk));
        tokio::spawn(async move {
            let posted = office.ask(&clerk, ("POST", "/v1/filings"), &[], letter(number)).await;
            (posted.status.as_u16(), i64::from(number))
        })
    });
    let takes = drafts.into_iter().map(|draft| {
        let (office, clerk) = (Arc::clone(&office), Arc::clone(&clerk));
        tokio::spawn(async move { serial(&office, &clerk, &draft).await })
    });
    let (filings, takes): (Vec<_>, Vec<_>) = (filings.collect(), takes.collect());
    let mut reserved = BTreeSet::new();
    for take in takes {
        assert!(reserved.insert(take.await.unwrap()));
    }
    for filing in filings {
        let (status, number) = filing.await.unwrap();
        match status {
            201 => assert!(!reserved.contains(&number), "{number} is reserved and used"),
            409 => assert!(reserved.contains(&number), "{number} is free"),
            other => panic!("{other}"),
        }
    }
}
