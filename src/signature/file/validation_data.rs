//! Reads the validation data of a file from its document security store (ISO 32000-2, 12.8.4.3).

use lopdf::{Dictionary, Document};

use crate::signature::cms::container::ValidationData;
use crate::signature::file::fields::{dictionary, items};

/// The number of items of a kind that are read. Further ones are ignored.
const MAX_ITEMS: usize = 256;

/// A larger item is skipped.
const MAX_ITEM_BYTES: usize = 4 << 20;

/// The maximum size of all items together.
const MAX_TOTAL_BYTES: usize = 16 << 20;

/// The certificates, revocation lists and OCSP responses of a document.
pub fn validation_data(document: &Document) -> ValidationData {
    let store = document.catalog().ok().and_then(|catalog| catalog.get(b"DSS").ok());
    let Some(store) = store.and_then(|store| dictionary(document, store)) else {
        return ValidationData::default();
    };
    let mut remaining = MAX_TOTAL_BYTES;
    let mut read = |key: &[u8]| streams(document, store, key, &mut remaining);
    ValidationData {
        certificates: read(b"Certs"),
        crls: read(b"CRLs"),
        ocsp_responses: read(b"OCSPs"),
    }
}

fn streams(
    document: &Document,
    store: &Dictionary,
    key: &[u8],
    remaining: &mut usize,
) -> Vec<Vec<u8>> {
    let items = items(document, store, key).iter().take(MAX_ITEMS);
    let streams = items.filter_map(|item| document.dereference(item).ok()?.1.as_stream().ok());
    let mut read = Vec::new();
    for stream in streams {
        let max_bytes = MAX_ITEM_BYTES.min(*remaining);
        if let Ok(bytes) = stream.decompressed_content_with_limit(max_bytes) {
            *remaining -= bytes.len();
            read.push(bytes);
        }
    }
    read
}
