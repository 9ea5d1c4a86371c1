//! Bundles of entries: up to 256 entries, each after its length (c2sp.org/tlog-tiles).

/// The longest entry, in bytes.
pub const ENTRY_LIMIT: usize = u16::MAX as usize;

/// The bytes of a bundle. Returns `None` if an entry is longer than `ENTRY_LIMIT`.
pub fn bundle_bytes<T: AsRef<[u8]>>(entries: &[T]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        bytes.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend(entry);
    }
    Some(bytes)
}

/// The entries in a bundle. Returns `None` if the last one is incomplete or their number is not
/// `width`.
pub fn parse_bundle(mut bytes: &[u8], width: u64) -> Option<Vec<Vec<u8>>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry.to_vec());
        bytes = rest;
    }
    (entries.len() as u64 == width).then_some(entries)
}
