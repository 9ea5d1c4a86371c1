//! How long texts and lists may be, so that any filing is checked and set in bounded time.

/// Characters of a 标题, a heading or the name of an attachment: ten full lines of a title.
pub const TITLE: usize = 200;

/// Characters of the name of an agency or a person; the longest agencies stay below 40.
pub const NAME: usize = 60;

/// Characters of the name of a 签发人: what one line has room for behind 签发人： (H-13).
pub const SIGNATORY: usize = 22;

/// Characters of a paragraph: some 17 pages without a break, far beyond any real one.
pub const PARAGRAPH: usize = 10_000;

/// Entries of a list of agencies, people, attachments, components or pieces of evidence.
pub const LIST: usize = 200;

/// Paragraphs of one narrative, of the opening or of the closing.
pub const PARAGRAPHS: usize = 200;

/// Headings, paragraphs and tables of one body or attachment; heading numbers stay far inside
/// `numeral::chinese`.
pub const BLOCKS: usize = 2_000;

/// Characters of a whole filing: some 500 pages, which are still set within a request's time.
pub const FILING: usize = 300_000;

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
