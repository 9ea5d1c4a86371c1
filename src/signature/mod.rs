//! Reads and judges the signatures of PDFs handed in. Knows no archive, no HTTP and no clock.

pub mod file;
pub mod changes;
pub mod verify;
pub mod crypto;
pub mod x509;
pub mod cms;
pub mod verdict;
