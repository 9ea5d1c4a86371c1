//! The route table, and the middleware around all routes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use serde_json::Value;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::archive::access::caller::Role;
use crate::http::access::client::TrustedProxy;
use crate::http::access::gate::Gate;
use crate::http::access::rules::Rule::{self, Authenticated, Public, Requires};
use crate::http::access::rules::Rules;
use crate::http::access::{audit, client, me, sign_in};
use crate::http::administration::{fonts, keys, sessions};
use crate::http::app::App;
use crate::http::contract::ContractText;
use crate::http::filings::previews::{page_picture, page_previews, stored_pages};
use crate::http::filings::{
    checks, confirmations, feed, fixes, post, read, search, signed_copy, signing, verdict,
    verifications,
};
use crate::http::log::{files, receipt};
use crate::http::operations::{exposition, health, readiness};
use crate::http::preservation::{disposals, holds, inspection, retention};
use crate::http::problem::Problem;
use crate::http::request::{request_id, target};
use crate::http::server::{compression, cors};
use crate::http::{batches, contract, drafts, imports, office, problem, units};

const DEFAULT_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The routes of the server, each with its access rule.
#[derive(Default)]
pub struct Table {
    // The handlers, with their operations in the contract. Private, so that `add` is the only way to
    // add a route, and none is without a rule.
    routes: OpenApiRouter<Arc<App>>,
    /// The access rules of the routes.
    pub rules: Rules,
}

