//! Sign-in of staff with OpenID Connect or with a key.

pub mod routes;
pub mod provider;
pub mod http_client;
pub mod error;
