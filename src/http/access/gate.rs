//! The middleware that authenticates and authorizes every request to a route.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use http_body_util::BodyExt;
use tracing::Span;

use crate::archive::access::caller::Identity;
use crate::archive::audit::act::{Act, Actor};
use crate::archive::error::ArchiveError;
use crate::http::access::caller::RequestOrigin;
use crate::http::access::client::client_address;
use crate::http::access::credentials::{Credentials, read};
use crate::http::access::error::AccessError;
use crate::http::access::limits::ConcurrencyPermit;
use crate::http::access::origin::may_change;
use crate::http::access::rules::{Rule, Rules};
use crate::http::app::App;
use crate::http::problem::Problem;

/// The statuses that are recorded as refusals.
const REFUSALS: [StatusCode; 3] =
    [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS];

/// The most refusals that a server records in a minute.
const REFUSALS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(300).unwrap();

/// The longest subject of a refusal, in characters.
const LONGEST_SUBJECT: usize = 200;

/// Applies the access rules of the routes.
#[derive(Debug)]
pub struct Gate {
    app: Arc<App>,
    rules: Rules,
    // How many more refusals are recorded.
    refusals: DefaultDirectRateLimiter,
}

impl Gate {
    /// Creates the gate for the routes with these rules.
    pub fn new(app: Arc<App>, rules: Rules) -> Self {
        Self { app, rules, refusals: RateLimiter::direct(Quota::per_minute(REFUSALS_PER_MINUTE)) }
    }

    /// Passes a request on if its caller may use the route. The response is `Problem::Access` if the
    /// caller is unknown, lacks the role or exceeds a limit, and `FilingProblem::Archive` if the
    /// database cannot be queried. Refusals are recorded in the audit trail.
    pub async fn authorize(
        State(gate): State<Arc<Self>>,
        request: Request,
        next: Next,
    ) -> Response {
        let origin = RequestOrigin::of(request.extensions());
        let subject = format!("{} {}", request.method(), request.uri().path());
        let mut caller = None;
        let response = gate.admit(request, next, &mut caller).await.into_response();
        let status = response.status();
        if REFUSALS.contains(&status) {
            let subject = format!("{} {subject}", status.as_u16());
            gate.record_refusal(origin.actor(&caller.unwrap_or_default()), &subject).await;
        }
        response
    }

    /// Passes a request on if its caller may use the route. Returns the id of the caller in `caller`
    /// as soon as it is known.
    async fn admit(
        &self,
        request: Request,
        next: Next,
        caller: &mut Option<String>,
    ) -> Result<Response, Problem> {
        let (mut parts, body) = request.into_parts();
        let path = parts.extensions.get::<MatchedPath>();
        let rule = path.and_then(|path| self.rules.get(path.as_str(), &parts.method));
        let role = match rule {
            Some(Rule::Public) => return Ok(next.run(Request::from_parts(parts, body)).await),
            Some(Rule::Authenticated) => None,
            Some(Rule::Requires(role)) => Some(role),
            None => return Err(Problem::Access(AccessError::NoRule)),
        };
        let known = self.authenticate(&parts).await?;
        *caller = Some(known.caller.id.clone());
        Span::current().record("caller", &*known.caller.id);
        // As long as there are no keys all requests have the same caller, so there are no limits per
        // caller.
        let is_limited = !known.caller.is_local();
        let permit =
            is_limited.then(|| self.app.access.limiter.acquire(&known.caller.id)).transpose()?;
        if let Some(role) = role.filter(|role| !known.caller.roles.has(*role)) {
            return Err(Problem::Access(AccessError::MissingRole(role)));
        }
        parts.extensions.insert(known);
        Ok(hold_until_sent(permit, next.run(Request::from_parts(parts, body)).await))
    }

    /// Records a refusal, so that attempts leave a trace. An error is only logged.
    async fn record_refusal(&self, actor: Actor<'_>, subject: &str) {
        // Nobody can fill the disk with refusals: those beyond the quota are in the log only.
        if self.refusals.check().is_err() {
            return;
        }
        let subject: String = subject.chars().take(LONGEST_SUBJECT).collect();
        if let Err(error) = self.app.archive.record_event(actor, Act::Refused, &subject).await {
            tracing::warn!(%error, "a refusal could not be recorded");
        }
    }

    async fn authenticate(&self, request: &Parts) -> Result<Identity, Problem> {
        let identified = self.identify(request).await?;
        identified.map_err(|error| {
            let limited = self.app.access.limiter.count_unauthenticated(client_address(request));
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
                access.caller_of_key(archive, &token).await?.ok_or(AccessError::InvalidKey)
            }
            Ok(Credentials::Session(secret)) => {
                match access.caller_of_session(archive, &secret).await? {
                    // A browser sends the cookie whichever site initiated the request (CSRF).
                    Some(_) if may_change(&request.method) && !access.is_same_origin(request) => {
                        Err(AccessError::CrossSite)
                    }
                    Some(known) => Ok(known),
                    None => Err(self.no_credentials().await?),
                }
            }
            Ok(Credentials::None) => Err(self.no_credentials().await?),
        })
    }

    async fn no_credentials(&self) -> Result<AccessError, ArchiveError> {
        let has_credentials = self.app.access.has_credentials(&self.app.archive).await?;
        Ok(if has_credentials { AccessError::NoCredentials } else { AccessError::NoKeysYet })
    }
}

/// Holds the permit until the body is sent, if the body is a stream.
fn hold_until_sent(permit: Option<ConcurrencyPermit>, response: Response) -> Response {
    let Some(permit) = permit else { return response };
    // Streams of events have a limit of their own, since they last as long as a batch.
    if response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it == "text/event-stream") {
        return response;
    }
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
