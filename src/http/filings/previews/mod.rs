//! Previews: one page as a picture, and the changed pages of a document.

pub mod page_picture;
pub mod page_previews;
