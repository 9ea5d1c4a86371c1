//! The lines and tables of a file, each with its place.

use std::fmt;

/// A line, a paragraph or a table of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Where it is.
    pub place: Place,
    /// The blanks before the text, in half characters.
    pub indent: usize,
    /// Whether an empty line of the same page precedes it.
    pub gap: bool,
    /// Whether line breaks inside paragraphs are possible, as in text copied from a page.
    pub may_be_broken: bool,
    /// What it is.
    pub content: Content,
}

/// The content of a piece.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Text of one line.
    Text(String),
    /// A table.
    Table(Table),
}

/// A table as it stands in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The number of rows that the file marks as head.
    pub head_rows: usize,
    /// The relative widths of the columns; empty if unknown.
    pub widths: Vec<u32>,
    /// The rows. A cell that spans rows or columns is in its first row and column only.
    pub rows: Vec<Vec<TableCell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableCell {
    /// The text on one line.
    pub text: String,
    /// The first column of the cell, counted from 0.
    pub column: usize,
    /// The number of columns that it spans.
    pub column_span: usize,
    /// The number of rows that it spans.
    pub row_span: usize,
    /// `left`, `center` or `right`, if the file says so.
    pub align: Option<&'static str>,
}

/// A place in a file, displayed for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line of a text, counted from 1.
    Line(usize),
    /// A paragraph of a Word file, counted from 1.
    Paragraph(usize),
    /// A table, counted from 1.
    Table(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "第{line}行"),
            Self::Paragraph(paragraph) => write!(f, "第{paragraph}段"),
            Self::Table(table) => write!(f, "第{table}个表格"),
        }
    }
}

impl Piece {
    /// The text, unless this is a table.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Table(_) => None,
        }
    }
}

impl Table {
    /// The texts of all cells, with blanks between them.
    pub fn text(&self) -> String {
        let cells = self.rows.iter().flatten().map(|cell| cell.text.as_str());
        cells.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
