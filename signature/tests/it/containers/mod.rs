//! Tests of signature containers, without a PDF around them.

pub(crate) mod cases;
mod validation;
mod ber;
mod algorithms;
