//! Watches validations: time, memory, and panics of this program, which `verify()` would hide.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{LazyLock, Mutex};

/// The most work for one file, in seconds. Without optimisation a usual one takes a tenth of a second.
const MAX_SECONDS: f64 = 6.0;

/// The most memory that the tests may use together, in megabytes.
const MAX_MEGABYTES: u64 = 1200;

/// Panics of the packages of this program.
static PANICS: LazyLock<Mutex<Vec<String>>> = LazyLock::new(|| {
    let previous = take_hook();
    set_hook(Box::new(move |info| {
        let file = info.location().map(std::panic::Location::file).unwrap_or_default();
        if ["signature/src/", "rules/src/"].iter().any(|folder| file.contains(folder)) {
            PANICS.lock().unwrap().push(info.to_string());
        }
        previous(info);
    }));
    Mutex::default()
});

/// Runs a validation. Fails if it panics anywhere in this program, or takes too much time or memory.
pub(super) fn watched<T>(run: impl FnOnce() -> T) -> T {
    LazyLock::force(&PANICS);
    let before = seconds_of_work();
    let done = catch_unwind(AssertUnwindSafe(run));
    if let Some((before, after)) = before.zip(seconds_of_work()) {
        assert!(after - before < MAX_SECONDS, "took {} s", after - before);
    }
    let panics = PANICS.lock().unwrap().clone();
    assert_eq!(panics, Vec::<String>::new());
    if let Some(megabytes) = peak_megabytes() {
        assert!(megabytes < MAX_MEGABYTES, "took {megabytes} MB");
    }
    done.expect("no panic")
}

/// How long this thread has been running, from Linux. Other threads do not count.
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
