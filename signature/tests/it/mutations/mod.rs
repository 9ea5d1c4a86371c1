//! Random changes to the structure of signatures, certificates, lists, seals and PDFs: no panic, limited
//! time and memory, and nothing passes that the signer did not sign.
//!
//! `HONGTOU_TEST_SEED` chooses the changes; without it they are always the same. A failure prints the
//! seed. `HONGTOU_TEST_MUTATIONS` sets how many files each test changes.

mod chance;
mod watch;
mod values;
mod containers;
mod tokens;
mod files;
