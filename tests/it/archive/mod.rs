//! The archive: filings, signed copies, stored files, idempotency, the cache and deadlines.

pub(crate) mod services;
pub(crate) mod filings;
pub(crate) mod title_search;
pub(crate) mod signed_copies;
pub(crate) mod stored_files;
pub(crate) mod idempotency;
pub(crate) mod cache;
pub(crate) mod collect;
pub(crate) mod deadlines;
pub(crate) mod log;
pub(crate) mod quotas;
pub(crate) mod strangers_lists;
pub(crate) mod transfer;
