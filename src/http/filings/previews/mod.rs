//! Previews: one page as a picture, and the changed pages of a posted or stored document.

pub mod page_picture;
pub mod page_previews;
pub mod stored_pages;
pub mod wanted_pages;
