//! The middleware that authenticates and authorizes every request to a route.

use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;

use crate::archive::access::caller::{Caller, Identity};
use crate::archive::error::ArchiveError;
use crate::http::access::credentials::{Credentials, read};
use crate::http::access::error::AccessError;
use crate::http::access::limits::ConcurrencyPermit;
use crate::http::access::origin::{Initiator, initiator, is_local, may_change, peer};
use crate::http::access::rules::{Rule, Rules};
use crate::http::app::App;
use crate::http::problem::Problem;

/// Applies the access rules of the routes.
#[derive(Debug)]
pub struct Gate {
    app: Arc<App>,
    rules: Rules,
}

impl Gate {
    /// Creates the gate for the routes with these rules.
    pub fn new(app: Arc<App>, rules: Rules) -> Self {
        Self { app, rules }
    }

    /// Passes a request on if its caller may use the route.
    ///
    /// # Errors
    /// Returns `Problem::Access` if the caller is unknown, lacks the role or exceeds a limit, and
    /// `FilingProblem::Archive` if the database cannot be queried.
    pub async fn authorize(
        State(gate): State<Arc<Self>>,
        request: Request,
        next: Next,
    ) -> Result<Response, Problem> {
        let (mut parts, body) = request.into_parts();
        let path = parts.extensions.get::<MatchedPath>();
        let rule = path.and_then(|path| gate.rules.get(path.as_str(), &parts.method));
        let role = match rule {
            Some(Rule::Public) => return Ok(next.run(Request::from_parts(parts, body)).await),
            Some(Rule::RequiresUnlessLocal(_)) if is_local(&parts) => {
                return Ok(next.run(Request::from_parts(parts, body)).await);
            }
            Some(Rule::Authenticated) => None,
            Some(Rule::Requires(role) | Rule::RequiresUnlessLocal(role)) => Some(role),
            None => return Err(Problem::Access(AccessError::NoRule)),
        };
        let known = gate.authenticate(&parts).await?;
        // Without keys every local request has the same caller, so there are no limits per caller.
        let is_limited = !known.caller.is_anyone();
        let permit =
            is_limited.then(|| gate.app.access.limiter.acquire(&known.caller.id)).transpose()?;
        if let Some(role) = role.filter(|role| !known.caller.roles.has(*role)) {
            return Err(Problem::Access(AccessError::MissingRole(role)));
        }
        parts.extensions.insert(known);
        Ok(hold_until_sent(permit, next.run(Request::from_parts(parts, body)).await))
    }

    async fn authenticate(&self, request: &Parts) -> Result<Identity, Problem> {
        let identified = self.identify(request).await?;
        identified.map_err(|error| {
            let limited = self.app.access.limiter.count_unauthenticated(peer(request));
            Problem::Access(limited.err().unwrap_or(error))
        })
    }

    async fn identify(
        &self,
        request: &Parts,
    ) -> Result<Result<Identity, AccessError>, ArchiveError> {
        let App { access, archive, .. } = &*self.app;
        Ok(match read(&request.headers, &access.cookies) {
            Err(error) => Err(error),
            Ok(Credentials::Key(token)) => {
                archive.caller_of_key(&token).await?.ok_or(AccessError::InvalidKey)
            }
            Ok(Credentials::Session(secret)) => match archive.session(&secret).await? {
                // A browser sends the cookie whichever site initiated the request (CSRF).
                Some(_) if may_change(&request.method) && !access.is_same_origin(request) => {
                    Err(AccessError::CrossSite)
                }
                Some(known) => Ok(known),
                None => self.without_credentials(request).await?,
            },
            Ok(Credentials::None) => self.without_credentials(request).await?,
        })
    }

    async fn without_credentials(
        &self,
        request: &Parts,
    ) -> Result<Result<Identity, AccessError>, ArchiveError> {
        let is_cross_site = || initiator(request, None) == Initiator::OtherSite;
        Ok(if self.app.access.needs_credentials(&self.app.archive).await? {
            Err(AccessError::NoCredentials)
        } else if !is_local(request) {
            Err(AccessError::NotLocal)
        } else if may_change(&request.method) && is_cross_site() {
            Err(AccessError::CrossSite)
        } else {
            Ok(Identity { caller: Caller::anyone(), name: String::new() })
        })
    }
}

/// Holds the permit until the body is sent, if the body is a stream.
fn hold_until_sent(permit: Option<ConcurrencyPermit>, response: Response) -> Response {
    let Some(permit) = permit else { return response };
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &permit;
            frame
        }))
    })
}
