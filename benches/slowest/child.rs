//! Typesets one filing in a process of its own.

use std::fs;
use std::path::Path;

use hongtou::document::moment::Moment;
use hongtou::generate::{GenerateError, generate};
use hongtou::render::fonts::font_set::FontSet;
use hongtou::render::typesetter::Typesetter;
use hongtou::signature::verify::verify;
use hongtou::signature::x509::trust::Trust;

/// What the process prints for a filing that the rules refuse.
pub const REFUSED: &str = "refused";

/// When the filing is verified: 2026-03-01. It has no signatures that could expire.
const VALIDATION_TIME: Moment = Moment(1_772_323_200_000);

/// The ticks per second of the kernel's CPU times.
const TICKS: f64 = 100.0;

/// Typesets the filing, and verifies it, because no filing may exceed the limits of verification. Returns the seconds of CPU time, the peak memory in megabytes and the pages.
pub fn set(file: &Path) -> String {
    let body = fs::read(file).expect("the parent wrote the file");
    let typesetter = Typesetter::new(FontSet::bundled());
    match generate(&body, &typesetter) {
        Ok(generated) => {
            let taken = format!("{} {} {}", seconds(), megabytes(), generated.pages);
            match verify(&generated.pdf, None, &Trust::default(), VALIDATION_TIME) {
                Ok(_) => taken,
                Err(error) => format!("failed: {error:?}"),
            }
        }
        Err(GenerateError::Render(error)) => format!("failed: {error:?}"),
        Err(GenerateError::Refused(findings)) => format!("{REFUSED} {:?}", findings.errors.first()),
        Err(GenerateError::Unreadable(error)) => format!("{REFUSED} {error:?}"),
    }
}

/// CPU time of this process in user and kernel mode (proc(5)).
fn seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux has /proc");
    // The second field, the name in parentheses, may contain spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}

fn megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has /proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
