//! Validates the signatures of submitted PDFs. Does not access the archive, HTTP or the clock.
//!
//! Nothing here depends on pages, so the tests build and run without Typst.

pub mod file;
pub mod changes;
pub mod verify;
pub mod crypto;
pub mod x509;
pub mod cms;
pub mod verdict;
pub mod signing;
