//! Reads the validation data of a file: its document security store (ISO 32000-2, 12.8.4.3).

use lopdf::{Dictionary, Document};

use crate::signature::cms::container::Evidence;
use crate::signature::file::fields::{dictionary, items};

/// How many items of a kind are read, and how long one may be.
const MOST: usize = 256;
const LONGEST: usize = 4 << 20;

/// What all of them may have together, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// The certificates, revocation lists and responses that a document brings along.
pub fn evidence(document: &Document) -> Evidence {
    let store = document.catalog().ok().and_then(|catalog| catalog.get(b"DSS").ok());
    let Some(store) = store.and_then(|store| dictionary(document, store)) else {
        return Evidence::default();
    };
    let mut left = MOST_BYTES;
    let mut read = |key: &[u8]| streams(document, store, key, &mut left);
    Evidence {
        certificates: read(b"Certs"),
        crls: read(b"CRLs"),
        ocsp_responses: read(b"OCSPs"),
        proven_at: None,
    }
}

fn streams(document: &Document, store: &Dictionary, key: &[u8], left: &mut usize) -> Vec<Vec<u8>> {
    let items = items(document, store, key).iter().take(MOST);
    let streams = items.filter_map(|item| document.dereference(item).ok()?.1.as_stream().ok());
    let mut read = Vec::new();
    for stream in streams {
        let longest = LONGEST.min(*left);
        if let Ok(bytes) = stream.decompressed_content_with_limit(longest) {
            *left -= bytes.len();
            read.push(bytes);
        }
    }
    read
}
