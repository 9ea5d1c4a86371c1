//! HTTP, version 1: the route table, what every answer passes through, and the server.

pub mod accept;
pub mod batches;
pub mod bodies;
pub mod refusal;
pub mod origin;
pub mod credentials;
pub mod rules;
pub mod shares;
pub mod sign_in_error;
pub mod fetch;
pub mod provider;
pub mod gate;
pub mod caller;
pub mod checks;
pub mod compression;
pub mod contract;
pub mod conditions;
pub mod disposition;
pub mod cors;
pub mod extract;
pub mod filing_problem;
pub mod filings;
pub mod search;
pub mod record;
pub mod files;
pub mod signed;
pub mod verdict;
pub mod verifications;
pub mod idempotency;
pub mod health;
pub mod memory;
pub mod metrics;
pub mod sign_in;
pub mod me;
pub mod audit;
pub mod previews;
pub mod problem;
pub mod readiness;
pub mod request_id;
pub mod serve;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::archive::Archive;
use crate::archive::caller::Role;
use crate::generate::kept::Generator;
use crate::generate::permits::Permits;
use crate::http::bodies::Bodies;
use crate::http::caller::{known, needs, needs_unless_local, open};
use crate::http::gate::{Access, Gate};
use crate::http::metrics::Metrics;
use crate::http::origin::Origin;
use crate::http::problem::Problem;
use crate::http::rules::Rules;
use crate::jobs::Jobs;
use crate::signature::trust::Trust;

const NOTHING_IS_LOADED_OR_FRAMED: &str = "default-src 'none'; frame-ancestors 'none'";

/// What the handlers share.
#[derive(Debug)]
pub struct App {
    /// Makes filings.
    pub generator: Generator,
    /// Keeps them.
    pub archive: Archive,
    /// Says who may ask.
    pub access: Access,
    /// Takes and knows batches.
    pub jobs: Jobs,
    /// Bounds what bodies hold, of renderings and checks alike.
    pub bodies: Bodies,
    /// Bounds what signed copies hold on their way to the archive.
    pub signed: Bodies,
    /// Bounds renderings.
    pub renders: Permits,
    /// Bounds checks, apart from renderings: a check is short and must not wait behind them.
    pub checks: Permits,
    /// Bounds previews, apart from renderings too: whoever types must not wait behind a batch.
    pub previews: Permits,
    /// Bounds verdicts on PDFs handed in, apart from renderings: those files come from anywhere.
    pub verdicts: Permits,
    /// What signatures are judged by.
    pub trust: Arc<Trust>,
    /// Counts what happens.
    pub metrics: Metrics,
    /// The pages from elsewhere that may call the interface.
    pub origins: Vec<Origin>,
}

/// Every route there is, with the role it needs; the contract is made from this table too.
pub fn table() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default()
        .routes(needs(Role::Submit, routes!(filings::post)))
        .routes(needs(Role::Read, routes!(search::get)))
        .routes(needs(Role::Read, routes!(files::record)))
        .routes(needs(Role::Read, routes!(files::pdf)))
        .routes(needs(Role::Read, routes!(files::source)))
        .routes(needs(Role::Read, routes!(files::signed)))
        .routes(needs(Role::Archive, routes!(signed::put)))
        .routes(needs(Role::Read, routes!(verdict::get)))
        .routes(needs(Role::Read, routes!(verifications::post)))
        .routes(needs(Role::Submit, routes!(checks::post)))
        .routes(needs(Role::Submit, routes!(previews::post)))
        .routes(needs(Role::Admin, routes!(audit::get)))
        .routes(known(routes!(me::get)))
        .routes(open(routes!(sign_in::with_key)))
        .routes(open(routes!(sign_in::begin)))
        .routes(open(routes!(sign_in::end)))
        .routes(known(routes!(sign_in::out)))
        .routes(needs(Role::Submit, routes!(batches::upload::post)))
        .routes(known(routes!(batches::list)))
        .routes(known(routes!(batches::get)))
        .routes(needs(Role::Submit, routes!(batches::cancel)))
        .routes(known(routes!(batches::events::get)))
        .routes(known(routes!(batches::files::get)))
        .routes(open(routes!(contract::get)))
        .routes(open(routes!(contract::submission)))
        .routes(open(routes!(contract::page::get)))
        .routes(open(routes!(contract::page::file)))
        .routes(open(routes!(health::get)))
        .routes(open(routes!(readiness::get)))
        .routes(needs_unless_local(Role::Admin, routes!(metrics::get)))
}

/// The routes behind the gate, and behind what every answer passes through.
pub fn router(app: Arc<App>) -> Router {
    let (routes, contract) = table().split_for_parts();
    // The contract is plain data, which always serializes.
    let rules = Rules::of(&serde_json::to_value(contract).unwrap_or_default());
    let gate = Arc::new(Gate::new(Arc::clone(&app), rules));
    let routes = routes.layer(from_fn_with_state(gate, Gate::admit));
    in_layers(routes.with_state(Arc::clone(&app)), app)
}

/// Puts routes behind what every answer passes through, from a request's id to its log line.
pub fn in_layers(routes: Router, app: Arc<App>) -> Router {
    let cross_origin = cors::layer(&app.origins);
    let layers = ServiceBuilder::new()
        .layer(from_fn(request_id::assign))
        .layer(from_fn_with_state(app, metrics::count))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(log_answer)
                .on_failure(()),
        )
        .layer(security_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(security_header(header::REFERRER_POLICY, "no-referrer"))
        .layer(security_header(header::CONTENT_SECURITY_POLICY, NOTHING_IS_LOADED_OR_FRAMED))
        // Filings may be classified: no cache between here and the client keeps one.
        .layer(security_header(header::CACHE_CONTROL, "no-store"))
        .layer(compression::layer())
        .option_layer(cross_origin)
        .layer(from_fn(problem::write_body))
        .layer(CatchPanicLayer::custom(|_| Problem::Panicked.into_response()));
    routes
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(layers)
}

fn security_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

// The query and the headers stay out of the log: they may name people.
fn span(request: &Request) -> Span {
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        request_id = request_id::of(request.extensions()),
    )
}

fn log_answer<B>(response: &Response<B>, latency: Duration, _: &Span) {
    let status = response.status().as_u16();
    // JSON logs write a u128 as a string, which no one can sort.
    let duration_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status, duration_ms, "request answered");
}
