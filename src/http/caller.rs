//! Who asks: the caller that a request's credentials name, and the role that a route needs.

use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{UtoipaMethodRouter, UtoipaMethodRouterExt};

use crate::archive::caller::{Caller, Role};
use crate::http::App;
use crate::http::problem::Problem;

/// The caller of a request.
#[derive(Debug, Clone)]
pub struct Asking(pub Caller);

/// The role that the route of a request needs; a request carries it as an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed(pub Role);

/// A path's handlers with their part of the contract, as `routes!` makes them.
type Routes = UtoipaMethodRouter<Arc<App>>;

/// Routes for callers who have a role; the contract says which.
pub fn needs(role: Role, mut routes: Routes) -> Routes {
    for item in routes.1.paths.values_mut() {
        for operation in operations(item) {
            operation.security = Some(vec![SecurityRequirement::new("key", [role.name()])]);
        }
    }
    routes.map(|handlers| handlers.route_layer(Extension(Needed(role))))
}

/// Routes for everyone, with or without credentials.
pub fn open(routes: Routes) -> Routes {
    routes
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

impl FromRequestParts<Arc<App>> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(Caller::anyone()))
    }
}
