//! hongtou (红头): validated scores in, the official filing (GB/T 9704-2012) out as PDF/A.
//!
//! The modules stand in the order of the layers; each uses only those before it.

pub use hongtou_rules::{document, fix, scoring, submission, validate};

pub mod render;
pub mod signature;
pub mod archive;
pub mod jobs;
pub mod http;
pub mod cli;
pub mod generate;

/// Here and not in `main.rs`, so that tests and benches run on the memory that the program runs on.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
