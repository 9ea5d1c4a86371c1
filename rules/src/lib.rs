//! The rules of an official filing: what may be posted, and what is accepted (GB/T 9704-2012, 条例 of 2012).
//!
//! The modules are in the order of the layers; each uses only those before it. Nothing here depends on
//! pages, files or HTTP, so the tests build and run without Typst.

pub mod document;
pub mod scoring;
pub mod submission;
pub mod validate;
pub mod fix;
