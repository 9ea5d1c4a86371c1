//! Reads and judges the signatures of PDFs handed in. Knows no archive, no HTTP and no clock.

pub mod container;
pub mod verdict;
pub mod trust;
pub mod judge;
mod cms;
mod seal;
mod timestamp;
mod signer;
mod attributes;
mod chain;
mod revocation;
mod ocsp;
mod scene;
mod certificate;
mod keys;
mod algorithm;
mod encoding;
mod reason;
pub mod file;
pub mod changes;
mod page_text;
pub mod derivation;
pub mod report;
pub mod verify;
