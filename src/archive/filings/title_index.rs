//! The index of titles: the pairs of neighbouring characters of each. Words of two Chinese characters
//! are the shortest that people search for, and the indexes of databases start at three.

use std::collections::BTreeSet;
use std::iter::once;

use sqlx::{AssertSqlSafe, Row};

use crate::archive::Archive;
use crate::archive::access::caller::Caller;
use crate::archive::database::transaction::Transaction;
use crate::archive::error::ArchiveError;

/// Filings with one pair are counted up to this number, to find the rarest pair of a text.
const COUNTED: i64 = 5_000;

/// A pair with at most this many filings is rare enough.
const RARE: i64 = 200;

/// How many pairs of a text are compared.
const PAIRS_COMPARED: usize = 24;

/// How the filings whose titles may contain a text are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Candidates {
    /// The filings with this pair of characters.
    Pair(String),
    /// The filings with a pair that begins with this character; there are few.
    FirstOfPair(String),
    /// All filings, newest first. The character is so frequent that a page of results fills early.
    All,
}

/// The entries of a title.
pub(crate) fn grams(title: &str) -> BTreeSet<String> {
    let title: Vec<char> = title.to_ascii_lowercase().chars().collect();
    let last = title.last().map(ToString::to_string);
    title.windows(2).map(|pair| pair.iter().collect()).chain(last).collect()
}

/// The pairs of a text that is searched for.
fn pairs(text: &[char]) -> BTreeSet<String> {
    text.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// A text that sorts behind every pair that begins with this one.
pub(crate) fn after_pairs_of(first: &str) -> String {
    first.chars().chain(once(char::MAX)).collect()
}

/// Adds the title of a filing to the index.
pub(crate) async fn index_title(
    transaction: &mut Transaction,
    seq: i64,
    title: &str,
) -> Result<(), ArchiveError> {
    let grams = grams(title);
    let rows: Vec<String> = (2..grams.len() + 2).map(|n| format!("(${n}, $1)")).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!("INSERT INTO title_grams (gram, seq) VALUES {}", rows.join(", "));
    let mut insert = transaction.query(AssertSqlSafe(sql)).bind(seq);
    for gram in grams {
        insert = insert.bind(gram);
    }
    insert.execute().await?;
    Ok(())
}

impl Archive {
    /// Chooses how to find the filings whose titles contain a text.
    ///
    /// # Errors
    /// Returns `ArchiveError::Database` or `ArchiveError::Deadline` if the database is unreachable or
    /// too slow. Retry later.
    pub(crate) async fn candidates(&self, text: &str) -> Result<Candidates, ArchiveError> {
        let text: Vec<char> = text.to_ascii_lowercase().chars().collect();
        if let [first] = text[..] {
            let first = first.to_string();
            let few = self.count_grams(&first, &after_pairs_of(&first)).await? < COUNTED;
            return Ok(if few { Candidates::FirstOfPair(first) } else { Candidates::All });
        }
        let mut rarest: Option<(i64, String)> = None;
        for pair in pairs(&text).into_iter().take(PAIRS_COMPARED) {
            let filings = self.count_grams(&pair, &pair).await?;
            if rarest.as_ref().is_none_or(|(fewest, _)| filings < *fewest) {
                rarest = Some((filings, pair));
            }
            if rarest.as_ref().is_some_and(|(fewest, _)| *fewest <= RARE) {
                break;
            }
        }
        Ok(rarest.map_or(Candidates::All, |(_, pair)| Candidates::Pair(pair)))
    }

    /// Whether the caller's agency has so few filings that reading all of them is fast.
    ///
    /// # Errors
    /// As `candidates`.
    pub(crate) async fn has_few(&self, caller: &Caller) -> Result<bool, ArchiveError> {
        let Some(agency) = &caller.agency else { return Ok(false) };
        let row = self
            .database
            .query(
                "SELECT COUNT(*) AS filings FROM (SELECT 1 FROM filing_issuers \
             WHERE issuer = $1 AND confirmed = 1 LIMIT $2) counted",
            )
            .bind(agency.as_str())
            .bind(COUNTED)
            .fetch_one()
            .await?;
        Ok(row.try_get::<i64, _>("filings")? < COUNTED)
    }

    /// The number of entries from one gram to another, at most `COUNTED`.
    async fn count_grams(&self, first: &str, last: &str) -> Result<i64, ArchiveError> {
        let row = self
            .database
            .query(
                "SELECT COUNT(*) AS entries FROM (SELECT 1 FROM title_grams \
             WHERE gram >= $1 AND gram <= $2 LIMIT $3) counted",
            )
            .bind(first)
            .bind(last)
            .bind(COUNTED)
            .fetch_one()
            .await?;
        Ok(row.try_get("entries")?)
    }
}

#[cfg(test)]
mod tests {
    use super::{after_pairs_of, grams};

    #[test]
    fn a_title_has_its_pairs_and_its_last_character() {
        let texts = |title| grams(title).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(texts("关于关于A股"), "a股 于a 于关 关于 股");
        assert_eq!(texts("令"), "令");
        assert_eq!(texts(""), "");
    }

    #[test]
    fn all_pairs_of_a_character_sort_before_the_end() {
        let end = after_pairs_of("费");
        for gram in ["费", "费\u{0}", "费用", "费𠀀"] {
            assert!(gram <= end.as_str() && gram >= "费", "{gram}");
        }
        assert!("贺a" > end.as_str());
    }
}
