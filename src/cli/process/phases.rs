//! Times the phases of a filing by their tracing spans, so that rendering needs no clock.

use std::time::Instant;

use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterFn, filter_fn};
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::LookupSpan;

use crate::http::operations::metrics::Phases;

/// The names of the spans that are phases; each is the name of its function.
const NAMES: [&str; 6] = ["read", "validate", "page_data", "compile", "export", "draw"];

/// Records how long each phase span was open.
struct Stopwatch(Phases);

/// The start of a phase.
struct PhaseStart(Instant);

/// Returns a layer that times the phases and ignores all other spans and events.
pub fn timed<S>(phases: Phases) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let is_phase: FilterFn<fn(&Metadata<'_>) -> bool> = filter_fn(is_phase);
    let filter: Box<dyn Filter<S> + Send + Sync> = Box::new(is_phase);
    Stopwatch(phases).with_filter(filter)
}

fn is_phase(metadata: &Metadata<'_>) -> bool {
    metadata.is_span()
        && metadata.target().starts_with("hongtou")
        && NAMES.contains(&metadata.name())
}

impl<S> Layer<S> for Stopwatch
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    #[expect(clippy::disallowed_methods, reason = "measures how long a phase takes")]
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(PhaseStart(Instant::now()));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let duration = span.extensions().get::<PhaseStart>().map(|start| start.0.elapsed());
        if let Some(duration) = duration {
            self.0.record(span.name(), duration);
        }
    }
}
