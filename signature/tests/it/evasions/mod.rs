//! Attacks on the comparison of revisions: changes that readers show, hidden where a comparison may not
//! look.

mod prepared;
mod cross_references;
mod hybrids;
mod marked_content;
mod purposes;
mod widgets;
mod readers;

use hongtou_signature::verify::verify;

use crate::signer::{VALIDATION_TIME, trust};

/// Whether a file passes, and the codes of the changes of the last revision. The original is unknown.
fn last_changes(file: &[u8]) -> (bool, Vec<String>) {
    match verify(file, None, &trust(), VALIDATION_TIME) {
        Err(unreadable) => (false, vec![unreadable.code().to_owned()]),
        Ok(report) => {
            let last = report.revisions.last().unwrap().changes.iter();
            (report.passed, last.map(|change| change.code.clone()).collect())
        }
    }
}

/// A stream with this content.
fn content(text: &str) -> String {
    format!("<</Length {}>>stream\n{text}\nendstream", text.len())
}
