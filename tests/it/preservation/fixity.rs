//! Every object is checked, and every planted fault is found.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use hongtou::archive::Archive;
use hongtou::archive::fixity::finding::{Finding, FindingKind, FixityReport};
use hongtou::archive::fixity::progress::{PARTS, Pace};
use hongtou::archive::objects::Objects;
use hongtou::archive::renderers::Renderer;
use hongtou::http::app::App;
use hongtou::http::router::router;

use crate::archive::filings::get;
use crate::cli::exit_codes::{assert_exit, hongtou, make_archive};
use crate::http::in_process::app;
use crate::preservation::stock::{ACTOR, Later, archive, file, path_of, sign};

/// Damages the content of a file.
type Change = fn(Vec<u8>) -> Vec<u8>;

const UNLIMITED: Pace = Pace { bytes_per_second: None };

pub(crate) async fn checked(archive: &Archive) -> FixityReport {
    let mut round = archive.fixity_round().await.unwrap();
    while round.next_part < PARTS {
        round = archive.check_next_part(round, UNLIMITED).await.unwrap();
    }
    archive.finish_fixity_round(&round, ACTOR).await.unwrap()
}

fn renderer() -> Renderer {
    let manifest = Bytes::from_static(b"{}");
    let sha256 = hongtou::archive::objects::sha256(&manifest);
    Renderer { sha256, manifest, version: "1.0.0".to_owned(), files: Vec::new() }
}

/// The faults of an archive, each with the finding that it must cause.
async fn planted(archive: &Archive, folder: &Path) -> Vec<Finding> {
    let mut filings = Vec::new();
    for serial in 1..=10 {
        let filing = file(archive, serial).await;
        filings.push(sign(archive, &filing).await);
    }
    let path = |sha256: &str| path_of(folder, sha256);
    let mut expected = Vec::new();
    let mut expect = |kind, name: &str, role: &str, id: &str| {
        let subject = if role.is_empty() { String::new() } else { format!("{role} {id}") };
        expected.push(Finding { kind, name: name.to_owned(), subject });
    };
    let (missing, altered, extra) =
        (FindingKind::Missing, FindingKind::Altered, FindingKind::Extra);
    let signed = |index: usize| filings[index].signed.clone().unwrap();
    let lost = [
        ("source", filings[0].source.clone(), &filings[0].id),
        ("pdf", filings[1].pdf.clone(), &filings[1].id),
        ("signed", signed(2).file, &filings[2].id),
        ("verdict", signed(3).verdict.unwrap(), &filings[3].id),
    ];
    for (role, object, id) in lost {
        fs::remove_file(path(&object.sha256)).unwrap();
        expect(missing, &object.sha256, role, id);
    }
    let name = renderer().sha256;
    fs::remove_file(path(&name)).unwrap();
    expect(missing, &name, "renderer", &name);

    let changed: [(&str, usize, Change); 3] = [
        ("a flipped bit", 4, |mut bytes| {
            bytes[7] ^= 1;
            bytes
        }),
        ("a cut end", 5, |bytes| bytes[..9].to_vec()),
        ("no bytes", 6, |_| Vec::new()),
    ];
    for (_, index, change) in changed {
        let pdf = path(&filings[index].pdf.sha256);
        let bytes = fs::read(&pdf).unwrap();
        fs::write(&pdf, change(bytes)).unwrap();
        expect(altered, &filings[index].pdf.sha256, "pdf", &filings[index].id);
    }
    fs::copy(path(&filings[8].source.sha256), path(&filings[7].source.sha256)).unwrap();
    expect(altered, &filings[7].source.sha256, "source", &filings[7].id);

    let orphan = archive.objects.put(Bytes::from_static(b"no record")).await.unwrap();
    expect(extra, &orphan, "", "");
    fs::create_dir(folder.join("copies")).unwrap();
    let strays =
        [("00/note.txt", "00/note.txt"), ("note.txt", "note.txt"), ("copies/x", "copies/")];
    for (stray, name) in strays {
        fs::write(folder.join(stray), "x").unwrap();
        expect(extra, name, "", "");
    }
    let lengthen = "UPDATE filings SET source_bytes = source_bytes + 1 WHERE id = $1";
    let lengthen = archive.database.query(lengthen).bind(filings[9].id.as_str());
    assert_eq!(lengthen.execute().await.unwrap(), 1);
    expect(FindingKind::OtherLength, &filings[9].source.sha256, "source", &filings[9].id);
    expected
}

