//! Opens ZIP files with limits: the declared sizes are added up first, and no more is unpacked.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::source::error::ImportError;
use crate::source::limits::UNPACKED;

/// The most entries of an archive. Office files have some dozens.
const ENTRIES: usize = 4_096;

/// A ZIP file in memory.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Archive<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    /// Returns `ImportError::Damaged` if this is no ZIP file, and `ImportError::TooLarge` if it has too
    /// many entries or declares too many bytes.
    pub fn open(file: &'a [u8]) -> Result<Self, ImportError> {
        let mut zip = ZipArchive::new(Cursor::new(file)).map_err(|_| ImportError::Damaged)?;
        if zip.len() > ENTRIES {
            return Err(ImportError::TooLarge);
        }
        let mut total: u64 = 0;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| ImportError::Damaged)?;
            total = total.saturating_add(entry.size());
        }
        if total > UNPACKED as u64 {
            return Err(ImportError::TooLarge);
        }
        Ok(Self { zip })
    }

    /// Whether an entry has a name with this end. WPS writes backslashes.
    pub fn has(&self, end: &str) -> bool {
        let mut names = self.zip.file_names().flatten();
        names.any(|name| name.replace('\\', "/").to_lowercase().ends_with(end))
    }

    /// The text of an entry in UTF-8; `None` if there is no such entry.
    ///
    /// # Errors
    /// Returns `ImportError::TooLarge` if the entry unpacks to more than allowed, even if it declares less,
    /// `ImportError::Encrypted` if it has a password, and `ImportError::Damaged` if it cannot be read.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, ImportError> {
        let is_it = |found: &Cow<'_, str>| found.replace('\\', "/").eq_ignore_ascii_case(name);
        let found = self.zip.file_names().flatten().find(is_it).map(Cow::into_owned);
        let Some(found) = found else { return Ok(None) };
        let entry = self.zip.by_name(&found).map_err(|_| ImportError::Damaged)?;
        if entry.encrypted() {
            return Err(ImportError::Encrypted);
        }
        let mut bytes = Vec::new();
        let read = entry.take(UNPACKED as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|_| ImportError::Damaged)?;
        if bytes.len() > UNPACKED {
            return Err(ImportError::TooLarge);
        }
        String::from_utf8(bytes).map(Some).map_err(|_| ImportError::Damaged)
    }
}
