//! The gate that every request to a route passes: finds out who asks, and whether they may.

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
use crate::http::access::origin::{Page, is_local, may_change, page, peer};
use crate::http::access::refusal::Refusal;
use crate::http::access::rules::{Rule, Rules};
use crate::http::access::shares::Place;
use crate::http::app::App;
use crate::http::problem::Problem;

/// Who may pass, where.
#[derive(Debug)]
pub struct Gate {
    app: Arc<App>,
    rules: Rules,
}

impl Gate {
    /// A gate before the routes of an app.
    pub fn new(app: Arc<App>, rules: Rules) -> Self {
        Self { app, rules }
    }

    /// Lets a request through, or says why not.
    ///
    /// # Errors
    /// Who may not ask, or asks too much.
    pub async fn admit(
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
            None => return Err(Problem::MayNot(Refusal::Nobody)),
        };
        let known = gate.caller_of(&parts).await?;
        // On this machine, while there are no keys, there is nobody to be fair to.
        let counts = !known.caller.is_anyone();
        let place = counts.then(|| gate.app.access.shares.enter(&known.caller.id)).transpose()?;
        if let Some(role) = role.filter(|role| !known.caller.roles.has(*role)) {
            return Err(Problem::MayNot(Refusal::Lacks(role)));
        }
        parts.extensions.insert(known);
        Ok(holding(place, next.run(Request::from_parts(parts, body)).await))
    }

    async fn caller_of(&self, request: &Parts) -> Result<Identity, Problem> {
        let found = self.identify(request).await?;
        found.map_err(|refusal| {
            let turned_away = self.app.access.shares.turn_away(peer(request));
            Problem::MayNot(turned_away.err().unwrap_or(refusal))
        })
    }

    async fn identify(&self, request: &Parts) -> Result<Result<Identity, Refusal>, ArchiveError> {
        let App { access, archive, .. } = &*self.app;
        Ok(match read(&request.headers, &access.cookies) {
            Err(refusal) => Err(refusal),
            Ok(Credentials::Key(token)) => {
                archive.caller_of_key(&token).await?.ok_or(Refusal::BadKey)
            }
            Ok(Credentials::Session(secret)) => match archive.session(&secret).await? {
                // A session's cookie comes along whichever page made the browser ask.
                Some(_) if may_change(&request.method) && !access.is_own_page(request) => {
                    Err(Refusal::CrossSite)
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
    ) -> Result<Result<Identity, Refusal>, ArchiveError> {
        let foreign = || page(request, None) == Page::Foreign;
        Ok(if self.app.access.needs_credentials(&self.app.archive).await? {
            Err(Refusal::NoCredentials)
        } else if !is_local(request) {
            Err(Refusal::NotLocal)
        } else if may_change(&request.method) && foreign() {
            Err(Refusal::CrossSite)
        } else {
            Ok(Identity { caller: Caller::anyone(), name: String::new() })
        })
    }
}

/// Lets a request count as under way until its answer is sent, where that is sent piece by piece.
fn holding(place: Option<Place>, response: Response) -> Response {
    let Some(place) = place else { return response };
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &place;
            frame
        }))
    })
}
