//! Who asks: the caller that a request's credentials name.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::archive::caller::Caller;
use crate::http::App;
use crate::http::problem::Problem;

/// The caller of a request.
#[derive(Debug, Clone)]
pub struct Asking(pub Caller);

impl FromRequestParts<Arc<App>> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(Caller::anyone()))
    }
}
