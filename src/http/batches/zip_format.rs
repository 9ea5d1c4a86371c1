//! The format of ZIP files (APPNOTE 6.3.10) whose entries are stored without compression, so that the
//! place of every byte follows from the names, lengths and sums of the entries.

use chrono::{DateTime, Datelike, Timelike};

use crate::document::moment::Moment;

/// The largest number of the short fields. It means that the number is in the extra field.
const LARGEST: u64 = 0xFFFF_FFFF;

/// The most entries of the short end record.
const MOST_ENTRIES: u64 = 0xFFFF;

/// The version that reads ZIP64.
const VERSION: u16 = 45;

/// Made by Unix, in this version, so that `ATTRIBUTES` are a mode.
const MADE_BY: u16 = (3 << 8) | VERSION;

/// A regular file that its owner may write and all may read.
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

/// The kind of the extra field with long numbers.
const ZIP64: u16 = 1;

/// The first year of the dates in a ZIP.
const FIRST_YEAR: i32 = 1980;

/// A file of a ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipEntry<'a> {
    /// Its name.
    pub name: &'a str,
    /// The number of its bytes.
    pub bytes: u64,
    /// The CRC-32 of its bytes.
    pub crc32: u32,
}

/// The date and the time of all entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZipTime {
    time: u16,
    date: u16,
}

/// The parts of a ZIP behind its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directory {
    /// Where it starts.
    pub start: u64,
    /// The number of its bytes, without the end record.
    pub bytes: u64,
    /// The number of entries.
    pub entries: u64,
}

impl ZipTime {
    /// A moment in UTC, to two seconds.
    pub fn of(moment: Moment) -> Self {
        let time = DateTime::from_timestamp_millis(moment.0).unwrap_or_default();
        let short = |number: u32| u16::try_from(number).unwrap_or_default();
        let year = u32::try_from(time.year() - FIRST_YEAR).unwrap_or_default().min(127);
        Self {
            time: short((time.hour() << 11) | (time.minute() << 5) | (time.second() / 2)),
            date: short((year << 9) | (time.month() << 5) | time.day()),
        }
    }
}

impl ZipEntry<'_> {
    /// The header before its bytes.
    pub fn local_header(&self, at: ZipTime) -> Vec<u8> {
        let is_long = self.bytes >= LARGEST;
        let long = if is_long { vec![self.bytes, self.bytes] } else { Vec::new() };
        let extra = extra_field(&long);
        let mut header = b"PK\x03\x04".to_vec();
        put(&mut header, VERSION.to_le_bytes());
        self.put_common(&mut header, at, is_long);
        put(&mut header, length(&extra));
        header.extend_from_slice(self.name.as_bytes());
        header.extend(extra);
        header
    }

    /// The header in the directory. Takes the place of the local header.
    pub fn directory_header(&self, at: ZipTime, offset: u64) -> Vec<u8> {
        let is_long = self.bytes >= LARGEST;
        let mut long = if is_long { vec![self.bytes, self.bytes] } else { Vec::new() };
        if offset >= LARGEST {
            long.push(offset);
        }
        let extra = extra_field(&long);
        let mut header = b"PK\x01\x02".to_vec();
        put(&mut header, MADE_BY.to_le_bytes());
        put(&mut header, VERSION.to_le_bytes());
        self.put_common(&mut header, at, is_long);
        put(&mut header, length(&extra));
        // No comment, on the first disk, not marked as text.
        put(&mut header, [0; 6]);
        put(&mut header, ATTRIBUTES.to_le_bytes());
        put(&mut header, short(offset));
        header.extend_from_slice(self.name.as_bytes());
        header.extend(extra);
        header
    }

    /// The fields that both headers have, up to the length of the name.
    fn put_common(&self, header: &mut Vec<u8>, at: ZipTime, is_long: bool) {
        let bytes = if is_long { LARGEST } else { self.bytes };
        put(header, FLAGS.to_le_bytes());
        // Stored without compression.
        put(header, 0_u16.to_le_bytes());
        put(header, at.time.to_le_bytes());
        put(header, at.date.to_le_bytes());
        put(header, self.crc32.to_le_bytes());
        put(header, short(bytes));
        put(header, short(bytes));
        put(header, length(self.name.as_bytes()));
    }
}

