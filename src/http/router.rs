//! The route table, and the layers that every answer passes through.

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

use crate::archive::access::caller::Role;
use crate::http::access::caller::{known, needs, needs_unless_local, open};
use crate::http::access::gate::Gate;
use crate::http::access::rules::Rules;
use crate::http::access::{audit, me, sign_in};
use crate::http::app::App;
use crate::http::filings::{checks, post, previews, read, search, signed, verdict, verifications};
use crate::http::operations::{health, metrics, readiness};
use crate::http::problem::Problem;
use crate::http::request::request_id;
use crate::http::server::{compression, cors};
use crate::http::{batches, contract, problem};

const NOTHING_IS_LOADED_OR_FRAMED: &str = "default-src 'none'; frame-ancestors 'none'";

/// Every route there is, with the role it needs; the contract is made from this table too.
pub fn table() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default()
        .routes(needs(Role::Submit, routes!(post::post)))
        .routes(needs(Role::Read, routes!(search::get)))
        .routes(needs(Role::Read, routes!(read::record)))
        .routes(needs(Role::Read, routes!(read::pdf)))
        .routes(needs(Role::Read, routes!(read::source)))
        .routes(needs(Role::Read, routes!(signed::get)))
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
        .routes(known(routes!(batches::status::list)))
        .routes(known(routes!(batches::status::get)))
        .routes(needs(Role::Submit, routes!(batches::status::cancel)))
        .routes(known(routes!(batches::events::get)))
        .routes(known(routes!(batches::zip::get)))
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
