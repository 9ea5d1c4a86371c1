//! The `hongtou` command.
fn main() {}
