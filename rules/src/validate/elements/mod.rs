//! The checks of 公文要素: agencies, dates, mark and closing.

pub(crate) mod document;
pub(crate) mod agencies;
pub(crate) mod attendance;
pub(crate) mod closing;
pub(crate) mod dates;
mod first_page;
pub(crate) mod issuer_mark;
pub(crate) mod sign_off;
pub(crate) mod title;
