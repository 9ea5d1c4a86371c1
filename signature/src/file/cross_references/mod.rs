//! Cross-references with which different readers could find different objects.

mod locations;
mod hybrids;
