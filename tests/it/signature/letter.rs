//! Rendered filings that the tests sign.

use std::sync::LazyLock;

use crate::fixture;
use crate::http::in_process::TYPESETTER;

/// A letter of one page.
pub(crate) static LETTER: LazyLock<Vec<u8>> = LazyLock::new(|| printed("letter-2023-46"));

/// The PDF that is rendered from a fixture.
pub(crate) fn printed(name: &str) -> Vec<u8> {
    let body = fixture::bytes("valid", name);
    hongtou::generate::generate(&body, &TYPESETTER).unwrap().pdf.to_vec()
}
