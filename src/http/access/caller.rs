//! Extracts the caller that the gate has authenticated, and where the request comes from.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;

use crate::archive::access::caller::{Caller, Identity};
use crate::archive::audit::act::Actor;
use crate::http::access::client;
use crate::http::access::error::AccessError;
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::request::request_id;

/// The caller of a request that passed the gate.
#[derive(Debug, Clone)]
pub struct CurrentCaller(pub Caller);

/// The caller together with their display name.
#[derive(Debug, Clone)]
pub struct NamedCaller(pub Identity);

/// What the audit trail records about a request besides its caller.
#[derive(Debug, Clone)]
pub struct RequestOrigin {
    /// The id of the request.
    pub request_id: String,
    /// The address of the client.
    pub address: String,
}

impl RequestOrigin {
    /// The origin of a request.
    pub fn of(extensions: &Extensions) -> Self {
        let address = client::of(extensions).map(|address| address.to_string());
        Self {
            request_id: request_id::of(extensions).to_owned(),
            address: address.unwrap_or_default(),
        }
    }

    /// The actor for the audit trail.
    pub fn actor<'a>(&'a self, caller: &'a str) -> Actor<'a> {
        Actor { caller, request_id: &self.request_id, address: &self.address }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestOrigin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

impl FromRequestParts<Arc<App>> for CurrentCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        NamedCaller::from_request_parts(parts, app)
            .await
            .map(|NamedCaller(known)| Self(known.caller))
    }
}

impl FromRequestParts<Arc<App>> for NamedCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        // The gate inserts it, except on public routes.
        let known = parts.extensions.get::<Identity>().cloned();
        known.map(Self).ok_or(Problem::Access(AccessError::NoCredentials))
    }
}

/// The id of the caller that the gate has authenticated; empty without keys and on public routes.
pub(crate) fn caller_id(extensions: &Extensions) -> &str {
    extensions.get::<Identity>().map_or("", |known| &known.caller.id)
}
