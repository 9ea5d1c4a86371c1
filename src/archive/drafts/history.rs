//! Decides which versions of a draft are no longer needed.

use crate::archive::drafts::version::Version;

/// The most versions of a draft.
pub const MAX_VERSIONS: usize = 50;

/// The most bytes of the versions of a draft, besides the current one.
pub const MAX_BYTES: i64 = 32 << 20;

/// A version that the same person replaces within this time is not kept, in milliseconds. The page
/// saves at every pause, and a history of seconds would reach back only minutes.
const MERGED_MS: i64 = 60 * 1000;

/// The versions to remove, of all versions with the newest first. The newest is always kept.
pub(crate) fn superfluous(versions: &[Version]) -> Vec<i64> {
    let mut removed = Vec::new();
    // The version before the newest, if it followed the one before it within the time.
    if let [newest, middle, before, ..] = versions {
        let is_same =
            middle.saved_by.id == newest.saved_by.id && middle.saved_by.id == before.saved_by.id;
        if is_same && middle.saved_at.0 - before.saved_at.0 < MERGED_MS {
            removed.push(middle.version);
        }
    }
    let mut n_kept = 1;
    let mut bytes = 0_i64;
    for version in versions.iter().skip(1) {
        if removed.contains(&version.version) {
            continue;
        }
        bytes = bytes.saturating_add(version.bytes);
        if n_kept < MAX_VERSIONS && bytes <= MAX_BYTES {
            n_kept += 1;
        } else {
            removed.push(version.version);
        }
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_VERSIONS, superfluous};
    use crate::archive::drafts::version::{Person, Version};
    use crate::document::moment::Moment;

    fn version(version: i64, by: &str, seconds: i64, bytes: i64) -> Version {
        Version {
            version,
            sha256: String::new(),
            bytes,
            saved_by: Person { id: by.to_owned(), name: String::new() },
            saved_at: Moment(seconds * 1000),
        }
    }

    #[test]
    fn pauses_of_one_person_are_merged_into_minutes() {
        let removed = |saved: &[(&str, i64)]| {
            let saved = saved.iter().zip(1..);
            let mut versions: Vec<_> =
                saved.map(|((by, seconds), number)| version(number, by, *seconds, 10)).collect();
            versions.reverse();
            superfluous(&versions)
        };
        assert!(removed(&[("a", 0)]).is_empty());
        assert!(removed(&[("a", 0), ("a", 1)]).is_empty());
        assert_eq!(removed(&[("a", 0), ("a", 1), ("a", 2)]), [2]);
        assert!(removed(&[("a", 0), ("a", 60), ("a", 61)]).is_empty());
        assert!(removed(&[("b", 0), ("a", 1), ("a", 2)]).is_empty());
        assert!(removed(&[("a", 0), ("a", 1), ("b", 2)]).is_empty());
    }

    #[test]
    fn the_oldest_versions_are_removed_beyond_the_limits() {
        let minutes = |n: i64, bytes| -> Vec<_> {
            (1..=n).rev().map(|number| version(number, "a", number * 60, bytes)).collect()
        };
        assert_eq!(MAX_VERSIONS, 50);
        assert!(superfluous(&minutes(50, 10)).is_empty());
        assert_eq!(superfluous(&minutes(52, 10)), [2, 1]);
        assert_eq!(superfluous(&minutes(4, MAX_BYTES / 2)), [1]);
        assert_eq!(superfluous(&minutes(2, 2 * MAX_BYTES)), [1], "the newest is kept");
    }
}
