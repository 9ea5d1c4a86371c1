//! Cross-references with which different readers could find different objects.

mod locations;
pub(crate) mod entries;
mod hybrids;
