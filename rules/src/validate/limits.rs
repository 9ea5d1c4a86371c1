//! The limits of texts and lists, which keep the time to check and typeset any filing bounded.

use crate::document::measures;

/// Characters of a 标题, a heading or the name of an attachment: ten full lines of a title.
pub const TITLE: usize = 200;

/// Lines of a 标题 posted as lines.
pub const TITLE_LINES: usize = 10;

/// Characters of the name of an agency or a person; the longest agencies stay below 40.
pub const NAME: usize = 60;

/// Characters of the name of a 签发人: the room that one line leaves after 签发人： (H-13).
pub const SIGNATORY: usize =
    measures::CHARACTERS_PER_LINE - 2 * measures::SIDE_INSET - measures::SIGNATORY_LABEL;

/// Characters of a paragraph: some 17 pages without a break, far beyond any real one.
pub const PARAGRAPH: usize = 10_000;

/// 发文机关 or 签发人: as many as page 1 has room for (H-9).
pub const ISSUERS: usize = 10;

/// Entries of a list of agencies, people, attachments, components or pieces of evidence.
pub const LIST: usize = 200;

/// Paragraphs of one narrative, of the opening or of the closing.
pub const PARAGRAPHS: usize = 200;

/// Headings, paragraphs and tables of one body or attachment; heading numbers stay far inside
/// `numeral::chinese`.
pub const BLOCKS: usize = 2_000;

/// Columns of a table: a twentieth of the type area's width still holds a character.
pub const COLUMNS: usize = 20;

/// Rows of a table's head, which take room on each of its pages.
pub const HEAD_ROWS: usize = 4;

/// Rows of a table: some 160 pages, which are still set within a request's time.
pub const ROWS: usize = 2_000;

/// Cells of a whole filing, empty ones too, also of the tables that the program makes. A cell takes
/// some 15 kB while it is set; these are set in 2 s and 400 MB, and in twice that time where
/// everything asks for another pass.
pub const CELLS: usize = 10_000;

/// Cells of a row of the score table.
pub const SCORE_COLUMNS: usize = 7;

/// Cells of a row of a project's table.
pub const PROJECT_COLUMNS: usize = 9;

/// Further entries of the head of a project's table.
pub const DETAILS: usize = 40;

/// Notes below a project's table; they are one cell.
pub const NOTES: usize = 20;

/// Further parts of a table with heads of their own.
pub const TABLE_SECTIONS: usize = 50;

/// Characters of a cell: half a page of text. In the narrowest column it takes 22 pages.
pub const CELL: usize = 1_000;

/// Characters of a whole filing, weighed as below: some 470 pages of nothing but Chinese characters.
/// The weights are such that no filing takes more than 5 s or 500 MB, as `just slowest` looks for.
pub const FILING: usize = 300_000;

/// The weight of a digit, a letter or a punctuation mark. If typefaces and words change with every
/// character, one takes up to seven times the memory of a hanzi, and long runs of marks up to six.
pub const OTHER_CHARACTER: usize = 3;

/// Characters that a paragraph counts of the whole filing at the least: it takes a line.
pub const LEAST_PARAGRAPH: usize = measures::CHARACTERS_PER_LINE;

/// Characters that a heading counts at the least: with its entry in the outline it takes the time
/// and memory of two lines.
pub const LEAST_HEADING: usize = 2 * measures::CHARACTERS_PER_LINE;

/// The weight of a cell apart from its text: it takes the memory of most of a line.
pub const LEAST_CELL: usize = 20;

/// The weight of a line in a table row, in addition to its characters; more than that of a line in a
/// paragraph: narrow
/// columns would make thousands of pages of few characters, and a page that a row of many columns
/// goes on over takes a megabyte.
pub const TABLE_LINE: usize = 34;

/// Lines of a table's head, which is on each of its sides: less than half of one, also of a turned
/// one. A taller head leaves a row a side.
pub const HEAD_LINES: usize = 20;

/// Sections of a score sheet.
pub const SECTIONS: usize = 50;

/// Groups of one section; no more than its indicators, as no group is empty.
pub const GROUPS: usize = 2_000;

/// Indicators of a whole score sheet; keeps heading numbers far inside `numeral::chinese`.
pub const INDICATORS: usize = 2_000;

/// Combining marks after one character: the time to set a run grows with its square.
pub const COMBINING_MARKS: usize = 4;

/// Characters listed for one text before the rest is only counted.
pub const CHARACTERS_LISTED: usize = 20;

/// Findings of one kind listed before the rest is only counted, so that an answer stays small.
pub const FINDINGS_LISTED: usize = 1_000;
