//! hongtou (红头): validated scores in, the official filing (GB/T 9704-2012) out as PDF/A.
//!
//! The modules stand in the order of the layers; each uses only those before it.

pub mod document;
pub mod scoring;
pub mod submission;
pub mod validate;
pub mod render;
pub mod signature;
pub mod archive;
pub mod generate;
pub mod jobs;
pub mod http;
pub mod cli;
