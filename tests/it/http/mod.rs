//! The HTTP interface, in process.

pub(crate) mod in_process;
pub(crate) mod contract;
pub(crate) mod access;
pub(crate) mod administration;
pub(crate) mod agencies;
pub(crate) mod imports;
pub(crate) mod previews;
pub(crate) mod office;
pub(crate) mod running;
pub(crate) mod sign_in;
pub(crate) mod limits;
pub(crate) mod batches;
pub(crate) mod audit;
pub(crate) mod key_rights;
pub(crate) mod fonts;
pub(crate) mod drafts;
