//! Checks whole pages against the standard.

pub(crate) mod ruler;
pub(crate) mod geometry;
pub(crate) mod page;
pub(crate) mod measures;
pub(crate) mod pictures;
pub(crate) mod invariants;
pub(crate) mod cell_invariants;
pub(crate) mod every_fixture;
pub(crate) mod random;
pub(crate) mod typesetting;
pub(crate) mod heavy_text;
pub(crate) mod bounds;
