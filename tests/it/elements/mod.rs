//! Checks every kind of each element against the standard.

pub(crate) mod headings;
pub(crate) mod forwarded;
pub(crate) mod kinds;
pub(crate) mod masthead;
pub(crate) mod attachments;
pub(crate) mod tables;
pub(crate) mod closing;
pub(crate) mod room;
pub(crate) mod colophon;
pub(crate) mod forms;
pub(crate) mod letter;
pub(crate) mod command;
pub(crate) mod minutes;
pub(crate) mod roster;
