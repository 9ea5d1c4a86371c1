//! The names of the locks of filings. They are taken in this order: a draft, 发文字号, the sequence.

/// The name of the lock of the sequence of filings. Names of numbers contain `|`.
pub(crate) const SEQUENCE_LOCK: &str = "filings.seq";

/// The name of the lock of a 发文字号. Numbers belong to the lead agency.
pub(crate) fn number_lock(lead: &str, number: &str) -> String {
    format!("{lead}|{number}")
}