impl Directory {
    /// The end of the file, behind the headers of the directory.
    pub fn end(&self) -> Vec<u8> {
        let is_long =
            self.start >= LARGEST || self.bytes >= LARGEST || self.entries >= MOST_ENTRIES;
        let mut end = Vec::new();
        if is_long {
            end.extend_from_slice(b"PK\x06\x06");
            // The length of the rest of this record.
            put(&mut end, 44_u64.to_le_bytes());
            put(&mut end, MADE_BY.to_le_bytes());
            put(&mut end, VERSION.to_le_bytes());
            // On the first disk.
            put(&mut end, [0; 8]);
            put(&mut end, self.entries.to_le_bytes());
            put(&mut end, self.entries.to_le_bytes());
            put(&mut end, self.bytes.to_le_bytes());
            put(&mut end, self.start.to_le_bytes());
            end.extend_from_slice(b"PK\x06\x07");
            put(&mut end, [0; 4]);
            put(&mut end, (self.start + self.bytes).to_le_bytes());
            put(&mut end, 1_u32.to_le_bytes());
        }
        end.extend_from_slice(b"PK\x05\x06");
        put(&mut end, [0; 4]);
        let entries = u16::try_from(self.entries.min(MOST_ENTRIES)).unwrap_or(u16::MAX);
        put(&mut end, entries.to_le_bytes());
        put(&mut end, entries.to_le_bytes());
        put(&mut end, short(self.bytes));
        put(&mut end, short(self.start));
        put(&mut end, [0; 2]);
        end
    }
}

/// The extra field with the numbers that are too long for theirs; empty if there are none.
fn extra_field(long: &[u64]) -> Vec<u8> {
    if long.is_empty() {
        return Vec::new();
    }
    let mut field = Vec::new();
    put(&mut field, ZIP64.to_le_bytes());
    put(&mut field, u16::try_from(8 * long.len()).unwrap_or_default().to_le_bytes());
    for number in long {
        put(&mut field, number.to_le_bytes());
    }
    field
}

/// A number in a field of four bytes.
fn short(number: u64) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

/// The length of a name or an extra field. Names are made of 发文字号, which are short.
fn length(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_le_bytes()
}

fn put<const N: usize>(header: &mut Vec<u8>, bytes: [u8; N]) {
    header.extend_from_slice(&bytes);
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::{Directory, ZipEntry, ZipTime};
    use crate::document::moment::Moment;

    /// 2027-01-15T08:00:00Z.
    const AT: Moment = Moment(1_800_000_000_000);

    #[test]
    fn another_program_reads_the_file() {
        let files = [("甲〔2021〕1号.pdf", b"%PDF-1".as_slice()), ("manifest.ndjson", b"{}\n")];
        let time = ZipTime::of(AT);
        let (mut zip, mut headers) = (Vec::new(), Vec::new());
        for (name, content) in files {
            let bytes = content.len() as u64;
            let entry = ZipEntry { name, bytes, crc32: crc32fast::hash(content) };
            headers.extend(entry.directory_header(time, zip.len() as u64));
            zip.extend(entry.local_header(time));
            zip.extend_from_slice(content);
        }
        let start = zip.len() as u64;
        let directory = Directory { start, bytes: headers.len() as u64, entries: 2 };
        zip.extend(headers);
        zip.extend(directory.end());
        let mut read = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
        assert_eq!(read.len(), 2);
        for (index, (name, content)) in files.into_iter().enumerate() {
            let mut file = read.by_index(index).unwrap();
            assert_eq!(file.name().unwrap(), name);
            assert_eq!(file.unix_mode(), Some(0o100_644));
            let date = file.last_modified().unwrap();
            assert_eq!((date.year(), date.month(), date.day(), date.hour()), (2027, 1, 15, 8));
            let mut bytes = Vec::new();
            // Checks the sum.
            file.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, content);
        }
    }

    #[test]
    fn long_numbers_are_in_fields_of_eight_bytes() {
        let time = ZipTime::of(AT);
        let entry = ZipEntry { name: "甲.pdf", bytes: 7, crc32: 0 };
        assert_eq!(entry.local_header(time).len(), 30 + 7);
        assert_eq!(entry.directory_header(time, 0xFFFF_FFFE).len(), 46 + 7);
        let long = entry.directory_header(time, 5_000_000_000);
        assert_eq!(long.len(), 46 + 7 + 12);
        assert!(long.ends_with(&5_000_000_000_u64.to_le_bytes()));
        assert_eq!(long[42..46], [0xFF; 4]);
        let entry = ZipEntry { bytes: 5_000_000_000, ..entry };
        assert_eq!(entry.local_header(time).len(), 30 + 7 + 20);
        let short = Directory { start: 10, bytes: 10, entries: 65_534 };
        assert_eq!(short.end().len(), 22);
        for long in [
            Directory { entries: 65_535, ..short },
            Directory { start: 5_000_000_000, ..short },
            Directory { bytes: 5_000_000_000, ..short },
        ] {
            assert_eq!(long.end().len(), 56 + 20 + 22, "{long:?}");
        }
    }
}