impl Table {
    fn add(mut self, rule: Rule, mut routes: UtoipaMethodRouter<Arc<App>>) -> Self {
        self.rules.attach(rule, &mut routes.1);
        self.routes = self.routes.routes(routes);
        self
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// Every route of the server. The gate and the contract are both derived from this table.
pub fn table() -> Table {
    services(keeping(drafting(filings(Table::default()))))
}

/// Filings, their signed copies and verdicts.
fn filings(table: Table) -> Table {
    table
        .add(Requires(Role::Submit), routes!(post::post))
        .add(Requires(Role::Read), routes!(search::get))
        .add(Requires(Role::Read), routes!(feed::get))
        .add(Requires(Role::Read), routes!(read::record))
        .add(Requires(Role::Read), routes!(read::pdf))
        .add(Requires(Role::Read), routes!(read::source))
        .add(Requires(Role::Read), routes!(read::word))
        .add(Requires(Role::Read), routes!(stored_pages::of_filing))
        .add(Requires(Role::Read), routes!(confirmations::list))
        .add(Requires(Role::Submit), routes!(confirmations::post))
        .add(Requires(Role::Read), routes!(signed_copy::get))
        .add(Requires(Role::Archive), routes!(signed_copy::put))
        .add(Requires(Role::Admin), routes!(signed_copy::withdraw))
        .add(Requires(Role::Archive), routes!(signing::prepare::post))
        .add(Requires(Role::Archive), routes!(signing::document::get))
        .add(Requires(Role::Archive), routes!(signing::complete::put))
        .add(Requires(Role::Read), routes!(verdict::get))
        .add(Requires(Role::Read), routes!(receipt::get))
        .add(Requires(Role::Read), routes!(verifications::post))
}

/// What helps to write a filing: checks, previews, drafts, numbers, approval and imports.
fn drafting(table: Table) -> Table {
    table
        .add(Requires(Role::Submit), routes!(checks::post))
        .add(Requires(Role::Submit), routes!(fixes::post))
        .add(Requires(Role::Submit), routes!(page_picture::post))
        .add(Requires(Role::Submit), routes!(page_previews::post))
        .add(Requires(Role::Submit), routes!(drafts::write::post))
        .add(Requires(Role::Read), routes!(drafts::list::get))
        .add(Requires(Role::Read), routes!(drafts::read::get))
        .add(Requires(Role::Submit), routes!(drafts::write::put))
        .add(Requires(Role::Submit), routes!(drafts::write::delete))
        .add(Requires(Role::Read), routes!(stored_pages::of_draft))
        .add(Requires(Role::Read), routes!(drafts::read::versions))
        .add(Requires(Role::Read), routes!(drafts::read::version))
        .add(Requires(Role::Read), routes!(drafts::steps::list))
        .add(Authenticated, routes!(drafts::steps::post))
        .add(Requires(Role::Submit), routes!(drafts::numbers::post))
        .add(Requires(Role::Submit), routes!(drafts::numbers::release))
        .add(Requires(Role::Read), routes!(drafts::sequences::list))
        .add(Requires(Role::Admin), routes!(drafts::sequences::put))
        .add(Requires(Role::Submit), routes!(imports::post))
        .add(Requires(Role::Submit), routes!(imports::get))
        .add(Requires(Role::Submit), routes!(units::post))
        .add(Requires(Role::Submit), routes!(units::get))
}

/// Retention, holds and disposals.
fn keeping(table: Table) -> Table {
    table
        .add(Requires(Role::Read), routes!(retention::get))
        .add(Requires(Role::Archive), routes!(retention::put))
        .add(Requires(Role::Read), routes!(inspection::get))
        .add(Requires(Role::Archive), routes!(holds::list))
        .add(Requires(Role::Archive), routes!(holds::post))
        .add(Requires(Role::Archive), routes!(holds::release))
        .add(Requires(Role::Archive), routes!(disposals::list))
        .add(Requires(Role::Archive), routes!(disposals::get))
        .add(Requires(Role::Archive), routes!(disposals::post))
        .add(Requires(Role::Admin), routes!(disposals::decide))
        .add(Requires(Role::Archive), routes!(disposals::watch))
}

/// Administration, sign-in, batches, the log, the page and the state of the server.
fn services(table: Table) -> Table {
    table
        .add(Requires(Role::Admin), routes!(audit::get))
        .add(Requires(Role::Admin), routes!(keys::list))
        .add(Requires(Role::Admin), routes!(keys::post))
        .add(Requires(Role::Admin), routes!(keys::revoke))
        .add(Requires(Role::Admin), routes!(fonts::list))
        .add(Requires(Role::Admin), routes!(fonts::post))
        .add(Requires(Role::Admin), routes!(fonts::remove))
        .add(Requires(Role::Admin), routes!(sessions::list))
        .add(Requires(Role::Admin), routes!(sessions::end))
        .add(Authenticated, routes!(me::get))
        .add(Public, routes!(sign_in::routes::with_key))
        .add(Public, routes!(sign_in::local::with_token))
        .add(Public, routes!(sign_in::routes::start))
        .add(Public, routes!(sign_in::routes::finish))
        .add(Authenticated, routes!(sign_in::routes::sign_out))
        .add(Requires(Role::Submit), routes!(batches::upload::post))
        .add(Authenticated, routes!(batches::status::list))
        .add(Authenticated, routes!(batches::status::get))
        .add(Requires(Role::Submit), routes!(batches::status::cancel))
        .add(Requires(Role::Submit), routes!(batches::status::clear))
        .add(Authenticated, routes!(batches::events::get))
        .add(Authenticated, routes!(batches::problems::get))
        .add(Authenticated, routes!(batches::problem_workbook::get))
        .add(Authenticated, routes!(batches::zip::get))
        .add(Public, routes!(files::checkpoint))
        .add(Public, routes!(files::tile))
        .add(Requires(Role::Admin), routes!(files::entries))
        .add(Public, routes!(office::page))
        .add(Public, routes!(office::file))
        .add(Public, routes!(contract::get))
        .add(Public, routes!(contract::submission))
        .add(Public, routes!(contract::page::get))
        .add(Public, routes!(contract::page::file))
        .add(Public, routes!(health::get))
        .add(Public, routes!(readiness::get))
        .add(Requires(Role::Metrics), routes!(exposition::get))
}

/// The contract of the server.
pub fn contract() -> Value {
    contract::document(table().routes.into_openapi())
}

/// The routes behind the gate and the middleware.
pub fn router(app: Arc<App>) -> Router {
    let Table { routes, rules } = table();
    let (routes, operations) = routes.split_for_parts();
    let contract = ContractText::of(operations);
    let gate = Arc::new(Gate::new(Arc::clone(&app), rules));
    let routes = routes.layer(Extension(contract)).layer(from_fn_with_state(gate, Gate::authorize));
    in_layers(routes.with_state(Arc::clone(&app)), app)
}

/// Adds the middleware that every request passes through.
pub fn in_layers(routes: Router, app: Arc<App>) -> Router {
    let cross_origin = cors::layer(&app.origins);
    let trusted_proxies: Arc<[TrustedProxy]> = app.access.trusted_proxies.clone().into();
    let layers = ServiceBuilder::new()
        .layer(from_fn(request_id::assign))
        .layer(from_fn_with_state(trusted_proxies, client::record))
        .layer(from_fn_with_state(app, exposition::count))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(log_response)
                .on_failure(()),
        )
        .layer(security_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(security_header(header::REFERRER_POLICY, "no-referrer"))
        .layer(security_header(header::CONTENT_SECURITY_POLICY, DEFAULT_CONTENT_SECURITY_POLICY))
        // Filings may be classified, so no cache may store them.
        .layer(security_header(header::CACHE_CONTROL, "no-store"))
        .layer(compression::layer())
        .option_layer(cross_origin)
        .layer(from_fn(problem::write_body))
        .layer(from_fn(target::check))
        .layer(CatchPanicLayer::custom(|_| Problem::Panicked.into_response()));
    routes
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(layers)
}

fn security_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

// The query and the headers are not logged, because they may contain personal data. The gate records
// the caller.
fn span(request: &Request) -> Span {
    let client = client::of(request.extensions()).map(tracing::field::display);
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        client,
        caller = tracing::field::Empty,
        request_id = request_id::of(request.extensions()),
    )
}

fn log_response<B>(response: &Response<B>, latency: Duration, _: &Span) {
    let status = response.status().as_u16();
    // A u128 would be a string in JSON logs, which cannot be sorted.
    let duration_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status, duration_ms, "request answered");
}
