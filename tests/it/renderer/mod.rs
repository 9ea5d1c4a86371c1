//! The renderer of filings: its manifest, the bytes that it makes, and kept builds of other versions.
//! `programs/` has programs that the tests compile and run as kept builds.

pub(crate) mod confinement;
pub(crate) mod golden;
pub(crate) mod kept;
pub(crate) mod manifest;
pub(crate) mod programs;
