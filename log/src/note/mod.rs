//! Signed notes, checkpoints and cosignatures, and the policy that says which are trusted.

pub mod signed_note;
pub mod keys;
pub mod checkpoint;
pub mod policy;
pub mod hand_over;
