//! The finished PDF, its fonts and its attachments.

pub(crate) mod pdf;
pub(crate) mod agency_fonts;
pub(crate) mod word_copy;
