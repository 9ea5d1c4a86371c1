//! Tests of signed PDFs that render: the derivation from a filing, and `hongtou verify`.
//! `signature/tests/it/` has the tests of signatures.

#[expect(dead_code, reason = "the tests of `signature/` use the rest")]
#[path = "../../../signature/tests/it/signer.rs"]
pub(crate) mod signer;
pub(crate) mod letter;
pub(crate) mod derivation;
pub(crate) mod heavy_filings;
pub(crate) mod remake;
pub(crate) mod seals;
pub(crate) mod signing;
pub(crate) mod verify_command;
