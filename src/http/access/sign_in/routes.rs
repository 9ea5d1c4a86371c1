//! `/auth/…`: staff sign in with OpenID Connect or a key, and sign out.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use crate::archive::access::sessions::{SESSION_LIFETIME, SessionOwner};
use crate::document::moment::Moment;
use crate::http::access::credentials::{Credentials, read, session};
use crate::http::access::error::AccessError;
use crate::http::access::me::Me;
use crate::http::access::origin::peer;
use crate::http::access::sign_in::error::{Rejection, SignInError};
use crate::http::access::sign_in::provider::{PendingSignIn, Person, Provider};
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::request_id;

/// How long a sign-in at the provider may take.
const SIGN_IN_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The page after a sign-in. It is fixed, so a link cannot redirect to another site.
const START_PAGE: &str = "/";

/// The query of the callback.
#[derive(Debug, Deserialize)]
pub struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Exchanges a key for a session, so that a browser need not store the key.
///
/// # Errors
/// Returns `AccessError::NoCredentials` or `AccessError::InvalidKey` without a valid key, and
/// `AccessError::RateLimited` after too many attempts.
#[utoipa::path(
    post,
    path = "/auth/key",
    operation_id = "signInWithKey",
    tag = "登录",
    summary = "以密钥登录",
    description = "以Authorization: Bearer中的密钥换取会话Cookie，浏览器不必保存密钥。会话10小时后失效，密钥撤销即失效。",
    responses((
        status = 200,
        description = "已登录",
        body = ref("#/components/schemas/Me"),
        content_type = "application/json"
    ))
)]
pub async fn with_key(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    app.access.limiter.count_sign_in(peer(&parts))?;
    let Credentials::Key(token) = read(&parts.headers, &app.access.cookies)? else {
        return Err(Problem::Access(AccessError::NoCredentials));
    };
    let holder = app.archive.caller_of_key(&token).await?;
    let known = holder.ok_or(Problem::Access(AccessError::InvalidKey))?;
    let id = request_id::of(&parts.extensions);
    let secret = app.archive.begin_session(SessionOwner::Key(&known), id).await?;
    let cookies = &app.access.cookies;
    let cookie = cookies.set(cookies.session(), secret.reveal(), SESSION_LIFETIME);
    Ok(([(header::SET_COOKIE, cookie)], Json(Me::of(known))).into_response())
}

/// Redirects the browser to the provider.
///
/// # Errors
/// Returns `Problem::NotFound` if no provider is configured, and `SignInError::Unavailable` if it
/// does not respond.
#[utoipa::path(
    get,
    path = "/auth/login",
    operation_id = "beginSignIn",
    tag = "登录",
    summary = "统一登录",
    description = "转到统一登录服务（OpenID Connect）。未设置统一登录的，回复404。",
    responses((status = 303, description = "转到统一登录服务"))
)]
pub async fn start(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let provider = provider(&app, &parts)?;
    let Moment(now) = app.archive.now();
    let (address, PendingSignIn { state, nonce, verifier }) = provider.start(Moment(now)).await?;
    let cookies = &app.access.cookies;
    let value = format!("{now}.{state}.{nonce}.{verifier}");
    let cookie = cookies.set(cookies.sign_in(), &value, SIGN_IN_LIFETIME);
    Ok((
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie), (header::LOCATION, location(&address)?)],
    )
        .into_response())
}

/// Creates a session for the person that the provider has authenticated.
///
/// # Errors
/// Returns `SignInError::Rejected` if this browser did not start the sign-in or the provider's
/// response is invalid, and `SignInError::Unavailable` if the provider does not respond.
#[utoipa::path(
    get,
    path = "/auth/callback",
    operation_id = "endSignIn",
    tag = "登录",
    summary = "统一登录的返回地址",
    description = "统一登录服务完成后浏览器回到此处，核实无误即建立会话。",
    params(
        ("state" = Option<String>, Query, description = "登录开始时给出的标记"),
        ("code" = Option<String>, Query, description = "授权码"),
        ("error" = Option<String>, Query, description = "未同意登录的原因")
    ),
    responses((status = 303, description = "已登录，转到首页"))
)]
pub async fn finish(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let provider = provider(&app, &parts)?;
    let rejected = |what| Problem::SignIn(SignInError::Rejected(what));
    let Query(callback) = Query::<CallbackQuery>::try_from_uri(&parts.uri)
        .map_err(|_| rejected(Rejection::NotStarted))?;
    let now = app.archive.now();
    let pending = pending(&app, &parts, now).ok_or_else(|| rejected(Rejection::NotStarted))?;
    if callback.state.as_deref() != Some(&*pending.state) {
        return Err(rejected(Rejection::NotStarted));
    }
    let code = match (callback.code, callback.error) {
        (Some(code), None) => code,
        (_, error) => return Err(rejected(Rejection::Denied(error.unwrap_or_default()))),
    };
    let Person { id, name, grant } = provider.finish(code, pending, now).await?;
    let signed_in = SessionOwner::Person { id: &id, name: &name, grant: &grant };
    let secret = app.archive.begin_session(signed_in, request_id::of(&parts.extensions)).await?;
    let cookies = &app.access.cookies;
    let headers = [
        (header::SET_COOKIE, cookies.delete(cookies.sign_in())),
        (header::LOCATION, HeaderValue::from_static(START_PAGE)),
    ];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    let cookie = cookies.set(cookies.session(), secret.reveal(), SESSION_LIFETIME);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Ends the session and deletes its cookie.
///
/// # Errors
/// Returns `FilingProblem::Archive` if the archive fails.
#[utoipa::path(
    post,
    path = "/auth/logout",
    operation_id = "signOut",
    tag = "登录",
    summary = "退出登录",
    description = "结束当前会话。",
    responses((status = 204, description = "已退出"))
)]
pub async fn sign_out(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let cookies = &app.access.cookies;
    if let Some(secret) = session(&parts.headers, cookies) {
        app.archive.end_session(&secret, request_id::of(&parts.extensions)).await?;
    }
    let cookie = cookies.delete(cookies.session());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

fn provider<'a>(app: &'a App, parts: &Parts) -> Result<&'a Provider, Problem> {
    let provider = app.access.provider.as_ref().ok_or(Problem::NotFound)?;
    app.access.limiter.count_sign_in(peer(parts))?;
    Ok(provider)
}

/// The sign-in that this browser started, unless it has expired.
fn pending(app: &App, parts: &Parts, Moment(now): Moment) -> Option<PendingSignIn> {
    let jar = CookieJar::from_headers(&parts.headers);
    let mut value = jar.get(app.access.cookies.sign_in())?.value().split('.');
    let started_at: i64 = value.next()?.parse().ok()?;
    let age = u64::try_from(now.checked_sub(started_at)?).ok()?;
    let mut text = || value.next().filter(|text| !text.is_empty()).map(str::to_owned);
    let pending = PendingSignIn { state: text()?, nonce: text()?, verifier: text()? };
    (Duration::from_millis(age) < SIGN_IN_LIFETIME).then_some(pending)
}

fn location(address: &str) -> Result<HeaderValue, SignInError> {
    HeaderValue::try_from(address).map_err(|error| SignInError::Unavailable(error.into()))
}
