//! What must share a page with text, in documents of every length.

pub(crate) mod closing_room;
pub(crate) mod first_page;
