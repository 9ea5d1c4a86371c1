//! The limits of texts and lists, which keep the time to check and typeset any filing bounded.

use crate::document::measures;

/// Characters of a 标题, a heading or the name of an attachment: ten full lines of a title.
pub const TITLE: usize = 200;

/// Lines of a 标题 posted as lines.
pub const TITLE_LINES: usize = 10;

/// Characters of the name of an agency or a person; the longest agencies stay below 40.
pub const NAME: usize = 60;

/// Characters of an entry of 主送 or 抄送, which may list a class of agencies.
pub const RECIPIENT: usize = 120;

/// Lines of 附注.
pub const ANNOTATIONS: usize = 10;

/// Characters of the name of a 签发人, which must fit on the line after 签发人： (H-13).
pub const SIGNATORY: usize =
    measures::CHARACTERS_PER_LINE - 2 * measures::SIDE_INSET - measures::SIGNATORY_LABEL;

/// Characters of a label of a list of names, beside which a line has room for a name.
pub const ROSTER_LABEL: usize = 10;

/// Characters of a paragraph: about 17 pages, far more than any real one.
pub const PARAGRAPH: usize = 10_000;

/// The number of 发文机关 or 签发人 that fit on page 1 (H-9).
pub const ISSUERS: usize = 10;

/// Entries of a list of agencies, people, attachments, components or pieces of evidence.
pub const LIST: usize = 200;

/// Paragraphs of one narrative, of the opening or of the closing.
pub const PARAGRAPHS: usize = 200;

/// Headings, paragraphs and tables of one body or attachment. Heading numbers stay far below the limit
/// of `numeral::chinese`.
pub const BLOCKS: usize = 2_000;

/// Columns of a table. A twentieth of the type area is wide enough for a character.
pub const COLUMNS: usize = 20;

/// Rows of a table's head, which is repeated on each page.
pub const HEAD_ROWS: usize = 4;

/// Rows of a table: about 160 pages, which can be laid out within the time of a request.
pub const ROWS: usize = 2_000;

/// Cells of a filing, including empty ones and those of generated tables. A cell takes about 15 kB
/// during layout. All of them take 2 s and 400 MB, and twice that time if another pass is needed.
pub const CELLS: usize = 10_000;

/// Columns of the score table after those of the levels: points, self score, reason and evidence.
pub const SCORE_RESULT_COLUMNS: usize = 4;

/// Cells of a row of a project's table.
pub const PROJECT_COLUMNS: usize = 9;

/// Cells of a project's table besides those of its lists: the head, the goals and the total.
pub const PROJECT_CELLS: usize = 20;

/// Further entries of the head of a project's table.
pub const DETAILS: usize = 40;

/// Entries of a cover page: they fit on it with a title of three lines.
pub const COVER: usize = 10;

/// Notes below a project's table; they are one cell.
pub const NOTES: usize = 20;

/// Further parts of a table with heads of their own.
pub const TABLE_SECTIONS: usize = 50;

/// Characters of a cell: half a page of text, or 22 pages in the narrowest column.
pub const CELL: usize = 1_000;

/// Characters of a filing, weighted as below: about 470 pages of Chinese characters. With these
/// weights no filing takes more than 5 s, or 300 MB in addition to the idle process, which
/// `just slowest` and `just attack` check.
pub const FILING: usize = 300_000;

/// The weight of a digit, a letter or a punctuation mark. One takes up to three kilobytes, seven times the
/// memory of a Chinese character, if typefaces and words change with every character, and up to six times
/// in long runs of marks.
pub const OTHER_CHARACTER: usize = 4;

/// The weight of a letter or a symbol beyond ASCII that is not common in Chinese texts, such as Ω, ≥ and é:
/// it takes up to three kilobytes of memory.
pub const FOREIGN_CHARACTER: usize = 6;

/// The least weight of a paragraph: it takes at least a line.
pub const LEAST_PARAGRAPH: usize = measures::CHARACTERS_PER_LINE;

/// The least weight of a heading: with its entry in the outline it takes the time and memory of two
/// lines.
pub const LEAST_HEADING: usize = 2 * measures::CHARACTERS_PER_LINE;

/// The weight of a cell without its text: it takes almost the memory of a line.
pub const LEAST_CELL: usize = 20;

/// The weight of a line in a table row, in addition to its characters. It is more than that of a line in
/// a paragraph, because narrow columns make thousands of pages from few characters, and each page of
/// a row with many columns takes a megabyte.
pub const TABLE_LINE: usize = 34;

/// Lines of a table's head, which is repeated on each page: less than half a page, also in landscape.
/// With a taller head there would be a page for each row.
pub const HEAD_LINES: usize = 20;

/// Texts that one document issues.
pub const ISSUED_TEXTS: usize = 20;

/// Agencies that signed one issued text: many departments may have drafted what a government forwards.
pub const ISSUED_SIGN_OFF: usize = 20;

/// Sections of a score sheet.
pub const SECTIONS: usize = 50;

/// Groups of one section; not more than its indicators, because no group is empty.
pub const GROUPS: usize = 2_000;

/// Indicators of a score sheet. Heading numbers stay far below the limit of `numeral::chinese`.
pub const INDICATORS: usize = 2_000;

/// Combining marks after one character. The layout time of a run grows with its square.
pub const COMBINING_MARKS: usize = 4;

/// Characters listed for one text; the rest are only counted.
pub const CHARACTERS_LISTED: usize = 20;

/// Findings of one kind listed in an answer; the rest are only counted.
pub const FINDINGS_LISTED: usize = 1_000;

/// The weight of a character of a text.
pub fn weight_of(c: char) -> usize {
    match c {
        '\u{4e00}'..='\u{9fff}' => 1,
        // ASCII, the marks and numbers of Chinese texts, rare ideographs and full-width forms.
        '\0'..='\u{7f}'
        | '·'
        | '\u{2010}'..='\u{203f}'
        | '\u{2160}'..='\u{217f}'
        | '\u{2460}'..='\u{24ff}'
        | '\u{2e80}'..='\u{4dff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}' => OTHER_CHARACTER,
        _ => FOREIGN_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::{FOREIGN_CHARACTER, OTHER_CHARACTER, weight_of};

    #[test]
    fn characters_weigh_what_their_layout_takes() {
        for c in "一龥".chars() {
            assert_eq!(weight_of(c), 1, "{c}");
        }
        for c in "a1 “”，。—…·①Ⅷ％〔〕㎡𠀀".chars() {
            assert_eq!(weight_of(c), OTHER_CHARACTER, "{c}");
        }
        for c in "éΩ≥ыÅ±×".chars() {
            assert_eq!(weight_of(c), FOREIGN_CHARACTER, "{c}");
        }
    }
}
