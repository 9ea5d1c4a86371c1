//! Judges PDFs without trusted certificates and prints one line of JSON for each: reasons, changes, time
//! and memory. Compares our verdicts with those of other validators on their test files.
//!
//! Run: `cargo run --release -p hongtou-signature --example verdicts -- FILE...`

use std::io::Write;
use std::path::Path;

use hongtou_rules::document::moment::Moment;
use hongtou_signature::verify::verify;
use hongtou_signature::x509::trust::Trust;
use serde_json::{Value, json};

/// The validation time: 2026-03-01. Without trusted certificates it changes no verdict that matters here.
const VALIDATION_TIME: Moment = Moment(1_772_323_200_000);

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    for path in std::env::args().skip(1) {
        writeln!(out, "{}", line(Path::new(&path)))?;
    }
    Ok(())
}

fn line(path: &Path) -> Value {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let Ok(bytes) = std::fs::read(path) else { return json!({"file": name, "error": "not read"}) };
    let start = seconds_of_work();
    let judged = verify(&bytes, None, &Trust::default(), VALIDATION_TIME);
    let seconds = seconds_of_work().zip(start).map(|(end, start)| end - start);
    let mut line = match judged {
        Err(unreadable) => json!({"unreadable": unreadable.code()}),
        Ok(report) => json!({
            "passed": report.passed,
            "signatures": report.signatures.iter().map(|one| json!({
                "field": one.field,
                "indication": one.validation.indication,
                "reasons": one.validation.reasons.iter().map(|it| &it.code).collect::<Vec<_>>(),
                "later": one.later_changes.iter().map(|it| &it.code).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "changes": report.revisions.iter().flat_map(|it| &it.changes).map(|it| {
                json!([it.revision, it.code, it.object, it.detail])
            }).collect::<Vec<_>>(),
        }),
    };
    line["file"] = json!(name);
    line["seconds"] = json!(seconds);
    line["megabytes"] = json!(peak_megabytes());
    line
}

/// How long this thread has been running so far, from Linux. Other processes do not count.
fn seconds_of_work() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// The peak of the memory of this process so far, from Linux.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}
