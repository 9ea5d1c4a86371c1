//! The commands of the command line.

pub mod archive;
pub mod check;
pub mod confine;
pub mod fix;
pub mod fonts;
pub mod import;
pub mod keys;
pub mod sessions;
pub mod render;
pub mod schema;
pub mod serve;
pub mod sign;
pub mod verify;
pub mod witness;
pub mod word;
