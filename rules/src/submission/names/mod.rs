//! What the keys, places and texts of a submission are called and are for.

pub mod key_name;
pub mod path;
pub mod text_role;
