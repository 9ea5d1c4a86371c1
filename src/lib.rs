//! hongtou (红头): validated scores in, the official filing (GB/T 9704-2012) out as PDF/A.
//!
//! The modules are layers in this order; each uses only those before it.

pub use hongtou_rules::{document, scoring, submission, validate};

pub mod render;
pub mod signature;
pub mod archive;
pub mod jobs;
pub mod http;
pub mod cli;
pub mod generate;

/// Set here, not in `main.rs`, so that tests and benches use it too.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