#[tokio::test]
async fn every_planted_fault_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path(), 3).await.with_renderer(renderer());
    let mut expected = planted(&archive, folder.path()).await;
    expected.sort();
    let report = checked(&archive).await;
    let mut found = report.findings.clone();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(report.n_findings, expected.len() as u64);
    // Ten filings with four objects each, the manifest and the orphan, without the five that are lost.
    assert_eq!(report.objects, 37);
    let state = archive.fixity_state().await.unwrap();
    assert_eq!((state.finished_at, state.parts), (Some(report.finished_at), None));
    let acts = archive.trail(&Default::default(), 1).await.unwrap();
    assert_eq!((&*acts[0].act, &acts[0].subject), ("fixity_checked", &report.round));

    let app = Arc::new(App { archive, ..app().await });
    let metrics = String::from_utf8(get(&router(app), "/metrics", &[]).await.body).unwrap();
    assert!(metrics.contains("hongtou_fixity_findings{kind=\"missing\"} 5\n"), "{metrics}");
    assert!(metrics.contains("hongtou_fixity_parts_checked 256\n"), "{metrics}");
}

#[tokio::test]
async fn what_the_log_and_the_records_say_differently_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path(), 0).await;
    let (first, second) = (file(&archive, 1).await, file(&archive, 2).await);
    let execute = async |sql: &'static str, name: &str| {
        assert!(archive.database.query(sql).bind(name).execute().await.unwrap() > 0, "{sql}");
    };
    // No entry names the PDF of the first filing.
    execute("DELETE FROM log_objects WHERE sha256 = $1", &first.pdf.sha256).await;
    // The database has lost the second filing, and the store its source; the log still knows both.
    for sql in
        ["DELETE FROM filing_issuers WHERE filing_id = $1", "DELETE FROM filings WHERE id = $1"]
    {
        execute(sql, &second.id).await;
    }
    fs::remove_file(path_of(folder.path(), &second.source.sha256)).unwrap();
    let found = checked(&archive).await.findings;
    let found: Vec<_> = found.iter().map(|finding| (finding.kind, &*finding.name)).collect();
    let expected = [
        (FindingKind::LoggedWithoutObject, &*second.source.sha256),
        (FindingKind::NotLogged, &*first.pdf.sha256),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_interrupted_round_continues_at_its_next_part() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path(), 0).await;
    for serial in 1..=3 {
        file(&archive, serial).await;
    }
    let first = archive.fixity_round().await.unwrap();
    let mut round = first.clone();
    for _ in 0..100 {
        round = archive.check_next_part(round, UNLIMITED).await.unwrap();
    }
    assert!(archive.is_fixity_due(i64::MAX / 2).await.unwrap(), "a round is not finished");
    assert_eq!(archive.fixity_round().await.unwrap(), round);
    // Another server that is behind takes the result of this one.
    assert_eq!(archive.check_next_part(first, UNLIMITED).await.unwrap(), round);
    let report = checked(&archive).await;
    assert_eq!((report.objects, report.n_findings, report.round), (6, 0, round.id));
    // The next round reads the report, too.
    assert_eq!(checked(&archive).await.objects, 7);
}

#[tokio::test]
async fn a_round_is_due_some_days_after_the_last_one() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path(), 0).await;
    let day = 24 * 60 * 60 * 1000;
    assert!(!archive.is_fixity_due(0).await.unwrap(), "there is nothing to check");
    file(&archive, 1).await;
    let database = archive.database.clone();
    let in_days = |days| {
        let objects = Objects::in_folder(folder.path()).unwrap();
        Archive::new(database.clone(), objects, Arc::new(Later { days }))
    };
    assert!(!in_days(89).is_fixity_due(90 * day).await.unwrap());
    assert!(in_days(91).is_fixity_due(90 * day).await.unwrap());
    checked(&in_days(91)).await;
    assert!(!in_days(180).is_fixity_due(90 * day).await.unwrap());
    assert!(in_days(182).is_fixity_due(90 * day).await.unwrap());
}

#[tokio::test]
async fn the_command_reports_findings_by_its_exit_code() {
    let data = tempfile::tempdir().unwrap();
    make_archive(data.path().to_str().unwrap());
    let check = |code| {
        let arguments = ["archive", "check", "--data", data.path().to_str().unwrap()];
        assert_exit(&hongtou(&arguments), code)
    };
    let (out, err) = check(0);
    assert_eq!(out, "已核对0个文件，共0字节，全部完好。\n");
    assert!(err.starts_with("已核对16/256，0个文件。\n"), "{err}");
    let (out, _) = check(0);
    assert!(out.starts_with("已核对1个文件"), "{out}");
    let note = data.path().join("objects/note.txt");
    fs::write(note, "x").unwrap();
    let (out, _) = check(1);
    assert!(out.starts_with("多余（没有记录）：note.txt（无记录）\n"), "{out}");
    assert!(out.ends_with("发现问题1处。\n"), "{out}");
}
