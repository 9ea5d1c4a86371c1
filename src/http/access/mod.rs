//! Who may ask: the rules of the routes, the gate that applies them, and signing in.

pub mod gate;
pub mod policy;
pub mod rules;
pub mod caller;
pub mod credentials;
pub mod origin;
pub mod shares;
pub mod refusal;
pub mod sign_in;
pub mod sign_in_error;
pub mod provider;
pub mod fetch;
pub mod me;
pub mod audit;
