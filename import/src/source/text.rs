//! Plain text as pieces: one per line, and tables of lines with tabs or bars.

use crate::source::error::ImportError;
use crate::source::limits::{CELLS, LINES};
use crate::source::piece::{Content, Piece, Place, Table, TableCell};

/// The most bytes of a text: far more than any document.
const BYTES: usize = 4 << 20;

/// The lines and tables of a text.
///
/// # Errors
/// Returns `ImportError::Encoding` if the text is neither UTF-8 nor UTF-16 with a byte order mark, and
/// `ImportError::TooMuch` if it is too long.
pub fn pieces(file: &[u8]) -> Result<Vec<Piece>, ImportError> {
    if file.len() > BYTES {
        return Err(ImportError::TooMuch { what: "文本", limit: BYTES >> 20, unit: "MiB" });
    }
    let text = decoded(file)?.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    if text.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    let mut lines = Lines::default();
    for (index, line) in text.split('\n').enumerate() {
        lines.push(index + 1, line)?;
    }
    lines.end_table()?;
    Ok(lines.pieces)
}

fn decoded(file: &[u8]) -> Result<String, ImportError> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| ImportError::Encoding)
    };
    match file {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => {
            let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
            let text = std::str::from_utf8(file).map_err(|_| ImportError::Encoding)?;
            if text.contains('\0') {
                return Err(ImportError::Format("这不是文本，请上传Word、Excel文件或文本。"));
            }
            Ok(text.to_owned())
        }
    }
}

#[derive(Default)]
struct Lines {
    pieces: Vec<Piece>,
    gap: bool,
    /// Whether only empty lines are above on the page.
    is_top: bool,
    /// The rows of the table that is being read, and its first line.
    rows: Vec<(usize, Vec<String>)>,
    tables: usize,
    cells: usize,
}

impl Lines {
    fn push(&mut self, number: usize, line: &str) -> Result<(), ImportError> {
        let has_page_break = line.contains('\u{C}');
        let line = line.replace('\u{C}', "");
        if has_page_break || line.trim().is_empty() {
            self.end_table()?;
        }
        // Empty lines at the end of a page end no paragraph.
        if has_page_break {
            self.is_top = true;
            self.gap = false;
        }
        if line.trim().is_empty() {
            self.gap |= !self.is_top;
            return Ok(());
        }
        self.is_top = false;
        if self.pieces.len() >= LINES {
            return Err(ImportError::TooMuch { what: "文本", limit: LINES, unit: "行" });
        }
        match row(&line) {
            Some(row) => {
                self.cells += row.len();
                self.rows.push((number, row));
                if self.cells > CELLS {
                    return Err(ImportError::TooMuch { what: "表格", limit: CELLS, unit: "格" });
                }
            }
            None => {
                self.end_table()?;
                self.push_text(number, &line);
            }
        }
        Ok(())
    }

    fn push_text(&mut self, number: usize, line: &str) {
        let blanks = line.chars().take_while(|c| c.is_whitespace());
        let indent = blanks.map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
        self.pieces.push(Piece {
            place: Place::Line(number),
            indent,
            gap: std::mem::take(&mut self.gap),
            may_be_broken: true,
            content: Content::Text(line.trim().to_owned()),
        });
    }

    /// Ends a table. A single row is no table.
    fn end_table(&mut self) -> Result<(), ImportError> {
        let rows = std::mem::take(&mut self.rows);
        if rows.len() < 2 {
            for (number, row) in rows {
                self.push_text(number, &row.join("  "));
            }
            return Ok(());
        }
        self.tables += 1;
        let columns = rows.iter().map(|(_, row)| row.len()).max().unwrap_or_default();
        if columns * rows.len() > CELLS {
            return Err(ImportError::TooMuch { what: "表格", limit: CELLS, unit: "格" });
        }
        let has_rule = rows.get(1).is_some_and(|(_, row)| is_rule(row));
        let cell = |(column, text): (usize, String)| TableCell {
            text,
            column,
            column_span: 1,
            row_span: 1,
            align: None,
        };
        let rows = rows.into_iter().filter(|(_, row)| !is_rule(row)).map(|(_, mut row)| {
            row.resize(columns, String::new());
            row.into_iter().enumerate().map(cell).collect()
        });
        self.pieces.push(Piece {
            place: Place::Table(self.tables),
            indent: 0,
            gap: std::mem::take(&mut self.gap),
            may_be_broken: true,
            content: Content::Table(Table {
                head_rows: usize::from(has_rule),
                widths: Vec::new(),
                rows: rows.collect(),
            }),
        });
        Ok(())
    }
}

/// The cells of a line with tabs between Chinese texts, or with bars as in Markdown.
fn row(line: &str) -> Option<Vec<String>> {
    let line = line.trim_end();
    let cells: Vec<&str> = match line.trim().strip_prefix('|').and_then(|l| l.strip_suffix('|')) {
        Some(inside) => inside.split('|').collect(),
        None if line.trim_start_matches(['\t', ' ']).contains('\t') => line.split('\t').collect(),
        None => return None,
    };
    (cells.len() > 1).then(|| cells.iter().map(|cell| cell.trim().to_owned()).collect())
}

/// The line below the head of a Markdown table.
fn is_rule(row: &[String]) -> bool {
    row.iter().all(|cell| cell.len() > 1 && cell.chars().all(|c| matches!(c, '-' | ':')))
}
