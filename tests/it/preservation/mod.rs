//! The care of the archive: fixity, retention, disposal, export and import.

pub(crate) mod disposal_requests;
pub(crate) mod eep;
pub(crate) mod fixity;
pub(crate) mod inspection;
pub(crate) mod new_log;
pub(crate) mod object_locks;
pub(crate) mod older_package;
pub(crate) mod package;
pub(crate) mod retention;
pub(crate) mod stock;
