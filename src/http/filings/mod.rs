//! The routes of filings: generate, read, search, sign, verify, check and preview.

pub mod post;
pub mod read;
pub mod confirmations;
pub mod search;
pub mod feed;
pub mod record;
pub mod signed_copy;
pub mod signing;
pub mod verdict;
pub mod verifications;
pub mod checks;
pub mod fixes;
pub mod previews;
pub mod disposition;
