//! Who asks, and who may ask what: each route of the table says it with one of these words.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::UtoipaMethodRouter;

use crate::archive::access::caller::{Caller, Known, Role};
use crate::http::access::refusal::Refusal;
use crate::http::app::App;
use crate::http::problem::Problem;

/// The caller of a request that the gate let through.
#[derive(Debug, Clone)]
pub struct Asking(pub Caller);

/// The caller with what people call them.
#[derive(Debug, Clone)]
pub struct Who(pub Known);

/// A path's handlers with their part of the contract, as `routes!` makes them.
type Routes = UtoipaMethodRouter<Arc<App>>;

/// Routes for callers who have a role. The contract says which, and the gate reads it there.
pub fn needs(role: Role, routes: Routes) -> Routes {
    secured(routes, &credentials(&[role.name()]))
}

/// Routes for callers who have a role, and for programs on this machine.
pub fn needs_unless_local(role: Role, routes: Routes) -> Routes {
    let mut either = vec![SecurityRequirement::default()];
    either.extend(credentials(&[role.name()]));
    secured(routes, &either)
}

/// Routes for every caller, whatever their roles.
pub fn known(routes: Routes) -> Routes {
    secured(routes, &credentials(&[]))
}

/// Routes for everyone, with or without credentials.
pub fn open(routes: Routes) -> Routes {
    secured(routes, &[])
}

fn credentials(roles: &[&str]) -> Vec<SecurityRequirement> {
    ["key", "session"].map(|scheme| SecurityRequirement::new(scheme, roles.iter().copied())).into()
}

fn secured(mut routes: Routes, requirements: &[SecurityRequirement]) -> Routes {
    for item in routes.1.paths.values_mut() {
        for operation in operations(item) {
            operation.security = Some(requirements.to_vec());
        }
    }
    routes
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

impl FromRequestParts<Arc<App>> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Who::from_request_parts(parts, app).await.map(|Who(known)| Self(known.caller))
    }
}

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        // The gate has put it there, except on routes that are open to everyone.
        let known = parts.extensions.get::<Known>().cloned();
        known.map(Self).ok_or(Problem::MayNot(Refusal::NoCredentials))
    }
}
