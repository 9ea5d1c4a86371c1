//! `GET /auth/local`: the address that `hongtou serve` prints as long as there are no keys.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::archive::access::caller::Identity;
use crate::archive::access::keys::Token;
use crate::http::access::error::AccessError;
use crate::http::access::sign_in::routes::{START_PAGE, begin_session, failed};
use crate::http::app::App;
use crate::http::problem::Problem;

/// The query.
#[derive(Debug, Deserialize)]
struct Parameters {
    token: String,
}

/// Exchanges the local token for a session. The token leaves the address bar with the redirect, and
/// queries are not logged.
///
/// # Errors
/// Returns `AccessError::InvalidKey` unless the token is the one of this server and there are no
/// keys, and `AccessError::RateLimited` after too many attempts.
#[utoipa::path(
    get,
    path = "/auth/local",
    operation_id = "signInLocally",
    tag = "登录",
    summary = "以启动时显示的网址登录",
    description = "尚无密钥时，hongtou serve启动后显示此网址。核对令牌后建立会话，转到首页。添加第一个密钥后即告失效。",
    params(("token" = String, Query, description = "启动时显示的令牌")),
    responses((status = 303, description = "已登录，转到首页"))
)]
pub async fn with_token(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let known = holder(&app, &parts).await.map_err(|problem| failed(&app, &parts, problem))?;
    let cookie = begin_session(&app, &parts, &known).await?;
    let headers =
        [(header::SET_COOKIE, cookie), (header::LOCATION, HeaderValue::from_static(START_PAGE))];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// The holder of the token in the address.
async fn holder(app: &App, parts: &Parts) -> Result<Identity, Problem> {
    let invalid = || Problem::Access(AccessError::InvalidKey);
    let Query(Parameters { token }) = Query::try_from_uri(&parts.uri).map_err(|_| invalid())?;
    let token: Token = token.parse().map_err(|()| invalid())?;
    if !token.is_local() {
        // A key must not be in an address, which browsers and proxies keep.
        return Err(invalid());
    }
    app.access.caller_of_key(&app.archive, &token).await?.ok_or_else(invalid)
}
