//! Prepares a PDF for a signature that another system makes, and inserts the signature.

pub mod preparation;
pub mod prepared;
mod revision;
pub mod request;
pub mod check;
