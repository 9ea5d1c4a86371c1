//! Starts the log on standard error, panics included.

use std::io;
use std::panic;

use tracing_subscriber::EnvFilter;

use crate::cli::arguments::Command;
use crate::cli::config::LogFormat;

/// Starts the log as a command wants it.
pub fn start(command: &Command) {
    match command {
        Command::Serve(config) => start_as(&config.log, config.log_format),
        // The others talk to staff; only what needs a maintainer is logged.
        _ => start_as("error", LogFormat::Text),
    }
    // A panic may come from any thread; its place is known here alone, and the span of the
    // request it belongs to is entered here.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(tracing::field::display);
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "panicked");
    }));
}

fn start_as(filter: &str, format: LogFormat) {
    let filter = EnvFilter::new(filter);
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false);
    match format {
        LogFormat::Text => subscriber.init(),
        LogFormat::Json => subscriber.json().with_span_list(false).init(),
    }
}
