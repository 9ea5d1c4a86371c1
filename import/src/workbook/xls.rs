//! Limits old workbooks (.xls) before they are opened: two cells far apart would take memory for all cells
//! between them.

use crate::source::error::ImportError;

/// The most cells of all sheets together, with the empty ones between the others.
const CELLS: u64 = 2_000_000;

/// The most sheets.
const SHEETS: usize = 64;

/// The longest file, in bytes.
const BYTES: usize = 16 << 20;

/// Marks in the allocation table from this on are no sectors.
const LAST_SECTOR: u32 = 0xFFFF_FFF0;

/// Records with cells: the row and the column are the first two numbers.
const CELL_RECORDS: [u16; 12] = [
    0x0001, 0x0002, 0x0003, 0x0004, 0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6,
];

/// Records with several cells of a row: the last number is the last column.
const ROW_RECORDS: [u16; 2] = [0x00BD, 0x00BE];

const DIMENSIONS: u16 = 0x0200;
const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;

/// Checks that the cells of an old workbook take a limited amount of memory.
///
/// # Errors
/// Returns `ImportError::Damaged` if the file has no workbook, and `ImportError::TooMuch` or
/// `ImportError::TooLarge` if it is beyond the limits.
pub fn check(file: &[u8]) -> Result<(), ImportError> {
    if file.len() > BYTES {
        return Err(ImportError::TooLarge);
    }
    let stream = Compound::open(file)
        .and_then(|compound| compound.workbook())
        .ok_or(ImportError::Damaged)?;
    let too_much = ImportError::TooMuch { what: "工作簿", limit: CELLS as usize, unit: "格" };
    let sheets: Vec<usize> = records(&stream, 0)
        .filter(|(kind, _)| *kind == SHEET)
        .filter_map(|(_, data)| Some(u32_at(data, 0)? as usize))
        .collect();
    if sheets.len() > SHEETS {
        return Err(too_much);
    }
    let mut total = 0_u64;
    for start in sheets {
        let mut rows = (u64::MAX, 0);
        let mut columns = (u64::MAX, 0);
        for (kind, data) in records(&stream, start) {
            if kind == DIMENSIONS {
                // The reader reserves memory for what this record declares.
                total = total.saturating_add(declared(data).ok_or(ImportError::Damaged)?);
            }
            let is_row = ROW_RECORDS.contains(&kind);
            if !is_row && !CELL_RECORDS.contains(&kind) {
                continue;
            }
            let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { continue };
            let last = if is_row { u16_at(data, data.len().saturating_sub(2)) } else { None };
            for column in std::iter::once(column).chain(last) {
                rows = (rows.0.min(row.into()), rows.1.max(u64::from(row) + 1));
                columns = (columns.0.min(column.into()), columns.1.max(u64::from(column) + 1));
            }
        }
        total += rows.1.saturating_sub(rows.0) * columns.1.saturating_sub(columns.0);
    }
    if total > CELLS { Err(too_much) } else { Ok(()) }
}

/// The cells that a record of dimensions declares; `None` if it ends before it begins.
fn declared(data: &[u8]) -> Option<u64> {
    let (rows, columns) = if data.len() >= 14 {
        ((u32_at(data, 0)?, u32_at(data, 4)?), (u16_at(data, 8)?, u16_at(data, 10)?))
    } else {
        ((u16_at(data, 0)?.into(), u16_at(data, 2)?.into()), (u16_at(data, 4)?, u16_at(data, 6)?))
    };
    let rows = u64::from(rows.1.checked_sub(rows.0)?) + 1;
    let columns = u64::from(columns.1.checked_sub(columns.0)?) + 1;
    Some(rows * columns)
}

/// The records from an offset to the end of their part.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let (mut at, mut depth) = (start, 0_i32);
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        depth += i32::from(kind == BEGIN) - i32::from(kind == END);
        // A chart inside the part has a beginning and an end of its own.
        (kind != END || depth > 0).then_some((kind, data))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A compound file ([MS-CFB]).
struct Compound<'a> {
    file: &'a [u8],
    /// The length of a sector in bytes.
    sector: usize,
    table: Vec<u32>,
}

impl<'a> Compound<'a> {
    fn open(file: &'a [u8]) -> Option<Self> {
        let shift = u16_at(file, 0x1E).filter(|shift| matches!(shift, 9 | 12))?;
        let sector = 1 << shift;
        let mut compound = Self { file, sector, table: Vec::new() };
        let mut sectors: Vec<u32> = (0..109).filter_map(|i| u32_at(file, 0x4C + 4 * i)).collect();
        let mut next = u32_at(file, 0x44)?;
        let most = file.len() / sector + 1;
        for _ in 0..most {
            let Some(more) = compound.sector(next) else { break };
            let numbers: Vec<u32> =
                (0..more.len() / 4).filter_map(|i| u32_at(more, 4 * i)).collect();
            let (last, numbers) = numbers.split_last()?;
            sectors.extend(numbers);
            next = *last;
        }
        let used = sectors.into_iter().filter(|sector| *sector < LAST_SECTOR).take(most);
        let parts: Vec<&[u8]> = used.filter_map(|sector| compound.sector(sector)).collect();
        for part in parts {
            compound.table.extend((0..part.len() / 4).filter_map(|i| u32_at(part, 4 * i)));
        }
        Some(compound)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.file.len());
        self.file.get(start..end)
    }

    /// The bytes of a chain of sectors.
    fn chain(&self, first: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut next = first;
        while next < LAST_SECTOR && bytes.len() <= self.file.len() {
            let Some(sector) = self.sector(next) else { break };
            bytes.extend_from_slice(sector);
            next = self.table.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        bytes
    }

    /// The stream of the workbook.
    fn workbook(&self) -> Option<Vec<u8>> {
        let folder = self.chain(u32_at(self.file, 0x30)?);
        let entries = || folder.chunks_exact(128);
        let named = |name: &str| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let length = name.len() + 2;
            entries().find(|entry| {
                u16_at(entry, 0x40) == u16::try_from(length).ok() && entry.starts_with(&name)
            })
        };
        let entry = named("Workbook").or_else(|| named("Book"))?;
        let (first, size) = (u32_at(entry, 0x74)?, u32_at(entry, 0x78)? as usize);
        if size >= u32_at(self.file, 0x38)? as usize {
            return Some(self.chain(first));
        }
        let root = entries().next()?;
        let small = self.chain(u32_at(root, 0x74)?);
        let table = self.chain(u32_at(self.file, 0x3C)?);
        let (mut bytes, mut next) = (Vec::new(), first);
        while next < LAST_SECTOR && bytes.len() <= size {
            let start = next as usize * 64;
            let Some(sector) = small.get(start..(start + 64).min(small.len())) else { break };
            bytes.extend_from_slice(sector);
            next = u32_at(&table, 4 * next as usize).unwrap_or(u32::MAX);
        }
        Some(bytes)
    }
}
