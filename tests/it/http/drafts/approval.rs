//! 审签: who may take which step, and that a filing is what was approved.

use std::sync::Arc;

use hongtou::archive::audit::trail::TrailFilter;
use serde_json::{Value, json};

use crate::http::batches::{NDJSON, letter};
use crate::http::drafts::{AGENCY, Clerk, Office, id, office};

/// The people of an office.
struct People {
    writer: Clerk,
    reviewer: Clerk,
    signatory: Clerk,
}

async fn people(office: &Office) -> People {
    People {
        writer: office.writer("张三").await,
        reviewer: office.clerk("李四", "submit,read,review", Some(AGENCY)).await,
        signatory: office.clerk("王五", "read,approve", Some(AGENCY)).await,
    }
}

async fn state(office: &Office, clerk: &Clerk, draft: &str) -> Value {
    office.get(clerk, draft).await.json()["state"].clone()
}

#[tokio::test]
async fn an_approved_draft_becomes_the_filing_that_was_approved() {
    let office = office(true).await;
    let People { writer, reviewer, signatory } = people(&office).await;
    let draft = office.draft(&writer, letter(46)).await;
    let record = office.get(&writer, &draft).await.json();
    assert_eq!(record["steps"], json!(["edit", "delete", "send"]));
    office.file(&writer, &draft, letter(46)).await.assert_problem(409, "draft-not-approved");
    for (clerk, step, after) in [
        (&writer, "send", "in_review"),
        (&reviewer, "agree", "in_approval"),
        (&signatory, "approve", "approved"),
    ] {
        let record = office.get(clerk, &draft).await.json();
        assert!(record["steps"].as_array().unwrap().contains(&json!(step)), "{record}");
        let taken = office.step(clerk, &draft, step).await;
        assert_eq!(taken.status, 200, "{step}: {}", String::from_utf8_lossy(&taken.body));
        assert_eq!(taken.json()["state"], json!(after));
    }
    let record = office.get(&writer, &draft).await.json();
    assert_eq!(record["steps"], json!(["withdraw", "file"]));
    let other = office.file(&writer, &draft, letter(47)).await;
    other.assert_problem(409, "content-not-approved");
    // White space and the order of keys are not content.
    let respelled = serde_json::from_str::<Value>(&letter(46)).unwrap();
    let filed = office.file(&writer, &draft, format!("{respelled:#}")).await;
    assert_eq!(filed.status, 201, "{}", String::from_utf8_lossy(&filed.body));
    assert_eq!(state(&office, &writer, &draft).await, json!("filed"));

    let steps = office.get(&writer, &format!("{draft}/steps")).await.json();
    let steps: Vec<_> = steps["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| json!([step["step"], step["by_name"], step["remark"], step["version"]]))
        .collect();
    let expected = [
        json!(["send", "张三", "意见：send", 1]),
        json!(["agree", "李四", "意见：agree", 1]),
        json!(["approve", "王五", "意见：approve", 1]),
        json!(["file", "张三", "", 1]),
    ];
    assert_eq!(steps, expected);
    let acts: Vec<_> = office.acts().await.into_iter().map(|(act, _)| act).collect();
    let expected = [
        "draft_created",
        "draft_sent",
        "draft_agreed",
        "draft_approved",
        "filing_kept",
        "draft_filed",
    ];
    assert_eq!(acts, expected);
}

#[tokio::test]
async fn without_an_approved_draft_only_exempt_keys_file() {
    let office = office(true).await;
    let cases = [
        ("submit,read", Some(AGENCY), false),
        ("admin", None, false),
        ("submit,direct", Some(AGENCY), true),
        ("admin,direct", None, true),
    ];
    for ((roles, agency, may), number) in cases.into_iter().zip(1..) {
        let clerk = office.clerk("系统", roles, agency).await;
        let posted = office.ask(&clerk, ("POST", "/v1/filings"), &[], letter(number)).await;
        let own = [NDJSON, ("authorization", &*clerk.authorization)];
        let batch = crate::archive::filings::send(
            &office.router,
            "POST",
            "/v1/batches",
            &own,
            letter(number),
        )
        .await;
        if may {
            assert_eq!((posted.status.as_u16(), batch.status.as_u16()), (201, 202), "{roles}");
        } else {
            posted.assert_problem(403, "approval-required");
            batch.assert_problem(403, "approval-required");
        }
    }
    // An exempt key files a draft of any state.
    let exempt = office.clerk("系统", "submit,read,direct", Some(AGENCY)).await;
    let draft = office.draft(&exempt, letter(46)).await;
    assert_eq!(office.file(&exempt, &draft, letter(46)).await.status, 201);
}

#[tokio::test]
async fn nobody_approves_an_own_draft() {
    let office = office(true).await;
    let reviewer = office.clerk("李四", "submit,read,review,approve", Some(AGENCY)).await;
    let People { writer, signatory, .. } = people(&office).await;
    // Sent by the reviewer.
    let draft = office.draft(&writer, letter(46)).await;
    assert_eq!(office.step(&reviewer, &draft, "send").await.status, 200);
    office.step(&reviewer, &draft, "agree").await.assert_problem(403, "own-draft");
    // Written by the reviewer, sent by another.
    let written = office.draft(&reviewer, letter(47)).await;
    assert_eq!(office.step(&writer, &written, "send").await.status, 200);
    office.step(&reviewer, &written, "agree").await.assert_problem(403, "own-draft");
    office.step(&signatory, &written, "agree").await.assert_problem(403, "forbidden");
    office.step(&writer, &written, "approve").await.assert_problem(403, "forbidden");
    let steps = office.get(&reviewer, &written).await.json()["steps"].clone();
    assert_eq!(steps, json!(["withdraw", "return"]));
    let other = office.clerk("赵六", "submit,read", Some(AGENCY)).await;
    office.step(&other, &written, "withdraw").await.assert_problem(403, "not-sender");
    let admin = office.clerk("管理", "admin", None).await;
    assert_eq!(office.step(&admin, &written, "withdraw").await.status, 200);
    assert_eq!(state(&office, &writer, &written).await, json!("drafting"));
}

#[tokio::test]
async fn a_draft_under_approval_changes_only_after_it_was_returned() {
    let office = office(true).await;
    let People { writer, reviewer, signatory } = people(&office).await;
    let draft = office.draft(&writer, letter(46)).await;
    office.step(&writer, &draft, "approve").await.assert_problem(403, "forbidden");
    office.step(&signatory, &draft, "approve").await.assert_problem(409, "draft-step");
    assert_eq!(office.step(&writer, &draft, "send").await.status, 200);
    office.save(&writer, &draft, 1, letter(47)).await.assert_problem(409, "draft-locked");
    office.ask(&writer, ("DELETE", &draft), &[], "").await.assert_problem(409, "draft-locked");
    assert_eq!(office.step(&reviewer, &draft, "agree").await.status, 200);
    office.step(&reviewer, &draft, "return").await.assert_problem(403, "forbidden");
    assert_eq!(office.step(&signatory, &draft, "return").await.status, 200);
    assert_eq!(state(&office, &writer, &draft).await, json!("returned"));
    assert_eq!(office.save(&writer, &draft, 1, letter(47)).await.status, 200);
    // Each step names the version that was seen.
    let stale = office.step(&writer, &draft, "send").await;
    stale.assert_problem(412, "draft-changed");
    assert_eq!(stale.json()["current"]["version"], json!(2));
    let send = json!({"step": "send", "version": 2}).to_string();
    let path = format!("{draft}/steps");
    assert_eq!(office.ask(&writer, ("POST", &path), &[], send).await.status, 200);
    assert_eq!(state(&office, &writer, &draft).await, json!("in_review"));
}

#[tokio::test]
async fn only_a_valid_content_is_sent() {
    let office = office(true).await;
    let writer = office.writer("张三").await;
    let draft = office.draft(&writer, letter(46).replace("2023-03-15", "2023-02-30")).await;
    let refused = office.step(&writer, &draft, "send").await;
    refused.assert_problem(422, "refused");
    assert!(!refused.json()["errors"].as_array().unwrap().is_empty());
    assert_eq!(state(&office, &writer, &draft).await, json!("drafting"));
    let path = format!("{draft}/steps");
    let long = "字".repeat(501);
    for body in [
        json!({}),
        json!({"step": "send"}),
        json!({"step": "file", "version": 1}),
        json!({"step": "send", "version": 1, "remark": long}),
        json!({"step": "send", "version": 1, "remark": "\u{0}"}),
        json!({"step": "send", "version": 1, "x": 1}),
    ] {
        let refused = office.ask(&writer, ("POST", &path), &[], body.to_string()).await;
        refused.assert_problem(422, "invalid-members");
    }
}

#[tokio::test]
async fn without_the_setting_drafts_are_filed_at_once() {
    let office = office(false).await;
    let writer = office.writer("张三").await;
    let draft = office.draft(&writer, letter(46)).await;
    office.step(&writer, &draft, "send").await.assert_problem(409, "approval-off");
    assert_eq!(office.file(&writer, &draft, letter(46)).await.status, 201);
    for wrong in ["x", "00000000-0000-7000-8000-000000000000"] {
        let refused = office.file(&writer, wrong, letter(46)).await;
        refused.assert_problem(404, "draft-not-found");
    }
    let headers = [("hongtou-draft", id(&draft)), ("hongtou-draft", id(&draft))];
    let twice = office.ask(&writer, ("POST", "/v1/filings"), &headers, letter(46)).await;
    twice.assert_problem(404, "draft-not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_steps_and_filings_happen_once() {
    let office = Arc::new(office(true).await);
    let People { writer, reviewer, signatory } = people(&office).await;
    let draft = office.draft(&writer, letter(46)).await;
    assert_eq!(office.step(&writer, &draft, "send").await.status, 200);
    assert_eq!(office.step(&reviewer, &draft, "agree").await.status, 200);
    let at_once = |clerk: Clerk, step: &'static str| {
        let (office, clerk, draft) = (Arc::clone(&office), Arc::new(clerk), draft.clone());
        let step = (0..4).map(move |_| {
            let (office, clerk, draft) = (Arc::clone(&office), Arc::clone(&clerk), draft.clone());
            tokio::spawn(async move {
                if step == "file" {
                    let filed = office.file(&clerk, &draft, letter(46)).await;
                    return (filed.status.as_u16(), filed.json()["id"].clone());
                }
                (office.step(&clerk, &draft, step).await.status.as_u16(), json!(null))
            })
        });
        step.collect::<Vec<_>>()
    };
    let mut statuses = Vec::new();
    for approved in at_once(signatory, "approve") {
        statuses.push(approved.await.unwrap().0);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
    let mut filed = Vec::new();
    for filing in at_once(writer, "file") {
        filed.push(filing.await.unwrap());
    }
    assert_eq!(filed[0].0, 201);
    assert!(filed.iter().all(|one| *one == filed[0]), "{filed:?}");
    let n_filed = office.acts().await.iter().filter(|(act, _)| act == "draft_filed").count();
    assert_eq!(n_filed, 1);
}

/// A reviewer and a signatory need not be able to submit, but must see what they approve.
#[tokio::test]
async fn reviewers_see_the_pages_of_the_draft_without_submitting() {
    let office = office(true).await;
    let writer = office.writer("张三").await;
    let reviewer = office.clerk("李四", "read,review", Some(AGENCY)).await;
    let signatory = office.clerk("王五", "read,approve", Some(AGENCY)).await;
    let draft = office.draft(&writer, letter(46)).await;
    assert_eq!(office.step(&writer, &draft, "send").await.status, 200);
    let posted = office.ask(&writer, ("POST", "/v1/previews/pages?want=1"), &[], letter(46)).await;
    for clerk in [&reviewer, &signatory] {
        let shown = office.get(clerk, &format!("{draft}/pages?want=1")).await;
        assert_eq!(shown.status, 200);
        assert_eq!(shown.body, posted.body, "the pages of the content under review");
        let own = office.ask(clerk, ("POST", "/v1/previews/pages"), &[], letter(46)).await;
        own.assert_problem(403, "forbidden");
    }
    let again = office.get(&reviewer, &format!("{draft}/pages?want=2")).await;
    assert_eq!(again.status, 200);
    let reads = TrailFilter { act: Some("file_read".to_owned()), ..TrailFilter::default() };
    let readers = office.archive.trail(&reads, 100).await.unwrap();
    let readers: Vec<&str> = readers.iter().rev().map(|entry| entry.caller.as_str()).collect();
    assert_eq!(readers, [&*reviewer.id, &*signatory.id], "a reader is recorded once");
    let refused = office.get(&reviewer, &format!("{draft}/pages?want=0")).await;
    refused.assert_problem(400, "invalid-query");
    let stranger = office.clerk("赵六", "read,review", Some("巴中市财政局")).await;
    let hidden = office.get(&stranger, &format!("{draft}/pages?want=1")).await;
    hidden.assert_problem(404, "draft-not-found");
    let writing = office.clerk("钱七", "submit", Some(AGENCY)).await;
    office.get(&writing, &format!("{draft}/pages")).await.assert_problem(403, "forbidden");
}
