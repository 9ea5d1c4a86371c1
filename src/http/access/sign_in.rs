//! `/auth/…`: staff sign in, with their provider or with a key, and sign out.

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
use crate::http::access::me::Me;
use crate::http::access::origin::peer;
use crate::http::access::provider::{Begun, Person, Provider};
use crate::http::access::refusal::Refusal;
use crate::http::access::sign_in_error::{SignInError, Unproven};
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::request_id;

/// How long a person may take at the provider.
const SIGN_IN_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Where the browser goes once somebody is signed in; no parameter says otherwise.
const START_PAGE: &str = "/";

/// What the provider sends back with the browser.
#[derive(Debug, Deserialize)]
pub struct Returned {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Signs in the holder of a key, so that a browser need not keep the key.
///
/// # Errors
/// No good key, or too many tries.
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
    app.access.shares.sign_in(peer(&parts))?;
    let Credentials::Key(token) = read(&parts.headers, &app.access.cookies)? else {
        return Err(Problem::MayNot(Refusal::NoCredentials));
    };
    let holder = app.archive.caller_of_key(&token).await?;
    let known = holder.ok_or(Problem::MayNot(Refusal::BadKey))?;
    let id = request_id::of(&parts.extensions);
    let secret = app.archive.begin_session(SessionOwner::Key(&known), id).await?;
    let cookies = &app.access.cookies;
    let cookie = cookies.set(cookies.session(), secret.reveal(), SESSION_LIFETIME);
    Ok(([(header::SET_COOKIE, cookie)], Json(Me::of(known))).into_response())
}

/// Sends the browser to the provider.
///
/// # Errors
/// No provider, or one that does not answer.
#[utoipa::path(
    get,
    path = "/auth/login",
    operation_id = "beginSignIn",
    tag = "登录",
    summary = "统一登录",
    description = "转到统一登录服务（OpenID Connect）。未设置统一登录的，回复404。",
    responses((status = 303, description = "转到统一登录服务"))
)]
pub async fn begin(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let provider = provider(&app, &parts)?;
    let Moment(now) = app.archive.now();
    let (address, Begun { state, nonce, verifier }) = provider.begin(Moment(now)).await?;
    let cookies = &app.access.cookies;
    let kept = format!("{now}.{state}.{nonce}.{verifier}");
    let cookie = cookies.set(cookies.sign_in(), &kept, SIGN_IN_LIFETIME);
    Ok((
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie), (header::LOCATION, location(&address)?)],
    )
        .into_response())
}

/// Signs in the person that the provider vouches for.
///
/// # Errors
/// A sign-in that this browser did not begin, or that does not hold.
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
pub async fn end(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let provider = provider(&app, &parts)?;
    let refused = |what| Problem::SignIn(SignInError::Refused(what));
    let Query(returned) =
        Query::<Returned>::try_from_uri(&parts.uri).map_err(|_| refused(Unproven::NotBegun))?;
    let now = app.archive.now();
    let begun = begun(&app, &parts, now).ok_or_else(|| refused(Unproven::NotBegun))?;
    if returned.state.as_deref() != Some(&*begun.state) {
        return Err(refused(Unproven::NotBegun));
    }
    let code = match (returned.code, returned.error) {
        (Some(code), None) => code,
        (_, error) => return Err(refused(Unproven::Denied(error.unwrap_or_default()))),
    };
    let Person { id, name, grant } = provider.end(code, begun, now).await?;
    let who = SessionOwner::Person { id: &id, name: &name, grant: &grant };
    let secret = app.archive.begin_session(who, request_id::of(&parts.extensions)).await?;
    let cookies = &app.access.cookies;
    let headers = [
        (header::SET_COOKIE, cookies.forget(cookies.sign_in())),
        (header::LOCATION, HeaderValue::from_static(START_PAGE)),
    ];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    let cookie = cookies.set(cookies.session(), secret.reveal(), SESSION_LIFETIME);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Ends the session of a browser.
///
/// # Errors
/// An archive that fails.
#[utoipa::path(
    post,
    path = "/auth/logout",
    operation_id = "signOut",
    tag = "登录",
    summary = "退出登录",
    description = "结束当前会话。",
    responses((status = 204, description = "已退出"))
)]
pub async fn out(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let cookies = &app.access.cookies;
    if let Some(secret) = session(&parts.headers, cookies) {
        app.archive.end_session(&secret, request_id::of(&parts.extensions)).await?;
    }
    let cookie = cookies.forget(cookies.session());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

fn provider<'a>(app: &'a App, parts: &Parts) -> Result<&'a Provider, Problem> {
    let provider = app.access.provider.as_ref().ok_or(Problem::NotFound)?;
    app.access.shares.sign_in(peer(parts))?;
    Ok(provider)
}

/// The sign-in that this browser began, not too long ago.
fn begun(app: &App, parts: &Parts, Moment(now): Moment) -> Option<Begun> {
    let jar = CookieJar::from_headers(&parts.headers);
    let mut kept = jar.get(app.access.cookies.sign_in())?.value().split('.');
    let began: i64 = kept.next()?.parse().ok()?;
    let age = u64::try_from(now.checked_sub(began)?).ok()?;
    let mut text = || kept.next().filter(|text| !text.is_empty()).map(str::to_owned);
    let begun = Begun { state: text()?, nonce: text()?, verifier: text()? };
    (Duration::from_millis(age) < SIGN_IN_LIFETIME).then_some(begun)
}

fn location(address: &str) -> Result<HeaderValue, SignInError> {
    HeaderValue::try_from(address).map_err(|error| SignInError::Down(error.into()))
}
