//! Authentication, authorization and rate limits of requests, and the routes for signing in.

pub mod gate;
pub mod policy;
pub mod rules;
pub mod caller;
pub mod credentials;
pub mod origin;
pub mod limits;
pub mod error;
pub mod sign_in;
pub mod me;
pub mod audit;
