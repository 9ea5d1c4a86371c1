//! What only administrators may do: keys of callers and sessions of staff.

pub mod fonts;
mod font_upload;
pub mod keys;
pub mod sessions;
