//! hongtou (红头) turns validated scores into an official filing (GB/T 9704-2012) as PDF/A.
//!
//! The modules are layers; `ARCHITECTURE.md` lists which may use which.

pub use hongtou_import as import;
pub use hongtou_log as log;
pub use hongtou_rules::{document, fix, scoring, submission, validate};
pub use hongtou_signature as signature;

pub mod render;
pub mod word_copy;
pub mod archive;
pub mod jobs;
pub mod web;
pub mod http;
pub mod cli;
pub mod generate;

/// Set here, not in `main.rs`, so that tests and benches use the same allocator as the program.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
