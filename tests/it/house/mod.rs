//! The house rules of the source and the documents.

pub(crate) mod tidy;
pub(crate) mod wording;
pub(crate) mod source;
pub(crate) mod sql;
pub(crate) mod circles;
pub(crate) mod references;
