//! Extracts the caller that the gate has authenticated.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::archive::access::caller::{Caller, Identity};
use crate::http::access::error::AccessError;
use crate::http::app::App;
use crate::http::problem::Problem;

/// The caller of a request that passed the gate.
#[derive(Debug, Clone)]
pub struct CurrentCaller(pub Caller);

/// The caller together with their display name.
#[derive(Debug, Clone)]
pub struct NamedCaller(pub Identity);

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
