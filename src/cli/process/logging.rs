//! Sets up logging to standard error, including panics.

use std::io;
use std::panic;

use tracing_subscriber::layer::{Layered, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::cli::arguments::Command;
use crate::cli::process::phases::timed;
use crate::cli::settings::config::LogFormat;
use crate::http::operations::metrics::Phases;

/// Sets up the log for a command.
pub fn start(command: &Command, phases: &Phases) {
    match command {
        Command::Serve(config) => {
            log(&config.log, config.log_format).with(timed(phases.clone())).init();
        }
        // The other commands print messages for staff; only errors for maintainers are logged.
        _ => log("error", LogFormat::Text).init(),
    }
    // Only the hook knows the location of a panic, and it runs inside the span of its request.
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(tracing::field::display);
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(location, message, "panicked");
    }));
}

type Log = Layered<Box<dyn Layer<Registry> + Send + Sync>, Registry>;

fn log(filter: &str, format: LogFormat) -> Log {
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    // The filter applies to this layer only; other layers see every span.
    let filter = EnvFilter::new(filter);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Text => lines.with_filter(filter).boxed(),
        LogFormat::Json => lines.json().with_span_list(false).with_filter(filter).boxed(),
    };
    tracing_subscriber::registry().with(lines)
}
