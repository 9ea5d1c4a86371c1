//! Packages of an earlier version, which had no log.

use std::fs;
use std::path::Path;

use hongtou::archive::log::receipts::ReceiptState;
use hongtou::archive::objects::sha256;

use crate::archive::log::{keeper, round};
use crate::http::in_process::TYPESETTER;
use crate::preservation::fixity::checked;
use crate::preservation::package::proven;
use crate::preservation::stock::{ACTOR, archive};

/// Makes a package one of an earlier version, which had no log.
fn without_log(bag: &Path) {
    let manifest = bag.join("manifest-sha256.txt");
    let is_of_log = |path: &str| path.contains("/其他/log/") || path.contains("/其他/records/log_");
    let text = fs::read_to_string(&manifest).unwrap();
    let (of_log, others): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| is_of_log(line));
    assert!(of_log.len() > 8, "{of_log:?}");
    for line in of_log {
        fs::remove_file(bag.join(line.split_once("  ").unwrap().1)).unwrap();
    }
    let lines = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    fs::write(&manifest, lines(&others)).unwrap();
    let tags = bag.join("tagmanifest-sha256.txt");
    let text = fs::read_to_string(&tags).unwrap();
    let others: Vec<&str> =
        text.lines().filter(|line| !line.ends_with("  manifest-sha256.txt")).collect();
    fs::write(&tags, lines(&others)).unwrap();
}

#[tokio::test]
async fn filings_of_a_package_without_a_log_are_entered_into_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, signed) = proven(&path("from")).await;
    from.export(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    without_log(&path("bag"));
    let to = archive(&path("to"), 0).await;
    to.import(&path("bag"), ACTOR).await.unwrap();
    assert_eq!(checked(&to).await.findings, []);
    let keeper = keeper(&to).await;
    while round(&keeper).await.published.is_some() {}
    assert!(matches!(to.receipt(&sha256(&signed)).await.unwrap(), ReceiptState::Ready(_)));
    assert_eq!(checked(&to).await.findings, []);
}
