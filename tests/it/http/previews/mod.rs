//! Previews: one page as a picture, and the changed pages of a document.

pub(crate) mod page_picture;
pub(crate) mod page_previews;
